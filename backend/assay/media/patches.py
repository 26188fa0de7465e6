"""Which parts of a whole picture are looked at: a few squares of it.

A large picture is shrunk first, so that cameras and generators of different resolution show as much
of the world in a square.

Training depends on every digit here: change it, and retrain.
"""

from collections.abc import Iterable, Iterator
from typing import Final, cast

import cv2
import numpy as np

from assay.evidence import MediaInfo
from assay.media.io.frame import Frame
from assay.types import Image

SIDE: Final = 224
LONGEST: Final = 1024
"""Pixels of the longer side above which a picture is shrunk."""
LONGEST_STRIP: Final = 20
"""Times the shorter side: of a longer strip only the middle is looked at, for to enlarge all of it
to the size of a square would take any amount of memory."""
OF_A_STILL: Final = 8
OF_A_FRAME: Final = 2
EVERY: Final = 5
"""Of the frames on the grid on which faces are sought: one in 1.25 s of a video is looked at."""
_STEP: Final = (0.7548776662466927, 0.5698402909980532)
"""Of the sequence R2 (Roberts 2018): points that leave no large part of a picture out, however
many there are. Inverse powers of the plastic number."""


class Patches:
    """Keeps squares of some of the frames that pass; `kept` is bounded as the frames are."""

    def __init__(self, media: MediaInfo) -> None:
        self.kept: list[Image] = []
        self._of_each = OF_A_STILL if media.kind == "image" else OF_A_FRAME
        self._seen = 0

    def watch(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """The same frames."""
        for frame in frames:
            if frame.is_detection_frame:
                if self._seen % EVERY == 0:
                    self._keep(frame.rgb())
                self._seen += 1
            yield frame

    def _keep(self, rgb: Image) -> None:
        first = len(self.kept)
        self.kept += patches(rgb, range(first, first + self._of_each))


def patches(rgb: Image, numbers: Iterable[int]) -> list[Image]:
    """Some squares of a picture.

    Args:
        rgb: (h, w, 3). One whose shorter side is under 224 pixels then is enlarged to that.
        numbers: From 0; each lies elsewhere, the first in the middle.

    Returns:
        (224, 224, 3) each, copies.
    """
    rgb = rgb[middle(*rgb.shape[:2])]
    height, width = scaled_size(*rgb.shape[:2])
    if (height, width) != rgb.shape[:2]:
        how = cv2.INTER_AREA if height < rgb.shape[0] else cv2.INTER_LINEAR
        rgb = cast(Image, cv2.resize(rgb, (width, height), interpolation=how))
    corners = (corner(height, width, number) for number in numbers)
    return [
        np.ascontiguousarray(rgb[top : top + SIDE, left : left + SIDE]) for left, top in corners
    ]


def middle(height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns of a picture that are looked at: all but of strips."""
    most = LONGEST_STRIP * min(height, width)
    rows, columns = (
        slice((side - kept) // 2, (side - kept) // 2 + kept)
        for side in (height, width)
        for kept in [min(side, most)]
    )
    return rows, columns


def scaled_size(height: int, width: int) -> tuple[int, int]:
    """Height and width of a picture as it is looked at: at most LONGEST, but at least SIDE."""
    scale = min(1.0, LONGEST / max(height, width))
    scale = max(scale, SIDE / min(height, width))
    return max(SIDE, round(height * scale)), max(SIDE, round(width * scale))


def corner(height: int, width: int, number: int) -> tuple[int, int]:
    """Left and upper edge of the number-th square of a picture of this size."""
    across, down = ((0.5 + number * step) % 1 for step in _STEP)
    return round(across * (width - SIDE)), round(down * (height - SIDE))
