"""Release the gate: calibrate it, find its exit threshold, measure what exits, write its card."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer

from assay.branches.gate.branch import exit_statistic, pooled
from assay.models.sessions import open_session
from assay.types import Doubles, Floats, Image
from assay_lab.core import json_lines, metrics
from assay_lab.core.calibrate import fit_platt
from assay_lab.core.export import release, to_onnx
from assay_lab.core.loop import load_average, read_config
from assay_lab.core.scored import interval_words, numbers_of
from assay_lab.data.split import Split
from assay_lab.face_pairs.held_out import (
    CONDITIONS,
    Shown,
    auc_by_condition,
    by_kind,
    by_source,
    condition_table,
    shown_faces,
)
from assay_lab.face_pairs.mixtures import build_mixture
from assay_lab.forge.generators.train import trained_generators
from assay_lab.gate.net import Student
from assay_lab.gate.served import ServedGate

NAME = "tiny_ladeda"
MISSED = 0.01
"""Share of the fake faces of any kind that the early exit may let through."""
FORGERIES = ("self_blended", "swapped", "painted")
"""What our own forge makes of held-out real faces: fakes whose pixels are mostly a camera's. Where
there are trained generators with a waist, `refaced` ones too."""
TOPS = (1.0, 0.5, 0.25, 0.1, 0.05)
"""Shares of the highest patches to choose from; 1 is the plain mean."""


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    faces: Annotated[Path, typer.Option(help="Cache of extract-faces")],
    run: Annotated[Path, typer.Option(help="Run folder of train-gate")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    each: Annotated[int, typer.Option(help="Faces of every source and label")] = 500,
    uncorrupted: Annotated[
        Path | None, typer.Option(help="The same run with --corrupted 0, to stand beside it")
    ] = None,
    generators: Annotated[Path | None, typer.Option(help="Folder of train-generators")] = None,
    ablation: Annotated[
        list[Path] | None, typer.Option(help="Other runs of train-gate, to stand beside it")
    ] = None,
) -> None:
    """Export the student of a run, measure it, and put it under models/."""
    steps, student = trained(run)
    config = read_config(run / "student")
    content = export(student)
    val = _with_native(shown_faces(data, faces, "val", each))
    test = _with_native(shown_faces(data, faces, "test", each))
    maps = patch_maps(content, _natives(val))
    y = np.array([shown.row.fake for shown in val])
    by_top = {top: metrics.auc(y, _pool(maps, top)) for top in TOPS}
    top = max(by_top, key=lambda share: by_top[share])
    platt = fit_platt(y, _pool(maps, top))
    exit_below = exit_threshold(
        [
            corrupted_statistics(content, fakes)
            for kind, fakes in (
                crops_by_source(val) | forged(data, faces, "val", each, generators)
            ).items()
            if kind.startswith("fake")
        ],
        MISSED,
    )
    tested = patch_maps(content, _natives(test))
    scored = by_kind(test, _pool(tested, top), *platt)
    report = {
        "command": "python -m assay_lab release-gate",
        "run": config,
        "steps": steps,
        "parameters": sum(p.numel() for p in student.parameters()),
        "val_auc_by_share_of_patches": {str(share): round(auc, 4) for share, auc in by_top.items()},
        "test": {name: numbers_of(kind) for name, kind in scored.items()},
        "exit": exits(
            content,
            crops_by_source(test) | forged(data, faces, "test", each, generators),
            exit_below,
        ),
        "auc_by_condition": _robustness(content, test, top),
    }
    if uncorrupted is not None:
        other = export(trained(uncorrupted)[1])
        report["uncorrupted"] = _robustness(other, test, top)
    if ablation:
        report["ablation"] = [learned(one) for one in (run, *ablation)]
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


def learned(run: Path) -> dict[str, Any]:
    """How a student was taught, and its last AUC on validation pairs.

    Raises:
        SystemExit: The run has no student that was judged.
    """
    home = run / "student"
    judged = [line for line in json_lines.read(home / "log.jsonl") if "val_auc" in line]
    if not judged:
        raise SystemExit(f"{home} holds no student that was judged")
    config = read_config(home)
    how = config["distillation"]
    return {
        "run": run.name,
        "loss": how["kind"],
        "temperature": how["temperature"],
        "teacher's weight": how["weight"],
        "patches that speak": config["top"],
        "corrupted": config["corrupted"],
        "steps": judged[-1]["step"],
        "val_auc": judged[-1]["val_auc"],
    }


def trained(run: Path) -> tuple[int, Student]:
    """Steps of a run of train-gate, and its student with the averaged weights."""
    student = Student()
    return load_average(run / "student", student), student


def export(student: Student) -> bytes:
    """The served network as an ONNX file, for pictures of any even size."""
    example = torch.randint(0, 256, (2, 64, 96, 3), dtype=torch.uint8)
    return to_onnx(
        ServedGate(student).eval(),
        {"picture": example},
        ("patches",),
        {"picture": {0: "batch", 1: "height", 2: "width"}},
    )


def crops_by_source(faces: Sequence[Shown]) -> dict[str, list[Image]]:
    """Native crops by label and source."""
    return {kind: _natives(some) for kind, some in by_source(faces).items()}


def forged(
    data: Path, faces: Path, wanted: Split, each: int, generators: Path | None
) -> dict[str, list[Image]]:
    """Native crops that our forge makes of the real faces of a part, by method."""
    waists = trained_generators(generators, waist=True)
    names = (*FORGERIES, "refaced") if waists else FORGERIES
    shares = [(name, 1.0) for name in names]
    mixture = build_mixture(shares, data, faces, wanted, native=True, generators=generators)
    return {
        f"fake: {name} by our forge": [
            source.draw(np.random.default_rng(number)).fake for number in range(each)
        ]
        for name, source in mixture.sources.items()
    }


def corrupted_statistics(content: bytes, fakes: Sequence[Image]) -> Doubles:
    """Exit statistics of fakes as they are and after each everyday corruption.

    A threshold from clean fakes alone would let compressed ones out, whose traces are weaker.
    """
    return np.array(
        [
            exit_statistic(found)
            for corruption in CONDITIONS.values()
            for found in patch_maps(content, [corruption.apply(fake) for fake in fakes])
        ]
    )


def exit_threshold(kinds: Iterable[Doubles], missed: float) -> float:
    """The value under which at most `missed` of further fakes of any of these kinds lie.

    Class-conditional conformal prediction (Vovk 2012) on fakes that were not trained on, each kind
    a class: pooled, kinds that are easy to notice would hide that others slip through.

    Args:
        kinds: Exit statistics of each kind.
        missed: Share in 0..1.

    Returns:
        Minus infinity where there are too few of a kind to promise anything.
    """
    return min(_conformal_bound(statistics, missed) for statistics in kinds)


def _conformal_bound(statistics: Doubles, missed: float) -> float:
    rank = int(np.floor(missed * (len(statistics) + 1)))
    return float(np.sort(statistics)[rank - 1]) if rank > 0 else float("-inf")


def exits(
    content: bytes, kinds: Mapping[str, Sequence[Image]], below: float
) -> dict[str, dict[str, float]]:
    """Share of faces that exit, by kind: of fakes it is the share missed."""
    report = {}
    for kind, faces in sorted(kinds.items()):
        statistics = np.array([exit_statistic(found) for found in patch_maps(content, faces)])
        report[kind] = {"faces": len(faces), "exit": round(float((statistics < below).mean()), 4)}
    return report


def patch_maps(content: bytes, natives: Sequence[Image]) -> list[Floats]:
    """Patch logits of native crops, each (h, w, 3) with even sides."""
    session = open_session(content)
    return [
        np.asarray(session.run(None, {"picture": native[None]})[0][0], np.float32)
        for native in natives
    ]


def card(report: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    rows = [
        "| held-out groups | AUC (95 %) | EER | false alarms at 0.5 | ECE |",
        "|---|---|---|---|---|",
    ]
    for name, numbers in report["test"].items():
        rows.append(
            f"| {name} | {interval_words(numbers['auc'])} "
            f"| {numbers['eer']:.1%} | {numbers['false_alarms']:.1%} | {numbers['ece']:.3f} |"
        )
    rows += ["", "| faces that exit early | faces | share |", "|---|---|---|"]
    for name, numbers in report["exit"].items():
        rows.append(f"| {name} | {numbers['faces']} | {numbers['exit']:.1%} |")
    rows += ["", *condition_table("AUC by condition", report["auc_by_condition"])]
    if "uncorrupted" in report:
        rows += ["", *condition_table("AUC, trained without corruption", report["uncorrupted"])]
    if "ablation" in report:
        rows += ["", *ablation_table(report["ablation"])]
    pooling = report["val_auc_by_share_of_patches"]
    rows += [
        "",
        "| patches that speak for a face, highest first | " + " | ".join(pooling) + " |",
        "|---" * (1 + len(pooling)) + "|",
        "| AUC of validation groups, all kinds | "
        + " | ".join(f"{auc:.3f}" for auc in pooling.values())
        + " |",
    ]
    shares = ", ".join(f"{name} {share:g}" for name, share in report["run"]["shares"])
    return CARD.format(table="\n".join(rows), shares=shares, **report)


def ablation_table(students: Sequence[Mapping[str, Any]]) -> list[str]:
    """Students beside each other, on the same validation pairs."""
    names = list(students[0])
    rows = ["| " + " | ".join(names).replace("val_auc", "AUC of validation pairs") + " |"]
    rows.append("|---" * len(names) + "|")
    rows += ["| " + " | ".join(f"{one[name]}" for name in names) + " |" for one in students]
    return rows


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
conformal bound at 1 % of the fake faces that calibrated it, clean and corrupted, for whichever
kind of fake needs the strictest: also for faces that our own forge blended, swapped and painted.

## Known limits

- It sees neither shape nor meaning: a swap that was resampled after blending looks like a camera's.
- Downscaling and strong compression erase what it looks for; it then says little, and rarely exits.
"""


def _with_native(faces: Sequence[Shown]) -> list[Shown]:
    return [shown for shown in faces if shown.native is not None]


def _robustness(content: bytes, faces: Sequence[Shown], top: float) -> dict[str, dict[str, float]]:
    return auc_by_condition(faces, lambda some: _pool(patch_maps(content, _natives(some)), top))


def _natives(faces: Sequence[Shown]) -> list[Image]:
    return [shown.native for shown in faces if shown.native is not None]


def _pool(maps: Sequence[Floats], top: float) -> Doubles:
    return np.array([pooled(patches, top) for patches in maps], np.float64)
