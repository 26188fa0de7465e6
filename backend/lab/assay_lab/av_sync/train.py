"""Train the sync branch's towers on real talking clips alone.

Every mouth window has to find its own moment among all moments of the same excerpt, which is the
hardest choice there is, and among those of all others in the batch; and every moment of the voice
its mouth window (multi-way matching: Chung, Chung and Kang, "Perfect match", ICASSP 2019). No
published fake is learnt from, so all of them are unseen.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import cv2
import numpy as np
import torch
import typer
from numpy.random import Generator
from torch import Tensor, nn
from torch.nn import functional as F

from assay_lab.av_sync.clips import About, Talk, load_all
from assay_lab.av_sync.dataset import Lesson, Stretch, corruption_all, draw, is_lesson, stretches
from assay_lab.av_sync.net import AvSyncNet
from assay_lab.av_sync.trials import FOREIGN, REAL, TorchTowers, shift_kind, trials
from assay_lab.core.loop import Run, Schedule, fit
from assay_lab.core.metrics import auc
from assay_lab.data.split import split_of

HELD_OUT = ("choijeongsoo/lip2speech-unit", "osalinasv/lipnet", "ZebangCheng/Emotion-LLaMA")
"""Sources that no training sees: the numbers on them are for cameras and places unknown."""

_NEVER = -1e4
"""Logit of a choice that is not offered."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here.

    unseen: sources that are not learnt from. batch: excerpts. neighbours: weight
    that the target gives to each of the two moments beside it, for recordings are not exact.
    others: weight of finding the moment among those of other clips.
    """

    schedule: Schedule
    unseen: tuple[str, ...] = HELD_OUT
    batch: int = 8
    neighbours: float = 0.1
    others: float = 0.5
    seed: int = 1


def command(
    clips: Annotated[Path, typer.Option(help="Cache of extract-talking")],
    voices: Annotated[Path, typer.Option(help="Where corrupted versions of the voices are kept")],
    run: Annotated[Path, typer.Option(help="Run folder; a second start continues the first")],
    steps: Annotated[int, typer.Option(help="Batches of 8 excerpts")] = 4500,
    unseen: Annotated[
        str, typer.Option(help="Sources left out besides the held-out ones, by comma")
    ] = "",
    threads: int = 2,
) -> None:
    """Train the two towers of the sync branch."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    schedule = Schedule(
        steps=steps, peak_rate=2e-3, warmup=100, average=0.99, validate_every=500, save_every=50
    )
    config = Config(schedule, (*HELD_OUT, *filter(None, unseen.split(","))))
    corruption_all(clips, voices, processes=threads)
    train(Run(run, config), config, stretches(clips, voices), Judge(load_all(clips), config))


def learns(about: About, config: Config) -> bool:
    """Whether the towers may learn from a clip."""
    return about.source not in config.unseen and split_of(about.group) == "train"


def train(
    run: Run,
    config: Config,
    found: Sequence[Stretch],
    judge: Callable[[nn.Module], dict[str, float]],
) -> nn.Module:
    """Train until the schedule ends, or go on where a killed run stopped."""
    lessons = Lessons([stretch for stretch in found if learns(stretch.about, config)])

    def batches(first: int) -> Iterator[Batch]:
        for step in range(first, config.schedule.steps):
            yield batch_of(lessons.draw(config.batch, np.random.default_rng((config.seed, step))))

    def loss(net: nn.Module, batch: Batch) -> dict[str, Tensor]:
        assert isinstance(net, AvSyncNet)
        seen, heard = net(batch.lips.contiguous(memory_format=torch.channels_last), batch.voice)
        return matching_loss(seen @ heard.T * net.scale.exp(), batch, config)

    torch.manual_seed(config.seed)
    net: AvSyncNet = AvSyncNet().to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs lack it
    return fit(run, net, config.schedule, batches, loss, judge)


class Judge:
    """How well real clips of groups and sources not learnt from are told from tampered ones."""

    def __init__(self, talks: Iterable[Talk], config: Config) -> None:
        lessons = [talk for talk in talks if is_lesson(talk)]
        self._parts = {
            "val": [
                talk
                for talk in lessons
                if talk.about.source not in config.unseen and split_of(talk.about.group) == "val"
            ],
            "unseen": [
                talk
                for talk in lessons
                if talk.about.source in config.unseen and talk.about.source not in HELD_OUT
            ],
        }

    def __call__(self, net: nn.Module) -> dict[str, float]:
        assert isinstance(net, AvSyncNet)
        towers = TorchTowers(net)
        numbers = {}
        for name, talks in self._parts.items():
            if len(talks) < 2:
                continue
            moved = shift_kind(0.3)
            found = trials(talks, towers, (REAL, moved, FOREIGN))
            for kind in (moved, FOREIGN):
                scored = [t for t in found if t.kind in (REAL, kind) and t.curve is not None]
                margins = [-float(t.curve.statistics()[1]) for t in scored if t.curve]
                numbers[f"{name} {kind}"] = round(auc([t.fake for t in scored], margins), 4)
        return numbers


class Batch(NamedTuple):
    """Windows of several excerpts.

    lips: (n, ...) and voice: (m, ...). target: (n,) the row of `voice` at each mouth window's own
    moment. owner_of_lips: (n,) and owner_of_voice: (m,) the excerpt of each.
    """

    lips: Tensor
    voice: Tensor
    target: Tensor
    owner_of_lips: Tensor
    owner_of_voice: Tensor


def batch_of(lessons: Sequence[Lesson]) -> Batch:
    """Put lessons together."""
    seen, heard = (
        [len(part) for part in parts]
        for parts in zip(*((lesson.lips, lesson.voice) for lesson in lessons), strict=True)
    )
    starts = np.cumsum([0, *heard[:-1]])
    target = [lesson.target + start for lesson, start in zip(lessons, starts, strict=True)]
    return Batch(
        lips=torch.from_numpy(np.concatenate([lesson.lips for lesson in lessons])),
        voice=torch.from_numpy(np.concatenate([lesson.voice for lesson in lessons])),
        target=torch.from_numpy(np.concatenate(target)),
        owner_of_lips=torch.from_numpy(np.repeat(np.arange(len(lessons)), seen)),
        owner_of_voice=torch.from_numpy(np.repeat(np.arange(len(lessons)), heard)),
    )


def matching_loss(logits: Tensor, batch: Batch, config: Config) -> dict[str, Tensor]:
    """How badly lips and voice find each other.

    Args:
        logits: (lips, voice).
        batch: What they belong to.
        config: Weights.

    Returns:
        within: of lips among the moments of their excerpt. among_all: among all of the batch.
        back: of moments among the lips of their excerpt.
    """
    lips, target = batch.owner_of_lips, batch.target
    soft = _soft_targets(batch, config.neighbours)
    same = lips[:, None] == batch.owner_of_voice[None]
    within = F.log_softmax(logits.masked_fill(~same, _NEVER), dim=1)
    among_all = F.log_softmax(logits, dim=1)
    mine = lips[:, None] == lips[None]
    back = F.log_softmax(logits[:, target].T.masked_fill(~mine, _NEVER), dim=1)
    return {
        "within": -(soft * within).sum(1).mean(),
        "among_all": -config.others * (soft * among_all).sum(1).mean(),
        "back": -back.diagonal().mean(),
    }


def _soft_targets(batch: Batch, neighbours: float) -> Tensor:
    """(lips, voice) of rows that add up to 1."""
    lips, voice, target = batch.owner_of_lips, batch.owner_of_voice, batch.target
    soft = torch.zeros(len(lips), len(voice), device=lips.device)
    rows = torch.arange(len(lips), device=lips.device)
    for shift in (-1, 1):
        beside = (target + shift).clamp(0, len(voice) - 1)
        soft[rows, beside] += neighbours * (voice[beside] == lips)
    soft[rows, target] += 1 - soft.sum(dim=1)
    return soft


class Lessons:
    """Draws batches; a long clip is visited as often as its length allows for new excerpts."""

    def __init__(self, found: Sequence[Stretch]) -> None:
        self._found = found
        lengths = np.array([max(1.0, len(stretch.pictures) / 30) for stretch in found])
        self._chances = lengths / lengths.sum()

    def draw(self, count: int, rng: Generator) -> list[Lesson]:
        """Lessons of different stretches."""
        lessons: list[Lesson] = []
        for index in rng.choice(len(self._found), 2 * count, replace=False, p=self._chances):
            lesson = draw(self._found[index], rng)
            if lesson is not None:
                lessons.append(lesson)
            if len(lessons) == count:
                break
        return lessons
