"""Interlaced video: two moments woven into one picture, line by line.

Where something moves, every other line shows it elsewhere, as a comb. There the lines of the second
field are replaced by the mean of their neighbours, and everywhere else, in still places and
in films that only say that they are interlaced, pixels stay as they are.
"""

from typing import Final

import cv2
import numpy as np

from assay.types import Flags, Image

COMB: Final = 12
"""Grey levels by which a line must leave both of its neighbours, to the same side."""
_SPREAD: Final = np.ones((3, 9), np.uint8)
"""A comb is wider than the pixels in which it shows."""


def deinterlaced(pixels: Image, luma: Image) -> Image:
    """A picture without combs.

    Args:
        pixels: (h, w) or (h, w, 3), as woven.
        luma: (h, w), in which combs are looked for.
    """
    if luma.shape[0] < 3:
        return pixels
    combed = _combs(luma)
    if not combed.any():
        return pixels
    above, below = pixels[:-2:2].astype(np.uint16), pixels[2::2].astype(np.uint16)
    mean = ((above[: len(below)] + below + 1) >> 1).astype(np.uint8)
    result = pixels.copy()
    lines = result[1:-1:2]
    lines[combed] = mean[combed]
    return result


def _combs(luma: Image) -> Flags:
    """Which pixels of the second field's lines, all but a last one, leave both neighbours."""
    lines = luma[1:-1:2].astype(np.int16)
    up, down = lines - luma[:-2:2][: len(lines)], lines - luma[2::2][: len(lines)]
    same_side = (np.minimum(up, down) > COMB) | (np.maximum(up, down) < -COMB)
    return cv2.dilate(same_side.astype(np.uint8), _SPREAD).astype(np.bool_)
