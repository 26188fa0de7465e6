"""Release the gate: calibrate it, find its exit threshold, measure what exits, write its card."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import onnxruntime as ort
import torch
import typer
from numpy.typing import NDArray

from assay.branches.tiny_ladeda import exit_statistic, pooled
from assay_lab import metrics
from assay_lab.calibrate import fit_platt
from assay_lab.evaluation.pictures import (
    CONDITIONS,
    PAIRS,
    Shown,
    auc_by_condition,
    by_kind,
    damaged,
    shown_faces,
)
from assay_lab.evaluation.scored import numbers_of
from assay_lab.export import release, to_onnx
from assay_lab.nets.ladeda import Student
from assay_lab.nets.served import ServedGate

NAME = "tiny_ladeda"
MISSED = 0.01
"""Share of fake faces that the early exit may let through."""
TOPS = (1.0, 0.5, 0.25, 0.1, 0.05)
"""Shares of the highest patches to choose from; 1 is the plain mean."""


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    faces: Annotated[Path, typer.Option(help="Cache of extract-faces")],
    run: Annotated[Path, typer.Option(help="Run folder of train-gate")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    each: Annotated[int, typer.Option(help="Faces of every source and label")] = 500,
) -> None:
    """Export the student of a run, measure it, and put it under models/."""
    checkpoint = torch.load(run / "student" / "checkpoint.pt", weights_only=True)
    config = json.loads((run / "student" / "config.json").read_text())
    student = Student()
    student.load_state_dict(checkpoint["average"])
    content = export(student)
    val = _native(shown_faces(data, faces, "val", each))
    test = _native(shown_faces(data, faces, "test", each))
    maps = patch_maps(content, val)
    y = np.array([shown.row.fake for shown in val])
    by_top = {top: metrics.auc(y, _pool(maps, top)) for top in TOPS}
    top = max(by_top, key=lambda share: by_top[share])
    platt = fit_platt(y, _pool(maps, top))
    exit_below = exit_threshold(fakes_statistics(content, [v for v in val if v.row.fake]), MISSED)
    tested = patch_maps(content, test)
    scored = by_kind(test, _pool(tested, top), *platt)
    report = {
        "command": "python -m assay_lab release-gate",
        "run": config,
        "steps": checkpoint["step"],
        "parameters": sum(p.numel() for p in student.parameters()),
        "val_auc_by_share_of_patches": {str(share): round(auc, 4) for share, auc in by_top.items()},
        "test": {name: numbers_of(kind) for name, kind in scored.items()},
        "exit": exits(test, np.array([exit_statistic(m) for m in tested]), exit_below),
        "auc_by_condition": auc_by_condition(
            test, lambda some: _pool(patch_maps(content, some), top)
        ),
    }
    release(
        models,
        NAME,
        {"model.onnx": content},
        serve="model.onnx",
        metrics=report,
        card=card(report),
        scored=scored,
        parameters={**platt._asdict(), "top": top, "exit_below": round(exit_below, 5)},
    )
    print(json.dumps(report, indent=2))


def export(student: Student) -> bytes:
    """The served network as an ONNX file, for pictures of any even size."""
    example = torch.randint(0, 256, (2, 64, 96, 3), dtype=torch.uint8)
    return to_onnx(
        ServedGate(student).eval(),
        {"picture": example},
        ("patches",),
        {"picture": {0: "batch", 1: "height", 2: "width"}},
    )


def fakes_statistics(content: bytes, fakes: Sequence[Shown]) -> NDArray[np.float64]:
    """Exit statistics of fakes as they are and after each everyday damage.

    A threshold from clean fakes alone would let compressed ones out, whose traces are weaker.
    """
    return np.array(
        [
            exit_statistic(found)
            for damage in CONDITIONS.values()
            for found in patch_maps(content, list(damaged(fakes, damage)))
        ]
    )


def exit_threshold(statistics: NDArray[np.float64], missed: float) -> float:
    """The value under which at most `missed` of further fakes lie.

    Class-conditional conformal prediction (Vovk 2012) on fakes that were not trained on; minus
    infinity where there are too few of them to promise anything.
    """
    rank = int(np.floor(missed * (len(statistics) + 1)))
    return float(np.sort(statistics)[rank - 1]) if rank > 0 else float("-inf")


def exits(
    faces: Sequence[Shown], statistics: NDArray[np.float64], below: float
) -> dict[str, dict[str, float]]:
    """Share of faces that exit, by source and label: of fakes it is the share missed."""
    report = {}
    for source in sorted({shown.row.source for shown in faces}):
        for label in ("real", "fake"):
            keep = [
                number
                for number, shown in enumerate(faces)
                if (shown.row.source, shown.row.label) == (source, label)
            ]
            if keep:
                share = float((statistics[keep] < below).mean())
                report[f"{label}: {source}"] = {"faces": len(keep), "exit": round(share, 4)}
    return report


def patch_maps(content: bytes, faces: Sequence[Shown]) -> list[NDArray[np.float32]]:
    """Patch logits of each face's native crop."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    found = []
    for shown in faces:
        assert shown.native is not None
        (patches,) = session.run(None, {"picture": shown.native[None]})
        found.append(np.asarray(patches[0], np.float32))
    return found


def card(report: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    rows = [
        "| held-out groups | AUC (95 %) | EER | false alarms at 0.5 | ECE |",
        "|---|---|---|---|---|",
    ]
    for name, numbers in report["test"].items():
        auc = numbers["auc"]
        rows.append(
            f"| {name} | {auc['value']:.3f} ({auc['low']:.3f} to {auc['high']:.3f}) "
            f"| {numbers['eer']:.1%} | {numbers['false_alarms']:.1%} | {numbers['ece']:.3f} |"
        )
    rows += ["", "| faces that exit early | faces | share |", "|---|---|---|"]
    for name, numbers in report["exit"].items():
        rows.append(f"| {name} | {numbers['faces']} | {numbers['exit']:.1%} |")
    kinds = list(PAIRS)
    rows += [
        "",
        "| AUC by condition | " + " | ".join(kinds) + " |",
        "|---" * (1 + len(kinds)) + "|",
    ]
    for condition, numbers in report["auc_by_condition"].items():
        rows.append(f"| {condition} | " + " | ".join(f"{numbers[k]:.3f}" for k in kinds) + " |")
    shares = ", ".join(f"{name} {share:g}" for name, share in report["run"]["shares"])
    return CARD.format(table="\n".join(rows), shares=shares, **report)


CARD = """
# tiny_ladeda

The gate. Tiny-LaDeDa (Cavia et al. 2024; own training): {parameters:,} parameters on a diagonal
gradient, one logit for every 12 pixels' patch of a face at the resolution of the upload.

**Input** `picture` (n, h, w, 3) uint8 RGB, even sides. **Output** `patches` (n, rows, columns).

## Data

Distilled patch by patch from a teacher (the LaDeDa layout, narrower) for {steps} batches of 16
pairs. Sources and shares: {shares}. Groups are split 80/10/10; calibration and the exit threshold
come from the second, the numbers below from the last.

## Numbers

{table}

A medium leaves early only if every one of its faces does. The threshold is the class-conditional
conformal bound at 1 % of the fake faces that calibrated it, clean and damaged alike.

## Known limits

- It sees neither shape nor meaning: a swap that was resampled after blending looks like a camera's.
- Downscaling and strong compression erase what it looks for; it then says little, and rarely exits.
"""


def _native(faces: Sequence[Shown]) -> list[Shown]:
    return [shown for shown in faces if shown.native is not None]


def _pool(maps: Sequence[NDArray[np.float32]], top: float) -> NDArray[np.float64]:
    return np.array([pooled(patches, top) for patches in maps], np.float64)
