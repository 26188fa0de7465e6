"""A forge of stills applied to every frame of a clip, as steadily or as shakily as wanted."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from assay.types import Image
from assay_lab.data.clip import Clip, square
from assay_lab.data.face_picture import FacePicture, size
from assay_lab.forge.resynthesis import Resynthesis
from assay_lab.forge.self_blend import SelfBlend
from assay_lab.forge.swap import Swap

Still = SelfBlend | Swap | Resynthesis


@dataclass(frozen=True, slots=True)
class Cast:
    """Which donor frame plays beside a frame of the target.

    still: one donor frame throughout. start: the first donor frame, as a share of its length.
    backwards: the donor is played in reverse. A donor that ends turns round and plays back.
    """

    still: bool = False
    start: float = 0.0
    backwards: bool = False

    @classmethod
    def draw(cls, rng: Generator, still: bool) -> "Cast":
        """Any moment of the donor."""
        return cls(still, float(rng.random()), bool(rng.random() < 0.5))

    def frame(self, number: int, count: int) -> int:
        """The donor's frame, out of `count`, for a frame of the target."""
        first = int(self.start * count)
        if self.still or count == 1:
            return first
        place = first + (-number if self.backwards else number)
        place %= 2 * count - 2
        return place if place < count else 2 * count - 2 - place


@dataclass(frozen=True, slots=True)
class Footage:
    """One still forge over all frames.

    still: its settings; it must leave the border of the picture as it is. cast: for swaps.
    shake: standard deviation of the face's tracking error, in face sizes. memory: correlation of
    that error from frame to frame, 0..1. flicker: share of frames whose mask is drawn anew.
    seed: of all of these.
    """

    still: Still
    cast: Cast = Cast()
    shake: float = 0.0
    memory: float = 0.8
    flicker: float = 0.0
    seed: int = 0

    @classmethod
    def draw(cls, rng: Generator, still: Still, cast: Cast | None = None) -> "Footage":
        """Mostly steady, as good tools are; sometimes shaky or flickering."""
        return cls(
            still=still,
            cast=cast or Cast(),
            shake=float(rng.uniform(0.005, 0.03)) if rng.random() < 0.5 else 0.0,
            memory=float(rng.uniform(0.0, 0.95)),
            flicker=float(rng.uniform(0.1, 1.0)) if rng.random() < 0.2 else 0.0,
            seed=int(rng.integers(2**31)),
        )

    def apply(self, clip: Clip, donor: Clip | None = None) -> Clip:
        """The clip with every frame forged; the donor is needed by swaps only."""
        rng = np.random.default_rng(self.seed)
        left, top, side = square(clip)
        corner = np.array([left, top], np.float32)
        scale = size(clip.keypoints[0])
        frames = clip.frames.copy()
        error = np.zeros(2)
        for number, frame in enumerate(frames):
            fresh = rng.normal(0, self.shake * scale, 2)
            error = self.memory * error + np.sqrt(1 - self.memory**2) * fresh
            still = _redrawn(self.still, rng) if rng.random() < self.flicker else self.still
            points = clip.keypoints[number] - corner + error.astype(np.float32)
            part = frame[top : top + side, left : left + side]
            face = FacePicture(np.ascontiguousarray(part), points, clip.group)
            part[:] = self._forged(still, face, donor, number)
        return replace(clip, frames=frames)

    def _forged(self, still: Still, face: FacePicture, donor: Clip | None, number: int) -> Image:
        if not isinstance(still, Swap):
            return still.apply(face).fake
        assert donor is not None
        return still.apply(face, actor(donor, self.cast.frame(number, len(donor.frames)))).fake


def actor(clip: Clip, number: int) -> FacePicture:
    """The face of one frame, cut out with some room around it."""
    left, top, side = square(clip)
    corner = np.array([left, top], np.float32)
    picture = np.ascontiguousarray(clip.frames[number, top : top + side, left : left + side])
    return FacePicture(picture, clip.keypoints[number] - corner, clip.group)


def _redrawn(still: Still, rng: Generator) -> Still:
    if still.mask is None:
        return still
    return replace(still, mask=replace(still.mask, seed=int(rng.integers(2**31))))
