"""Train the small generators whose traces the visual branches learn from, on real pictures only."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from assay_lab.augment.pictures import load_rgb
from assay_lab.core.device import DEVICE, moved
from assay_lab.core.loop import CHECKPOINT, Average, Run, cosine_rates, load_average
from assay_lab.data.face_labels import Label, read_labels
from assay_lab.data.rows import Row, read_manifest
from assay_lab.data.split import split_of
from assay_lab.forge.generators.net import Design, Painting, PatchCritic
from assay_lab.forge.warp import aligned

CROPS = 4
"""Crops cut from one decoded picture."""
STEPS = 1200
REPORT = 100
"""Steps between two lines of the log, and two checkpoints."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one generator; everything that changes its result is here.

    data: folder that collect.py wrote; for a design with a waist, the cache of label-faces.
    adversarial: weight of the critic's opinion; 0 trains without one, which paints smoothly.
    side: of a crop, pixels; a waist has its own.
    """

    data: Path
    design: Design = field(default_factory=lambda: Design("nearest"))
    adversarial: float = 0.1
    steps: int = STEPS
    pictures: int = 6
    side: int = 64
    peak_rate: float = 1e-3
    critic_rate: float = 4e-4
    warmup: int = 100
    code_weight: float = 1e-4
    detail_weight: float = 1.0
    match_weight: float = 0.5
    critic_from: float = 0.3
    average: float = 0.995
    seed: int = 1


PRESETS: Mapping[str, tuple[Design, float]] = {
    "latent8-nearest": (Design("nearest", stride=8, depth=8), 0.1),
    "latent4-transposed": (Design("transposed", stride=4, depth=4), 0.1),
    "latent8-shuffle": (Design("shuffle", stride=8, depth=16, norm=False), 0.05),
    "latent4-bilinear": (Design("bilinear", stride=4, depth=3), 0.1),
    "quantised4-nearest": (Design("nearest", stride=4, depth=4, code="quantised"), 0.1),
    "smooth8-bilinear": (Design("bilinear", stride=8, depth=16), 0.0),
    "waist64-shuffle": (Design("shuffle", code="waist", depth=256, width=16, side=64), 0.02),
    "waist64-transposed": (Design("transposed", code="waist", depth=192, width=16, side=64), 0.0),
    "waist96-nearest": (Design("nearest", code="waist", depth=384, side=96), 0.02),
}
"""Generators and the weight of their critic; those with a waist paint aligned faces."""


class Crops(Dataset[Tensor]):
    """Item i is CROPS squares of one picture: the same for the same seed, on any machine.

    Pictures are shrunk by up to a half first, which thins out their JPEG blocks: those are the
    camera's trace and must not become the generator's. Gives (CROPS, 3, side, side) uint8.
    """

    def __init__(self, rows: Sequence[Row], config: Config, first: int, count: int) -> None:
        self.rows, self.config, self.first, self.count = rows, config, first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Tensor:
        rng = np.random.default_rng((self.config.seed, self.first + index))
        row = self.rows[rng.integers(len(self.rows))]
        picture = load_rgb(row.path)
        side = self.config.side
        scale = max(float(rng.uniform(0.5, 1.0)), (side + 1) / min(picture.shape[:2]))
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        crops = []
        for _ in range(CROPS):
            y, x = (int(rng.integers(extent - side + 1)) for extent in picture.shape[:2])
            crop = picture[y : y + side, x : x + side]
            crops.append(crop[:, ::-1] if rng.random() < 0.5 else crop)
        return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2)


class AlignedFaces(Dataset[Tensor]):
    """Item i is CROPS faces, turned and scaled to fill the square, likewise repeatable."""

    def __init__(self, labels: Sequence[Label], config: Config, first: int, count: int) -> None:
        self.labels, self.config, self.first, self.count = labels, config, first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Tensor:
        rng = np.random.default_rng((self.config.seed, self.first + index))
        side = self.config.design.side
        faces = []
        for number in rng.integers(len(self.labels), size=CROPS):
            label = self.labels[number]
            picture, _ = label.read()
            # The largest face; the first two of its points are the corners of its box.
            points = max(label.faces, key=lambda face: float(np.ptp(face[:2])))[2:]
            face = aligned(picture, points, side)
            faces.append(face[:, ::-1] if rng.random() < 0.5 else face)
        return torch.from_numpy(np.stack(faces)).permute(0, 3, 1, 2)


def command(
    data: Annotated[Path, typer.Option(help="Folder that collect.py wrote")],
    folder: Annotated[Path, typer.Option(help="Where generators live, one folder each")],
    labels: Annotated[Path, typer.Option(help="Cache of label-faces")],
    only: Annotated[list[str] | None, typer.Option(help="Names; all when absent")] = None,
    steps: Annotated[int, typer.Option(help="Batches of 24 crops")] = STEPS,
) -> None:
    """Train the generators, one after the other; finished ones are skipped."""
    for name in only or PRESETS:
        design, adversarial = PRESETS[name]
        source = labels if design.code == "waist" else data
        train(Config(source, design, adversarial, steps), folder / name)


def train(config: Config, folder: Path) -> None:
    """Train one generator, or go on where a killed run stopped."""
    torch.manual_seed(config.seed)
    torch.set_num_threads(2)
    run = Run(folder, config)
    duel = _Duel(config, run.load())
    step = duel.first
    sums: dict[str, float] = {}
    begun, clock = step, time.perf_counter()
    for batch in _batches(config, step):
        terms = duel.play(moved(batch).flatten(0, 1).float() / 127.5 - 1, step)
        step += 1
        for name, term in terms.items():
            sums[name] = sums.get(name, 0.0) + float(term.detach()) / REPORT
        if step % REPORT == 0:
            pace = (step - begun) * config.pictures * CROPS / (time.perf_counter() - clock)
            run.record(step=step, pace=round(pace, 1), **{k: round(v, 4) for k, v in sums.items()})
            sums = {}
        if step % REPORT == 0 or step == config.steps:
            run.save(**duel.state(), step=step)


class _Duel:
    """A generator against a critic, with their optimisers; goes on from a checkpoint at `first`."""

    def __init__(self, config: Config, saved: dict[str, Any] | None) -> None:
        self.config = config
        self.painter = Painting(config.design).to(DEVICE)
        self.critic = PatchCritic().to(DEVICE)
        self.average = Average(self.painter, config.average)
        self.paint_step = torch.optim.Adam(self.painter.parameters(), betas=(0.8, 0.99))
        self.critic_step = torch.optim.Adam(
            self.critic.parameters(), config.critic_rate, betas=(0.5, 0.99)
        )
        self.first = 0
        if saved is not None:
            for name, piece in self._parts().items():
                piece.load_state_dict(saved[name])
            self.first = int(saved["step"])
        self.average.go_on(self.first)
        self.rates = cosine_rates(
            self.paint_step, config.steps, config.peak_rate, config.warmup, self.first
        )

    def _parts(self) -> dict[str, Any]:
        return {
            "painter": self.painter,
            "critic": self.critic,
            "average": self.average.module,
            "paint_step": self.paint_step,
            "critic_step": self.critic_step,
        }

    def state(self) -> dict[str, Any]:
        return {name: piece.state_dict() for name, piece in self._parts().items()}

    def play(self, real: Tensor, step: int) -> dict[str, Tensor]:
        """One step of each side; the critic joins once the picture has taken shape."""
        config = self.config
        painted, cost = self.painter(real)
        terms = {
            "pixel": F.l1_loss(painted, real),
            "detail": F.l1_loss(_detail(painted), _detail(real)),
            "code": cost,
        }
        total = terms["pixel"] + config.detail_weight * terms["detail"] + config.code_weight * cost
        contested = config.adversarial > 0 and step >= config.critic_from * config.steps
        if contested:
            opinion, maps = self.critic(painted)
            _, wanted = self.critic(real)
            terms["fooled"] = -opinion.mean()
            terms["match"] = torch.stack(
                [F.l1_loss(a, b.detach()) for a, b in zip(maps, wanted, strict=True)]
            ).mean()
            total = total + config.adversarial * terms["fooled"]
            total = total + config.match_weight * terms["match"]
        self.paint_step.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(self.painter.parameters(), 1.0)
        self.paint_step.step()
        self.rates.step()
        self.average.update_parameters(self.painter)
        if contested:
            terms["critic"] = self._train_critic(real, painted.detach())
        return terms

    def _train_critic(self, real: Tensor, painted: Tensor) -> Tensor:
        doubt = F.relu(1 - self.critic(real)[0]).mean() + F.relu(1 + self.critic(painted)[0]).mean()
        self.critic_step.zero_grad(set_to_none=True)
        doubt.backward()
        self.critic_step.step()
        return doubt


def _detail(x: Tensor) -> Tensor:
    """What a 3 x 3 mean takes away: without it, edges are the last thing learnt."""
    return x - F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


def _batches(config: Config, step: int) -> Iterator[Tensor]:
    first, count = step * config.pictures, (config.steps - step) * config.pictures
    # Cutting crops takes a tenth of a step: a second process would cost more than it saves.
    yield from DataLoader(_pictures(config, first, count), config.pictures)


def _pictures(config: Config, first: int, count: int) -> Dataset[Tensor]:
    """Real pictures of the training part."""
    if config.design.code == "waist":
        labels = read_labels(config.data, "train")
        known = [label for label in labels if label.source.endswith(" real") and len(label.faces)]
        return AlignedFaces(known, config, first, count)
    rows = read_manifest(config.data, "image")
    real = [row for row in rows if not row.fake and split_of(row.group) == "train"]
    return Crops(real, config, first, count)


def trained_generators(folder: Path | None, waist: bool) -> tuple[Path, ...]:
    """The generators under a folder that have a checkpoint.

    Args:
        folder: Of `train-generators`; without one there are none.
        waist: Those that paint aligned faces; else those that paint whole pictures.
    """
    runs = [] if folder is None else sorted(folder.iterdir())
    return tuple(run for run in runs if _has_checkpoint(run) and _has_waist(run) == waist)


def _has_checkpoint(run: Path) -> bool:
    return (run / CHECKPOINT).exists()


def _has_waist(run: Path) -> bool:
    return bool(json.loads((run / "config.json").read_text())["design"]["code"] == "waist")


def load_painting(folder: Path) -> Painting:
    """A trained generator (its averaged weights), ready to paint."""
    config = json.loads((folder / "config.json").read_text())
    painting = Painting(Design(**config["design"]))
    load_average(folder, painting)
    return painting.eval().requires_grad_(False)
