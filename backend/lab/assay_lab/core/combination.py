"""One calibrated score from several networks: a logistic regression on their logits.

No logit is calibrated on sources that its network has learned from, so the regression sees media
of unseen sources alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

from assay.types import Doubles, Flags

LEAST = 0.05
"""No network may be read backwards or ignored: least weight of a standardised logit."""
RIDGE = 0.02


class Combination(NamedTuple):
    """score = sigmoid(sum of weight times logit, plus bias)."""

    weights: dict[str, float]
    bias: float

    def logit(self, logits: Mapping[str, Doubles]) -> Doubles:
        """Combined log-odds, (n,), of the logits (n,) by network."""
        parts = [weight * logits[name] for name, weight in self.weights.items()]
        return np.asarray(np.sum(parts, axis=0) + self.bias)

    @property
    def parameters(self) -> dict[str, Any]:
        """As the manifest holds it and `assay.branches.scores` reads it."""
        return {"weights": self.weights, "bias": self.bias}


def fit_combination(labels: Flags, logits: Mapping[str, Doubles], weights: Doubles) -> Combination:
    """By likelihood, with both classes weighing the same.

    Args:
        labels: (n,) True for fake.
        logits: (n,) of each network, which has not learned from the media's sources.
        weights: (n,) positive, see `by_maker`.
    """
    names = list(logits)
    scales = np.array([logits[name].std() for name in names])
    x = np.column_stack([logits[name] for name in names]) / scales
    y = labels.astype(np.float64)
    balance = np.where(labels, weights / weights[labels].sum(), weights / weights[~labels].sum())

    def loss(parameters: Doubles) -> float:
        odds = x @ parameters[:-1] + parameters[-1]
        missed = np.logaddexp(0, odds) - y * odds
        return float((balance * missed).sum() / 2 + RIDGE * (parameters[:-1] ** 2).sum() / 2)

    begin = np.append(np.full(len(names), 1 / len(names)), 0.0)
    limits = [(LEAST, None)] * len(names) + [(None, None)]
    found = minimize(loss, begin, method="L-BFGS-B", bounds=limits).x
    scaled = {
        name: round(float(weight / scale), 5)
        for name, weight, scale in zip(names, found, scales, strict=False)
    }
    return Combination(scaled, round(float(found[-1]), 5))


def by_maker(makers: Sequence[str]) -> Doubles:
    """Weights by which each maker counts for the root of its number."""
    counts = Counter(makers)
    return np.array([counts[maker] ** -0.5 for maker in makers])


def evened(weights: Doubles, kinds: Sequence[str]) -> Doubles:
    """The same weights, scaled so that each kind has the same sum."""
    kind_of_each = np.array(kinds)
    scaled = weights.astype(np.float64)
    for kind in set(kinds):
        scaled[kind_of_each == kind] /= weights[kind_of_each == kind].sum()
    return scaled
