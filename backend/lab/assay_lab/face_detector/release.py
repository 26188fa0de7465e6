"""Release the trained face detector: choose its operating point, measure it, write its card."""

import json
import math
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer

from assay.media.faces.detector import FaceDetector
from assay.models.sessions import open_session
from assay_lab.core.export import release, to_onnx
from assay_lab.core.loop import load_average, read_config
from assay_lab.data.face_labels import Label, read_labels
from assay_lab.face_detector.measure import (
    Tally,
    faceless_pictures,
    false_alarms,
    find_labelled,
    small_faces,
    timings,
)
from assay_lab.face_detector.net import SIDE, BlazeFace, Served

NAME = "blazeface"
GENEROUS_SHIFT = 2.0
"""For choosing the operating point: lets faces of 12 % probability through."""
ALARM_RATE = 0.01
"""Share of faceless validation pictures that may show a face at the operating point."""


def command(
    labels: Annotated[Path, typer.Option(help="Cache of label-faces")],
    run: Annotated[Path, typer.Option(help="Run folder of train-blazeface")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    pictures: Annotated[int, typer.Option(help="Held-out pictures to measure on")] = 1500,
) -> None:
    """Export the averaged weights of a run, measure them, and put them under models/."""
    net = BlazeFace()
    steps = load_average(run, net)
    net.eval()
    shift = choose_shift(net, read_labels(labels, "val")[:pictures])
    print(f"Shift of the operating point: {shift}", flush=True)
    content = export(net, shift)
    metrics = {
        "command": f"python -m assay_lab release-blazeface --pictures {pictures}",
        "run": read_config(run),
        "steps": steps,
        "shift": shift,
        **measure(content, read_labels(labels, "test")[:pictures]),
    }
    card = CARD.format(
        parameters=sum(p.numel() for p in net.parameters()), table=_table(metrics), **metrics
    )
    release(
        models,
        NAME,
        {"model.onnx": content},
        serve="model.onnx",
        metrics=metrics,
        card=card,
    )
    print(json.dumps(metrics, indent=2))


def export(net: BlazeFace, shift: float) -> bytes:
    """The served network as an ONNX file: pixels in, points and scores out."""
    example = torch.randint(0, 256, (2, SIDE, SIDE, 3), dtype=torch.uint8)
    return to_onnx(
        Served(net, shift).eval(),
        {"pictures": example},
        ("points", "scores"),
        {"pictures": {0: "batch"}},
    )


def choose_shift(net: BlazeFace, labels: list[Label]) -> float:
    """The shift of logits that brings the wanted rate of false alarms to a score of 0.5."""
    detector = FaceDetector(open_session(export(net, GENEROUS_SHIFT), threads=2))
    rng = np.random.default_rng(1)
    alarms = false_alarms(detector, faceless_pictures(labels, rng, each=max(60, len(labels) // 10)))
    scores = np.sort([score for some in alarms.values() for score in some])
    least = float(scores[math.ceil((1 - ALARM_RATE) * len(scores)) - 1])
    least = min(max(least, 0.5), 0.99)
    return round(GENEROUS_SHIFT - math.log(least / (1 - least)), 3)


def measure(content: bytes, labels: list[Label]) -> dict[str, Any]:
    """All numbers of metrics.json, on groups that neither trained nor chose anything."""
    detector = FaceDetector(open_session(content, threads=2))
    tally = find_labelled(detector, labels)
    rng = np.random.default_rng(2)
    alarms = false_alarms(detector, faceless_pictures(labels, rng, each=max(60, len(labels) // 10)))
    shares = {kind: round(float(np.mean(np.array(s) > 0)), 4) for kind, s in alarms.items()}
    every = [score > 0 for some in alarms.values() for score in some]
    return {
        "recall_at_iou_0.5": tally.recall(0.5),
        "faces_in_720p": len(labels) // 15,
        "recall_in_720p": {
            name: round(float(np.mean(np.array(scores) > 0)), 4)
            for name, scores in small_faces(detector, labels, rng, count=len(labels) // 15).items()
        },
        "false_alarms": {
            "all": {"share": round(float(np.mean(every)), 4), "pictures": len(every)},
            **shares,
        },
        "other": _details(tally, len(labels)),
        "milliseconds": _timings(content, labels),
    }


def _details(tally: Tally, pictures: int) -> dict[str, float]:
    return {
        "mean_overlap": round(float(np.mean(tally.overlaps)), 4),
        "key_point_error_in_eye_distances": round(float(np.mean(tally.point_errors)), 4),
        "boxes_beside_labels_per_picture": round(len(tally.extra) / pictures, 4),
    }


def _timings(content: bytes, labels: list[Label]) -> dict[str, float]:
    """On two threads, as served."""
    picture, _ = next(label for label in labels if label.is_frame and len(label.faces)).read()
    detector = FaceDetector(open_session(content, threads=2))
    frame = np.zeros((720, 1280, 3), np.uint8)
    height, width = picture.shape[:2]
    frame[100 : 100 + height, 200 : 200 + width] = picture
    return timings(detector, frame, detector.search(frame)[0])


def _table(metrics: dict[str, Any]) -> str:
    lines = ["| faces | number | recall |", "|---|---|---|"]
    for name, numbers in metrics["recall_at_iou_0.5"].items():
        lines.append(f"| {name} | {numbers['faces']} | {numbers['recall']:.2%} |")
    for name, recall in metrics["recall_in_720p"].items():
        lines.append(
            f"| alone in a 720p frame, {name} | {metrics['faces_in_720p']} | {recall:.1%} |"
        )
    lines += ["", "| pictures without a face | share with a false box |", "|---|---|"]
    for name, share in metrics["false_alarms"].items():
        rate = share if name != "all" else share["share"]
        lines.append(f"| {name} | {rate:.2%} |")
    return "\n".join(lines)


CARD = """
# blazeface

Finds faces: box, six key points (eyes, nose, mouth, ears) and a score for each of 896 anchors of a
128 px square. {parameters:,} parameters. The layout is BlazeFace's (Bazarevsky et al. 2019, arXiv
1907.05047); widths, anchors and weights are our own.

**Input** `pictures` (batch, 128, 128, 3) uint8 RGB. **Output** `points` (batch, 896, 8, 2) in 0..1
of the square: corners x0 y0, x1 y1, then key points; `scores` (batch, 896), 0.5 being the operating
point. `backend/assay/media/detector.py` looks at whole pictures with it.

**Training**: from scratch, {steps} batches of 32 windows composed from labelled pictures: faces of
9 % to 110 % of the window, turned by up to 35 degrees, cut by borders, dark, blurred, compressed,
grey, in mosaics; faceless material; sideways and upside-down faces as no faces. Labels: the public
BlazeFace models (front and back), several views each, merged. Pictures: those of the training
recipe, four fifths of the groups.

**Measured** on groups that neither trained it nor chose its operating point, against the labels of
the public models, with the whole search of the service (`metrics.json`):

{table}

**Limits**: faces turned in the picture by more than 45 degrees are not found (the service turns
whole videos, not single faces); profiles beyond what the public models find; faces below 8 % of a
16:9 picture's height. The pictures are mostly portraits, East Asian and North American faces are
many, others fewer; how recall varies with skin tone and age was not measured.
"""
