"""Pictures painted anew by the generators that the lab trains (`train-generators`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.random import Generator

from assay.types import Image
from assay_lab.forge.generators.net import Painting
from assay_lab.forge.generators.train import load_painting

TONE = 16
"""Image; coarser tone than this is taken from the real picture."""


@dataclass(frozen=True, slots=True)
class NeuralPaint:
    """folder: of a trained generator of whole pictures. offset: x y of its grid, pixels.

    scale: to which the picture is grown before it is painted and shrunk back afterwards, since
    real generators paint larger faces than a detector sees.
    """

    folder: str
    scale: float = 1.0
    offset: tuple[int, int] = (0, 0)

    @classmethod
    def draw(cls, rng: Generator, folders: Sequence[Path]) -> "NeuralPaint":
        """One of several generators, at any scale and offset."""
        return cls(
            folder=str(folders[rng.integers(len(folders))]),
            scale=float(rng.choice([1.0, 1.25, 1.5, 2.0], p=[0.4, 0.2, 0.25, 0.15])),
            offset=(int(rng.integers(8)), int(rng.integers(8))),
        )

    def resampled(self, picture: Image) -> Image:
        """The picture grown and shrunk but not painted: what a fair comparison needs."""
        return self._shrunk(self._grown(picture), picture)

    def paint(self, picture: Image) -> Image:
        """The painted picture, same size."""
        grown = self._grown(picture)
        height, width = grown.shape[:2]
        stride = painting(self.folder).design.stride
        x, y = self.offset
        padded = cv2.copyMakeBorder(
            grown, y, -(height + y) % stride, x, -(width + x) % stride, cv2.BORDER_REFLECT_101
        )
        made = run(painting(self.folder), padded)[y : y + height, x : x + width]
        return self._shrunk(_toned(made, grown), picture)

    def _grown(self, picture: Image) -> Image:
        if self.scale == 1.0:
            return picture
        return cv2.resize(
            picture, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_CUBIC
        )

    def _shrunk(self, grown: Image, like: Image) -> Image:
        if self.scale == 1.0:
            return grown
        return cv2.resize(grown, like.shape[1::-1], interpolation=cv2.INTER_AREA)


def _toned(painted: Image, like: Image) -> Image:
    """The painted picture with the other's tone on the scale of TONE pixels and above.

    Small generators shift colours, large ones do not: a tell that must not be learnt.
    """
    height, width = like.shape[:2]
    small = (max(1, width // TONE), max(1, height // TONE))
    gap = cv2.resize(like, small, interpolation=cv2.INTER_AREA).astype(np.float32)
    gap -= cv2.resize(painted, small, interpolation=cv2.INTER_AREA)
    grown = cv2.resize(gap, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(painted + grown + 0.5, 0, 255).astype(np.uint8)


@lru_cache(maxsize=32)
def painting(folder: str) -> Painting:
    """A generator, loaded once in each process."""
    return load_painting(Path(folder))


@torch.inference_mode()
def run(generator: Painting, picture: Image) -> Image:
    """RGB uint8 through a generator; sides must be multiples of its stride."""
    x = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
    y = generator(x)[0][0].permute(1, 2, 0).numpy()
    return np.clip(127.5 * (y + 1) + 0.5, 0, 255).astype(np.uint8)
