"""One decoded picture of a video or still, converted only when asked."""

from typing import Protocol

from assay.types import Image


class Frame(Protocol):
    """A picture as displayed, i.e. after rotation.

    time: seconds from the start of the media. run: number of the unbroken run it belongs to.
    keyed: it lies on the slow grid (`sampling.FACE_RATE`) at which faces are examined; the other
    frames of a run exist for the mouth, at `sampling.MOUTH_RATE`.
    """

    time: float
    run: int
    keyed: bool
    width: int
    height: int

    def rgb(self) -> Image:
        """The picture, (height, width, 3)."""
        ...

    def grey(self) -> Image:
        """Its luma, (height, width); nearly free for decoded video."""
        ...
