"""Swapping faces between identities with landmarks: warp, match the tone, blend."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Floats, Image
from assay_lab.augment.pictures import Corruption
from assay_lab.data.face_picture import FacePicture, Faces, landmarks
from assay_lab.forge.blend import Blend
from assay_lab.forge.colour_transfer import Tone
from assay_lab.forge.forgery import Forgery
from assay_lab.forge.masks import FaceMask
from assay_lab.forge.warp import Fit, carry, core

REGIONS = {"face": 0.25, "brows_to_chin": 0.35, "inner": 0.3, "lower": 0.05, "eyes": 0.05}
"""What is taken over from the donor, and how often."""


@dataclass(frozen=True, slots=True)
class Swap:
    """One swap, applied to a still or to every frame of a video.

    fit: of the donor onto the target. history: corruption of the donor before it is pasted, usually
    a loss of resolution, since swap networks paint small faces.
    """

    fit: Fit
    tone: Tone
    history: Corruption
    mask: FaceMask
    blend: Blend

    @classmethod
    def draw(cls, rng: Generator) -> "Swap":
        """Any of them."""
        fits: tuple[Fit, ...] = ("similarity", "affine", "thin_plate")
        region = list(REGIONS)[rng.choice(len(REGIONS), p=list(REGIONS.values()))]
        return cls(
            fit=fits[rng.choice(3, p=(0.25, 0.35, 0.4))],
            tone=Tone.draw(rng),
            history=Corruption(scale=float(rng.uniform(0.3, 1.0)), grow="cubic"),
            mask=FaceMask.draw(rng, region),
            blend=Blend.draw(rng, opaque=True),
        )

    def apply(self, target: FacePicture, donor: FacePicture) -> Forgery:
        """The donor's face in the target's picture."""
        base = target.picture
        source, place = core(landmarks(donor.keypoints)), core(landmarks(target.keypoints))
        layer = carry(donor.picture, source, place, base.shape[:2], self.fit)
        mask = self.mask.paint(target.keypoints, base.shape)
        mask *= _covered(donor.picture, source, place, base.shape[:2])
        layer = self.tone.apply(self.history.apply(layer), base, mask)
        return Forgery(base, self.blend.apply(base, layer, mask), mask, "swap", self)


def _covered(donor: Image, source: Floats, place: Floats, side: tuple[int, int]) -> Floats:
    """1 where the target's picture can be filled from within the donor's, fading at its border."""
    small = np.zeros((32, 32), np.uint8)
    small[1:-1, 1:-1] = 255
    height, width = donor.shape[:2]
    scaled = (source * (32 / width, 32 / height)).astype(np.float32)
    moved = carry(small, scaled, place, side, "affine")
    return cv2.GaussianBlur(moved.astype(np.float32) / 255, (0, 0), 2)


class Swapper:
    """Swaps a face with one of another group that is seen from a like direction in a like tone.

    Args:
        donors: Where partners come from.
        rng: Picks at most POOL of them, whose pose and tone are noted once.
    """

    POOL = 2000
    CHOICE = 40
    """Donors, drawn at random, of which the best match is taken."""

    def __init__(self, donors: Faces, rng: Generator) -> None:
        self.donors = donors
        self.chosen = rng.permutation(len(donors))[: self.POOL]
        seen = [donors[int(index)] for index in self.chosen]
        self.looks = np.stack([look(face) for face in seen])
        self.groups: Sequence[str] = [face.group for face in seen]

    def __call__(self, target: FacePicture, rng: Generator) -> Forgery:
        """A swap drawn at random with a fitting partner."""
        return Swap.draw(rng).apply(target, self.partner(target, rng))

    def partner(self, target: FacePicture, rng: Generator) -> FacePicture:
        """The best match among a few donors of other groups."""
        candidates = rng.permutation(len(self.chosen))[: self.CHOICE]
        gaps = np.linalg.norm(self.looks[candidates] - look(target), axis=1)
        for place in np.argsort(gaps):
            number = candidates[place]
            if self.groups[number] != target.group:
                return self.donors[int(self.chosen[number])]
        raise ValueError("every donor is of the target's own group")


def look(face: FacePicture) -> Floats:
    """Pose and tone in comparable units: (5,) turn, nod, and the inner face's mean Lab."""
    right, left, nose, mouth = face.keypoints[:4]
    across, down = left - right, mouth - (left + right) / 2
    # The nose tip in the frame of eyes and mouth moves sideways with turn, up and down with nod.
    turn, nod = np.linalg.lstsq(
        np.column_stack([across, down]), nose - (left + right) / 2, rcond=None
    )[0]
    spot = np.rint(face.keypoints[:4].mean(axis=0)).astype(int)
    reach = max(2, round(float(np.hypot(*across)) / 2))
    y, x = (slice(max(0, c - reach), max(1, c + reach)) for c in spot[::-1])
    patch = face.picture[y, x]
    lab = cv2.cvtColor(patch, cv2.COLOR_RGB2Lab).reshape(-1, 3).mean(axis=0) if patch.size else 128
    return np.array([turn / 0.08, nod / 0.06, *(np.ones(3) * lab / (25, 8, 8))], np.float32)
