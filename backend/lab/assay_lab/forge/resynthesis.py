"""Painting anew a whole picture or the face alone, with any of the brushes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator

from assay.types import Image
from assay_lab.data.face_picture import FacePicture
from assay_lab.forge.blend import Blend
from assay_lab.forge.forgery import Forgery
from assay_lab.forge.generators.apply import NeuralPaint
from assay_lab.forge.masks import FaceMask


class Brush(Protocol):
    """Settings that paint a picture anew: UpsamplingTrace, TextureLoss, NeuralPaint."""

    def paint(self, picture: Image) -> Image:
        """The painted picture, same size."""
        ...


@dataclass(frozen=True, slots=True)
class Resynthesis:
    """brushes: applied one after the other. mask: of the face, None for the whole picture."""

    brushes: tuple[Brush, ...]
    mask: FaceMask | None
    blend: Blend

    def apply(self, face: FacePicture) -> Forgery:
        """The painted picture beside the real one."""
        real = layer = face.picture
        for brush in self.brushes:
            if isinstance(brush, NeuralPaint):
                real, layer = brush.resampled(real), brush.paint(layer)
            else:
                layer = brush.paint(layer)
        if self.mask is None:
            whole = np.ones(real.shape[:2], np.float32)
            return Forgery(real, layer, whole, "resynthesis", self)
        mask = self.mask.paint(face.keypoints, real.shape)
        return Forgery(real, self.blend.apply(real, layer, mask), mask, "resynthesis", self)


@dataclass(frozen=True, slots=True)
class Resynthesiser:
    """Draws resyntheses: callable as a forge.

    brush: draws one. whole: share of pictures that are painted as a whole.
    """

    brush: Callable[[Generator], Brush]
    whole: float = 0.5

    def __call__(self, face: FacePicture, rng: Generator) -> Forgery:
        """A resynthesis of a face or its whole picture."""
        mask = None if rng.random() < self.whole else FaceMask.draw(rng)
        return Resynthesis((self.brush(rng),), mask, Blend.draw(rng, opaque=True)).apply(face)
