"""Carrying a face from one picture to the place of another face."""

from typing import Literal

import cv2
import numpy as np

from assay.types import Doubles, Floats, Image
from assay_lab.data.face_picture import Landmarks, frontal, landmarks

Fit = Literal["similarity", "affine", "thin_plate"]
"""similarity keeps the donor's proportions; affine and thin_plate bend it to the target's."""

STEP = 8
"""Image between the points at which a bent map is computed; between them it is interpolated."""


def carry(picture: Image, source: Floats, target: Floats, side: tuple[int, int], fit: Fit) -> Image:
    """The picture moved so that its source points fall on the target points.

    Args:
        picture: (height, width, 3).
        source, target: (n, 2), n >= 3, x y in pixels of either picture.
        side: height and width of the result.
        fit: How closely the points are followed.

    Returns:
        (*side, 3); pixels from beyond the picture repeat its border.
    """
    height, width = side
    if fit == "thin_plate":
        field = _bent(target, source, side)
        return cv2.remap(picture, field, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    matrix = similarity(source, target) if fit == "similarity" else _affine(source, target)
    shrinking = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    if shrinking < 0.6:
        # Plain bilinear sampling would alias, which no real swap tool's output does.
        picture = cv2.GaussianBlur(picture, (0, 0), 0.35 / shrinking)
    return cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def aligned(picture: Image, keypoints: Floats, side: int) -> Image:
    """The face turned upright and scaled to fill a square, (side, side, 3)."""
    source, target = (core(landmarks(points)) for points in (keypoints, frontal(side)))
    return carry(picture, source, target, (side, side), "similarity")


def similarity(source: Floats, target: Floats) -> Doubles:
    """The turn, scale and shift that fit best in the least squares sense (Umeyama 1991), (2, 3)."""
    a, b = source - source.mean(axis=0), target - target.mean(axis=0)
    spread = float((a**2).sum())
    along = float((a * b).sum()) / spread
    across = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / spread
    linear = np.array([[along, -across], [across, along]])
    return np.column_stack([linear, target.mean(axis=0) - linear @ source.mean(axis=0)])


def core(marks: Landmarks) -> Floats:
    """The landmarks that a swap aligns: eyes, brows, nose and mouth, and the jaw's line."""
    return np.concatenate([marks.jaw[::2], marks.brows, marks.eyes[::3], marks.nose, marks.mouth])


def _affine(source: Floats, target: Floats) -> Doubles:
    ones = np.ones((len(source), 1))
    solution, *_ = np.linalg.lstsq(np.hstack([source, ones]), target, rcond=None)
    return np.asarray(solution.T)


def _bent(target: Floats, source: Floats, side: tuple[int, int]) -> Floats:
    """A thin plate spline (Bookstein 1989) from target to source pixels, (height, width, 2)."""
    height, width = side
    ones = np.ones((len(target), 1))
    # A little stiffness: the landmarks are estimates, and need not be hit exactly.
    stiff = _bending(target, target) + 1e-1 * len(target) * np.eye(len(target))
    plane = np.hstack([ones, target / width])
    system = np.block([[stiff, plane], [plane.T, np.zeros((3, 3))]])
    weights = np.linalg.solve(system, np.vstack([source, np.zeros((3, 2))]))
    rows, columns = height // STEP + 1, width // STEP + 1
    x, y = np.meshgrid(np.linspace(0, width - 1, columns), np.linspace(0, height - 1, rows))
    points = np.column_stack([x.ravel(), y.ravel()])
    basis = np.hstack([_bending(points, target), np.ones((len(points), 1)), points / width])
    coarse = (basis @ weights).reshape(rows, columns, 2).astype(np.float32)
    return _grown(coarse, side)


def _grown(coarse: Floats, side: tuple[int, int]) -> Floats:
    """Linear interpolation with the coarse map's corners on the picture's corners."""
    rows, columns = coarse.shape[:2]
    x = np.linspace(0, columns - 1, side[1], dtype=np.float32)
    y = np.linspace(0, rows - 1, side[0], dtype=np.float32)
    return cv2.remap(coarse, *np.meshgrid(x, y), cv2.INTER_LINEAR)


def _bending(a: Floats | Doubles, b: Floats | Doubles) -> Doubles:
    """r^2 log r between every two points, in units of the spread of b."""
    distance = np.linalg.norm(a[:, None] - b[None], axis=2) / (float(np.ptp(b)) + 1e-6)
    return distance**2 * np.log(np.maximum(distance, 1e-6))
