"""What the similarity of lips and voice over all shifts of the sound says.

Natural recordings are constantly a little off (Feng et al., "Self-supervised video forensics by
audio-visual anomaly detection", CVPR 2023), so it is the whole curve and how it holds over time
that count, never the best offset alone.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from assay.branches.av_sync.windows import REACH
from assay.types import Flags, Floats

OFFSETS: Final = np.arange(-REACH, REACH + 1)
"""The shifts, in pictures; positive: the sound is late."""
NEAR: Final = 2
"""Shifts up to this, in pictures, are what natural recordings have: 80 ms."""
AWAY: Final = 4
"""Shifts from this on are another moment; those between belong to the slopes of a true peak."""
LEAST_PAIRS: Final = 8
"""Pairs of windows under which a shift is not judged."""
LOCAL: Final = 15
"""Windows over which a local shift is read: 0.6 s."""

LEAST_SPREAD: Final = 0.02
"""Added to the spread of similarities, so that a flat curve is not a sharp one."""

STATISTICS: Final = ("peak", "margin", "lead", "local", "sharpness")
"""What `Curve.statistics` gives, in this order."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How well lips and voice agree at every shift of the sound.

    similarity: (2 * REACH + 1,) mean cosine; NaN where there were too few pairs. local: (n,)
    the shift that fits best around each mouth window, in pictures; NaN where nobody speaks.
    """

    similarity: Floats
    local: Floats

    @property
    def best(self) -> int:
        """The shift that fits best, in pictures."""
        return int(OFFSETS[np.nanargmax(self.similarity)])

    @property
    def spread(self) -> float:
        """Standard deviation of the local shifts, in pictures."""
        return float(np.nanstd(self.local))

    @property
    def confidence(self) -> float:
        """Median of the distance minus its least, after Chung and Zisserman."""
        distance = self.distance[np.isfinite(self.distance)]
        return float(np.median(distance) - distance.min())

    @property
    def distance(self) -> Floats:
        """Euclidean distance of unit vectors of that similarity."""
        return np.asarray(np.sqrt(2 - 2 * self.similarity), np.float32)

    def statistics(self) -> Floats:
        """What the head weighs, in the order of STATISTICS.

        peak: best similarity at a natural shift. margin: that, above the mean of all others.
        lead: above the best of the others. local: share of windows around which a natural shift
        fits best. sharpness: margin in units of the others' spread, which shrinks the longer
        somebody speaks.
        """
        near = np.abs(OFFSETS) <= NEAR
        away = (np.abs(OFFSETS) >= AWAY) & np.isfinite(self.similarity)
        peak = float(self.similarity[near].max())
        others = self.similarity[away]
        margin = peak - others.mean()
        local = self.local[np.isfinite(self.local)]
        return np.array(
            [
                peak,
                margin,
                peak - others.max(),
                np.mean(np.abs(local) <= NEAR),
                margin / (others.std() + LEAST_SPREAD),
            ],
            np.float32,
        )


def similarities(lips: Floats, voice: Floats, voiced: Flags) -> Floats:
    """Cosine of every mouth window with the speech at every shift.

    Args:
        lips: (n, d) unit vectors.
        voice: (n + 2 * REACH, d) unit vectors, row by row as in `Stretch`.
        voiced: (n + 2 * REACH,).

    Returns:
        (n, 2 * REACH + 1); NaN where nobody speaks.
    """
    rows = np.arange(len(lips))[:, None] + np.arange(2 * REACH + 1)
    found = np.einsum("nd,nkd->nk", lips, voice[rows])
    found[~voiced[rows]] = np.nan
    return np.asarray(found, np.float32)


def curve_of(found: list[Floats]) -> Curve | None:
    """Sum up the similarities of one person's stretches.

    Returns:
        None if too few pairs are known at a natural shift, or at no other.
    """
    every = np.concatenate(found)
    pairs = np.isfinite(every).sum(axis=0)
    enough = pairs >= LEAST_PAIRS
    if not enough[np.abs(OFFSETS) <= NEAR].all() or not enough[np.abs(OFFSETS) >= AWAY].any():
        return None
    mean = np.nansum(every, axis=0) / np.maximum(pairs, 1)
    local = np.concatenate([_local(part) for part in found])
    if not np.isfinite(local).any():
        return None
    return Curve(np.where(enough, mean, np.nan).astype(np.float32), local)


def _local(found: Floats) -> Floats:
    """The best shift of the moments around each window, in pictures."""
    known = np.isfinite(found)
    total = uniform_filter1d(np.nan_to_num(found), LOCAL, axis=0, mode="constant")
    share = uniform_filter1d(known.astype(np.float32), LOCAL, axis=0, mode="constant")
    enough = share * LOCAL >= LEAST_PAIRS - 0.5
    mean = np.where(enough, total / np.maximum(share, 1e-6), -np.inf)
    best: Floats = OFFSETS[mean.argmax(axis=1)].astype(np.float32)
    best[~enough.any(axis=1)] = np.nan
    return best
