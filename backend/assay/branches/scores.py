"""Arithmetic that all branches share: logits to calibrated scores, and their summaries."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import expit

from assay.types import Floats


def calibrated(logits: Floats, parameters: Mapping[str, Any]) -> Floats:
    """Scores in 0..1 of raw logits, by the Platt scaling stored beside the weights.

    Platt, "Probabilistic outputs for support vector machines", 1999; `slope` and `bias` are
    fitted by the lab on validation groups.
    """
    scaled = parameters["slope"] * logits + parameters["bias"]
    return np.asarray(expit(scaled), np.float32)


def combined(logits: Mapping[str, Floats], parameters: Mapping[str, Any]) -> Floats:
    """Scores in 0..1 from the logits (n,) of several networks, by name.

    `weights` (by network) and `bias` are a logistic regression fitted by the lab on sources that
    none of the networks has learned from, see `assay_lab.core.combination`.
    """
    weights = parameters["weights"]
    odds = sum(weights[name] * logits[name] for name in weights) + parameters["bias"]
    return np.asarray(expit(odds), np.float32)


def summary(prefix: str, scores: Floats) -> dict[str, float]:
    """The features `<prefix>_prob_mean`, `_max` and `_p90` of a set of scores."""
    return {
        f"{prefix}_prob_mean": float(scores.mean()),
        f"{prefix}_prob_max": float(scores.max()),
        f"{prefix}_prob_p90": float(np.percentile(scores, 90)),
    }


def percent(score: float) -> str:
    """A score for a sentence."""
    return f"{100 * score:.0f} %"
