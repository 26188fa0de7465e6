"""The temperature that makes a head's logits probabilities."""

import numpy as np
from scipy.optimize import minimize_scalar

from assay.types import Doubles, Flags

LOG_TEMPERATURE = 3.0
"""Bound of |log T|: an optimum on it is no optimum, and is refused."""


def fit_temperature(labels: Flags, logits: Doubles, weights: Doubles) -> float:
    """The T > 0 that minimises the negative log-likelihood of sigmoid(logits / T).

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.

    Raises:
        ValueError: The optimum sits on the bound, so there is none within reason.
    """

    def cost(log_temperature: float) -> float:
        return negative_log_likelihood(labels, logits / np.exp(log_temperature), weights)

    found = minimize_scalar(cost, bounds=(-LOG_TEMPERATURE, LOG_TEMPERATURE), method="bounded")
    if abs(found.x) > LOG_TEMPERATURE - 0.05:
        raise ValueError("the temperature's optimum sits on its bound")
    return float(np.exp(found.x))


def negative_log_likelihood(labels: Flags, logits: Doubles, weights: Doubles) -> float:
    """Weighted mean over media of -log P(label), in nats."""
    return float(np.average(np.logaddexp(0, np.where(labels, -logits, logits)), weights=weights))
