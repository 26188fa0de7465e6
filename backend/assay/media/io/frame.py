"""One decoded picture of a video or still, converted only when asked."""

from typing import Protocol

from assay.types import Image


class Frame(Protocol):
    """A picture as displayed, i.e. after rotation.

    time: seconds from the start of the media. segment: number of the unbroken stretch of frames it
    belongs to. is_detection_frame: it lies on the slow grid (`sampling.FACE_RATE`) at which faces
    are examined; the other frames of a segment exist for the mouth, at `sampling.MOUTH_RATE`.
    """

    time: float
    segment: int
    is_detection_frame: bool
    width: int
    height: int

    def rgb(self) -> Image:
        """The picture, (height, width, 3)."""
        ...

    def grey(self) -> Image:
        """Its luma, (height, width)."""
        ...

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        """Part of its luma, (y1 - y0, x1 - x0), by edges inside it; all but free for video."""
        ...
