"""Masks that are shaped like what deepfake tools replace: a face, a part of it, a patch.

The variety follows Li et al., "Face X-ray" (CVPR 2020) and Shiohara & Yamasaki, "Detecting
Deepfakes with Self-Blended Images" (CVPR 2022): convex hulls of landmarks, deformed and feathered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Floats, Mask
from assay_lab.data.face_picture import Landmarks, landmarks, size

REGIONS: Mapping[str, Callable[[Landmarks], Floats]] = {
    "face": lambda marks: np.concatenate([marks.jaw, marks.forehead]),
    "brows_to_chin": lambda marks: np.concatenate([marks.jaw, marks.brows]),
    "inner": lambda marks: np.concatenate([marks.brows, marks.eyes, marks.nose, marks.mouth]),
    "lower": lambda marks: np.concatenate([marks.jaw[2:-2], marks.nose[1:-1]]),
    "eyes": lambda marks: np.concatenate([marks.brows, marks.eyes]),
    "nose_mouth": lambda marks: np.concatenate([marks.nose, marks.mouth]),
    # Wider than the lips: what lip-sync tools repaint moves with the cheeks and the chin.
    "mouth": lambda marks: marks.mouth + 0.45 * (marks.mouth - marks.mouth.mean(axis=0)),
}
"""Floats whose convex hull is the region."""

SHARES = {
    "face": 0.24,
    "brows_to_chin": 0.2,
    "inner": 0.14,
    "lower": 0.1,
    "eyes": 0.06,
    "nose_mouth": 0.06,
    "mouth": 0.07,
    "piece": 0.13,
}
"""How often each region is drawn; `piece` is the hull of some landmarks picked at random."""

SHIFT = 4
"""Fractional bits of polygon corners, so that masks move smoothly over the frames of a video."""


@dataclass(frozen=True, slots=True)
class FaceMask:
    """One mask, in units of the face's `size` so that it follows the face over frames.

    region: a key of SHARES. grow: by which the hull is widened (negative: shrunk). jitter: of the
    corners. elastic: displacement of the outline. feather: sigma of the soft edge. level: grey at
    which the blurred outline is cut, 0..1: low spreads the mask outwards. box: a rectangle around
    the region instead of its hull, as lip-sync tools paste. seed: of corners and outline.
    """

    region: str
    grow: float = 0.0
    jitter: float = 0.0
    elastic: float = 0.0
    feather: float = 0.05
    level: float = 0.5
    box: bool = False
    seed: int = 0

    @classmethod
    def draw(cls, rng: Generator, region: str | None = None) -> "FaceMask":
        """Any region, or a given one."""
        names = list(SHARES)
        return cls(
            region=region or names[rng.choice(len(names), p=list(SHARES.values()))],
            grow=float(rng.uniform(-0.1, 0.15)),
            jitter=float(rng.uniform(0, 0.06)),
            elastic=float(rng.uniform(0.02, 0.09)) if rng.random() < 0.8 else 0.0,
            feather=float(np.exp(rng.uniform(np.log(0.01), np.log(0.2)))),
            level=float(rng.uniform(0.3, 0.7)),
            box=bool(rng.random() < 0.06),
            seed=int(rng.integers(2**31)),
        )

    def paint(self, keypoints: Floats, shape: tuple[int, ...]) -> Mask:
        """The mask for a face in a picture of a shape (height, width, ...), in 0..1."""
        rng = np.random.default_rng(self.seed)
        scale = size(keypoints)
        corners = self._corners(landmarks(keypoints), rng)
        corners = corners + rng.normal(0, self.jitter, corners.shape).astype(np.float32) * scale
        middle = corners.mean(axis=0)
        reach = np.linalg.norm(corners - middle, axis=1, keepdims=True)
        corners = middle + (corners - middle) * (1 + self.grow * scale / np.maximum(reach, 1))
        mask = np.zeros(shape[:2], np.uint8)
        hull = cv2.convexHull(corners.astype(np.float32))
        cv2.fillConvexPoly(mask, np.rint(hull * 2**SHIFT).astype(np.int32), 255, cv2.LINE_AA, SHIFT)
        if self.elastic > 0:
            mask = _wobble(mask, self.elastic * scale, rng)
        return _soften(mask, self.feather * scale, self.level)

    def _corners(self, marks: Landmarks, rng: Generator) -> Floats:
        if self.region == "piece":
            points = marks.all
            return points[rng.choice(len(points), rng.integers(4, 10), replace=False)]
        corners = REGIONS[self.region](marks)
        if self.box:
            return cv2.boxPoints(cv2.minAreaRect(corners))
        return corners


def _wobble(mask: Mask, amplitude: float, rng: Generator) -> Mask:
    """Push a mask about by a smooth random field of a standard deviation in pixels."""
    height, width = mask.shape
    cells = int(rng.integers(4, 10))
    coarse = rng.normal(0, amplitude, (cells, cells, 2)).astype(np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    field[..., 0] += np.arange(width, dtype=np.float32)
    field[..., 1] += np.arange(height, dtype=np.float32)[:, None]
    return cv2.remap(mask, field, None, cv2.INTER_LINEAR)


def _soften(mask: Mask, sigma: float, level: float) -> Mask:
    """Blur, then steepen around a level so that a core stays whole and the edge stays soft."""
    soft = mask.astype(np.float32) / 255
    if sigma > 0.3:
        soft = cv2.GaussianBlur(soft, (0, 0), sigma)
    reach = min(level, 1 - level)
    return np.clip((soft - (level - reach)) / (2 * reach), 0, 1)
