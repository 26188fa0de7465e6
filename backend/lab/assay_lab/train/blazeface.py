"""Train the face detector from scratch on windows composed from labelled pictures."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import torch
import typer
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from assay_lab.detection.geometry import overlap
from assay_lab.detection.labels import read_labels
from assay_lab.detection.scenes import Scenes
from assay_lab.detection.targets import assign, losses
from assay_lab.nets.blazeface import BlazeFace
from assay_lab.train.loop import Average, Run, cosine, parameter_groups

STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here."""

    labels: Path
    steps: int = STEPS
    batch: int = 32
    peak_rate: float = 3e-3
    weight_decay: float = 0.01
    warmup: int = 300
    points_weight: float = 4.0
    average: float = 0.998
    seed: int = 1
    validate_every: int = 1000
    validation_windows: int = 1200


class Windows(Dataset[tuple[Tensor, Tensor, Tensor]]):
    """Item i is window i of the run: the same for the same seed, on any machine.

    Gives the picture (3, 128, 128) uint8, and state and points of the anchors.
    """

    def __init__(self, scenes: Scenes, seed: int, first: int, count: int) -> None:
        self.scenes, self.seed, self.first, self.count = scenes, seed, first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, Tensor]:
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
    train(Config(labels=labels, steps=steps), run)


def train(config: Config, folder: Path) -> BlazeFace:
    """Train, or go on where a killed run stopped; the averaged weights are the result."""
    torch.manual_seed(config.seed)
    torch.set_num_threads(1)  # the loader is the second thread
    cv2.setNumThreads(1)  # and a pool of OpenCV's would not survive the fork into it
    run = Run(folder, config)
    net = BlazeFace().to(memory_format=torch.channels_last)
    average = Average(net, config.average)
    optimiser = torch.optim.AdamW(parameter_groups(net, config.weight_decay))
    step = _resume(run, net, average, optimiser)
    started, begun = time.perf_counter(), step
    sums: dict[str, float] = {}
    for pictures, state, wanted in _batches(config, step):
        for group in optimiser.param_groups:
            group["lr"] = cosine(step, config.steps, config.peak_rate, config.warmup)
        points, logits = net(pictures.float().contiguous(memory_format=torch.channels_last))
        terms = losses(points, logits, state, wanted)
        optimiser.zero_grad(set_to_none=True)
        (terms["score"] + config.points_weight * terms["points"]).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        average.update(net, step)
        step += 1
        for name, term in terms.items():
            sums[name] = sums.get(name, 0.0) + term.item() / 100
        if step % 100 == 0:
            pace = (step - begun) * config.batch / (time.perf_counter() - started)
            run.record(step=step, pace=round(pace, 1), **{k: round(v, 4) for k, v in sums.items()})
            sums = {}
        if step % config.validate_every == 0 or step == config.steps:
            run.record(step=step, **validate(average.net, config))
            run.save(
                step=step,
                net=net.state_dict(),
                average=average.net.state_dict(),
                optimiser=optimiser.state_dict(),
            )
    return average.net


def _resume(run: Run, net: BlazeFace, average: Average, optimiser: torch.optim.Optimizer) -> int:
    saved = run.load()
    if saved is None:
        return 0
    net.load_state_dict(saved["net"])
    average.net.load_state_dict(saved["average"])
    optimiser.load_state_dict(saved["optimiser"])
    return int(saved["step"])


def _batches(config: Config, step: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    scenes = Scenes(read_labels(config.labels, "train"))
    windows = Windows(
        scenes, config.seed, step * config.batch, (config.steps - step) * config.batch
    )
    return iter(DataLoader(windows, config.batch, num_workers=1, prefetch_factor=8))


@torch.inference_mode()
def validate(net: BlazeFace, config: Config) -> dict[str, float]:
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
