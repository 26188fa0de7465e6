"""Logistic regression whose features may be ignored, but never be read backwards."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from assay.fusion import MODALITIES
from assay.types import Doubles, Flags


class Votes(NamedTuple):
    """What the features of a head may say, (k,) each.

    signs: 1, -1, or 0 for no vote. penalties: factors of a coefficient's square in the cost.
    """

    signs: Doubles
    penalties: Doubles


def votes_of(columns: Sequence[str]) -> Votes:
    """In which direction each feature may vote, and what that costs.

    Scores are P(fake) except `sync_prob`. What counts faces or patches has no vote: it follows
    from length and size of a clip, which are a source's habit and no trace of forgery. The
    features of a modality share one penalty: three that say nearly the same would otherwise have
    three votes, against one of the lips.
    """
    signs = [0.0 if "_num_" in c else -1.0 if c == "sync_prob" else 1.0 for c in columns]
    modality = {name: of for of, features in MODALITIES.items() for name in features}
    voting = Counter(modality[c] for c, sign in zip(columns, signs, strict=True) if sign)
    return Votes(np.array(signs), np.array([float(voting[modality[c]]) for c in columns]))


def regression(
    values: Doubles, labels: Flags, weights: Doubles, strength: float, votes: Votes
) -> Pipeline:
    """Clipped to what training saw, centred, weighed: nothing that the service cannot explain."""
    centre = make_pipeline(MinMaxScaler(clip=True), StandardScaler())
    return make_pipeline(
        *(step for _, step in centre.fit(values).steps),
        signed_regression(centre.transform(values), labels, weights, strength, votes),
    )


def signed_regression(
    values: Doubles, labels: Flags, weights: Doubles, strength: float, votes: Votes
) -> LogisticRegression:
    """Ridge logistic regression whose coefficients have the signs that their features mean.

    A branch may be ignored, but never be read backwards: that a high score of a branch should
    speak for authenticity is a habit of the sources at hand and would not hold elsewhere.

    Args:
        values: (n, k), centred. labels: (n,). weights: (n,).
        strength: Inverse regularisation, scikit-learn's C.
        votes: Of the k features.
    """
    sides = np.where(labels, 1.0, -1.0)

    def cost(parameters: Doubles) -> tuple[float, Doubles]:
        margins = sides * (values @ parameters[1:] + parameters[0])
        slopes = -strength * weights * sides * expit(-margins)
        loss = strength * float(weights @ np.logaddexp(0, -margins))
        pulls = votes.penalties * parameters[1:]
        loss += float(parameters[1:] @ pulls) / 2
        return loss, np.append(slopes.sum(), slopes @ values + pulls)

    limits = {1.0: (0.0, None), -1.0: (None, 0.0), 0.0: (0.0, 0.0)}
    found = minimize(
        cost,
        np.zeros(values.shape[1] + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), *(limits[float(sign)] for sign in votes.signs)],
    )
    model = LogisticRegression(C=strength)
    model.classes_ = np.array([False, True])
    model.intercept_, model.coef_ = found.x[:1], found.x[None, 1:]
    model.n_features_in_ = values.shape[1]
    return model
