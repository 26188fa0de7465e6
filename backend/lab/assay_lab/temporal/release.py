"""Release the temporal branch: calibrate it, measure it, write its card."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from scipy.special import expit
from torch import nn

from assay_lab.core.calibrate import Platt, fit_platt
from assay_lab.core.export import release, to_onnx
from assay_lab.core.loop import load_average, read_config
from assay_lab.core.scored import Scored, interval_words, numbers_of
from assay_lab.temporal.dataset import SequencePair, read_pairs
from assay_lab.temporal.net import TemporalBiLSTM
from assay_lab.temporal.train import scores

NAME = "temporal_bilstm"


def command(
    run: Annotated[Path, typer.Option(help="Run folder of train-temporal")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
) -> None:
    """Export the averaged weights of a run, measure them, and put them under models/."""
    net = TemporalBiLSTM()
    steps = load_average(run, net)
    net.eval()
    pairs = read_pairs(run / "sequences.npz")
    learned, chosen, test = (
        [pair for pair in pairs if pair.part == wanted] for wanted in ("train", "val", "test")
    )
    platt = fit_platt(*scores(net, chosen))
    scored = _by_kind(net, platt, test)
    report: dict[str, Any] = {
        "command": "python -m assay_lab release-temporal",
        "run": read_config(run),
        "steps": steps,
        "runs_of_faces": {"train": len(learned), "test": len(test)},
        "test": {name: numbers_of(some) for name, some in scored.items()},
    }
    example = torch.randn(2, 9, 512)
    content = to_onnx(
        net, {"embeddings": example}, ("logit",), {"embeddings": {0: "batch", 1: "steps"}}
    )
    release(
        models,
        NAME,
        {"model.onnx": content},
        serve="model.onnx",
        metrics=report,
        card=card(report),
        scored=scored,
        parameters=platt._asdict(),
    )
    print(json.dumps(report, indent=2))


def _by_kind(net: nn.Module, platt: Platt, pairs: Sequence[SequencePair]) -> dict[str, Scored]:
    labels, logits = scores(net, pairs)
    both = Scored(
        labels.astype(bool),
        expit(platt.slope * logits + platt.bias),
        [pair.group for pair in pairs for _ in range(2)],
    )
    swapped = np.repeat([pair.swapped for pair in pairs], 2)
    return {
        "both": both,
        "swapped frames": both.where(swapped),
        "self-blended clips": both.where(~swapped),
    }


def card(report: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    rows = [
        f"| {name} | {of['real']} | {interval_words(of['auc'])} "
        f"| {of['eer']:.1%} | {of['false_alarms']:.1%} | {of['ece']:.3f} |"
        for name, of in report["test"].items()
    ]
    return CARD.format(runs=report["runs_of_faces"], steps=report["steps"], rows="\n".join(rows))


CARD = """
# temporal_bilstm

Follows a face through time: a bidirectional LSTM (48 wide) over the visual branch's embeddings at
four a second and over what changed between them.

**Input** `embeddings` (n, steps, 512). **Output** `logit` (n,).

## Data

{runs[train]} runs of faces beside their own forgeries under one shared corruption: faces of real
clips blended with themselves, steadily or anew at every step, and DFDC's swapped frames beside
their originals, moved as by an unsteady camera, where some of the swaps drop out at times;
{steps} batches. Groups are split 80/10/10. It learned from no
published clip; the visual network that it reads did, from two thirds of the families.

## Numbers

On {runs[test]} held-out runs and their forgeries:

| forged by | runs | AUC (95 %) | EER | false alarms at 0.5 | ECE |
|---|---|---|---|---|---|
{rows}

What it adds on published fakes is in the fusion card.

## Known limits

- It sees four faces a second: flicker between neighbouring frames is invisible to it.
- It builds on the visual branch's embeddings and shares that branch's blind spots.
"""
