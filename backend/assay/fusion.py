"""Twelve features to one calibrated probability.

A logistic regression per pattern of available modalities: a missing modality selects another
head and is never filled in (filling with 0 or 0.5 costs calibration; see the fusion card). The
Inconclusive band comes from class-conditional conformal prediction (Vovk 2012) on media that no
branch has trained on.
"""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import numpy as np
from scipy.special import expit, logit

from assay.evidence import FEATURES, Contribution, Fused
from assay.models.sessions import ModelStore

MODEL = "fusion"

MOST_WIDENED = 2.0
"""Log-odds by which the Inconclusive band grows at most, for faces unlike those of training."""
WIDENING = 10.0
"""Log-odds by which it grows with the out-of-distribution score beyond its border: all of them a
fifth beyond it, for cameras that nobody knows lie little further."""

MODALITIES: dict[str, tuple[str, ...]] = {
    modality: tuple(features)
    for modality, features in groupby(FEATURES, lambda name: name.partition("_")[0])
}
"""Which features belong together: they are present or absent as one."""


def fuse(
    features: Mapping[str, float | None], models: ModelStore, ood_score: float = 0.0
) -> Fused | None:
    """Weigh all that is there.

    Args:
        features: The twelve; None where absent.
        models: Holds the heads.
        ood_score: How far the faces are from those of training, 1 for the border of the usual;
            beyond it the Inconclusive band grows on both sides.

    Returns:
        None if no modality is present.
    """
    present = present_in(features)
    heads = models.parameters(MODEL)["heads"]
    usable = [head for head in heads if modalities_of(head) <= present]
    # The one that weighs the most of what is present.
    head = max(usable, key=lambda head: len(modalities_of(head)), default=None)
    return None if head is None else weigh(head, features, models, ood_score)


def weigh(
    head: str, features: Mapping[str, float | None], models: ModelStore, ood_score: float = 0.0
) -> Fused:
    """Weigh what one head knows; all of it is there. Else as `fuse`."""
    parameters = models.parameters(MODEL)
    settings = parameters["heads"][head]
    bundle = models.bundle(MODEL, settings["file"])
    columns: list[str] = bundle["feature_cols"]
    values = np.array([[features[name] for name in columns]], np.float64)
    baseline, shares = _shares(bundle["model"], values, bundle["temperature"])
    low, high = parameters["cap"]
    log_odds = float(np.clip(baseline + shares.sum(), logit(low), logit(high)))
    widen = _widening(ood_score)
    return Fused(
        head=head,
        probability=float(expit(log_odds)),
        log_odds=log_odds,
        baseline=baseline,
        contributions=[
            Contribution(feature=name, value=float(value), log_odds=float(share))
            for name, value, share in zip(columns, values[0], shares, strict=True)
        ],
        temperature=bundle["temperature"],
        authentic_below=float(expit(logit(settings["authentic_below"]) - widen)),
        deepfake_above=float(expit(logit(settings["deepfake_above"]) + widen)),
    )


def decisive_above(head: str, models: ModelStore, ood_score: float = 0.0) -> float:
    """The edge from which a head of one modality alone makes the whole a Deepfake."""
    edge = models.parameters(MODEL)["heads"][head]["decisive_above"]
    return float(expit(logit(edge) + _widening(ood_score)))


def present_in(features: Mapping[str, float | None]) -> set[str]:
    """The keys of MODALITIES whose features are there."""
    return {name for name in MODALITIES if features[MODALITIES[name][0]] is not None}


def modalities_of(head: str) -> set[str]:
    """The keys of MODALITIES that a head weighs."""
    return set(head.split("+"))


def _widening(ood_score: float) -> float:
    """Log-odds by which the Inconclusive band grows on each side."""
    return float(np.clip(WIDENING * (ood_score - 1), 0, MOST_WIDENED))


def _shares(model: Any, values: Any, temperature: float) -> tuple[float, Any]:
    """Split a head's calibrated log-odds into a baseline and a share per feature.

    The head is a scikit-learn pipeline that ends in a logistic regression on centred features,
    so the baseline is the log-odds of an average media, and both add up exactly to the log-odds
    before the cap.
    """
    centred = model[:-1].transform(values)[0]
    regression = model[-1]
    return (
        float(regression.intercept_[0]) / temperature,
        centred * regression.coef_[0] / temperature,
    )
