"""Self-blended images: a face laid over itself, with nothing but the seam to give it away.

Idea: Shiohara & Yamasaki, "Detecting Deepfakes with Self-Blended Images", CVPR 2022. Two layers of
one picture get different histories and a slight misalignment; a face-shaped mask joins them. What
a detector can learn from it holds for every tool that pastes a face into a picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Image
from assay_lab.augment.pictures import Corruption
from assay_lab.data.face_picture import FacePicture, size
from assay_lab.forge.blend import Blend
from assay_lab.forge.forgery import Forgery
from assay_lab.forge.masks import FaceMask


@dataclass(frozen=True, slots=True)
class Misalignment:
    """How far the pasted layer is off its place, about the face's middle.

    shift: x y in face sizes. stretch: of x and y. turn: degrees. warp: standard deviation of a
    smooth random displacement in face sizes. seed: of the displacement.
    """

    shift: tuple[float, float] = (0.0, 0.0)
    stretch: tuple[float, float] = (1.0, 1.0)
    turn: float = 0.0
    warp: float = 0.0
    seed: int = 0

    @classmethod
    def draw(cls, rng: Generator) -> "Misalignment":
        """Small enough that no one sees two faces."""
        x, y = rng.normal(0, 0.03, 2)
        across, down = rng.uniform(0.96, 1.04, 2)
        return cls(
            shift=(float(x), float(y)),
            stretch=(float(across), float(down)),
            turn=float(rng.normal(0, 1.0)),
            warp=float(rng.uniform(0.01, 0.04)) if rng.random() < 0.35 else 0.0,
            seed=int(rng.integers(2**31)),
        )

    def apply(self, face: FacePicture) -> Image:
        """The picture with its pixels moved; the border is repeated where it would show."""
        height, width = face.picture.shape[:2]
        scale = size(face.keypoints)
        x, y = (float(value) for value in face.keypoints[:4].mean(axis=0))
        matrix = cv2.getRotationMatrix2D((x, y), self.turn, 1.0)
        matrix[:, :2] *= self.stretch
        matrix[:, 2] += np.array((x, y)) - matrix @ np.array((x, y, 1.0))
        matrix[:, 2] += np.array(self.shift) * scale
        if self.warp == 0:
            return cv2.warpAffine(
                face.picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE
            )
        coarse = np.random.default_rng(self.seed).normal(0, self.warp * scale, (6, 6, 2))
        field = cv2.resize(
            coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
        )
        back = cv2.invertAffineTransform(matrix).astype(np.float32)
        columns = np.arange(width, dtype=np.float32)
        rows = np.arange(height, dtype=np.float32)[:, None]
        for axis in range(2):
            field[..., axis] += back[axis, 0] * columns + back[axis, 1] * rows + back[axis, 2]
        return cv2.remap(
            face.picture, field, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )


@dataclass(frozen=True, slots=True)
class SelfBlend:
    """One self-blended image. on_source: the mismatch is the pasted layer's, not the base's."""

    mismatch: Corruption
    on_source: bool
    misalignment: Misalignment
    mask: FaceMask
    blend: Blend

    @classmethod
    def draw(cls, rng: Generator) -> "SelfBlend":
        """Any of them."""
        return cls(
            mismatch=Corruption.mismatch(rng),
            on_source=bool(rng.random() < 0.5),
            misalignment=Misalignment.draw(rng),
            mask=FaceMask.draw(rng),
            blend=Blend.draw(rng),
        )

    def apply(self, face: FacePicture) -> Forgery:
        """The forgery beside its base: the real member has the base's history too."""
        other = self.mismatch.apply(face.picture)
        base = face.picture if self.on_source else other
        source = other if self.on_source else face.picture
        layer = self.misalignment.apply(FacePicture(source, face.keypoints, face.group))
        mask = self.mask.paint(face.keypoints, base.shape)
        return Forgery(base, self.blend.apply(base, layer, mask), mask, "self_blend", self)


def self_blend(face: FacePicture, rng: Generator) -> Forgery:
    """A self-blended image of a face, drawn at random."""
    return SelfBlend.draw(rng).apply(face)
