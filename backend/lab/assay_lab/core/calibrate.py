"""Platt scaling: from logits to calibrated scores, on data that was not trained on."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression


class Platt(NamedTuple):
    """score = sigmoid(slope * logit + bias)."""

    slope: float
    bias: float


def fit_platt(labels: ArrayLike, logits: ArrayLike) -> Platt:
    """Fit by likelihood with both classes weighing the same.

    Platt, "Probabilistic outputs for support vector machines", 1999.

    Raises:
        ValueError: The logits do not rise with the label, so there is nothing to calibrate.
    """
    values = np.asarray(logits, np.float64)
    scale = max(float(np.std(values)), 1e-6)
    model = LogisticRegression(C=1e3, class_weight="balanced")
    model.fit(values[:, None] / scale, np.asarray(labels))
    slope, bias = float(model.coef_[0, 0]) / scale, float(model.intercept_[0])
    if slope <= 0:
        raise ValueError("logits do not rise with the label")
    return Platt(round(slope, 5), round(bias, 5))
