"""Material for branches that look at faces, without a face in it."""

from collections.abc import Sequence

import numpy as np

from assay.evidence import FaceCounters, Hints, MediaInfo
from assay.media.material import Face, FaceCrop, Material, Person

MEDIA = MediaInfo(kind="video", container="mp4", size_bytes=1, sha256="0" * 64)
FACE = Face(np.array([0, 0, 90, 90], np.float32), np.zeros((6, 2), np.float32), score=0.9)


def crop(time: float = 0.0, segment: int = 0, native: int | None = 32, shade: int = 0) -> FaceCrop:
    """A crop of one shade of grey.

    Args:
        native: Side of the untouched crop, pixels; None where there is none.
    """
    aligned = np.full((224, 224, 3), shade, np.uint8)
    untouched = None if native is None else np.full((native, native, 3), shade, np.uint8)
    return FaceCrop(time, segment, FACE, aligned, untouched)


def people(*crops: Sequence[FaceCrop]) -> Material:
    """Material with so many persons, numbered from 0, and their crops."""
    persons = [Person(number, list(theirs)) for number, theirs in enumerate(crops)]
    squares = [np.zeros((224, 224, 3), np.uint8)]
    return Material(MEDIA, Hints(), persons, FaceCounters(), None, patches=squares)
