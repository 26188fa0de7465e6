"""Windows, mirror images and overlaps of labelled faces.

A face is points (8, 2), x y: the two corners of its box, then the six key points.
"""

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Floats, Image

MIRRORED_KEYPOINTS = (1, 0, 2, 3, 5, 4)
"""Where each key point goes in a mirror image: right and left change places."""


def cut_window(picture: Image, x: float, y: float, side: float, size: int) -> Image:
    """A square window scaled to (size, size, 3); black outside the picture."""
    scale = size / side
    if scale < 0.6:
        # warpAffine samples points: shrink by area first, or fine texture aliases.
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        factor = small.shape[1] / picture.shape[1]
        return cut_window(small, x * factor, y * factor, side * factor, size)
    # Pixel centres lie at half coordinates on both sides.
    shift_x, shift_y = (0.5 - x) * scale - 0.5, (0.5 - y) * scale - 0.5
    matrix = np.array([[scale, 0, shift_x], [0, scale, shift_y]])
    return cv2.warpAffine(picture, matrix, (size, size), flags=cv2.INTER_LINEAR)


def mirror_points(points: Floats) -> Floats:
    """Points (..., 8, 2) in 0..1 of a picture, as they lie in its mirror image."""
    mirrored = points.copy()
    mirrored[..., 0] = 1 - mirrored[..., 0]
    mirrored[..., :2, 0] = mirrored[..., 1::-1, 0]
    mirrored[..., 2:, :] = mirrored[..., 2:, :][..., MIRRORED_KEYPOINTS, :]
    return mirrored


def overlap(box: Floats, boxes: Floats) -> Floats:
    """Intersection over union of a box (2, 2) with boxes (n, 2, 2)."""
    corner = np.minimum(box[1], boxes[:, 1]) - np.maximum(box[0], boxes[:, 0])
    shared = np.prod(np.clip(corner, 0, None), axis=1)
    areas = np.prod(boxes[:, 1] - boxes[:, 0], axis=1)
    return shared / (np.prod(box[1] - box[0]) + areas - shared + 1e-9)


def place_on(frame: Image, picture: Image, points: Floats, size: float, rng: Generator) -> Floats:
    """Paste a picture into a frame so that its face has a wanted size, at a random place.

    Args:
        frame: Changed in place.
        picture: Shows one face.
        points: (8, 2) of that face, pixels.
        size: Wanted side of the face's box, pixels.

    Returns:
        The face's points in the frame.
    """
    scale = size / float((points[1] - points[0]).mean())
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    part = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how)
    height, width = (min(a, b) for a, b in zip(part.shape[:2], frame.shape[:2], strict=True))
    part = part[:height, :width]
    x = int(rng.integers(0, frame.shape[1] - width + 1))
    y = int(rng.integers(0, frame.shape[0] - height + 1))
    frame[y : y + height, x : x + width] = part
    return points * scale + np.array([x, y], np.float32)
