"""What a smaller model changes: ranking, scores, and decisions at a threshold."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.special import expit

from assay.types import Doubles, Flags
from assay_lab.core import metrics
from assay_lab.data.split import bucket
from assay_lab.edge.samples import Samples

Numbers = Mapping[str, Any]


class Answers(NamedTuple):
    """Of a model: a logit a sample, (n,), the median time of one, and the size of its file."""

    logits: Doubles
    milliseconds: float
    size: int


class Tolerance(NamedTuple):
    """What may be lost. auc: of the ranking. flips: share of decisions that may turn."""

    auc: float
    flips: float


DEFAULT: Final = Tolerance(auc=0.01, flips=0.03)


def compare(samples: Samples, reference: Answers, small: Answers, tolerance: Tolerance) -> Numbers:
    """All numbers of a smaller model beside the reference.

    Thresholds are chosen on the half of the groups that `are_chosen_on` names, for balanced
    accuracy; decisions are counted on the other half.

    Returns:
        `passes` among them. auc_change and change are the smaller model's minus the reference's;
        scores are in 0..1, the logistic function of logits.
    """
    chosen = are_chosen_on(samples)
    y, rest = samples.labels, ~chosen
    edge = best_threshold(y[chosen], reference.logits[chosen])
    retuned = best_threshold(y[chosen], small.logits[chosen])
    auc = metrics.auc(y, small.logits)
    auc_change = auc - metrics.auc(y, reference.logits)
    flips = float(((small.logits > edge) != (reference.logits > edge))[rest].mean())
    flips_retuned = float(((small.logits > retuned) != (reference.logits > edge))[rest].mean())
    change = np.abs(expit(small.logits) - expit(reference.logits))
    return {
        "bytes": small.size,
        "milliseconds": round(small.milliseconds, 2),
        "auc": round(auc, 4),
        "auc_change": round(auc_change, 4),
        "mean_score_change": round(float(change.mean()), 4),
        "largest_score_change": round(float(change.max()), 4),
        "threshold": round(edge, 4),
        "flips": round(flips, 4),
        "balanced_accuracy": _balanced(y[rest], small.logits[rest], edge),
        "retuned_threshold": round(retuned, 4),
        "flips_retuned": round(flips_retuned, 4),
        "balanced_accuracy_retuned": _balanced(y[rest], small.logits[rest], retuned),
        "passes": auc_change >= -tolerance.auc and min(flips, flips_retuned) <= tolerance.flips,
    }


def are_chosen_on(samples: Samples) -> Flags:
    """The half of the groups that thresholds are chosen on, (n,), always the same.

    Raises:
        ValueError: A half lacks a class; more groups are needed.
    """
    chosen = np.array([bucket(group, 2, salt="audit") == 0 for group in samples.groups])
    for half in (chosen, ~chosen):
        if not half.any() or samples.labels[half].all() or not samples.labels[half].any():
            raise ValueError(
                f"{len(set(samples.groups))} groups are too few: thresholds are chosen on half of "
                "them and measured on the other, and each half needs real and fake samples"
            )
    return chosen


def best_threshold(labels: Flags, logits: Doubles) -> float:
    """The logit over which to say fake, for the best balanced accuracy (Youden 1950).

    Halfway between the samples on its two sides.
    """
    thresholds, alarms, misses = metrics.error_curve(labels, logits)
    place = int(np.argmin(alarms + misses))
    if place == 0:
        return float(thresholds[1]) - 1.0
    above = logits[logits > thresholds[place]]
    return float((thresholds[place] + above.min()) / 2) if len(above) else float(thresholds[place])


def _balanced(labels: Flags, logits: Doubles, threshold: float) -> float:
    return round(metrics.balanced_accuracy(labels, logits, threshold), 4)
