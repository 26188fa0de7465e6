"""Judging media by heads that know none of their group."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from assay_lab.examine import Examined
from assay_lab.train.fusion.heads import FALSE_ALARMS, MISSES, fit_head
from assay_lab.train.fusion.strength import FOLDS

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Judged(NamedTuple):
    """What was said of media, (n,) each. called: Deepfake. cleared: Authentic."""

    probabilities: Floats
    called: NDArray[np.bool_]
    cleared: NDArray[np.bool_]


def judged_by_others(lines: Sequence[Examined], name: str) -> Judged:
    """Judge each medium by a head that knows none of its group.

    Regularisation, temperature and band come from the other groups too: rates counted on the very
    predictions that set a band would only say how it was set.

    Args:
        lines: Media with all modalities of the head.
        name: As in HEADS.
    """
    probabilities = np.zeros(len(lines))
    called, cleared = np.zeros((2, len(lines)), bool)
    for learn, judge in folds_of(lines):
        head = fit_head([lines[place] for place in learn], name, FALSE_ALARMS, MISSES)
        probabilities[judge] = head.probabilities([lines[place] for place in judge])
        called[judge] = probabilities[judge] >= head.deepfake_above
        cleared[judge] = probabilities[judge] <= head.authentic_below
    return Judged(probabilities, called, cleared)


def folds_of(lines: Sequence[Examined]) -> Iterator[tuple[Places, Places]]:
    """Which lines to learn from and which to judge, fold by fold: no group is on both sides, and
    each fold has about the same mixture of modalities and labels."""
    kinds = [f"{line.modality} {line.label}" for line in lines]
    return StratifiedGroupKFold(FOLDS).split(kinds, kinds, [line.group for line in lines])
