"""Train the audio branch: a CNN on CQCC of real voices, published fakes and our own forgeries.

Half of a batch is real. A forgery comes beside the very recording it was made from, cut at the
same moment and corrupted by the same draw, so that words, voice, room and codec cancel.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import torch
import typer
from numpy.random import Generator
from torch import Tensor, nn
from torch.nn import functional as F

from assay_lab.audio.cqcc import dataset as cepstra
from assay_lab.audio.cqcc.dataset import Cepstra
from assay_lab.audio.cqcc.net import BANDS, CqccCnn, with_deltas
from assay_lab.core import metrics
from assay_lab.core.loop import Run, Schedule, fit, load_average
from assay_lab.data.enough import need_both
from assay_lab.data.shares import by_root
from assay_lab.data.speech import Store, Utterance, half, is_unseen, learns

FRAMES_PER_SECOND = 100


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here.

    stores: recordings and forgeries. views: their corrupted cepstra, to learn from. whole: clean
    cepstra of the recordings, to judge by. fold: held out; -1 learns from everything. pairs: per
    batch, a real and a fake each. twins: share of pairs whose fake is a forgery of the real one.
    shortest, longest: of a window, seconds. start: run of the same fold to go on from.
    """

    stores: tuple[Path, ...]
    views: tuple[Path, ...]
    whole: Path
    fold: int
    schedule: Schedule
    pairs: int = 16
    twins: float = 0.2
    shortest: float = 1.0
    longest: float = 3.0
    smoothing: float = 0.05
    rank: float = 0.3
    seed: int = 1
    threads: int = 1
    start: Path | None = None


class Batch(NamedTuple):
    """Pairs of a real clip and its fake, ready for the network.

    static: (2 * pairs, coefficients, frames), real ones first, their fakes in the same order.
    mask: (2 * pairs, bands, frames) of 0 and 1. twin: (pairs,), whether a fake is forged from its
    real one.
    """

    static: Tensor
    mask: Tensor
    twin: Tensor


class Pool:
    """Rows of one class: of a source by the root of its size, then of any generator or speaker.

    Without it the largest site and the most talkative speaker would be most of what is learnt.
    """

    def __init__(self, rows: Sequence[Utterance]) -> None:
        shelves: dict[str, dict[str, list[Utterance]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            shelves[row.source][row.generator or row.group].append(row)
        self._shelves = [[list(rows) for rows in part.values()] for part in shelves.values()]
        self._chances = by_root([sum(map(len, part)) for part in self._shelves])

    def draw(self, rng: Generator) -> Utterance:
        """A row."""
        part = self._shelves[rng.choice(len(self._shelves), p=self._chances)]
        rows = part[rng.integers(len(part))]
        return rows[rng.integers(len(rows))]


class Batches:
    """Draws batches; the same for the same seed and step."""

    def __init__(self, config: Config, rows: Sequence[Utterance], sets: Sequence[Cepstra]) -> None:
        self.config = config
        self._where: dict[str, list[tuple[Cepstra, cepstra.Sequence]]] = defaultdict(list)
        for one in sets:
            for sequence in one.sequences:
                self._where[sequence.key].append((one, sequence))
        rows = [row for row in rows if row.key in self._where]
        self.real = Pool([row for row in rows if not row.fake])
        self.forged = Pool([row for row in rows if row.fake and row.origin in self._where])
        self.fake = Pool([row for row in rows if row.fake and not row.origin])

    def __call__(self, first: int) -> Iterator[Batch]:
        """Batches from step `first` on."""
        for step in range(first, self.config.schedule.steps):
            yield self.draw(np.random.default_rng((self.config.seed, step)))

    def draw(self, rng: Generator) -> Batch:
        """One batch."""
        config = self.config
        frames = int(rng.uniform(config.shortest, config.longest) * FRAMES_PER_SECOND)
        twin = rng.random(config.pairs) < config.twins
        pairs = [
            self._twins(self.forged.draw(rng), frames, rng)
            if forged
            else (
                self._window(self.real.draw(rng), frames, rng),
                self._window(self.fake.draw(rng), frames, rng),
            )
            for forged in twin
        ]
        values = np.stack([pair[0] for pair in pairs] + [pair[1] for pair in pairs])
        mask = hidden(config.pairs, frames, rng).repeat(2, 1, 1)
        return Batch(torch.from_numpy(values).transpose(1, 2), mask, torch.from_numpy(twin))

    def _window(self, row: Utterance, frames: int, rng: Generator) -> np.ndarray:
        copies = self._where[row.key]
        one, sequence = copies[rng.integers(len(copies))]
        return _coloured(_cut(one.of(sequence), frames, rng.random()), rng)

    def _twins(self, row: Utterance, frames: int, rng: Generator) -> tuple[np.ndarray, np.ndarray]:
        """The original and its forgery: the same copy, the same moment, the same colour."""
        copies = self._where[row.key]
        forged, there = copies[rng.integers(len(copies))]
        original, here = next(
            (one, sequence)
            for one, sequence in self._where[row.origin]
            if sequence.copy == there.copy
        )
        place, seed = rng.random(), rng.integers(2**31)
        return (
            _coloured(_cut(original.of(here), frames, place), np.random.default_rng(seed)),
            _coloured(_cut(forged.of(there), frames, place), np.random.default_rng(seed)),
        )


def _cut(values: np.ndarray, frames: int, place: float) -> np.ndarray:
    """A window; short recordings are repeated."""
    if len(values) < frames:
        values = np.concatenate([values] * -(-frames // len(values)))
    start = int(place * (len(values) - frames))
    return values[start : start + frames]


def _coloured(window: np.ndarray, rng: Generator) -> np.ndarray:
    """A random smooth filter and gain: in the cepstrum, an offset of the low coefficients."""
    window = window.astype(np.float32)
    count = 12
    falling = 1 / (1 + np.arange(count))
    window[:, :count] += rng.normal(0, 0.5, count) * falling
    return window


def hidden(count: int, frames: int, rng: Generator, bands: int = BANDS) -> Tensor:
    """SpecAugment (Park et al. 2019): masks (count, bands, frames), 0 where hidden."""
    mask = np.ones((count, bands, frames), np.float32)
    for one in mask:
        if rng.random() < 0.5:
            width = rng.integers(1, bands // 4)
            start = rng.integers(bands - width)
            one[start : start + width] = 0
        if rng.random() < 0.5:
            width = rng.integers(1, max(2, frames // 5))
            start = rng.integers(frames - width)
            one[:, start : start + width] = 0
    return torch.from_numpy(mask)


def loss(net: nn.Module, batch: Batch, config: Config) -> dict[str, Tensor]:
    """Weighted loss terms of a batch."""
    real, fake = net(with_deltas(batch.static), batch.mask).logit.chunk(2)
    soft = config.smoothing
    terms = {
        "class": (
            F.binary_cross_entropy_with_logits(real, torch.full_like(real, soft))
            + F.binary_cross_entropy_with_logits(fake, torch.full_like(fake, 1 - soft))
        )
        / 2
    }
    if batch.twin.any():
        # A forgery should score above its own original, whatever both sound like.
        gap = (real - fake)[batch.twin]
        terms["rank"] = config.rank * F.softplus(gap).mean()
    return terms


class Judge:
    """Scores the held-out fold on clean recordings, one window each of at most four seconds."""

    def __init__(self, rows: Sequence[Utterance], clean: Cepstra, limit: int = 900) -> None:
        where = {sequence.key: sequence for sequence in clean.sequences}
        rows = [row for row in rows if row.key in where and row.kind == "speech"]
        rng = np.random.default_rng(0)
        self.rows = [rows[i] for i in rng.permutation(len(rows))[:limit]]
        self.windows = [
            _cut(clean.of(where[row.key]), min(400, where[row.key].frames), 0.5).astype(np.float32)
            for row in self.rows
        ]

    @torch.inference_mode()
    def __call__(self, net: nn.Module) -> dict[str, float]:
        """AUC and EER on the whole fold, on unseen vocoders, and beside real speech of sites."""
        scores = np.array(
            [
                float(net(with_deltas(torch.from_numpy(window.T)[None])).logit)
                for window in self.windows
            ]
        )
        labels = np.array([row.fake for row in self.rows])
        both = {row.source for row in self.rows if row.fake}
        strict = np.array([is_unseen(row) if row.fake else True for row in self.rows])
        sited = strict & np.array([row.source in both for row in self.rows])
        return {
            "auc": round(metrics.auc(labels, scores), 4),
            "eer": round(metrics.eer(labels, scores), 4),
            "eer_unseen": round(metrics.eer(labels[strict], scores[strict]), 4),
            "eer_sites": round(metrics.eer(labels[sited], scores[sited]), 4),
        }


def train(folder: Path, config: Config) -> nn.Module:
    """Train one fold, or on everything; gives the averaged network."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    rows = [row for store in config.stores for row in Store(store).rows]
    batches = Batches(
        config,
        [row for row in rows if learns(row, config.fold)],
        [Cepstra(part) for part in config.views],
    )
    # A run on everything has nothing held out; fold 0 then only shows that it runs.
    judged = [row for row in rows if row.fold == max(config.fold, 0) and half(row) == "val"]
    need_both((row.fake for row in rows if learns(row, config.fold)), "what is learned from")
    need_both((row.fake for row in judged), f"the held-out fold {max(config.fold, 0)}")
    net = CqccCnn()
    if config.start is not None:
        load_average(config.start, net)
    return fit(
        Run(folder, config),
        net,
        config.schedule,
        batches,
        lambda net, batch: loss(net, batch, config),
        Judge(judged, Cepstra(config.whole)),
    )


def command(
    work: Annotated[Path, typer.Option(help="Folder of prepare-speech")],
    name: Annotated[str, typer.Option(help="The run's folder in WORK/runs")],
    fold: Annotated[int, typer.Option(help="Held-out fold; -1 learns from everything")] = 0,
    steps: Annotated[int, typer.Option(help="More only learns the generators by heart")] = 1600,
    rate: Annotated[float, typer.Option(help="Peak of the learning rate")] = 2e-3,
    pairs: Annotated[int, typer.Option(help="Real and fake of a batch, each")] = 16,
    longest: Annotated[float, typer.Option(help="Seconds of the longest window")] = 3.0,
    twins: Annotated[float, typer.Option(help="Share of pairs that are twins")] = 0.2,
    start: Annotated[str, typer.Option(help="Run of the same fold to go on from")] = "",
    threads: int = 1,
) -> None:
    """Train the audio branch with one fold held out."""
    names = [part.parent.name for part in sorted((work / "views").glob("*/index.csv"))]
    schedule = Schedule(
        steps,
        peak_rate=rate,
        warmup=min(200, steps // 10),
        weight_decay=0.02,
        average=0.998 if steps > 1000 else 0.99,
        validate_every=min(1000, steps),
    )
    config = Config(
        stores=tuple(work / "stores" / name for name in names),
        views=tuple(work / "views" / name for name in names),
        whole=work / "whole",
        fold=fold,
        schedule=schedule,
        pairs=pairs,
        longest=longest,
        twins=twins,
        threads=threads,
        start=work / "runs" / start if start else None,
    )
    train(work / "runs" / name, config)
