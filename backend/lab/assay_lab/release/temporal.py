"""Release the temporal branch: calibrate it, measure it, write its card."""

import json
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from scipy.special import expit

from assay_lab.calibrate import fit_platt
from assay_lab.data.sequences import read_pairs
from assay_lab.evaluation.scored import Scored, numbers_of
from assay_lab.export import release, to_onnx
from assay_lab.nets.bilstm import TemporalBiLSTM
from assay_lab.train.loop import load_average, read_config
from assay_lab.train.temporal import scores

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
    platt = fit_platt(*scores(net, [pair for pair in pairs if pair.part == "val"]))
    test = [pair for pair in pairs if pair.part == "test"]
    labels, logits = scores(net, test)
    scored = Scored(
        labels.astype(bool),
        expit(platt.slope * logits + platt.bias),
        [pair.group for pair in test for _ in range(2)],
    )
    report: dict[str, Any] = {
        "command": "python -m assay_lab release-temporal",
        "run": read_config(run),
        "steps": steps,
        "runs_of_faces": {"train": sum(p.part == "train" for p in pairs), "test": len(test)},
        "test_forged_runs": numbers_of(scored),
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
        scored={"forged runs of faces": scored},
        parameters=platt._asdict(),
    )
    print(json.dumps(report, indent=2))


def card(report: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    return CARD.format(
        runs=report["runs_of_faces"], steps=report["steps"], **report["test_forged_runs"]
    )


CARD = """
# temporal_bilstm

Follows a face through time: a bidirectional LSTM (48 wide) over the visual branch's embeddings at
four a second and over what changed between them.

**Input** `embeddings` (n, steps, 512). **Output** `logit` (n,).

## Data

{runs[train]} runs of faces beside their own forgeries under one shared degradation: faces of real
clips blended with themselves, steadily or anew at every step, and DFDC's swapped frames beside
their originals, moved as by an unsteady camera, where some of the swaps drop out at times;
{steps} batches. Groups are split 80/10/10. It learned from no
published clip; the visual network that it reads did, from two thirds of the families.

## Numbers

On {runs[test]} held-out runs and their forgeries: AUC {auc[value]:.3f} (95 %: {auc[low]:.3f} to
{auc[high]:.3f}), EER {eer:.1%}, false alarms at 0.5 {false_alarms:.1%}, ECE {ece:.3f}. What it adds
on published fakes is in the fusion card.

## Known limits

- It sees four faces a second: flicker between neighbouring frames is invisible to it.
- It builds on the visual branch's embeddings and shares that branch's blind spots.
"""
