"""`audit-gate`: do the patches of teacher and student look at the same pixels?

    python -m assay_lab audit-gate
    python -m assay_lab audit-gate --run RUNS/gate --data DATA --faces FACES

Structure: parameters, the pixels that a patch depends on (by what changes its logit, not by what a
drawing says), the step from patch to patch, and how far a student's patch lies off the teacher's
that it is taught by. With a run and data also alignment: how the two maps correlate on held-out
faces where they lie, and where the teacher's is moved by a patch; an aligned pair agrees best where
it lies.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import numpy as np
import torch
import typer
from torch import Tensor, nn

from assay.types import Doubles
from assay_lab.core.loop import load_average, read_config
from assay_lab.face_pairs.held_out import shown_faces
from assay_lab.gate.net import PATCH_STRIDE, Student, Teacher

SIDE: Final = 64
"""Pixels of the picture that structure is looked at on."""
SHIFTS: Final = (-1, 0, 1)
"""Patches by which the teacher's map is moved."""


class Structure(NamedTuple):
    """field: pixels on a side that a patch depends on. stride: from patch to patch.

    first: middle of the first patch, pixels. grid: patches on a side of a picture of SIDE.
    """

    parameters: int
    field: int
    stride: int
    first: float
    grid: int


def command(
    run: Annotated[Path | None, typer.Option(help="Run folder of train-gate")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder with manifest.csv")] = None,
    faces: Annotated[Path | None, typer.Option(help="Cache of extract-faces")] = None,
    each: Annotated[int, typer.Option(min=1, help="Held-out faces of every source")] = 10,
) -> None:
    """Compare what patches of teacher and student look at."""
    teacher, student = (Teacher(width=8, blocks=(1, 1, 1, 1)), Student())
    if run is not None:
        teacher, student = networks_of(run)
    both = {"teacher": structure_of(teacher), "student": structure_of(student)}
    typer.echo(table(both))
    if run is None or data is None or faces is None:
        return
    natives = [shown.native for shown in shown_faces(data, faces, "val", each)]
    pictures = [
        torch.from_numpy(native).permute(2, 0, 1)[None].float()
        for native in natives
        if native is not None and min(native.shape[:2]) >= SIDE
    ]
    found = agreement(teacher, student, pictures)
    typer.echo(
        f"\nCorrelation of the maps on {len(pictures)} held-out faces: {found[0, 0]:.3f}; with the "
        f"teacher's moved by a patch {max(r for at, r in found.items() if at != (0, 0)):.3f} at "
        "best."
    )


def networks_of(run: Path) -> tuple[Teacher, Student]:
    """Both networks of a run, with averaged weights."""
    config = read_config(run / "student")
    teacher, student = Teacher(config["width"], tuple(config["blocks"])), Student()
    taught_by = run / "teacher"
    if not taught_by.exists():
        raise SystemExit(f"{run} was taught by the teacher of another run: name that run")
    load_average(taught_by, teacher)
    load_average(run / "student", student)
    return teacher.eval(), student.eval()


def structure_of(net: nn.Module) -> Structure:
    """By the gradients of patches on noise, where nothing is flat."""
    fields = [_seen(net, place) for place in (0, 1)]
    (first, last), (second, _) = fields
    picture = torch.zeros(1, 3, SIDE, SIDE)
    return Structure(
        parameters=sum(parameter.numel() for parameter in net.parameters()),
        field=last - first + 1,
        stride=second - first,
        first=(first + last) / 2,
        grid=int(net.eval()(picture).shape[1]),
    )


def _seen(net: nn.Module, place: int, tries: int = 8) -> tuple[int, int]:
    """First and last row of pixels that the patch (place, place) depends on."""
    reached = torch.zeros(SIDE)
    for seed in range(tries):  # a ReLU may be closed for one picture
        noise = torch.rand(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
        picture = (255 * noise).requires_grad_()
        logit = net.eval()(picture)[0, place, place]
        (gradient,) = torch.autograd.grad(logit, picture)
        reached += gradient.abs().sum(dim=(0, 1, 3))
    rows = torch.nonzero(reached).flatten()
    return int(rows[0]), int(rows[-1])


@torch.inference_mode()
def agreement(
    teacher: nn.Module, student: nn.Module, pictures: Iterable[Tensor]
) -> Mapping[tuple[int, int], float]:
    """Mean correlation of the maps of pictures, by how the teacher's is moved, patches."""
    found: dict[tuple[int, int], list[float]] = {}
    for picture in pictures:
        small = student(picture)[0].double().numpy()
        rows, columns = small.shape
        large = teacher(picture)[0, :rows, :columns].double().numpy()
        for down in SHIFTS:
            for right in SHIFTS:
                one, other = _overlap(large, down, right), _overlap(small, -down, -right)
                if one.std() > 0 and other.std() > 0:
                    told = float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
                    found.setdefault((down, right), []).append(told)
    if (0, 0) not in found:
        raise SystemExit("no held-out face is large enough for a map")
    return {at: float(np.mean(told)) for at, told in found.items()}


def _overlap(values: Doubles, down: int, right: int) -> Doubles:
    """What is left of a map that the other, moved, still covers."""
    rows, columns = values.shape
    return values[max(0, down) : rows + min(0, down), max(0, right) : columns + min(0, right)]


def table(both: Mapping[str, Structure]) -> str:
    """Markdown, and whether the student is taught by patches at its own places."""
    rows = ["| network | parameters | pixels a patch sees | step | patches of 64 pixels |"]
    rows.append("|---|---|---|---|---|")
    for name, one in both.items():
        rows.append(
            f"| {name} | {one.parameters:,} | {one.field} x {one.field} | {one.stride} "
            f"| {one.grid} x {one.grid} |"
        )
    teacher, student = both["teacher"], both["student"]
    off = student.first - teacher.first
    fits = teacher.stride == student.stride == PATCH_STRIDE and teacher.grid >= student.grid
    said = "walk in step" if fits else "DO NOT walk in step"
    return "\n".join([*rows, "", f"They {said}; a student's patch lies {off:+.1f} pixels off."])
