"""How a face is cut out. Training depends on every digit here: change it, and retrain.

A face's square has 1.2 times the side of its box and the same centre. It is moved to lie inside
the picture and is never larger than the picture's shorter side. Nothing is turned or warped.
"""

from typing import Final

import cv2
import numpy as np

from assay.evidence import MediaInfo
from assay.media.material import Face
from assay.types import Image

SQUARE: Final = 1.2
"""Side of the square, in box sides."""
ALIGNED: Final = 224
MAX_NATIVE: Final = 256
CROPPED: Final = 0.7
"""Share of the picture that the square covers where a face was cut out before it came here."""


def face_square(face: Face, height: int, width: int) -> tuple[int, int, int]:
    """Left edge, upper edge and side of a face's square, in whole pixels inside the picture."""
    side = min(round(SQUARE * face.size), height, width)
    side = max(2, side)
    x, y = (face.box[:2] + face.box[2:]) / 2
    left = min(max(round(float(x) - side / 2), 0), width - side)
    top = min(max(round(float(y) - side / 2), 0), height - side)
    return left, top, side


def crop_face(rgb: Image, face: Face) -> tuple[Image, Image]:
    """Cut a face out for the picture branches; the lab and the service alike call this.

    Args:
        rgb: (h, w, 3), both at least 2.
        face: In pixels of `rgb`.

    Returns:
        aligned: The square at (224, 224, 3), by area where it shrinks and linear where it grows.
        native: Its central part, (n, n, 3) with n even and at most 256, pixels as they are. It
            starts at even pixels of the picture, so that the 2 x 2 grid of an enlargement, which
            residual analysis looks for, lies the same way in every crop.
    """
    left, top, side = face_square(face, *rgb.shape[:2])
    square = rgb[top : top + side, left : left + side]
    how = cv2.INTER_AREA if side > ALIGNED else cv2.INTER_LINEAR
    aligned = np.asarray(cv2.resize(square, (ALIGNED, ALIGNED), interpolation=how), np.uint8)
    x, y, kept = native_square(face, *rgb.shape[:2])
    return aligned, rgb[y : y + kept, x : x + kept].copy()


def is_cropped(face: Face, media: MediaInfo) -> bool:
    """Whether the picture shows next to nothing but this face."""
    if media.video is None:
        return False
    height, width = media.video.height, media.video.width
    _, _, side = face_square(face, height, width)
    return side * side > CROPPED * height * width


def native_square(face: Face, height: int, width: int) -> tuple[int, int, int]:
    """Left and upper edge and side of a face's native crop, all even."""
    left, top, side = face_square(face, height, width)
    kept = min(side, MAX_NATIVE) // 2 * 2
    x, y = ((edge + (side - kept) // 2) // 2 * 2 for edge in (left, top))
    return x, y, kept
