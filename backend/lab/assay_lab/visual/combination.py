"""One score a face from two networks: a logistic regression on their logits.

ResNet-18 knows blending, EfficientNet knows what generators leave; neither logit is calibrated on
sources that its network has learned from, so the regression sees faces of unseen sources alone.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from assay.types import Doubles, Flags


class Combination(NamedTuple):
    """score = sigmoid(resnet * its logit + effnet * its logit + bias)."""

    resnet: float
    effnet: float
    bias: float

    def logit(self, resnet: Doubles, effnet: Doubles) -> Doubles:
        """Log-odds of faces."""
        return self.resnet * resnet + self.effnet * effnet + self.bias


LEAST = 0.05
"""Neither network may be read backwards or ignored: least weight of a standardised logit."""
RIDGE = 0.02


def fit_combination(
    labels: Flags, resnet: Doubles, effnet: Doubles, weights: Doubles
) -> Combination:
    """By likelihood, with both classes weighing the same.

    Args:
        labels: (n,) True for fake.
        resnet, effnet: (n,) logits of networks that have not learned from the faces' sources.
        weights: (n,) positive, see `by_maker`.
    """
    scales = resnet.std(), effnet.std()
    x = np.column_stack([resnet / scales[0], effnet / scales[1]])
    y = labels.astype(np.float64)
    balance = np.where(labels, weights / weights[labels].sum(), weights / weights[~labels].sum())

    def loss(parameters: Doubles) -> float:
        odds = x @ parameters[:2] + parameters[2]
        missed = np.logaddexp(0, odds) - y * odds
        return float((balance * missed).sum() / 2 + RIDGE * (parameters[:2] ** 2).sum() / 2)

    limits = [(LEAST, None), (LEAST, None), (None, None)]
    found = minimize(loss, np.array([0.5, 0.5, 0.0]), method="L-BFGS-B", bounds=limits).x
    one, other, bias = (float(value) for value in found)
    return Combination(round(one / scales[0], 5), round(other / scales[1], 5), round(bias, 5))


def by_maker(makers: Sequence[str]) -> Doubles:
    """Weights by which each maker counts for the root of its number."""
    counts = Counter(makers)
    return np.array([counts[maker] ** -0.5 for maker in makers])


def probabilities(odds: Doubles) -> Doubles:
    """P(fake) of log-odds."""
    return np.asarray(expit(odds))
