"""`merge`: one network of several runs, for sites that may share weights but not faces.

    python -m assay_lab merge SITE-A/student SITE-B/student --weights 3,1 --out MERGED/student

Their averaged weights are averaged once more, each with the weight of its site. The result is a run
folder that can be released, or started from.
"""

from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Annotated, Any

import torch
import typer

from assay_lab.core.loop import CHECKPOINT, Run
from assay_lab.core.soup import averaged


@dataclass(frozen=True, slots=True)
class Config:
    """merged: names of the runs. weights: of each in the mean."""

    merged: tuple[str, ...]
    weights: tuple[float, ...]


def command(
    runs: Annotated[list[Path], typer.Argument(help="Run folders of one kind of network")],
    out: Annotated[Path, typer.Option(help="Run folder of the mean")],
    weights: Annotated[
        str, typer.Option(help="Of each run, by commas; without, all weigh the same")
    ] = "",
) -> None:
    """Average the checkpoints of several sites into one."""
    try:
        shares = [float(each) for each in weights.split(",")] if weights else [1.0] * len(runs)
        saved = [_checkpoint(run) for run in runs]
        mean = averaged([one["average"] for one in saved], shares)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    merged = Run(out, Config(tuple(run.name for run in runs), tuple(shares)))
    merged.save(step=sum(int(one["step"]) for one in saved), net=mean, average=mean)
    typer.echo(f"{len(runs)} runs merged into {out}")


def _checkpoint(run: Path) -> dict[str, Any]:
    """Step and averaged weights of a run.

    Raises:
        ValueError: There is none, or none that a trainer here wrote.
    """
    file = run / CHECKPOINT
    if not file.is_file():
        raise ValueError(f"{run} has no {CHECKPOINT}: name run folders of trainers")
    try:
        saved: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError):
        raise ValueError(f"{file} cannot be read") from None
    if not {"step", "average"} <= saved.keys():
        raise ValueError(f"{file} holds no averaged weights")
    return saved
