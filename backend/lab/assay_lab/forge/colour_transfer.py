"""Giving a pasted face the colours of its new surroundings."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Doubles, Flags, Image, Mask

Transfer = Literal["none", "mean", "reinhard", "histogram"]


@dataclass(frozen=True, slots=True)
class Tone:
    """transfer: the method. amount: of it, 0..1."""

    transfer: Transfer = "reinhard"
    amount: float = 1.0

    @classmethod
    def draw(cls, rng: Generator) -> "Tone":
        """Most tools match tone in some way; few leave it."""
        methods: tuple[Transfer, ...] = ("none", "mean", "reinhard", "histogram")
        return cls(methods[rng.choice(4, p=(0.06, 0.14, 0.5, 0.3))], float(rng.uniform(0.7, 1.0)))

    def apply(self, layer: Image, base: Image, mask: Mask) -> Image:
        """The layer, its colours under the mask matched to the base's under the mask."""
        inside = mask > 0.5
        if self.transfer == "none" or inside.sum() < 64:
            return layer
        if self.transfer == "histogram":
            matched = _histogram(layer, base, inside)
        else:
            matched = _moments(layer, base, inside, spread=self.transfer == "reinhard")
        return cv2.addWeighted(matched, self.amount, layer, 1 - self.amount, 0)


def _moments(layer: Image, base: Image, inside: Flags, spread: bool) -> Image:
    """Mean, and spread if asked, of each Lab channel (Reinhard et al. 2001)."""
    a, b = cv2.cvtColor(layer, cv2.COLOR_RGB2Lab), cv2.cvtColor(base, cv2.COLOR_RGB2Lab)
    area = inside.astype(np.uint8)
    mean_a, deviation_a = (value.ravel() for value in cv2.meanStdDev(a, mask=area))
    mean_b, deviation_b = (value.ravel() for value in cv2.meanStdDev(b, mask=area))
    # Bounded: a flat donor must not be blown up into noise.
    gain = np.clip(deviation_b / np.maximum(deviation_a, 1), 0.6, 1.6) if spread else np.ones(3)
    levels = np.arange(256)[:, None]
    table = np.clip((levels - mean_a) * gain + mean_b, 0, 255).astype(np.uint8)
    return cv2.cvtColor(cv2.LUT(a, table[None]), cv2.COLOR_Lab2RGB)


def _histogram(layer: Image, base: Image, inside: Flags) -> Image:
    """Each RGB channel's quantiles onto the other's; beyond the outermost, shifted like them."""
    table = np.empty((256, 3), np.uint8)
    levels = np.arange(256)
    for channel in range(3):
        mine, theirs = (_quantiles(picture[..., channel][inside]) for picture in (layer, base))
        mapped = np.interp(levels, mine, theirs)
        below, above = levels < mine[0], levels > mine[-1]
        mapped[below] = levels[below] + theirs[0] - mine[0]
        mapped[above] = levels[above] + theirs[-1] - mine[-1]
        table[:, channel] = np.clip(mapped, 0, 255)
    return cv2.LUT(layer, table[None])


def _quantiles(values: Image) -> Doubles:
    """17 of them, strictly rising, between the 2nd and the 98th percentile."""
    share = np.cumsum(np.bincount(values, minlength=256)) / values.size
    found = np.searchsorted(share, np.linspace(0.02, 0.98, 17)).astype(np.float64)
    # Level pixels repeat a quantile; a map needs one value for one level.
    return np.maximum.accumulate(found + np.linspace(0, 0.1, 17))
