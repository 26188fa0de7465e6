"""How good a detector is: ranking, calibration, and what abstaining buys.

Conventions everywhere: `labels` are 1 for fake and 0 for real; `scores` are any number that grows
with P(fake) where only the ranking counts, and calibrated P(fake) in 0..1 where `probabilities`
is written. Functions raise ValueError if a class is missing where both are needed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss

from assay.types import Doubles

Metric = Callable[[Doubles, Doubles], float]
"""(labels, scores) -> number."""

_CLIP = 1e-6
"""Probabilities are kept this far from 0 and 1 in logarithms."""


def auc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Area under the ROC curve: P(a fake scores above a real), ties count half.

    By ranks (Mann and Whitney 1947): bootstraps ask for it thousands of times, and scikit-learn's
    takes thirty times as long to say the same.
    """
    y, s = _checked(labels, scores)
    fakes = float(y.sum())
    above = rankdata(s)[y > 0].sum() - fakes * (fakes + 1) / 2
    return float(above / (fakes * (len(y) - fakes)))


def eer(labels: ArrayLike, scores: ArrayLike) -> float:
    """Equal error rate: where misses equal false alarms, interpolated on the ROC's convex steps."""
    _, false_alarms, misses = error_curve(labels, scores)
    gap = false_alarms - misses
    # `gap` falls from 1 to -1 as the threshold rises.
    after = int(np.argmax(gap <= 0))
    before = max(after - 1, 0)
    span = gap[before] - gap[after]
    share = gap[before] / span if span > 0 else 0.0
    return float(false_alarms[before] + share * (false_alarms[after] - false_alarms[before]))


def error_curve(labels: ArrayLike, scores: ArrayLike) -> tuple[Doubles, Doubles, Doubles]:
    """Thresholds (rising, from -inf), with false-alarm and miss rates of `score > threshold`."""
    y, s = _checked(labels, scores)
    order = np.argsort(s, kind="stable")
    s, y = s[order], y[order]
    last = np.append(np.flatnonzero(np.diff(s)), len(s) - 1)
    misses = np.cumsum(y)[last] / y.sum()
    rejected = np.cumsum(1 - y)[last] / (len(y) - y.sum())
    return (
        np.append(-np.inf, s[last]),
        np.append(1.0, 1 - rejected),
        np.append(0.0, misses),
    )


def average_precision(labels: ArrayLike, scores: ArrayLike) -> float:
    """Area under precision over recall of the fakes, as a step function."""
    return float(average_precision_score(*_checked(labels, scores)))


def false_alarm_rate(labels: ArrayLike, probabilities: ArrayLike, threshold: float) -> float:
    """Share of real ones above the threshold; needs no fakes. NaN without real ones."""
    y, p = _arrays(labels, probabilities)
    real = p[y == 0]
    return float((real > threshold).mean()) if len(real) else float("nan")


def balanced_accuracy(labels: ArrayLike, probabilities: ArrayLike, threshold: float = 0.5) -> float:
    """Mean of the two classes' accuracies at a threshold."""
    y, p = _checked(labels, probabilities)
    return float(((p[y == 1] > threshold).mean() + (p[y == 0] <= threshold).mean()) / 2)


def ece(labels: ArrayLike, probabilities: ArrayLike, bins: int = 10, even: bool = False) -> float:
    """Expected calibration error over bins of equal mass (unbiased by empty regions).

    Args:
        labels, probabilities: (n,).
        bins: How many.
        even: Let both classes weigh the same, whatever their numbers. P(fake) of a balanced fit
            supposes as many fakes as real media, and misses on any other mixture.
    """
    y, p = _checked(labels, probabilities) if even else _arrays(labels, probabilities)
    weights = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean())) if even else np.ones(len(y))
    missed = weights * (y - p)
    total = sum(abs(float(missed[part].sum())) for part in _equal_parts(p, bins))
    return total / float(weights.sum())


def ece_by_chance(probabilities: ArrayLike) -> float:
    """The error that perfect calibration would show on media so few.

    The mean `ece` of labels drawn with the stated probabilities: bins of thirty media miss what
    was stated by some hundredths even where every statement is true (Bröcker and Smith 2007).
    """
    stated = np.sort(np.asarray(probabilities, np.float64))
    rng = np.random.default_rng(0)
    drawn = (rng.random(len(stated)) < stated for _ in range(400))
    return float(np.mean([ece(labels, stated) for labels in drawn]))


class Bin(NamedTuple):
    """A group of similar scores: how many, the mean stated P(fake), the share that is fake."""

    size: int
    stated: float
    observed: float


def reliability(labels: ArrayLike, probabilities: ArrayLike, bins: int = 10) -> list[Bin]:
    """Bins of equal mass, by rising score; equal scores are spread as sorted."""
    y, p = _arrays(labels, probabilities)
    return [
        Bin(len(part), float(p[part].mean()), float(y[part].mean()))
        for part in _equal_parts(p, bins)
    ]


def _equal_parts(scores: Doubles, bins: int) -> list[NDArray[np.intp]]:
    """Places of scores, by rising score, in parts that hold equally many."""
    return np.array_split(np.argsort(scores, kind="stable"), min(bins, len(scores)))


def brier(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Mean squared error of the probabilities."""
    return float(brier_score_loss(*_arrays(labels, probabilities), labels=(0, 1)))


def nll(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Mean negative log-likelihood, nats."""
    y, p = _arrays(labels, probabilities)
    return float(log_loss(y, np.clip(p, _CLIP, 1 - _CLIP), labels=(0, 1)))


def cllr(labels: ArrayLike, probabilities: ArrayLike, prior: float = 0.5) -> float:
    """Cost of log-likelihood ratios, bits (Brummer and du Preez 2006): 0 perfect, 1 uninformed.

    Args:
        labels: 1 for fake.
        probabilities: Posterior P(fake) that was computed for the prior.
        prior: P(fake) that the probabilities assume.
    """
    y, p = _checked(labels, probabilities)
    p = np.clip(p, _CLIP, 1 - _CLIP)
    ratio = np.log(p / (1 - p)) - np.log(prior / (1 - prior))
    fake = np.logaddexp(0, -ratio[y == 1]).mean()
    real = np.logaddexp(0, ratio[y == 0]).mean()
    return float((fake + real) / (2 * np.log(2)))


def risk_coverage(labels: ArrayLike, probabilities: ArrayLike) -> tuple[Doubles, Doubles]:
    """Error rate of the decision `p > 0.5` among the most confident share of the answers.

    Returns:
        Coverage (rising, 1/n..1) and the risk at each.
    """
    y, p = _arrays(labels, probabilities)
    order = np.argsort(-np.abs(p - 0.5), kind="stable")
    wrong = ((p > 0.5) != (y == 1))[order]
    taken = np.arange(1, len(y) + 1)
    return taken / len(y), np.cumsum(wrong) / taken


def risk_at(labels: ArrayLike, probabilities: ArrayLike, coverage: float) -> float:
    """Error rate at a coverage in 0..1."""
    shares, risks = risk_coverage(labels, probabilities)
    return float(risks[min(int(np.searchsorted(shares, coverage - 1e-9)), len(risks) - 1)])


class Interval(NamedTuple):
    """A number with the percentile bounds of its bootstrap."""

    value: float
    low: float
    high: float


def group_bootstrap(
    metric: Metric,
    labels: ArrayLike,
    scores: ArrayLike,
    groups: Sequence[str],
    rounds: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Confidence interval that resamples whole groups: files of one speaker are not independent.

    Args:
        metric: (labels, scores) -> number.
        labels: 1 for fake.
        scores: What the metric takes.
        groups: One key a row; rows of a group are drawn together.
        rounds: Bootstrap samples; those that lack a class are passed over.
        level: Mass inside the interval.
        seed: Of the resampling.
    """
    y, s = _arrays(labels, scores)
    values = [metric(y[drawn], s[drawn]) for drawn in resamples(y, groups, rounds, seed)]
    tail = 50 * (1 - level)
    low, high = np.percentile(values, [tail, 100 - tail])
    return Interval(metric(y, s), float(low), float(high))


def resamples(
    labels: NDArray[Any], groups: Sequence[str], rounds: int, seed: int = 0
) -> Iterator[NDArray[np.intp]]:
    """Bootstrap samples of whole groups, as places of rows.

    Of labels of both classes, samples that lack one are passed over.
    """
    _, member = np.unique(np.asarray(groups), return_inverse=True)
    rows = [np.flatnonzero(member == group) for group in range(member.max() + 1)]
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        drawn = np.concatenate([rows[g] for g in rng.integers(len(rows), size=len(rows))])
        if 0 < labels[drawn].sum() < len(drawn) or labels.min() == labels.max():
            yield drawn


def _arrays(labels: ArrayLike, scores: ArrayLike) -> tuple[Doubles, Doubles]:
    y, s = np.asarray(labels, np.float64).ravel(), np.asarray(scores, np.float64).ravel()
    if len(y) != len(s) or len(y) == 0:
        raise ValueError("labels and scores must be equally many, and at least one")
    if not np.isin(y, (0, 1)).all() or np.isnan(s).any():
        raise ValueError("labels must be 0 or 1, scores numbers")
    return y, s


def _checked(labels: ArrayLike, scores: ArrayLike) -> tuple[Doubles, Doubles]:
    y, s = _arrays(labels, scores)
    if y.min() == y.max():
        raise ValueError("both classes are needed")
    return y, s
