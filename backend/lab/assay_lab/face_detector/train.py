"""Train the face detector from scratch on windows composed from labelled pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import torch
import typer
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from assay_lab.core.loop import Run, Schedule, fit
from assay_lab.data.face_labels import read_labels
from assay_lab.face_detector.geometry import overlap
from assay_lab.face_detector.net import BlazeFace
from assay_lab.face_detector.scenes import Scenes
from assay_lab.face_detector.targets import assign, losses

STEPS = 20_000

Batch = tuple[Tensor, Tensor, Tensor]
"""Pictures, and state and points of the anchors."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here."""

    labels: Path
    schedule: Schedule
    batch: int = 32
    points_weight: float = 4.0
    seed: int = 1
    validation_windows: int = 1200


class Windows(Dataset[Batch]):
    """Item i is window i of the run: the same for the same seed, on any machine.

    Gives the picture (3, 128, 128) uint8, and state and points of the anchors.
    """

    def __init__(self, scenes: Scenes, seed: int, first: int, count: int) -> None:
        self.scenes, self.seed, self.first, self.count = scenes, seed, first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Batch:
        scene = self.scenes.draw(np.random.default_rng((self.seed, self.first + index)))
        state, points = assign(scene.faces, scene.ignored)
        picture = np.ascontiguousarray(scene.picture.transpose(2, 0, 1))
        return torch.from_numpy(picture), torch.from_numpy(state), torch.from_numpy(points)


def command(
    labels: Annotated[Path, typer.Option(help="Cache of label-faces")],
    run: Annotated[Path, typer.Option(help="Run folder; a second start continues the first")],
    steps: Annotated[int, typer.Option(help="Batches of 32 windows")] = STEPS,
) -> None:
    """Distil our face detector from the labels."""
    schedule = Schedule(steps, peak_rate=3e-3, weight_decay=0.01, average=0.998)
    train(Config(labels, schedule), run)


def train(config: Config, folder: Path) -> nn.Module:
    """Train, or go on where a killed run stopped; the averaged weights are the result."""
    torch.manual_seed(config.seed)
    torch.set_num_threads(1)  # the loader is the second thread
    cv2.setNumThreads(1)  # and a pool of OpenCV's would not survive the fork into it
    return fit(
        Run(folder, config),
        BlazeFace().to(memory_format=torch.channels_last),  # type: ignore[call-overload]  # torch's stubs lack it
        config.schedule,
        partial(_batches, config),
        partial(loss, config),
        partial(validate, config),
    )


def loss(config: Config, net: nn.Module, batch: Batch) -> dict[str, Tensor]:
    """Weighted terms of a batch: pictures (n, 3, 128, 128), and state and points of the anchors."""
    pictures, state, wanted = batch
    points, logits = net(pictures.float().contiguous(memory_format=torch.channels_last))
    terms = losses(points, logits, state, wanted)
    return {"score": terms["score"], "points": config.points_weight * terms["points"]}


def _batches(config: Config, first: int) -> Iterator[Batch]:
    scenes = Scenes(read_labels(config.labels, "train"))
    count = (config.schedule.steps - first) * config.batch
    windows = Windows(scenes, config.seed, first * config.batch, count)
    return iter(DataLoader(windows, config.batch, num_workers=1, prefetch_factor=8))


@torch.inference_mode()
def validate(config: Config, net: nn.Module) -> dict[str, float]:
    """Recall at IoU 0.5, key point error and false alarms on windows of held-out groups.

    A single look at 128 px, harder than serving's several: numbers for choosing, not for the card.
    """
    scenes = Scenes(read_labels(config.labels, "val"))
    found = faces = empty = alarms = 0
    errors = []
    for index in range(config.validation_windows):
        scene = scenes.draw(np.random.default_rng((2**20, index)))
        picture = torch.from_numpy(scene.picture).permute(2, 0, 1)[None].float()
        points, logits = net(picture)
        confident = points[0][logits[0] > 0].numpy()
        if not scene.faces and not scene.ignored:
            empty += 1
            alarms += len(confident) > 0
        for face in scene.faces:
            faces += 1
            match = overlap(face[:2], confident[:, :2]) > 0.5
            found += bool(match.any())
            if match.any():
                gap = np.linalg.norm(confident[match][:, 2:] - face[2:], axis=2).mean()
                errors.append(gap / float((face[1] - face[0]).mean()))
    return {
        "recall": round(found / faces, 4),
        "false_alarms": round(alarms / empty, 4),
        "point_error": round(float(np.mean(errors)), 4) if errors else 1.0,
    }
