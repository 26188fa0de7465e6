"""The temporal branch, from sequences at hand to a released network."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from assay.branches.temporal.branch import MIN_STEPS
from assay.models.sessions import ModelStore
from assay_lab.core.loop import Schedule
from assay_lab.data.split import Split
from assay_lab.temporal import release as released
from assay_lab.temporal import train as temporal
from assay_lab.temporal.dataset import SWAP, SequencePair, write_pairs
from assay_lab.temporal.net import TemporalBiLSTM
from assay_lab.temporal.train import LONGEST, Config, SequenceJudge, draw, loss, scores
from tests.model_factory import install

CONFIG = Config(Schedule(steps=10), visual="hash", pairs=6, blur=0.0)


MARK = np.tile([2.0, -2.0], 256)
"""What a forgery adds to the embedding of every other face."""


def pair(number: int, steps: int, part: Split = "train", swapped: bool = False) -> SequencePair:
    """A face that hardly changes, and its forgery, whose mark comes and goes."""
    rng = np.random.default_rng(number)
    real = rng.normal(size=512) + 0.1 * rng.normal(size=(steps, 512))
    fake = real + MARK * (np.arange(steps) % 2)[:, None]
    group = f"{SWAP}{number}" if swapped else f"clip {number}"
    return SequencePair(group, part, real.astype(np.float32), fake.astype(np.float32))


def test_cuts_are_of_one_length_and_each_lies_over_its_forgery() -> None:
    pairs = [pair(number, steps) for number, steps in enumerate((4, 9, 30, 60))]
    shifted = [SequencePair(p.group, p.part, p.real, p.real + 7) for p in pairs]

    lengths = set()
    for seed in range(20):
        batch = draw(shifted, CONFIG, np.random.default_rng(seed))
        lengths.add(batch.shape[1])
        assert batch.shape == (12, batch.shape[1], 512)
        torch.testing.assert_close(batch[1::2], batch[::2] + 7)
    assert min(lengths) >= MIN_STEPS
    assert max(lengths) <= LONGEST
    assert len(lengths) > 5


def test_of_short_runs_alone_whole_ones_are_cut() -> None:
    batch = draw([pair(0, MIN_STEPS)], CONFIG, np.random.default_rng(3))

    assert batch.shape[1] == MIN_STEPS


def test_the_loss_falls_where_forgeries_stand_above_their_originals() -> None:
    def of(logits: list[float]) -> float:
        return float(sum(loss(lambda _: torch.tensor(logits), torch.zeros(4)).values()))

    assert of([-2.0, 2.0, -3.0, 1.0]) < of([0.0] * 4) < of([2.0, -2.0, 3.0, -1.0])


def test_scores_stand_in_pairs() -> None:
    torch.manual_seed(0)
    labels, logits = scores(TemporalBiLSTM().eval(), [pair(0, 5), pair(1, 8)])

    assert labels.tolist() == [False, True, False, True]
    assert logits.shape == (4,)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a visual network by name; none looks at a face where sequences are at hand."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "visual_resnet18").mkdir()
    (folder / "visual_resnet18" / "model.onnx").write_bytes(b"a network")
    install(folder, "visual_resnet18", "model.onnx")
    return folder


@pytest.fixture(scope="module")
def run(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of few batches on sequences that are there already."""
    folder = tmp_path_factory.mktemp("temporal")
    parts: list[Split] = ["train"] * 40 + ["val"] * 12 + ["test"] * 12
    pairs = [
        pair(number, 4 + number % 7, part, swapped=number % 2 == 0)
        for number, part in enumerate(parts)
    ]
    write_pairs(pairs, folder / "sequences.npz")
    temporal.command(folder, folder, models, folder, steps=40)
    return folder


def test_what_forgeries_have_in_common_is_learnt(run: Path) -> None:
    last = json.loads((run / "log.jsonl").read_text().splitlines()[-1])

    assert last["step"] == 40
    assert last["val_auc"] > 0.9


def test_the_released_network_says_what_was_measured(run: Path, tmp_path: Path) -> None:
    released.command(run, tmp_path)

    home = tmp_path / released.NAME
    report = json.loads((home / "metrics.json").read_text())
    assert report["runs_of_faces"] == {"train": 40, "test": 12}
    assert set(report["test"]) == {"both", "swapped frames", "self-blended clips"}
    assert report["test"]["both"]["real"] == report["test"]["both"]["fake"] == 12
    assert "| swapped frames | 6 |" in (home / "card.md").read_text()

    store = ModelStore(tmp_path, threads=1)
    one = pair(99, 9)
    both = np.stack([one.real, one.fake])
    real, fake = store.session(released.NAME).run(None, {"embeddings": both})[0]
    platt = store.parameters(released.NAME)
    assert platt["slope"] * real + platt["bias"] < 0 < platt["slope"] * fake + platt["bias"]


@pytest.mark.parametrize("kept", ["train", "val"])
def test_without_runs_on_either_side_nothing_is_learnt(
    models: Path, tmp_path: Path, kept: Split
) -> None:
    write_pairs([pair(0, 5, kept)], tmp_path / "sequences.npz")

    with pytest.raises(SystemExit, match="no runs of faces"):
        temporal.command(tmp_path, tmp_path, models, tmp_path, steps=1)


def test_the_judge_ranks_perfectly_separable_runs() -> None:
    class Flicker(torch.nn.Module):
        def forward(self, embeddings: torch.Tensor) -> torch.Tensor:
            return embeddings.diff(dim=1).abs().mean(dim=(1, 2))

    judged = SequenceJudge([pair(number, 6) for number in range(8)])(Flicker())

    assert judged == {"val_auc": 1.0}
