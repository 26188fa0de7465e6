"""The band in which a head's verdict is Inconclusive."""

import numpy as np
from scipy.special import expit, logit

from assay.types import Doubles, Flags

TIE = 1e-4
"""Added to an edge: heads that know nothing say the same of many media, and none of those that lie
on the edge may be decided."""
CAP = (0.01, 0.99)
"""No head saw enough media to be surer than this."""


def conformal_band(
    labels: Flags,
    probabilities: Doubles,
    weights: Doubles,
    false_alarms: float,
    misses: float,
) -> tuple[float, float]:
    """Edges between which the verdict is Inconclusive, by class-conditional conformal prediction.

    Vovk, "Conditional validity of inductive conformal predictors", 2012: at most `misses` of the
    fakes lie below the lower edge, and at most `false_alarms` of the real media above the upper
    one, as they are weighed (Tibshirani et al., "Conformal prediction under covariate shift",
    NeurIPS 2019): whoever has one camera must not pay for the hundred clips of another that are
    easy to clear, and a generator with few fakes not for one with many. Where the classes are so
    far apart that the edges cross, both meet half-way.

    Args:
        labels, probabilities, weights: (n,), of media that the regression does not know.
        false_alarms, misses: Shares in 0..1.
    """
    fakes = probabilities[labels]
    high = _edge(probabilities[~labels], weights[~labels], false_alarms) + TIE
    low = 1 - _edge(1 - fakes, weights[labels], misses) - TIE
    if low > high:
        low = high = float(expit((logit(low) + logit(high)) / 2))
    low, high = np.clip([low, high], CAP[0] + 1e-3, CAP[1] - 1e-3)
    return float(min(low, 0.5)), float(max(high, 0.5))


def _edge(scores: Doubles, weights: Doubles, share: float) -> float:
    """The value that at most `share` of further scores of the same kinds exceed.

    The further one weighs as much as these do on average.
    """
    order = np.argsort(scores)
    reached = np.cumsum(weights[order]) / (weights.sum() + weights.mean())
    place = int(np.searchsorted(reached, 1 - share - 1e-9))
    return 1.0 if place >= len(scores) else float(scores[order][place])
