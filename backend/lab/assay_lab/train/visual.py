"""Train the visual branch: ResNet-18 on pairs, with a mask head.

A batch holds real pictures beside their own forgeries under one shared augmentation, so that
identity, pose, light and compression cancel and what remains is the forgery.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import cv2
import numpy as np
import torch
from numpy.random import Generator
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from assay_lab.data.dfdc import SOURCE as DFDC
from assay_lab.data.dfdc import DfdcPairs
from assay_lab.data.pairs import Mask, Pair, PairSource
from assay_lab.data.rows import Row, read_manifest
from assay_lab.data.split import part
from assay_lab.forge.degrade import Degradation, read_rgb
from assay_lab.nets.resnet import MASK_STRIDE, FaceResNet
from assay_lab.train.loop import Average, Run, cosine, parameter_groups


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here."""

    data: Path
    steps: int = 16_000
    pairs: int = 16
    side: int = 160
    face_side: int = 224
    peak_rate: float = 1e-3
    weight_decay: float = 0.05
    warmup: int = 500
    mask_weight: float = 1.0
    rank_weight: float = 0.5
    smoothing: float = 0.02
    average: float = 0.999
    seed: int = 1
    validate_every: int = 1000


@dataclass(frozen=True, slots=True)
class Mixture:
    """Pair sources and the share of pairs that each provides."""

    sources: Sequence[PairSource]
    shares: Sequence[float]

    def draw(self, rng: Generator) -> Pair:
        """A pair of a source drawn by its share."""
        total = sum(self.shares)
        return self.sources[rng.choice(len(self.sources), p=[s / total for s in self.shares])].draw(
            rng
        )


class PairViews(Dataset[tuple[Tensor, Tensor]]):
    """Item i is pair i of the run, augmented: the same for the same seed, on any machine.

    Gives pictures (2, 3, side, side) uint8, real first, and masks (2, side / 16, side / 16),
    NaN where unknown.
    """

    def __init__(self, mixture: Mixture, config: Config, first: int, count: int) -> None:
        self.mixture, self.config = mixture, config
        self.first, self.count = first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng((self.config.seed, self.first + index))
        pair = self.mixture.draw(rng)
        damage = Degradation.draw(rng)
        other = damage if pair.together else Degradation.draw(rng)
        real_view = View.draw(rng, self.config)
        fake_view = real_view if pair.together else View.draw(rng, self.config)
        pictures = np.stack(
            [real_view.of(damage.apply(pair.real)), fake_view.of(other.apply(pair.fake))]
        )
        cells = self.config.side // MASK_STRIDE
        masks = np.zeros((2, cells, cells), np.float32)
        masks[1] = np.nan if pair.mask is None else fake_view.of_mask(pair.mask, cells)
        return torch.from_numpy(pictures).permute(0, 3, 1, 2), torch.from_numpy(masks)


@dataclass(frozen=True, slots=True)
class View:
    """A random window: mirrored, scaled, a little turned and stretched.

    side: of the window. face_side: to which the whole picture is scaled before the window is cut.
    """

    side: int
    face_side: float
    stretch: float
    turn: float
    centre: tuple[float, float]
    mirror: bool

    @classmethod
    def draw(cls, rng: Generator, config: Config) -> "View":
        """centre in 0..1 of the room that the window has to move in."""
        return cls(
            side=config.side,
            face_side=config.face_side * float(rng.uniform(0.85, 1.2)),
            stretch=float(rng.uniform(0.95, 1.05)),
            turn=float(rng.normal(0, 4)),
            centre=(float(rng.random()), float(rng.random())),
            mirror=bool(rng.random() < 0.5),
        )

    def of(self, picture: np.ndarray) -> np.ndarray:
        """The window of a picture, (side, side, channels)."""
        return cv2.warpAffine(
            picture,
            self._matrix(picture.shape[0], picture.shape[1]),
            (self.side, self.side),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )

    def of_mask(self, mask: Mask, cells: int) -> Mask:
        """The same window of a mask, averaged over cells."""
        return cv2.resize(self.of(mask), (cells, cells), interpolation=cv2.INTER_AREA)

    def _matrix(self, height: int, width: int) -> np.ndarray:
        scale = self.face_side / min(height, width)
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), self.turn, scale)
        matrix[0] *= (-1 if self.mirror else 1) * self.stretch
        middle = matrix @ np.array([width / 2, height / 2, 1.0])
        room_x = max(0.0, width * scale * self.stretch - self.side)
        room_y = max(0.0, height * scale - self.side)
        target = (
            self.side / 2 + (self.centre[0] - 0.5) * room_x,
            self.side / 2 + (self.centre[1] - 0.5) * room_y,
        )
        matrix[:, 2] += np.array(target) - middle
        return matrix


def loss(net: nn.Module, pictures: Tensor, masks: Tensor, config: Config) -> dict[str, Tensor]:
    """Loss terms of a batch of pairs.

    Args:
        pictures: (pairs, 2, 3, side, side), real first.
        masks: (pairs, 2, cells, cells), NaN where unknown.
    """
    reading = net(pictures.flatten(0, 1).float().contiguous(memory_format=torch.channels_last))
    logits = reading.logit.view(-1, 2)
    target = torch.tensor([config.smoothing, 1 - config.smoothing]).expand_as(logits)
    painted, wanted = reading.mask, masks.flatten(0, 1)
    known = ~wanted.isnan()
    return {
        "class": F.binary_cross_entropy_with_logits(logits, target),
        # A swap should score above its own original, whatever both look like.
        "rank": F.softplus(logits[:, 0] - logits[:, 1]).mean(),
        "mask": F.binary_cross_entropy_with_logits(painted[known], wanted[known]),
    }


def train(run: Run, config: Config, mixture: Mixture, judge: "Judge", start: Path | None) -> None:
    """Train until config.steps, resuming from the run's checkpoint; validate as we go."""
    torch.manual_seed(config.seed)
    net = FaceResNet().to(memory_format=torch.channels_last)
    if start is not None:
        net.load_state_dict(torch.load(start, weights_only=True)["average"])
    average = Average(net, config.average)
    optimiser = torch.optim.AdamW(parameter_groups(net, config.weight_decay))
    first = 0
    if saved := run.load():
        net.load_state_dict(saved["net"])
        average.net.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["step"]
    sums: dict[str, float] = {}
    clock = time.perf_counter()
    for step, (pictures, masks) in enumerate(batches(mixture, config, first), first):
        net.train()
        for group in optimiser.param_groups:
            group["lr"] = cosine(step, config.steps, config.peak_rate, config.warmup)
        terms = loss(net, pictures, masks, config)
        total = (
            terms["class"] + config.rank_weight * terms["rank"] + config.mask_weight * terms["mask"]
        )
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        average.update(net, step)
        for name, term in terms.items():
            sums[name] = sums.get(name, 0.0) + float(term.detach())
        done = step + 1
        if done % 100 == 0:
            pace = 200 * config.pairs / (time.perf_counter() - clock)
            run.record(
                step=done, pace=round(pace, 1), **{k: round(v / 100, 4) for k, v in sums.items()}
            )
            sums, clock = {}, time.perf_counter()
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


def batches(mixture: Mixture, config: Config, first: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches from step `first` on; one background process prepares them."""
    count = (config.steps - first) * config.pairs
    views = PairViews(mixture, config, first * config.pairs, count)
    yield from DataLoader(views, batch_size=config.pairs, num_workers=1, prefetch_factor=6)


class Judge:
    """Scores whole validation pictures at the scale that the net is trained on."""

    def __init__(self, rows: Sequence[Row], limit: int, face_side: int) -> None:
        self.size = (face_side, face_side)
        rng = np.random.default_rng(0)
        chosen = [rows[i] for i in rng.permutation(len(rows))[:limit]]
        self.labels = np.array([row.fake for row in chosen])
        self.pictures = [np.fromfile(row.path, np.uint8) for row in chosen]

    @torch.inference_mode()
    def __call__(self, net: nn.Module) -> dict[str, float]:
        net.eval()
        scores = []
        for i in range(0, len(self.pictures), 32):
            faces = [read_rgb(data) for data in self.pictures[i : i + 32]]
            batch = np.stack(
                [cv2.resize(face, self.size, interpolation=cv2.INTER_AREA) for face in faces]
            )
            scores.append(net(torch.from_numpy(batch).permute(0, 3, 1, 2).float()).logit)
        return {"val_auc": round(roc_auc_score(self.labels, torch.cat(scores).numpy()), 4)}


def main(
    data: Path, folder: Path, steps: int, side: int, face_side: int, start: Path | None
) -> None:
    """Train on DFDC pairs."""
    torch.set_num_threads(2)
    config = Config(data=data, steps=steps, side=side, face_side=face_side)
    rows = [row for row in read_manifest(data, "image") if row.source == DFDC]
    mixture = Mixture([DfdcPairs([r for r in rows if part(r.group) == "train"])], [1.0])
    judge = Judge([r for r in rows if part(r.group) == "val"], limit=1000, face_side=face_side)
    train(Run(folder, config), config, mixture, judge, start)
