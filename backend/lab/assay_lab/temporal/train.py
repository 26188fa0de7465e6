"""Train the temporal branch: a BiLSTM on embeddings of real runs beside their forgeries.

It learns from our own forge alone, so that every published generator is unseen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import onnxruntime as ort
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F

from assay.branches.temporal.branch import MIN_STEPS
from assay.models.sessions import ModelStore
from assay_lab.core import metrics
from assay_lab.core.loop import Run, Schedule, fit
from assay_lab.data.faces import FaceCache
from assay_lab.data.rows import DFDC_CROPS as DFDC
from assay_lab.data.rows import read_manifest
from assay_lab.data.split import Split, split_of
from assay_lab.face_pairs.dfdc import DfdcPairs
from assay_lab.face_pairs.sources import CachedFaces
from assay_lab.temporal.dataset import (
    SequencePair,
    read_pairs,
    sequence_pairs,
    swapped_pairs,
    write_pairs,
)
from assay_lab.temporal.net import TemporalBiLSTM

VISUAL = "visual_resnet18"
"""The network whose embeddings the branch follows."""
LONGEST = 24
"""Steps of a training sequence at most."""
RUNS: dict[Split, int] = {"train": 900, "val": 150, "test": 150}
"""Runs of clips at most; beside them as many sequences of swaps. Otherwise the number of clips at
hand would decide what the branch learns and how sure it is."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here.

    pairs: per batch. blur: standard deviation of noise on embeddings, in their own.
    """

    schedule: Schedule
    visual: str
    pairs: int = 24
    blur: float = 0.1
    seed: int = 1


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    faces: Annotated[Path, typer.Option(help="Cache of extract-faces --modality video")],
    models: Annotated[Path, typer.Option(help="Models folder, for the visual network")],
    run: Annotated[Path, typer.Option(help="Run folder; a second start continues the first")],
    steps: Annotated[int, typer.Option(help="Batches")] = 400,
    rate: Annotated[float, typer.Option(help="Peak learning rate")] = 1e-3,
    pairs: Annotated[int, typer.Option(min=1, help="Of a batch")] = 24,
) -> None:
    """Embed forged runs with the released visual network, and train the BiLSTM on them."""
    torch.set_num_threads(1)
    store = ModelStore(models, threads=2)
    digest = store.hash(VISUAL, store.entry(VISUAL).serve)
    config = Config(Schedule(steps=steps, peak_rate=rate, warmup=100), digest, pairs)
    workspace = Run(run, config)
    kept = run / "sequences.npz"
    if not kept.exists():
        count = write_pairs(_pairs(data, faces, store.session(VISUAL)), kept)
        print(f"{count} runs forged and embedded", flush=True)
    forged = read_pairs(kept)
    learn = [pair for pair in forged if pair.part == "train"]
    judge = SequenceJudge([pair for pair in forged if pair.part == "val"])
    if not learn or not judge.pairs:
        raise SystemExit("no runs of faces to learn from and to choose on: more clips are needed")
    torch.manual_seed(config.seed)

    def batches(first: int) -> Iterator[Tensor]:
        for step in range(first, config.schedule.steps):
            yield draw(learn, config, np.random.default_rng((config.seed, step)))

    fit(workspace, TemporalBiLSTM(), config.schedule, batches, loss, judge)


def _pairs(data: Path, faces: Path, session: ort.InferenceSession) -> Iterator[SequencePair]:
    clips = [row for row in read_manifest(data, "video") if not row.fake]
    pictures = [row for row in read_manifest(data, "image") if row.source == DFDC]
    cache = FaceCache(faces)
    for wanted, most in RUNS.items():
        own = CachedFaces(cache, (row for row in clips if split_of(row.group) == wanted))
        forged = list(sequence_pairs(own, session, most))
        yield from forged
        source = DfdcPairs(row for row in pictures if split_of(row.group) == wanted)
        yield from swapped_pairs(source, wanted, session, len(forged))


def draw(pairs: Sequence[SequencePair], config: Config, rng: np.random.Generator) -> Tensor:
    """Cuts of one length, (2 * pairs, steps, 512), each real one before its forgery."""
    steps = int(rng.integers(MIN_STEPS, LONGEST + 1))
    fitting = [pair for pair in pairs if len(pair.real) >= steps]
    while not fitting:
        steps -= 1
        fitting = [pair for pair in pairs if len(pair.real) >= steps]
    cuts = []
    for index in rng.integers(len(fitting), size=config.pairs):
        pair = fitting[index]
        start = int(rng.integers(len(pair.real) - steps + 1))
        cuts += [pair.real[start : start + steps], pair.fake[start : start + steps]]
    batch = np.stack(cuts)
    noise = rng.normal(0, config.blur * batch.std(), batch.shape)
    return torch.from_numpy((batch + noise).astype(np.float32))


def loss(net: nn.Module, batch: Tensor) -> dict[str, Tensor]:
    """Class, and rank of each forgery above its own original."""
    logits = net(batch).view(-1, 2)
    target = torch.tensor([0.02, 0.98], device=logits.device).expand_as(logits)
    return {
        "class": F.binary_cross_entropy_with_logits(logits, target),
        "rank": 0.3 * F.softplus(logits[:, 0] - logits[:, 1]).mean(),
    }


class SequenceJudge:
    """AUC on whole runs of held-out groups."""

    def __init__(self, pairs: Sequence[SequencePair]) -> None:
        self.pairs = pairs

    @torch.inference_mode()
    def __call__(self, net: nn.Module) -> dict[str, float]:
        labels, logits = scores(net, self.pairs)
        return {"val_auc": round(metrics.auc(labels, logits), 4)}


@torch.inference_mode()
def scores(net: nn.Module, pairs: Sequence[SequencePair]) -> tuple[np.ndarray, np.ndarray]:
    """Labels and logits of whole runs, each real one before its forgery."""
    found = [
        float(net(torch.from_numpy(side)[None])[0])
        for pair in pairs
        for side in (pair.real, pair.fake)
    ]
    return np.tile([False, True], len(pairs)), np.array(found)
