"""Pictures small enough to travel inside an event."""

import base64
from typing import Final

import cv2
import numpy as np

from assay.types import Image

QUALITY: Final = 72
"""Of the JPEG: a thumbnail of a face takes two to three kilobytes."""


def thumbnail(rgb: Image, side: int) -> str:
    """A picture as a `data:` address, its longer side at most `side` pixels.

    Args:
        rgb: (h, w, 3).
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(scale * width)), max(1, round(scale * height)))
    small = cv2.resize(np.ascontiguousarray(rgb[..., ::-1]), size, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode()}"
