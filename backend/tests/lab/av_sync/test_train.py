"""The sync trainer: its loss rewards the right moment, it learns, and it resumes."""

import numpy as np
import pytest
import torch

from assay.branches.av_sync.mel import BANDS, log_mel
from assay.branches.av_sync.windows import FRAMES, PICTURES, SIDE, shrink
from assay_lab.av_sync.clips import About
from assay_lab.av_sync.dataset import Lesson, Stretch
from assay_lab.av_sync.net import EMBEDDING, AvSyncNet
from assay_lab.av_sync.train import (
    HELD_OUT,
    Batch,
    Config,
    Judge,
    Lessons,
    batch_of,
    learns,
    matching_loss,
    train,
)
from assay_lab.core.loop import Run, Schedule
from tests.branches.av_sync.sync_media import lips, sound

CONFIG = Config(Schedule(steps=4, save_every=2, validate_every=2, log_every=2), batch=2)


def about(name: str, source: str = "site") -> About:
    return About(name, "real", "", f"{source}|{name}", source, "", 2.0)


def stretch(name: str, seed: int) -> Stretch:
    pictures = np.stack([shrink(picture) for picture in lips(2.0, seed).pictures])
    spectra = log_mel(sound(2.0, seed).spans[0][1])[None].astype(np.float16)
    return Stretch(about(name), pictures, spectra, np.ones(spectra.shape[1], bool), 0.0)


@pytest.fixture(scope="module")
def found() -> list[Stretch]:
    names = [name for name in map(str, range(40)) if learns(about(name), CONFIG)]
    return [stretch(name, seed) for seed, name in enumerate(names[:8])]


def two_excerpts() -> Batch:
    lips_of, voices = (
        np.zeros((3, PICTURES, SIDE, SIDE), np.uint8),
        np.zeros((6, FRAMES, BANDS), np.float32),
    )
    return batch_of([Lesson(lips_of, voices, np.array([0, 2, 4])) for _ in range(2)])


def logits_at(batch: Batch, shift: int) -> torch.Tensor:
    logits = torch.zeros(6, 12)
    logits[torch.arange(6), batch.target + shift] = 9.0
    return logits


def test_a_batch_knows_what_belongs_together():
    batch = two_excerpts()
    assert batch.target.tolist() == [0, 2, 4, 6, 8, 10]
    assert batch.owner_of_lips.tolist() == [0, 0, 0, 1, 1, 1]
    assert batch.owner_of_voice.tolist() == [0] * 6 + [1] * 6


def test_the_loss_is_least_at_the_right_moment():
    batch = two_excerpts()
    right = matching_loss(logits_at(batch, 0), batch, CONFIG)
    wrong = matching_loss(logits_at(batch, 1), batch, CONFIG)
    for name in ("within", "among_all", "back"):
        assert right[name] < wrong[name]


def test_the_net_gives_unit_vectors_for_any_numbers_of_windows():
    net = AvSyncNet().eval()
    with torch.inference_mode():
        seen, heard = net(
            torch.randint(0, 256, (3, PICTURES, SIDE, SIDE), dtype=torch.uint8),
            torch.randn(5, FRAMES, BANDS),
        )
    assert seen.shape == (3, EMBEDDING)
    assert heard.shape == (5, EMBEDDING)
    for vectors in (seen, heard):
        torch.testing.assert_close(vectors.norm(dim=1), torch.ones(len(vectors)))


def test_held_out_sources_and_groups_are_not_learnt_from():
    names = [f"clip {number}" for number in range(200)]
    assert not any(learns(about(name, HELD_OUT[0]), CONFIG) for name in names)
    assert 130 < sum(learns(about(name), CONFIG) for name in names) < 190


def test_a_run_goes_on_where_it_was_killed(found, tmp_path):
    once = train(Run(tmp_path / "once", CONFIG), CONFIG, found, lambda net: {})

    class KilledError(Exception):
        pass

    def judge(net: torch.nn.Module) -> dict[str, float]:
        raise KilledError

    later = Config(Schedule(steps=4, save_every=1, validate_every=2, log_every=2), batch=2)
    with pytest.raises(KilledError):
        train(Run(tmp_path / "twice", later), later, found, judge)
    twice = train(Run(tmp_path / "twice", later), later, found, lambda net: {})
    for name, value in once.state_dict().items():
        if "running" in name or "num_batches" in name:
            continue
        torch.testing.assert_close(twice.state_dict()[name], value, atol=2e-2, rtol=0)


def test_lips_and_voice_learn_to_find_each_other(found):
    lessons = Lessons(found)
    torch.manual_seed(0)
    net = AvSyncNet()
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3)
    losses = []
    for step in range(30):
        batch = batch_of(lessons.draw(4, np.random.default_rng(step)))
        seen, heard = net(batch.lips, batch.voice)
        loss = matching_loss(seen @ heard.T * net.scale.exp(), batch, CONFIG)["within"]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.3


def test_the_judge_has_nothing_to_say_of_too_few_clips():
    assert Judge([], CONFIG)(AvSyncNet()) == {}
