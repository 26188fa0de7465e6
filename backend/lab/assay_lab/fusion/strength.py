"""How strongly a head's regression is held back."""

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from assay.types import Doubles, Flags
from assay_lab.fusion.regression import Votes, regression
from assay_lab.fusion.temperature import negative_log_likelihood
from assay_lab.fusion.weights import even_classes

STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Inverse regularisation to choose from."""
FOLDS = 5


def choose_strength(
    values: Doubles,
    labels: Flags,
    groups: NDArray[np.str_],
    weights: Doubles,
    votes: Votes,
) -> tuple[float, Doubles]:
    """The regularisation whose out-of-fold predictions are likeliest, and those as logits."""

    def out_of_fold(strength: float) -> Doubles:
        logits = np.zeros(len(labels))
        folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
        for learn, judge in folds.split(values, labels, groups):
            # Without the fold's media one class may weigh less, and the intercept would tell which.
            evened = even_classes(weights[learn], labels[learn])
            model = regression(values[learn], labels[learn], evened, strength, votes)
            logits[judge] = model.decision_function(values[judge])
        return logits

    tried = {strength: out_of_fold(strength) for strength in STRENGTHS}
    best = min(
        tried, key=lambda strength: negative_log_likelihood(labels, tried[strength], weights)
    )
    return best, tried[best]
