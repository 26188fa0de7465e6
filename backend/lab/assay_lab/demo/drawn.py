"""Faces of nobody: drawn from ellipses, each another one, and found by the face detector.

They stand in for photographs where there are none. What is measured on them says that the tools
run, and nothing about deepfakes.
"""

from typing import Final

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Floats, Image

SIDE: Final = 400
"""Pixels of a drawn picture's side."""
WHITE: Final = (235.0, 235.0, 235.0)
PUPIL: Final = (12.0, 10.0, 10.0)
LIPS: Final = (170.0, 80.0, 80.0)
MOUTH: Final = (80.0, 30.0, 30.0)


class _Canvas:
    """A picture in 0..255 that ellipses with soft edges are laid on; positions in 0..1."""

    def __init__(self, rng: Generator) -> None:
        self.y, self.x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
        near, far = rng.uniform(40, 200, (2, 3))
        slope = (self.x * rng.random() + self.y * rng.random())[..., None]
        self.colours: Floats = (near + (far - near) * slope).astype(np.float32)

    def ellipse(
        self, at: tuple[float, float], size: tuple[float, float], colour: Floats, soft: float
    ) -> None:
        """Centre, half axes, RGB, and width of the edge."""
        away = np.hypot((self.x - at[0]) / size[0], (self.y - at[1]) / size[1])
        cover = np.clip((1 - away) * min(size) / soft + 0.5, 0, 1)[..., None]
        self.colours = self.colours * (1 - cover) + colour * cover


def draw_face(seed: int) -> Image:
    """A face with hair, a neck and clothes, as a camera with a little noise sees it.

    Args:
        seed: The same gives the same person.

    Returns:
        RGB, (SIDE, SIDE, 3).
    """
    rng = np.random.default_rng((7, seed))
    canvas = _Canvas(rng)
    tint = (1.0, rng.uniform(0.72, 0.85), rng.uniform(0.55, 0.75))
    skin = np.array(tint, np.float32) * np.float32(rng.uniform(150, 235))
    hair = np.array((1.0, 0.8, 0.6), np.float32) * np.float32(rng.uniform(20, 120))
    x, y = 0.5 + rng.uniform(-0.06, 0.06), 0.48 + rng.uniform(-0.05, 0.05)
    wide = 0.2 * rng.uniform(0.8, 1.15)
    cloth = rng.uniform(30, 220, 3).astype(np.float32)

    def lay(dx: float, dy: float, w: float, h: float, colour: Floats, soft: float) -> None:
        """In widths of half a face, from its middle."""
        canvas.ellipse((x + dx * wide, y + dy * wide), (w * wide, h * wide), colour, soft)

    lay(0, -0.25, 1.2, 1.45, hair, 0.02)
    lay(0, 2.6, 2.0, 1.3, cloth, 0.02)
    lay(0, 1.3, 0.45, 0.7, skin * 0.8, 0.03)
    lay(0, 0, 1, 1.3, skin, 0.015)
    light = 0.3 * rng.uniform(-1, 1)
    fade = ((canvas.x - x) / wide - light) ** 2 + ((canvas.y - y) / (1.5 * wide)) ** 2
    canvas.colours *= np.clip(1 - 0.35 * fade, 0.55, 1.1)[..., None]
    iris = rng.uniform(30, 110, 3).astype(np.float32)
    for side in (-0.42, 0.42):
        lay(side, -0.15, 0.26, 0.16, skin * 0.6, 0.02)
        lay(side, -0.15, 0.2, 0.1, np.array(WHITE, np.float32), 0.006)
        lay(side, -0.15, 0.09, 0.1, iris, 0.005)
        lay(side, -0.15, 0.045, 0.05, np.array(PUPIL, np.float32), 0.004)
        lay(side, -0.43, 0.27, 0.05, hair, 0.015)
    lay(0, 0.2, 0.1, 0.35, skin * 1.06, 0.04)
    for side in (-0.09, 0.09):
        lay(side, 0.48, 0.06, 0.045, skin * 0.45, 0.015)
    lay(0, 0.43, 0.17, 0.1, skin * 0.85, 0.04)
    lay(0, 0.8, 0.32, 0.1, np.array(LIPS, np.float32), 0.01)
    lay(0, 0.8, 0.28, 0.02, np.array(MOUTH, np.float32), 0.006)
    seen = cv2.GaussianBlur(canvas.colours, (0, 0), 1.0) + rng.normal(0, 2.5, canvas.colours.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)
