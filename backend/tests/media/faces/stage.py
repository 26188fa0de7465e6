"""Made-up faces, frames and pictures for the tests of the face stage."""

from dataclasses import dataclass

import cv2
import numpy as np
from skimage import data

from assay.media.material import Face
from assay.types import Image

PORTRAIT_FACE = (174, 60, 274, 182)
"""Where the face of `data.astronaut()` lies, by eye: x0 y0 x1 y1."""


@dataclass(slots=True)
class StillFrame:
    """A `Frame` of an array."""

    pixels: Image
    time: float = 0.0
    segment: int = 0
    is_detection_frame: bool = True

    @property
    def width(self) -> int:
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        return self.pixels.shape[0]

    def rgb(self) -> Image:
        return self.pixels

    def grey(self) -> Image:
        return cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY)

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        return self.grey()[y0:y1, x0:x1]


def face_at(x: float, y: float, size: float, score: float = 0.9) -> Face:
    """An upright face centred at a point."""
    box = np.array([x - size / 2, y - size / 2, x + size / 2, y + size / 2], np.float32)
    relative = [(-0.2, -0.15), (0.2, -0.15), (0, 0.1), (0, 0.3), (-0.45, -0.1), (0.45, -0.1)]
    points = np.array([(x + size * dx, y + size * dy) for dx, dy in relative], np.float32)
    return Face(box, points, score)


def person(tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Image:
    """The portrait, head and shoulders, (300, 300, 3); a tint makes another person of it."""
    head = data.astronaut()[0:300, 74:374]
    return np.clip(head * np.array(tint), 0, 255).astype(np.uint8)


def stage(width: int, height: int) -> Image:
    """A faceless ground: a soft gradient with some texture."""
    rng = np.random.default_rng(width * 7 + height)
    small = rng.uniform(90, 150, (6, 8, 3)).astype(np.float32)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def put(picture: Image, head: Image, x: int, y: int, face_height: float) -> tuple[float, float]:
    """Paste a `person` so that the face has a height, centred at (x, y); gives the centre back."""
    scale = face_height / 122
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(head, None, fx=scale, fy=scale, interpolation=how)
    left, top = round(x - 150 * scale), round(y - 121 * scale)
    x0, y0 = max(0, left), max(0, top)
    x1 = min(picture.shape[1], left + small.shape[1])
    y1 = min(picture.shape[0], top + small.shape[0])
    picture[y0:y1, x0:x1] = small[y0 - top : y1 - top, x0 - left : x1 - left]
    return float(x), float(y)
