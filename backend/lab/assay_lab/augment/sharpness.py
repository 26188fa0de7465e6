"""Making two unrelated pictures equally sharp, so that sharpness says nothing about the label.

Public generators give clean, crisp pictures, while photographs in our sources have been scaled and
saved as JPEG more than once: left alone, a detector of generated faces learns to detect good
cameras. Forgeries beside their own originals are levelled in some of the draws alone: what softens
them is a trace of forging, but a face that is soft for another reason is no fake.
"""

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Image
from assay_lab.augment.pictures import Corruption, jpeg

SCALES = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.53, 0.46, 0.4)
GAINS = (0.2, 0.4, 0.7, 1.0, 1.4, 1.9, 2.5)
"""Steps of an unsharp mask."""
PHOTO_JPEG = (60, 88)
"""Qualities of the first save of a photograph; nearly all of ours are near 75."""

PHOTO_SCALE = (1.0, 1.3)
"""Size of a face in its photograph, relative to its crop."""


def sharpness(picture: Image) -> float:
    """Strength of the finest detail relative to that of two octaves below; 0 for a plain area."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    half = cv2.pyrDown(grey)
    quarter = cv2.pyrDown(half)
    fine = grey - cv2.pyrUp(half, dstsize=grey.shape[::-1])
    coarse = quarter - cv2.pyrUp(cv2.pyrDown(quarter), dstsize=quarter.shape[::-1])
    return float(fine.std() / max(float(coarse.std()), 1.0))


def even(real: Image, fake: Image, rng: Generator) -> tuple[Image, Image]:
    """Equally sharp: half of the time the sharper is softened, else the softer is sharpened.

    Args:
        real, fake: (height, width, 3).
        rng: Draws which of the two is changed, and how.
    """
    targets = sharpness(real), sharpness(fake)
    if rng.random() < 0.5:
        by_scale = bool(rng.random() < 0.5)
        least = min(targets)
        return _softened(real, least, by_scale), _softened(fake, least, by_scale)
    return _sharpened(real, max(targets)), _sharpened(fake, max(targets))


def level(real: Image, fake: Image, rng: Generator) -> tuple[Image, Image]:
    """A photograph and an unrelated generated picture, equally sharp, both saved and scaled once.

    Both: a history that only one side has is learnt in place of the forgery. Two real faces, one of
    them saved, were told apart with an AUC of 0.72; both saved, 0.51.
    """
    return even(_saved(real, rng), _saved(fake, rng), rng)


def _saved(picture: Image, rng: Generator) -> Image:
    """Through a JPEG of some other size, as a crop's photograph was before the face was cut out."""
    scale = float(rng.uniform(*PHOTO_SCALE))
    grown = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    saved = jpeg(grown, int(rng.integers(*PHOTO_JPEG)))
    return cv2.resize(saved, picture.shape[1::-1], interpolation=cv2.INTER_AREA)


def _sharpened(picture: Image, target: float) -> Image:
    """The strongest of a few steps that is not sharper than the target."""
    made = picture
    for gain in GAINS:
        stronger = Corruption(sharpen=gain).apply(picture)
        if sharpness(stronger) > 1.03 * target:
            return made
        made = stronger
    return made


def _softened(picture: Image, target: float, by_scale: bool) -> Image:
    """The mildest of a few steps that is not sharper than the target."""
    for scale in SCALES:
        # A blur of this width takes about what scaling takes.
        step = Corruption(scale=scale) if by_scale else Corruption(blur=1.2 * (1 / scale - 1))
        made = step.apply(picture)
        if sharpness(made) <= 1.03 * target:
            return made
    return made
