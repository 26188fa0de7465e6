"""Train the visual branch: ResNet-18 on pairs, with a mask head.

A batch holds real pictures beside their own forgeries under one shared augmentation, so that
identity, pose, light and compression cancel and what remains is the forgery.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, cast

import cv2
import numpy as np
import torch
import typer
from numpy.random import Generator
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from assay.types import Mask
from assay_lab.augment.pictures import Corruption
from assay_lab.augment.sharpness import even
from assay_lab.core.linf import Budget, pgd
from assay_lab.core.loop import CHECKPOINT, Run, Schedule, fit, load_average
from assay_lab.core.metrics import auc
from assay_lab.core.released import INT8_FILE, restore
from assay_lab.face_pairs.mixtures import build_mixture, parse_shares
from assay_lab.face_pairs.pairs import Mixture, Pair
from assay_lab.visual.resnet18.net import MASK_STRIDE, FaceReading, FaceResNet

MEASURED = 96
"""Pairs on which the layers of a released model are measured."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here.

    shares: of the pair sources. side: of the training window. face_side: to which a whole face
    picture is scaled before the window is cut; serving shows 224. corrupted: share of pairs that
    are. evened: share of pairs of one scene that are made equally sharp. resampled: share of
    views that are turned and scaled. start: a finished run, or a released model, to go on from.
    generators: folder of train-generators, for `painted` and `refaced`. frozen: first stages that
    keep the weights of the start, and their normalisations its statistics; 1 is the stem alone.
    attacked: share of pairs whose pictures are attacked before they are learned from. epsilon: of
    the attack, grey levels, reached over the first half of the run.
    """

    shares: Sequence[tuple[str, float]]
    schedule: Schedule
    pairs: int = 16
    side: int = 144
    face_side: int = 224
    mask_weight: float = 1.0
    rank_weight: float = 0.5
    corrupted: float = 0.4
    evened: float = 0.4
    resampled: float = 0.35
    smoothing: float = 0.02
    seed: int = 1
    start: Path | None = None
    generators: Path | None = None
    frozen: int = 0
    attacked: float = 0.0
    epsilon: float = 4.0


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    run: Annotated[Path, typer.Option(help="Run folder; a second start continues the first")],
    faces: Annotated[Path | None, typer.Option(help="Cache of extract-faces")] = None,
    shares: Annotated[str, typer.Option(help="Pair sources, as in dfdc=3,self_blended=1")] = "dfdc",
    steps: Annotated[int, typer.Option(help="Batches")] = 16_000,
    rate: Annotated[float, typer.Option(help="Peak learning rate")] = 6e-4,
    pairs: Annotated[int, typer.Option(min=1, help="Of a batch")] = 16,
    frozen: Annotated[
        int, typer.Option(min=0, max=4, help="First stages that keep the weights of --start")
    ] = 0,
    side: Annotated[int, typer.Option(help="Pixels of the training window")] = 144,
    face_side: Annotated[int, typer.Option(help="Pixels to which a whole face is scaled")] = 224,
    start: Annotated[
        Path | None, typer.Option(help="Run folder, or released model's folder, to go on from")
    ] = None,
    generators: Annotated[Path | None, typer.Option(help="Folder of train-generators")] = None,
    attacked: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pairs that are attacked, to withstand it")
    ] = 0.0,
    epsilon: Annotated[
        float, typer.Option(min=0, max=255, help="Of that, grey levels, from half of the steps on")
    ] = 4.0,
) -> None:
    """Train the visual branch."""
    torch.set_num_threads(2)
    config = Config(
        shares=parse_shares(shares),
        schedule=Schedule(steps=steps, peak_rate=rate, warmup=min(500, steps // 10)),
        pairs=pairs,
        side=side,
        face_side=face_side,
        start=start,
        generators=generators,
        frozen=frozen,
        attacked=attacked,
        epsilon=epsilon,
    )
    if frozen and start is None:
        raise SystemExit("--frozen keeps weights of --start: say which")
    mixture_of = partial(build_mixture, config.shares, data, faces, generators=generators)
    mixture = mixture_of(wanted="train")
    net = begun(config, mixture)
    judge = PairJudge(mixture_of(wanted="val"), config)
    train(Run(run, config), config, mixture, judge, net)


def begun(config: Config, mixture: Mixture) -> FaceResNet:
    """The network that training starts with: fresh, of a run, or of a release."""
    net = FaceResNet()
    if config.start is None:
        return net
    if (config.start / CHECKPOINT).exists():
        load_average(config.start, net)
    else:
        views = DataLoader(PairViews(mixture, config, first=0, count=MEASURED), config.pairs)
        batches = (pictures.flatten(0, 1).float() for pictures, *_ in views)
        restore((config.start / INT8_FILE).read_bytes(), net, batches)
    net.freeze(config.frozen)
    return net


Batch = tuple[Tensor, Tensor, Tensor]


class PairViews(Dataset[Batch]):
    """Item i is pair i of the run, augmented: the same for the same seed, on any machine.

    Gives pictures (2, 3, side, side) uint8, real first, masks (2, side / 16, side / 16), NaN where
    unknown, and grey levels () by which the pair is to be attacked, 0 for most.
    """

    def __init__(self, mixture: Mixture, config: Config, first: int, count: int) -> None:
        self.mixture, self.config = mixture, config
        self.first, self.count = first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Batch:
        rng = np.random.default_rng((self.config.seed, self.first + index))
        pair = self._pair(rng)
        corruption = self._corruption(rng)
        other = corruption if pair.together else self._corruption(rng)
        real_view = View.draw(rng, self.config)
        fake_view = real_view if pair.together else View.draw(rng, self.config)
        pictures = np.stack(
            [real_view.of(corruption.apply(pair.real)), fake_view.of(other.apply(pair.fake))]
        )
        cells = self.config.side // MASK_STRIDE
        masks = np.zeros((2, cells, cells), np.float32)
        masks[1] = np.nan if pair.mask is None else fake_view.of_mask(pair.mask, cells)
        attack = self._attack(self.first + index, rng)
        return torch.from_numpy(pictures).permute(0, 3, 1, 2), torch.from_numpy(masks), attack

    def _attack(self, number: int, rng: Generator) -> Tensor:
        """Epsilon of a pair of the run, grey levels: it grows for half of the run, then stays."""
        config = self.config
        if rng.random() >= config.attacked:
            return torch.tensor(0.0)
        grown = min(1.0, 2 * number / (config.schedule.steps * config.pairs))
        return torch.tensor(config.epsilon * grown)

    def _pair(self, rng: Generator) -> Pair:
        """A pair; some forgeries and their originals are equally sharp, or soft would mean fake."""
        pair = self.mixture.draw(rng)
        if not pair.together or rng.random() >= self.config.evened:
            return pair
        real, fake = even(pair.real, pair.fake, rng)
        return replace(pair, real=real, fake=fake)

    def _corruption(self, rng: Generator) -> Corruption:
        return Corruption.draw(rng) if rng.random() < self.config.corrupted else Corruption()


@dataclass(frozen=True, slots=True)
class View:
    """A random window: mirrored; in some of the draws also scaled, a little turned and stretched.

    Most show pixels as they are: resampling blurs the fine traces that are learnt first.

    side: of the window. face_side: to which the whole picture is scaled before that is cut.
    """

    side: int
    face_side: float
    stretch: float
    turn: float
    centre: tuple[float, float]
    mirror: bool

    @classmethod
    def draw(cls, rng: Generator, config: Config) -> "View":
        """Draw one; its centre is in 0..1 of the room that the window has to move in."""
        resampled = rng.random() < config.resampled
        return cls(
            side=config.side,
            face_side=config.face_side * (float(rng.uniform(0.85, 1.2)) if resampled else 1.0),
            stretch=float(rng.uniform(0.95, 1.05)) if resampled else 1.0,
            turn=float(rng.normal(0, 4)) if resampled else 0.0,
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
        small = cv2.resize(self.of(mask), (cells, cells), interpolation=cv2.INTER_AREA)
        return cast(Mask, small)

    def _matrix(self, height: int, width: int) -> np.ndarray:
        scale = self.face_side / min(height, width)
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), self.turn, scale)
        matrix[0] *= (-1 if self.mirror else 1) * self.stretch
        middle = matrix @ np.array([width / 2, height / 2, 1.0])
        room_x = max(0.0, width * scale * self.stretch - self.side)
        room_y = max(0.0, height * scale - self.side)
        target = (
            self.side / 2 + round((self.centre[0] - 0.5) * room_x),
            self.side / 2 + round((self.centre[1] - 0.5) * room_y),
        )
        matrix[:, 2] += np.array(target) - middle
        return matrix


def loss(config: Config, net: FaceResNet, batch: Batch) -> dict[str, Tensor]:
    """Weighted terms of a batch of pairs: pictures (pairs, 2, 3, side, side), masks, attacks."""
    pictures, masks = (part.flatten(0, 1) for part in batch[:2])
    shown = attacked(net, pictures.float(), batch[2])
    reading = net(shown.contiguous(memory_format=torch.channels_last))
    logits = reading.logit.view(-1, 2)
    wanted = torch.tensor([config.smoothing, 1 - config.smoothing], device=logits.device)
    known = ~masks.isnan()
    return {
        "class": F.binary_cross_entropy_with_logits(logits, wanted.expand_as(logits)),
        # A forgery should score above its own original, whatever both look like.
        "rank": config.rank_weight * F.softplus(logits[:, 0] - logits[:, 1]).mean(),
        "mask": config.mask_weight
        * F.binary_cross_entropy_with_logits(reading.mask[known], masks[known]),
    }


def attacked(net: FaceResNet, pictures: Tensor, epsilons: Tensor) -> Tensor:
    """Pictures as an attacker would show them who knows the network as it is now.

    One step from a random start (Wong, Rice and Kolter, "Fast is better than free: Revisiting
    adversarial training", ICLR 2020): real ones are to look fake, fakes real.

    Args:
        net: Its statistics stay as they are.
        pictures: (2 * pairs, 3, side, side) in 0..255, real ones at even places.
        epsilons: (pairs,) grey levels; pairs of 0 stay as they are.
    """
    chosen = epsilons.repeat_interleave(2) > 0
    if not chosen.any():
        return pictures
    towards = torch.tensor([1.0, -1.0], device=pictures.device).repeat(len(epsilons))[chosen]
    budget = Budget(epsilons.repeat_interleave(2)[chosen].view(-1, 1, 1, 1), 0.0, 255.0)
    seed = int(torch.randint(2**31, ()))
    training = net.training
    net.eval()
    changed = pgd(pictures[chosen], lambda x: towards * net(x).logit.float(), budget, 1, seed)
    net.train(training)
    shown = pictures.clone()
    shown[chosen] = changed
    return shown


def train(
    run: Run, config: Config, mixture: Mixture, judge: "PairJudge", net: FaceResNet
) -> FaceResNet:
    """Train until the schedule's end, resuming from the run's checkpoint."""

    def batches(first: int) -> Iterator[Batch]:
        count = (config.schedule.steps - first) * config.pairs
        views = PairViews(mixture, config, first * config.pairs, count)
        return iter(DataLoader(views, config.pairs, num_workers=1, prefetch_factor=6))

    torch.manual_seed(config.seed)
    cv2.setNumThreads(1)
    return fit(
        run,
        net.to(memory_format=torch.channels_last),  # type: ignore[call-overload]  # torch's stubs lack it
        config.schedule,
        batches,
        partial(loss, config),
        judge,
    )


class PairJudge:
    """AUC on fixed held-out pairs, whole and uncorrupted.

    With it the share of real pictures that are called fake, source by source: AUC alone does not
    show that all of a camera's pictures rise.
    """

    def __init__(self, mixture: Mixture, config: Config, pairs: int = 150) -> None:
        self.side = config.face_side
        self.pictures: dict[str, Tensor] = {}
        for name, source in mixture.sources.items():
            drawn = (source.draw(np.random.default_rng((9, index))) for index in range(pairs))
            whole = [self._whole(picture) for pair in drawn for picture in (pair.real, pair.fake)]
            self.pictures[name] = torch.from_numpy(np.stack(whole)).permute(0, 3, 1, 2)

    def _whole(self, picture: np.ndarray) -> np.ndarray:
        return cv2.resize(picture, (self.side, self.side), interpolation=cv2.INTER_AREA)

    def __call__(self, net: FaceResNet) -> dict[str, float]:
        values: dict[str, float] = {}
        for name, pictures in self.pictures.items():
            logits = self._logits(net, pictures)
            labels = np.tile([False, True], len(logits) // 2)
            values[f"val_{name}"] = round(auc(labels, logits), 4)
            values[f"alarms_{name}"] = round(float((logits[~labels] > 0).mean()), 4)
        return values

    @torch.inference_mode()
    def _logits(self, net: FaceResNet, pictures: Tensor) -> np.ndarray:
        readings: list[FaceReading] = [net(part.float()) for part in pictures.split(32)]
        return torch.cat([reading.logit for reading in readings]).numpy()
