"""DFDC face swaps beside the very frame they were made from.

Source: DFDC (Dolhansky et al. 2020) as face crops, 224 px. About four fifths of the swaps are
aligned with their original to the pixel, and then the difference is a free mask.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Image, Mask
from assay_lab.augment.pictures import read_rgb
from assay_lab.data.rows import Row
from assay_lab.face_pairs.pairs import Pair

ALIGNED_BORDER = 7.0
"""Mean difference along the border, in grey levels, under which a pair counts as aligned."""
UNCHANGED = 12.0
"""Largest smoothed difference, in grey levels, of an aligned swap that shows nothing of itself."""


@dataclass(slots=True)
class _Scene:
    reals: list[Image] = field(default_factory=list)
    fakes: list[Image] = field(default_factory=list)


class DfdcPairs:
    """Draws a scene, then one of its swaps. The encoded files are held in memory."""

    def __init__(self, rows: Iterable[Row]) -> None:
        scenes: dict[str, _Scene] = defaultdict(_Scene)
        for row in rows:
            scene = scenes[row.group]
            data = np.fromfile(row.path, np.uint8)
            (scene.fakes if row.fake else scene.reals).append(data)
        self.scenes = [scene for scene in scenes.values() if scene.reals and scene.fakes]

    def draw(self, rng: Generator) -> Pair:
        """A pair that differs; scenes whose swap left no trace are passed over."""
        while True:
            scene = self.scenes[rng.integers(len(self.scenes))]
            real = read_rgb(scene.reals[rng.integers(len(scene.reals))])
            fake = read_rgb(scene.fakes[rng.integers(len(scene.fakes))])
            aligned, mask, strongest = difference(real, fake)
            if not aligned or strongest > UNCHANGED:
                return Pair(real, fake, mask if aligned else None, together=True)


def difference(real: Image, fake: Image) -> tuple[bool, Mask, float]:
    """Where a swap altered its original.

    Args:
        real: (height, width, 3).
        fake: The same size.

    Returns:
        Whether the two are aligned to the pixel; a mask in {0, 1}, whole only if they are; and
        the largest smoothed difference in grey levels.
    """
    delta = cv2.absdiff(real, fake).mean(axis=2, dtype=np.float32)
    edge = 10
    border = np.concatenate(
        [
            delta[:edge].ravel(),
            delta[-edge:].ravel(),
            delta[:, :edge].ravel(),
            delta[:, -edge:].ravel(),
        ]
    )
    smooth = cv2.GaussianBlur(delta, (0, 0), 4)
    # Recompression differs everywhere; the swap must stand out of it.
    altered = (smooth > max(5.0, 2.0 * float(np.median(border)))).astype(np.uint8)
    filled = cv2.morphologyEx(altered, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    return bool(border.mean() < ALIGNED_BORDER), filled.astype(np.float32), float(smooth.max())
