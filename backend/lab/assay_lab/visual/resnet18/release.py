"""Release the visual branch: calibrate it, measure it, quantise it, write its card."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from scipy.special import expit

from assay.media.faces.crops import ALIGNED
from assay.models.sessions import open_session
from assay.types import Doubles
from assay_lab.augment.pictures import Corruption
from assay_lab.core import metrics
from assay_lab.core.calibrate import fit_platt
from assay_lab.core.export import release, to_onnx
from assay_lab.core.loop import load_average, mix_with_start, read_config
from assay_lab.core.quantise import milliseconds, quantise
from assay_lab.core.released import INT8_FILE
from assay_lab.core.scored import interval_words, numbers_of
from assay_lab.face_pairs.held_out import (
    Shown,
    auc_by_condition,
    by_kind,
    by_source,
    condition_table,
    corrupted,
    shown_faces,
)
from assay_lab.visual.resnet18.net import FaceResNet
from assay_lab.visual.resnet18.served import ServedVisual

NAME = "visual_resnet18"
INT8_LOSS = 0.005
"""AUC on validation groups that int8 may cost."""
BATCH = 16
ENLARGED_FROM = (224, 112, 56)
"""Sides from which real faces are enlarged again to see how many are called fake for that alone."""


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    faces: Annotated[Path, typer.Option(help="Cache of extract-faces")],
    run: Annotated[Path, typer.Option(help="Run folder of train-visual")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    float_too: Annotated[bool, typer.Option(help="Put the fp32 file beside the int8 one")] = False,
    each: Annotated[int, typer.Option(help="Faces of every source and label")] = 500,
    own_share: Annotated[
        float, typer.Option(help="Of its weights; the rest are those of the run it went on from")
    ] = 1.0,
) -> None:
    """Export the averaged weights of a run, measure them, and put them under models/."""
    torch.set_num_threads(2)
    config = read_config(run)
    net = FaceResNet()
    steps = load_average(run, net)
    if own_share < 1:
        mix_with_start(run, net, own_share)
    whole = export(net, config["face_side"])
    val = shown_faces(data, faces, "val", each)
    test = shown_faces(data, faces, "test", each)
    small = quantise(whole, [{"faces": batch} for batch in _batches(val[: 12 * BATCH])])
    before, after = logits(whole, val), logits(small, val)
    served, said = (small, after) if auc_loss(val, before, after) <= INT8_LOSS else (whole, before)
    platt = fit_platt([shown.row.fake for shown in val], said)
    scored = by_kind(test, logits(served, test), *platt)
    report: dict[str, Any] = {
        "command": "python -m assay_lab release-visual",
        "run": config,
        "steps": steps,
        "own_share": own_share,
        "calibration": platt._asdict(),
        "test": {name: numbers_of(kind) for name, kind in scored.items()},
        "auc_by_condition": auc_by_condition(test, lambda some: logits(served, some)),
        "enlarged": enlarged(
            test, lambda some: expit(platt.slope * logits(served, some) + platt.bias)
        ),
        "int8": audit_of(whole, small, test),
    }
    files = {INT8_FILE: small}
    if float_too or served is whole:
        files["model.onnx"] = whole
    release(
        models,
        NAME,
        files,
        serve=INT8_FILE if served is small else "model.onnx",
        metrics=report,
        card=card(report),
        scored=scored,
        parameters=platt._asdict(),
    )
    print(json.dumps(report, indent=2))


def export(net: FaceResNet, side: int) -> bytes:
    """The served network as an ONNX file."""
    example = torch.randint(0, 256, (2, 224, 224, 3), dtype=torch.uint8)
    return to_onnx(
        ServedVisual(net, side).eval(),
        {"faces": example},
        ("logit", "embedding", "localisation"),
        {"faces": {0: "batch"}},
        tolerance=1e-3,
    )


def logits(content: bytes, faces: Sequence[Shown]) -> Doubles:
    """What an exported network says of faces, (n,)."""
    session = open_session(content, threads=2)
    found = [session.run(["logit"], {"faces": batch})[0] for batch in _batches(faces)]
    return np.concatenate(found).astype(np.float64)


def enlarged(
    faces: Sequence[Shown], probability: Callable[[Sequence[Shown]], Doubles]
) -> dict[str, dict[str, float]]:
    """Share of the real faces of each source over 0.5, by the side they were enlarged from."""
    found: dict[str, dict[str, float]] = {}
    for source, some in by_source([shown for shown in faces if not shown.row.fake]).items():
        found[source] = {
            str(side): round(float((probability(_from(some, side)) > 0.5).mean()), 4)
            for side in ENLARGED_FROM
        }
    return found


def _from(faces: Sequence[Shown], side: int) -> list[Shown]:
    return list(corrupted(faces, Corruption(scale=side / ALIGNED)))


def auc_loss(faces: Sequence[Shown], before: Doubles, after: Doubles) -> float:
    """AUC of one network's logits on faces less that of another's."""
    y = np.array([shown.row.fake for shown in faces])
    return metrics.auc(y, before) - metrics.auc(y, after)


def audit_of(whole: bytes, small: bytes, faces: Sequence[Shown]) -> dict[str, float]:
    """What int8 changes: size, speed, scores, ranking and verdicts of single faces."""
    before, after = logits(whole, faces), logits(small, faces)
    change = np.abs(expit(before) - expit(after))
    feed = {"faces": next(_batches(faces))}
    return {
        "megabytes_fp32": round(len(whole) / 1e6, 2),
        "megabytes_int8": round(len(small) / 1e6, 2),
        "milliseconds_of_16_fp32": round(milliseconds(whole, feed), 1),
        "milliseconds_of_16_int8": round(milliseconds(small, feed), 1),
        "mean_score_change": round(float(change.mean()), 4),
        "largest_score_change": round(float(change.max()), 4),
        "verdict_flips": round(float(((before > 0) != (after > 0)).mean()), 4),
        "auc_loss": round(auc_loss(faces, before, after), 4),
    }


def _batches(faces: Sequence[Shown]) -> Any:
    for start in range(0, len(faces), BATCH):
        yield np.stack([shown.aligned for shown in faces[start : start + BATCH]])


def card(report: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    rows = [
        "| held-out groups | real | fake | AUC (95 %) | EER | false alarms at 0.5 | ECE |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, numbers in report["test"].items():
        rows.append(
            f"| {name} | {numbers['real']} | {numbers['fake']} "
            f"| {interval_words(numbers['auc'])} | {numbers['eer']:.1%} "
            f"| {numbers['false_alarms']:.1%} | {numbers['ece']:.3f} |"
        )
    sides = [f"from {side} px" for side in ENLARGED_FROM]
    rows += ["", f"| real faces over 0.5, enlarged | {' | '.join(sides)} |"]
    rows.append("|---" * (1 + len(sides)) + "|")
    for name, shares in report["enlarged"].items():
        rows.append(f"| {name} | " + " | ".join(f"{share:.1%}" for share in shares.values()) + " |")
    rows += ["", *condition_table("AUC by condition", report["auc_by_condition"])]
    shares = ", ".join(f"{name} {share:g}" for name, share in report["run"]["shares"])
    return CARD.format(
        table="\n".join(rows),
        shares=shares,
        steps=report["steps"],
        before=_before(report["run"]["start"], report["own_share"]),
        side=report["run"]["face_side"],
        int8=report["int8"],
    )


def _before(start: str | None, own_share: float) -> str:
    if start is None:
        return ""
    told = BEFORE.format("the release before it" if start == NAME else f"the run {start}")
    return told if own_share == 1 else told + MIXED.format(own_share)


BEFORE = """
It went on from {}, whose batches and shares are not counted here; the lab's log has them.
"""
MIXED = """
Its weights are the mean of both (Wortsman et al. 2022), its own with a share of {:.0%}, chosen on
the second tenth of the groups.
"""
CARD = """
# visual_resnet18

Looks at one face at a time. ResNet-18 (He et al. 2016) with one logit, an embedding of 512 numbers
for the temporal branch, and a second head that paints where the face was altered.

**Input** `faces` (n, 224, 224, 3) uint8 RGB; the network sees them at {side} px.
**Output** `logit` (n,), `embedding` (n, 512), `localisation` (n, k, k) in 0..1.

## Data

{steps} batches of 16 pairs. Swaps and what is forged here stand beside their own originals under
one shared augmentation; stills and clips of generators stand beside unrelated real faces, made
equally sharp, half of those beside clips from the clip's own site where that shows any.
Sources and shares: {shares}.
{before}
Groups are split 80/10/10; choices were made on the second, the numbers below come from the last.
Much of the data is for research only; none of it is distributed.

## Numbers

{table}

int8 against fp32: {int8[megabytes_int8]} MB for {int8[megabytes_fp32]} MB,
{int8[milliseconds_of_16_int8]} ms for {int8[milliseconds_of_16_fp32]} ms a batch of 16 on two
cores; AUC lost {int8[auc_loss]}, scores change by {int8[mean_score_change]} on average and by
{int8[largest_score_change]} at most, {int8[verdict_flips]:.1%} of single faces change sides of 0.5.

## Known limits

- Trained from scratch: it knows few generators.
- Photographs of real faces in training are mostly East Asian portraits and frames of North American
  actors. How false alarms vary with skin tone, age and camera was not measured.
- Small faces (under 64 px) and heavy compression remove what it looks for, and a real face that was
  enlarged is called fake more often: see the table.
- The numbers above are of whole groups and of generators that it knows. What it says of published
  clips of generators that it does not know is on the evaluation card.
"""
