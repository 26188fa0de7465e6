"""Train the audio branch: a CNN on CQCC of real voices, published fakes and our own forgeries.

Half of a batch is real. A forgery comes beside the very recording it was made from, cut at the
same moment and degraded by the same draw, so that words, voice, room and codec cancel.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor, nn
from torch.nn import functional as F

from assay_lab import metrics
from assay_lab.data import cepstra
from assay_lab.data.cepstra import Cepstra
from assay_lab.data.speech import Store, Utterance, is_unseen, learns
from assay_lab.nets.cqcc_cnn import CqccCnn, with_deltas
from assay_lab.train.loop import Average, Run, cosine, parameter_groups

FRAMES_PER_SECOND = 100


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here.

    fold: held out; -1 trains on everything. pairs: per batch, a real and a fake each. forged: share
    of pairs whose fake is our own forgery. shortest, longest: of a window, seconds.
    """

    stores: tuple[Path, ...]
    cepstra: tuple[Path, ...]
    fold: int
    steps: int = 4000
    pairs: int = 16
    forged: float = 0.0
    shortest: float = 1.0
    longest: float = 3.5
    peak_rate: float = 2e-3
    weight_decay: float = 0.02
    warmup: int = 200
    smoothing: float = 0.05
    average: float = 0.998
    seed: int = 1
    validate_every: int = 1000
    threads: int = 2


class Pool:
    """Rows of one class in two levels of equal chance: source, then generator or speaker.

    Without it the largest site and the most talkative speaker would be most of what is learnt.
    """

    def __init__(self, rows: Sequence[Utterance]) -> None:
        shelves: dict[str, dict[str, list[Utterance]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            shelves[row.source][row.generator or row.group].append(row)
        self._shelves = [[list(rows) for rows in part.values()] for part in shelves.values()]
        # Between equal chances and proportion: tiny sites would be learnt by heart.
        sizes = np.array([sum(map(len, part)) for part in self._shelves], float)
        self._shares = np.sqrt(sizes) / np.sqrt(sizes).sum()

    def draw(self, rng: Generator) -> Utterance:
        """A row."""
        part = self._shelves[rng.choice(len(self._shelves), p=self._shares)]
        rows = part[rng.integers(len(part))]
        return rows[rng.integers(len(rows))]


class Batches:
    """Draws batches of windows: (2 * pairs, coefficients, frames), real ones first."""

    def __init__(self, config: Config, rows: Sequence[Utterance], sets: Sequence[Cepstra]) -> None:
        self.config = config
        self._where: dict[str, list[tuple[Cepstra, cepstra.Sequence]]] = defaultdict(list)
        for one in sets:
            for sequence in one.sequences:
                self._where[sequence.key].append((one, sequence))
        rows = [row for row in rows if row.key in self._where]
        self.real = Pool([row for row in rows if not row.fake])
        self.fake = Pool([row for row in rows if row.fake and row.kind != "forged"])
        forged = [row for row in rows if row.kind == "forged"]
        self.forged = Pool(forged) if forged else None
        self._rows = {row.key: row for row in rows}

    def draw(self, rng: Generator) -> tuple[Tensor, Tensor]:
        """Static coefficients and labels."""
        config = self.config
        frames = int(rng.uniform(config.shortest, config.longest) * FRAMES_PER_SECOND)
        windows: list[np.ndarray] = []
        for _ in range(config.pairs):
            if self.forged is not None and rng.random() < config.forged:
                windows.extend(self._twins(self.forged.draw(rng), frames, rng))
            else:
                windows.append(self._window(self.real.draw(rng), frames, rng))
                windows.append(self._window(self.fake.draw(rng), frames, rng))
        values = np.stack([*windows[::2], *windows[1::2]]).astype(np.float32)
        labels = np.repeat([0.0, 1.0], config.pairs).astype(np.float32)
        return torch.from_numpy(values).transpose(1, 2), torch.from_numpy(labels)

    def _window(self, row: Utterance, frames: int, rng: Generator) -> np.ndarray:
        copies = self._where[row.key]
        one, sequence = copies[rng.integers(len(copies))]
        return _coloured(_cut(one.of(sequence), frames, rng.random()), rng)

    def _twins(self, row: Utterance, frames: int, rng: Generator) -> list[np.ndarray]:
        """The original and its forgery: the same copy, the same moment, the same colour."""
        one, sequence = self._where[row.key][rng.integers(len(self._where[row.key]))]
        origins = {s.copy: (c, s) for c, s in self._where[row.origin]}
        other, original = origins[sequence.copy]
        place, seed = rng.random(), rng.integers(2**31)
        return [
            _coloured(_cut(part, frames, place), np.random.default_rng(seed))
            for part in (other.of(original), one.of(sequence))
        ]


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


def hidden(count: int, bands: int, frames: int, rng: Generator) -> Tensor:
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


def train(run: Run, config: Config, batches: Batches, judge: "Judge") -> nn.Module:
    """Train until config.steps, resuming from the run's checkpoint; gives the averaged net."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    net = CqccCnn().to(memory_format=torch.channels_last)
    average = Average(net, config.average)
    optimiser = torch.optim.AdamW(parameter_groups(net, config.weight_decay))
    first = 0
    if saved := run.load():
        net.load_state_dict(saved["net"])
        average.net.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["step"]
    total, clock = 0.0, time.perf_counter()
    for step in range(first, config.steps):
        rng = np.random.default_rng((config.seed, step))
        static, labels = batches.draw(rng)
        for group in optimiser.param_groups:
            group["lr"] = cosine(step, config.steps, config.peak_rate, config.warmup)
        net.train()
        mask = hidden(len(static), net.bands, static.shape[2], rng)
        logit = net(with_deltas(static), mask).logit
        target = labels * (1 - 2 * config.smoothing) + config.smoothing
        loss = F.binary_cross_entropy_with_logits(logit, target)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        average.update(net, step)
        total += float(loss.detach())
        done = step + 1
        if done % 100 == 0:
            pace = 200 * config.pairs / (time.perf_counter() - clock)
            run.record(step=done, loss=round(total / 100, 4), pace=round(pace, 1))
            total, clock = 0.0, time.perf_counter()
        if done % 200 == 0 or done == config.steps:
            run.save(
                net=net.state_dict(),
                average=average.net.state_dict(),
                optimiser=optimiser.state_dict(),
                step=done,
            )
        if done % config.validate_every == 0 or done == config.steps:
            run.record(step=done, **judge(average.net))
            clock = time.perf_counter()
    return average.net


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
        net.eval()
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


def main(folder: Path, config: Config) -> nn.Module:
    """Train one fold, or on everything."""
    stores = [Store(store) for store in config.stores]
    rows = [row for store in stores for row in store.rows]
    sets = [Cepstra(part) for part in config.cepstra]
    batches = Batches(config, [row for row in rows if learns(row, config.fold)], sets)
    judged = max(config.fold, 0)
    judge = Judge([row for row in rows if row.fold == judged and row.kind == "speech"], sets[0])
    return train(Run(folder, config), config, batches, judge)
