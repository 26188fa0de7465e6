"""Train the gate: a LaDeDa teacher on native pixels, and Tiny-LaDeDa distilled from it.

Pictures are cut, never resampled: the traces that patches show do not survive it. Where a mask is
known, each patch has a label of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, cast

import cv2
import numpy as np
import torch
import typer
from numpy.random import Generator
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from assay.types import Image, Mask
from assay_lab.augment.pictures import Corruption
from assay_lab.core.loop import CHECKPOINT, Net, Run, Schedule, fit, load_average
from assay_lab.core.metrics import auc
from assay_lab.face_pairs.mixtures import build_mixture, parse_shares
from assay_lab.face_pairs.pairs import Mixture, Pair
from assay_lab.gate.distil import Distillation, Kind, Loss, distil_loss
from assay_lab.gate.net import PATCH_STRIDE, STUDENT_FIELD, Student, Teacher, pool

Judge = Callable[[nn.Module], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here.

    side: pixels of a cut; even. top: share of the patches, the highest, that speak for a cut.
    corrupted: corrupt both classes, JPEG above all. width, blocks: of the teacher. generators:
    folder of train-generators, for `painted` and `refaced`. distillation: of the student, from the
    teacher of another run where one is named.
    """

    shares: Sequence[tuple[str, float]]
    schedule: Schedule
    pairs: int = 16
    side: int = 64
    top: float = 1.0
    corrupted: float = 0.4
    width: int = 16
    blocks: tuple[int, ...] = (1, 1, 1, 1)
    seed: int = 1
    generators: Path | None = None
    distillation: Distillation = field(default_factory=Distillation)
    teacher: Path | None = None


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    run: Annotated[Path, typer.Option(help="Run folder, for teacher/ and student/")],
    faces: Annotated[Path | None, typer.Option(help="Cache of extract-faces")] = None,
    shares: Annotated[str, typer.Option(help="Pair sources, as in dfdc=3,self_blended=1")] = "dfdc",
    steps: Annotated[int, typer.Option(help="Batches, for each of the two")] = 600,
    rate: Annotated[float, typer.Option(help="Peak learning rate")] = 3e-3,
    pairs: Annotated[int, typer.Option(min=1, help="Of a batch")] = 16,
    top: Annotated[float, typer.Option(help="Share of patches, the highest, to pool")] = 1.0,
    corrupted: Annotated[float, typer.Option(help="Share of pairs that are corrupted")] = 0.4,
    width: Annotated[int, typer.Option(help="Of the teacher; 64 is the paper's")] = 16,
    blocks: Annotated[str, typer.Option(help="Of the teacher's four stages")] = "1,1,1,1",
    generators: Annotated[Path | None, typer.Option(help="Folder of train-generators")] = None,
    distillation: Annotated[str, typer.Option(help="mse of logits, or kl")] = "mse",
    temperature: Annotated[float, typer.Option(help="Of kl")] = 1.0,
    teacher_weight: Annotated[float, typer.Option(help="Against the labels, 0 to 1")] = 1.0,
    teacher: Annotated[
        Path | None, typer.Option(help="Teacher of another run, as in RUN/teacher; trains none")
    ] = None,
) -> None:
    """Train the gate: the teacher, then Tiny-LaDeDa from it."""
    try:
        how = Distillation(cast(Kind, distillation), temperature, teacher_weight)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    torch.set_num_threads(1)  # the loader is the second thread
    config = Config(
        parse_shares(shares),
        Schedule(steps=steps, peak_rate=rate, warmup=steps // 10),
        pairs=pairs,
        top=top,
        corrupted=corrupted,
        width=width,
        blocks=tuple(map(int, blocks.split(","))),
        generators=generators,
        distillation=how,
        teacher=teacher,
    )
    mixture_of = partial(
        build_mixture, config.shares, data, faces, native=True, generators=generators
    )
    mixture, judge = mixture_of(wanted="train"), CutJudge(mixture_of(wanted="val"), config)
    by_labels = label_loss(config)
    taught: nn.Module = Teacher(config.width, config.blocks)
    if teacher is None:
        taught = train(Run(run / "teacher", config), config, mixture, judge, taught, by_labels)
    elif (teacher / CHECKPOINT).exists():
        load_average(teacher, taught)
    else:
        raise SystemExit(f"{teacher} has no checkpoint: name the teacher folder of a run")
    by_teacher = distil_loss(taught.eval(), how, by_labels)
    train(Run(run / "student", config), config, mixture, judge, Student(), by_teacher)


class NativeCuts(Dataset[tuple[Tensor, Tensor]]):
    """Item i is pair i of the run, cut at even pixels, at one place for both where they match.

    Gives pictures (2, 3, side, side) uint8, real first, and patch labels (2, n, n) in 0..1, NaN
    where unknown.
    """

    def __init__(self, mixture: Mixture, config: Config, first: int, count: int) -> None:
        self.mixture, self.config = mixture, config
        self.first, self.count = first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng((self.config.seed, self.first + index))
        pair = self.mixture.draw(rng)
        corrupted = rng.random() < self.config.corrupted
        real_corruption = Corruption.draw(rng) if corrupted else Corruption()
        redraw = corrupted and not pair.together
        fake_corruption = Corruption.draw(rng) if redraw else real_corruption
        mirror = rng.random() < 0.5
        real_at = self._place(pair.real, rng)
        fake_at = real_at if pair.together else self._place(pair.fake, rng)
        pictures = np.stack(
            [
                self._cut(real_corruption.apply(pair.real), real_at, mirror),
                self._cut(fake_corruption.apply(pair.fake), fake_at, mirror),
            ]
        )
        cells = (self.config.side - STUDENT_FIELD) // PATCH_STRIDE + 1
        labels = np.zeros((2, cells, cells), np.float32)
        labels[1] = self._patch_labels(pair, fake_at, mirror, cells)
        return torch.from_numpy(pictures).permute(0, 3, 1, 2), torch.from_numpy(labels)

    def _place(self, picture: Image, rng: Generator) -> tuple[int, int]:
        """Left and upper edge of the cut, even."""
        height, width = picture.shape[:2]
        room = np.maximum(0, np.array([width, height]) - self.config.side) // 2
        left, top = 2 * rng.integers(0, room + 1)
        return int(left), int(top)

    def _cut(self, picture: np.ndarray, at: tuple[int, int], mirror: bool) -> np.ndarray:
        side = self.config.side
        cut = picture[at[1] : at[1] + side, at[0] : at[0] + side]
        short = side - cut.shape[0], side - cut.shape[1]
        if any(short):
            cut = cv2.copyMakeBorder(cut, 0, short[0], 0, short[1], cv2.BORDER_REFLECT_101)
        return cut[:, ::-1] if mirror else cut

    def _patch_labels(
        self, pair: Pair, at: tuple[int, int], mirror: bool, cells: int
    ) -> Mask | float:
        """Share of each patch that was altered; unknown where it is neither little nor most."""
        if pair.mask is None:
            return float("nan")
        cut = np.ascontiguousarray(self._cut(pair.mask, at, mirror))
        share = cv2.blur(cut, (STUDENT_FIELD, STUDENT_FIELD))
        half = STUDENT_FIELD // 2
        share = share[half::PATCH_STRIDE, half::PATCH_STRIDE][:cells, :cells]
        return np.where(share > 0.6, 1.0, np.where(share < 0.02, 0.0, np.nan)).astype(np.float32)


def label_loss(config: Config) -> Loss:
    """Patches against their labels, and whole cuts against their class."""

    def loss(net: nn.Module, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        pictures, labels = (part.flatten(0, 1) for part in batch)
        patches = net(pictures.float())
        target = torch.tensor([0.0, 1.0], device=patches.device).repeat(len(patches) // 2)
        known = ~labels.isnan()
        return {
            "cut": F.binary_cross_entropy_with_logits(pool(patches, config.top), target),
            "patch": F.binary_cross_entropy_with_logits(patches[known], labels[known]),
        }

    return loss


class CutJudge:
    """AUC on fixed cuts of held-out pairs, corrupted as in training."""

    def __init__(self, mixture: Mixture, config: Config, pairs: int = 250) -> None:
        cuts = NativeCuts(mixture, config, first=2**30, count=pairs)
        self.pictures = torch.cat([cuts[index][0] for index in range(pairs)])
        self.labels = np.tile([False, True], pairs)
        self.top = config.top

    @torch.inference_mode()
    def __call__(self, net: nn.Module) -> dict[str, float]:
        scores = [pool(net(part.float()), self.top) for part in self.pictures.split(64)]
        return {"val_auc": round(auc(self.labels, torch.cat(scores).numpy()), 4)}


def train(run: Run, config: Config, mixture: Mixture, judge: Judge, net: Net, loss: Loss) -> Net:
    """Train teacher or student; the same data and schedule, another loss."""
    torch.manual_seed(config.seed)
    return fit(run, net, config.schedule, cut_batches(mixture, config), loss, judge)


def cut_batches(
    mixture: Mixture, config: Config
) -> Callable[[int], Iterator[tuple[Tensor, Tensor]]]:
    """From a step on, the remaining batches: cuts (pairs, 2, 3, side, side) and patch labels."""

    def batches(first: int) -> Iterator[tuple[Tensor, Tensor]]:
        cv2.setNumThreads(1)
        count = (config.schedule.steps - first) * config.pairs
        cuts = NativeCuts(mixture, config, first * config.pairs, count)
        return iter(DataLoader(cuts, config.pairs, num_workers=1, prefetch_factor=6))

    return batches
