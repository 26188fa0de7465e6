"""Forging time: a face that stands still, trembles or trails behind while the rest goes on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.random import Generator

from assay.types import Image
from assay_lab.data.clip import Clip, square
from assay_lab.data.face_picture import landmarks, size
from assay_lab.forge.blend import Blend
from assay_lab.forge.masks import FaceMask
from assay_lab.forge.warp import carry, core

Kind = Literal["freeze", "tremble", "trail"]


@dataclass(frozen=True, slots=True)
class FaceTiming:
    """The face region taken from other moments than its surroundings.

    kind: `freeze` holds one moment, `tremble` moves the face to and fro, `trail` mixes each
    moment with the one before. start, length: of the affected span, as shares of the clip.
    strength: of tremble in face sizes, of trail as the older moment's share. seed: of tremble.
    """

    kind: Kind
    mask: FaceMask
    start: float = 0.0
    length: float = 1.0
    strength: float = 0.0
    seed: int = 0

    @classmethod
    def draw(cls, rng: Generator) -> "FaceTiming":
        """Freezing lasts a part of the clip, the others all of it."""
        kinds: tuple[Kind, ...] = ("freeze", "tremble", "trail")
        kind = kinds[rng.integers(3)]
        region = ("face", "brows_to_chin", "inner")[rng.integers(3)]
        length = float(rng.uniform(0.3, 0.8)) if kind == "freeze" else 1.0
        reach = {"freeze": (0.0, 0.0), "tremble": (0.01, 0.05), "trail": (0.3, 0.6)}[kind]
        return cls(
            kind=kind,
            mask=replace(FaceMask.draw(rng, region), feather=float(rng.uniform(0.04, 0.12))),
            start=float(rng.uniform(0, 1 - length)),
            length=length,
            strength=float(rng.uniform(*reach)),
            seed=int(rng.integers(2**31)),
        )

    def apply(self, clip: Clip) -> Clip:
        """The clip with its face out of time."""
        left, top, side = square(clip)
        points = clip.keypoints - np.array([left, top], np.float32)
        parts = clip.frames[:, top : top + side, left : left + side]
        frames = clip.frames.copy()
        blend = Blend(opacity=self.strength if self.kind == "trail" else 1.0)
        for number, layer in self._layers(parts, points):
            base = np.ascontiguousarray(parts[number])
            mask = self.mask.paint(points[number], base.shape)
            made = blend.apply(base, layer, mask)
            frames[number, top : top + side, left : left + side] = made
        return replace(clip, frames=frames)

    def _layers(self, parts: Image, points: np.ndarray) -> Iterator[tuple[int, Image]]:
        """Numbers of the affected frames, and what is laid over each."""
        rng = np.random.default_rng(self.seed)
        places = [core(landmarks(some)) for some in points]
        first = int(self.start * len(parts))
        last = min(len(parts), first + max(2, int(self.length * len(parts))))
        for number in range(first + (self.kind != "tremble"), last):
            source, place = number, places[number]
            if self.kind == "freeze":
                source = first
            elif self.kind == "trail":
                source = number - 1
            else:
                place = place + rng.normal(0, self.strength * size(points[number]), 2)
            picture = np.ascontiguousarray(parts[source])
            yield (
                number,
                carry(
                    picture,
                    places[source],
                    place.astype(np.float32),
                    picture.shape[:2],
                    "similarity",
                ),
            )


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """Whole frames shown again or left out, as careless editing does.

    repeated: numbers of frames that show their predecessor, as shares of the clip.
    """

    repeated: tuple[float, ...]

    @classmethod
    def draw(cls, rng: Generator) -> "FrameTiming":
        """Some single frames, or one stretch of them."""
        if rng.random() < 0.5:
            return cls(tuple(sorted(float(x) for x in rng.random(int(rng.integers(2, 8))))))
        start, length = float(rng.uniform(0.1, 0.6)), float(rng.uniform(0.1, 0.3))
        return cls(tuple(float(x) for x in np.linspace(start, start + length, 24)))

    def apply(self, clip: Clip) -> Clip:
        """The clip with frames repeated; its length stays."""
        order = np.arange(len(clip.frames))
        for number in sorted({int(share * len(order)) for share in self.repeated}):
            if 0 < number < len(order):
                order[number] = order[number - 1]
        return replace(clip, frames=clip.frames[order])
