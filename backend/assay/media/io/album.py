"""Whole pictures that are kept of a media: what people see where a browser cannot play it.

They are taken from the frames that pass by on their way to the face detector, so nothing is decoded
for them.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import cv2
import numpy as np

from assay.media.io.frame import Frame
from assay.types import Image

MOST: Final = 16
"""Pictures kept of one media."""
SIDE: Final = 1280
"""Pixels of the longer side, at most, of a still; of a video's pictures, half of it."""
QUALITY: Final = 80
"""Of the JPEG."""
FIRST_GAP: Final = 0.5
"""Seconds between two pictures, at first."""


class Album:
    """Keeps a bounded number of pictures, evenly spread over whatever passes by.

    pictures: JPEG by its time, seconds.
    """

    def __init__(self) -> None:
        self.pictures: dict[float, bytes] = {}
        self._gap = FIRST_GAP

    def watch(self, frames: Iterable[Frame], side: int) -> Iterator[Frame]:
        """Hand frames on, and keep some; `side` bounds their longer side, pixels."""
        for frame in frames:
            if frame.is_detection_frame and self._has_room(frame.time):
                self._keep(frame.time, frame.rgb(), side)
            yield frame

    def _has_room(self, time: float) -> bool:
        return all(abs(time - other) >= self._gap - 1e-3 for other in self.pictures)

    def _keep(self, time: float, rgb: Image, side: int) -> None:
        self.pictures[time] = jpeg(rgb, side)
        while len(self.pictures) > MOST:
            self._thin()

    def _thin(self) -> None:
        """Widen the gap, and let go of what lies closer together."""
        self._gap *= 2
        kept: dict[float, bytes] = {}
        for time in sorted(self.pictures):
            if not kept or time - max(kept) >= self._gap - 1e-3:
                kept[time] = self.pictures[time]
        self.pictures = kept


def jpeg(rgb: Image, side: int) -> bytes:
    """A picture (h, w, 3) as JPEG, its longer side at most `side` pixels."""
    height, width = rgb.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(scale * width)), max(1, round(scale * height)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    bgr = np.ascontiguousarray(small[..., ::-1])
    _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()
