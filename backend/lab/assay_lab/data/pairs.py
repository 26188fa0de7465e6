"""Sources of (real, fake) picture pairs: what the picture trainers learn from.

A pair is drawn, not listed: a source may forge its fake on the spot. Pictures are what serving
sees, i.e. the square that `assay.media` cuts around a face, RGB uint8.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from assay.media.material import Pixels

Mask = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """A real picture and a fake one.

    mask: (height, width) of the fake in 0..1, 1 where altered; None where unknown.
    together: the two show the same scene and get the same degradation.
    """

    real: Pixels
    fake: Pixels
    mask: Mask | None
    together: bool


class PairSource(Protocol):
    """Something that pairs can be drawn from, deterministically by `rng`."""

    def draw(self, rng: Generator) -> Pair:
        """One pair."""
        ...
