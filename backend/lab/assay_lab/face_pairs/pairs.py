"""Sources of (real, fake) picture pairs: what the picture trainers learn from.

A pair is drawn, not listed: a source may forge its fake on the spot. Pictures are what serving
sees, i.e. the square that `assay.media` cuts around a face, RGB uint8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator

from assay.types import Image, Mask


@dataclass(frozen=True, slots=True)
class Pair:
    """A real picture and a fake one.

    mask: (height, width) of the fake in 0..1, 1 where altered; None where unknown.
    together: the two show the same scene and get the same corruption.
    """

    real: Image
    fake: Image
    mask: Mask | None
    together: bool


class PairSource(Protocol):
    """Something that pairs can be drawn from, deterministically by `rng`."""

    def draw(self, rng: Generator) -> Pair:
        """One pair."""
        ...


@dataclass(frozen=True, slots=True)
class Mixture:
    """Pair sources by name, and the share of pairs that each provides."""

    sources: Mapping[str, PairSource]
    shares: Mapping[str, float]

    def draw(self, rng: Generator) -> Pair:
        """A pair of a source drawn by its share."""
        names = list(self.sources)
        weights = np.array([self.shares[name] for name in names])
        return self.sources[names[rng.choice(len(names), p=weights / weights.sum())]].draw(rng)
