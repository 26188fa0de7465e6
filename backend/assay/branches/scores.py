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
    """A score for a sentence; 0 and 100 % only where it is exactly that."""
    return f"{min(99, max(1, round(100 * score))) if 0 < score < 1 else round(100 * score)} %"


def told(what: str, scores: Floats, each: str) -> str:
    """A sentence that gives scores as they are. Whether they suffice is said by the verdict alone.

    Args:
        what: Was scored, as the subject of the sentence.
        scores: One or more.
        each: What each of them belongs to, in the plural.
    """
    if len(scores) == 1:
        return f"{what} scores {percent(float(scores[0]))}."
    mean, most = percent(float(scores.mean())), percent(float(scores.max()))
    return f"{what} scores {mean} on average over {len(scores)} {each}, {most} at most."
