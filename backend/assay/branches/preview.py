"""What a picture branch shows while it is still working: one face, and where it saw what."""

from typing import Final

import cv2
import numpy as np

from assay.evidence import Preview
from assay.media.faces.thumbnail import thumbnail
from assay.types import Floats, Image

SIDE: Final = 112
"""Pixels of the picture."""
CELLS: Final = 16
"""Rows and columns of scores, at most."""


def preview(picture: Image, scores: Floats) -> Preview:
    """A face and a map of scores over it, both made small.

    Args:
        picture: (h, w, 3) RGB.
        scores: (rows, columns) in 0..1, over the same picture.
    """
    rows, columns = (min(CELLS, size) for size in scores.shape)
    small = cv2.resize(
        scores.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA
    ).reshape(rows, columns)
    return Preview(
        picture=thumbnail(picture, SIDE),
        scores=np.clip(small, 0, 1).astype(float).round(3).tolist(),
    )
