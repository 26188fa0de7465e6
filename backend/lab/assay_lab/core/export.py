"""From a trained network to a released model: ONNX, parity check, hash, metrics and card.

Every trainer ends here, so that models/ has one layout:

    models/manifest.json        sha256 of every served file; the service refuses any other
    models/NAME/model.onnx      one file, weights inside, pre- and postprocessing in the graph
    models/NAME/metrics.json    numbers of runs, with the command that gave them
    models/NAME/card.md         what it is, what it learned from, what it cannot do
    models/NAME/*.svg           figures that the card shows
"""

import fcntl
import hashlib
import json
import logging
import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from assay.models.sessions import open_session
from assay_lab.core import plots
from assay_lab.core.scored import Scored

log = logging.getLogger(__name__)


def to_onnx(
    net: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    free: Mapping[str, Mapping[int, str]],
    tolerance: float = 1e-4,
) -> bytes:
    """Export a network and check that onnxruntime gives the same answers.

    Args:
        net: Its `forward` takes the inputs in their order.
        inputs: Example tensors by input name. Free axes need a size of 2 or more: the exporter
            takes a size of 1 for a constant.
        outputs: Names of what `forward` returns.
        free: Axes of any size, by input: {"picture": {0: "batch", 1: "height"}}.
        tolerance: Largest accepted difference, relative to the output's largest value.

    Returns:
        The model file's bytes.

    Raises:
        ValueError: onnxruntime gives other answers than torch.
    """
    net = net.eval()
    named = {name: torch.export.Dim(name) for axes in free.values() for name in axes.values()}
    shapes = tuple(
        {axis: named[name] for axis, name in free.get(put, {}).items()} for put in inputs
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            net,
            tuple(inputs.values()),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_shapes=shapes,
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    content = without_notes(program.model_proto.SerializeToString())
    _check_parity(net, inputs, content, tolerance)
    return content


def without_notes(content: bytes) -> bytes:
    """A model file without the exporter's notes: they hold paths of the machine it ran on."""
    model = onnx.load_from_string(content)
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    return model.SerializeToString()


def _check_parity(
    net: nn.Module, inputs: Mapping[str, Tensor], content: bytes, tolerance: float
) -> None:
    session = open_session(content)
    answers = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    with torch.inference_mode():
        wanted = net(*inputs.values())
    for name, answer, expected in zip(
        (put.name for put in session.get_outputs()),
        answers,
        (wanted,) if isinstance(wanted, Tensor) else wanted,
        strict=True,
    ):
        scale = max(1.0, float(expected.abs().max()))
        gap = float(np.abs(answer - expected.numpy()).max()) / scale
        log.info("Output %s: torch and onnxruntime differ by %.1e", name, gap)
        if gap > tolerance:
            raise ValueError(f"{name}: onnxruntime differs from torch by {gap:.1e}")


def release(
    folder: Path,
    name: str,
    files: Mapping[str, bytes],
    *,
    serve: str,
    metrics: Mapping[str, Any],
    card: str,
    scored: Mapping[str, Scored] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Put a model under models/ and enter it into the manifest.

    Args:
        folder: The repository's models folder.
        name: The model's folder and its key in the manifest.
        files: Content by file name.
        serve: Which of the files the service loads.
        metrics: For metrics.json; say under "command" what gave the numbers.
        card: For card.md.
        scored: What the metrics were computed from, by name, to be drawn for the card.
        parameters: Numbers that belong to the weights, for `ModelStore.parameters`.
    """
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (home / file).write_bytes(content)
    describe(home, metrics, card, scored)
    _enter(
        folder / "manifest.json",
        name,
        {
            "files": {file: hashlib.sha256(body).hexdigest() for file, body in files.items()},
            "serve": serve,
            "parameters": dict(parameters or {}),
        },
    )


def leave_alone(models: Path, out: Path) -> None:
    """Refuse to write results into the models folder: releases alone go there.

    Raises:
        SystemExit: `out` lies in it.
    """
    if out.resolve().is_relative_to(models.resolve()):
        raise SystemExit(f"{out} lies in the models folder, which this command leaves alone.")


def describe(
    home: Path, metrics: Mapping[str, Any], card: str, scored: Mapping[str, Scored] | None = None
) -> None:
    """Write metrics.json, card.md and the card's figures.

    No manifest lists them: nothing that the service computes depends on them.
    """
    (home / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    for file, drawing in plots.draw(scored).items() if scored else ():
        (home / file).write_text(drawing)
    parts = [card.strip(), plots.section()] if scored else [card.strip()]
    (home / "card.md").write_text("\n\n".join(parts) + "\n")


def _enter(manifest: Path, name: str, entry: dict[str, Any]) -> None:
    """Replace one entry; trainers that finish together wait for each other."""
    lock = os.open(manifest.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known: dict[str, Any] = {"version": 1, "models": {}}
        if manifest.exists():
            known = json.loads(manifest.read_text())
        known["models"] = dict(sorted({**known["models"], name: entry}.items()))
        partial = manifest.with_suffix(".part")
        partial.write_text(json.dumps(known, indent=2) + "\n")
        partial.replace(manifest)
    finally:
        os.close(lock)
