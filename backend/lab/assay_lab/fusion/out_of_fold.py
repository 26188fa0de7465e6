"""Judging media by heads that know nothing of their source."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from assay.types import Doubles, Flags, Indices
from assay_lab.fusion.examine import Examined
from assay_lab.fusion.heads import FALSE_ALARMS, MISSES, fit_head
from assay_lab.fusion.strength import FOLDS


class Judged(NamedTuple):
    """What was said of media, (n,) each. called: Deepfake. cleared: Authentic."""

    probabilities: Doubles
    called: Flags
    cleared: Flags


def judged_by_others(lines: Sequence[Examined], name: str) -> Judged:
    """Judge each medium by a head that knows nothing of its unit, see `Examined.unit`.

    Regularisation, temperature and band come from the other units too: rates counted on the very
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


def folds_of(lines: Sequence[Examined]) -> Iterator[tuple[Indices, Indices]]:
    """Which lines to learn from and which to judge, fold by fold.

    No unit is on both sides, and each fold has about the same mixture of modalities and labels.
    """
    kinds = [f"{line.modality} {line.label}" for line in lines]
    return StratifiedGroupKFold(FOLDS).split(kinds, kinds, [line.unit for line in lines])
