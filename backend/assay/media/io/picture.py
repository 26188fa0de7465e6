"""A decoded picture, whichever reader made it, and the frame that shows it at a moment."""

import math
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, Protocol, cast

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from assay.media.io.gamut import WIDE, narrowed
from assay.media.io.hdr import TRANSFERS, luma_table, tone_mapped
from assay.media.io.interlace import deinterlaced
from assay.types import Image

# What is wrong with a file is said in words, not on the terminal.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


class Picture(Protocol):
    """A picture as displayed. Conversions happen when they are asked for, once."""

    width: int
    height: int

    def rgb(self) -> Image:
        """The picture, (height, width, 3)."""
        ...

    def grey(self) -> Image:
        """Its luma, (height, width), full range."""
        ...

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        """Part of its luma, (y1 - y0, x1 - x0), by edges inside it."""
        ...


@dataclass(slots=True)
class SampledFrame:
    """A `Frame`: a picture at a moment of the grid. Repeats of a picture share it."""

    time: float
    segment: int
    is_detection_frame: bool
    picture: Picture
    width: int = field(init=False)
    height: int = field(init=False)

    def __post_init__(self) -> None:
        self.width, self.height = self.picture.width, self.picture.height

    def rgb(self) -> Image:
        """The picture, (height, width, 3)."""
        return self.picture.rgb()

    def grey(self) -> Image:
        """Its luma, (height, width), full range."""
        return self.picture.grey()

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        """Part of its luma, (y1 - y0, x1 - x0), by edges inside it."""
        return self.picture.grey_within(x0, y0, x1, y1)


class ArrayPicture:
    """A picture that exists as RGB pixels, (height, width, 3)."""

    def __init__(self, pixels: Image) -> None:
        self._pixels = pixels
        self.height, self.width = pixels.shape[:2]

    def rgb(self) -> Image:
        """The pixels."""
        return self._pixels

    def grey(self) -> Image:
        """Luma by BT.601, as JPEG has it."""
        return self._grey

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        """Part of its luma, (y1 - y0, x1 - x0), by edges inside it."""
        return self._grey[y0:y1, x0:x1]

    @cached_property
    def _grey(self) -> Image:
        return cast(Image, cv2.cvtColor(self._pixels, cv2.COLOR_RGB2GRAY))


_PLANAR_LUMA: Final = re.compile(
    r"(?:yuvj?a?4\d\dp|gray|nv12|nv21|nv16|nv24)(?:(?:9|10|12|14|16)le)?"
)
"""Formats whose first plane is luma, in bytes or little-endian words with the low bits used."""
_UNSPECIFIED: Final = 2
"""The matrix of a stream that names none (ITU-T H.273, table 4)."""

ASPECTS: Final = (0.25, 4.0)
"""Shapes of a stored pixel, width over height, that are believed: 0.375 to 2.1 occur."""
SQUARE: Final = 0.02
"""A pixel this close to a square is shown as one: rounded sizes name such shapes."""


def displayed_size(width: int, height: int, aspect: float) -> tuple[int, int]:
    """Width and height of a picture whose stored pixels are not square, as players show it.

    Nothing is thrown away: wide pixels widen the picture, tall ones heighten it.

    Args:
        width: As stored.
        height: As stored.
        aspect: Width of a pixel over its height; beyond ASPECTS, as 0 for unknown, it is ignored.
    """
    if not ASPECTS[0] <= aspect <= ASPECTS[1] or abs(aspect - 1) <= SQUARE:
        return width, height
    if aspect > 1:
        return round(width * aspect), height
    return width, round(height / aspect)


class Orientation(NamedTuple):
    """How a stored picture is shown: mirrored left for right first, then turned.

    quarter_turns: 0..3, counter-clockwise.
    """

    mirrored: bool
    quarter_turns: int


UPRIGHT: Final = Orientation(mirrored=False, quarter_turns=0)


def orientation_of(frame: av.VideoFrame) -> Orientation:
    """What a frame's display matrix asks for, to the next quarter (ISO/IEC 14496-12, 6.2.2).

    PyAV ties a frame and its side data in a circle, which keeps the picture in memory until the
    next collection of all garbage: to be asked of few frames.
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return UPRIGHT
    a, b, _, c, d, *_ = np.frombuffer(memoryview(cast(bytes, matrix)), "<i4").astype(np.float64)
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return Orientation(bool(mirrored), round(-math.degrees(math.atan2(b, a)) / 90) % 4)


class DecodedPicture:
    """A picture in the decoder's own memory.

    Luma is that memory's first plane, so `grey` costs one pass over it at most, and `grey_within`
    one over the part.
    `rgb` is converted by swscale with the matrix and range that the stream names, or, where it
    names none, with the matrix that players assume. High dynamic range is tone-mapped, and
    wide colour moved to sRGB; combs of interlacing are taken out. Pixels that are
    not square are made so before the picture is mirrored and turned.

    Args:
        frame: As decoded.
        aspect: Width of a stored pixel over its height, see `displayed_size`.
        shown: Width and height that it is shown at, where a stream changes its size midway.
        orientation: How it is to be shown.
    """

    def __init__(
        self,
        frame: av.VideoFrame,
        aspect: float = 1.0,
        shown: tuple[int, int] | None = None,
        orientation: Orientation = UPRIGHT,
    ) -> None:
        self._frame = frame
        self._transfer = TRANSFERS.get(int(frame.color_trc))
        self._orientation = orientation
        sideways = self._orientation.quarter_turns % 2 == 1
        upright = displayed_size(frame.width, frame.height, aspect)
        self.width, self.height = shown or (upright[::-1] if sideways else upright)
        self._size = (self.height, self.width) if sideways else (self.width, self.height)

    def rgb(self) -> Image:
        """The picture, (height, width, 3)."""
        return self._rgb

    def grey(self) -> Image:
        """Its luma, (height, width), full range."""
        return self._grey

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        """Part of its luma, (y1 - y0, x1 - x0), by edges inside it.

        Of most videos only that part of the decoder's memory is looked at.
        """
        if not self._is_shown_as_stored:
            return self._grey[y0:y1, x0:x1]
        return _stretched(_stored_luma(self._frame)[y0:y1, x0:x1], self._frame)

    @property
    def _is_shown_as_stored(self) -> bool:
        """Whether the luma that is shown is the first plane, but for its range."""
        frame = self._frame
        return (
            self._transfer is None
            and not frame.interlaced_frame
            and self._orientation == UPRIGHT
            and (self.width, self.height) == (frame.width, frame.height)
            and _PLANAR_LUMA.fullmatch(frame.format.name) is not None
        )

    @cached_property
    def _rgb(self) -> Image:
        frame, matrix = self._frame, assumed_matrix(self._frame)
        if self._transfer is not None:
            rgb = tone_mapped(frame, self._transfer)
        else:
            rgb = cast(Image, frame.to_ndarray(format="rgb24", src_colorspace=matrix))
            if int(frame.color_primaries) in WIDE:
                rgb = narrowed(rgb, int(frame.color_primaries))
        if frame.interlaced_frame:
            rgb = deinterlaced(rgb, self._luma())
        return self._shown(rgb)

    @cached_property
    def _grey(self) -> Image:
        luma = self._luma()
        if self._frame.interlaced_frame:
            luma = deinterlaced(luma, luma)
        return self._shown(luma)

    def _luma(self) -> Image:
        """As stored and woven, (height, width)."""
        frame = self._frame
        if self._transfer is not None:
            deep = frame.reformat(format="gray16le", dst_color_range=ColorRange.JPEG).to_ndarray()
            return luma_table(self._transfer)[deep]
        if _PLANAR_LUMA.fullmatch(frame.format.name):
            return _luma(frame)
        return cast(Image, frame.to_ndarray(format="gray"))

    def _shown(self, stored: Image) -> Image:
        if self._size != (stored.shape[1], stored.shape[0]):
            stored = cast(Image, cv2.resize(stored, self._size, interpolation=cv2.INTER_LINEAR))
        if self._orientation.mirrored:
            stored = cast(Image, cv2.flip(stored, 1))
        return turned(stored, self._orientation.quarter_turns)


def assumed_matrix(frame: av.VideoFrame) -> Colorspace | None:
    """The matrix of a picture that names none, as players choose it; None to heed its own.

    Standard definition, up to PAL's 576 lines, is taken for BT.601, as swscale does by itself.
    """
    if frame.colorspace != _UNSPECIFIED:
        return None
    return Colorspace.ITU709 if frame.width >= 1280 or frame.height > 576 else None


def turned(pixels: Image, quarter_turns: int) -> Image:
    """Image turned counter-clockwise by quarters."""
    if quarter_turns == 0:
        return pixels
    rotations = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}
    return cast(Image, cv2.rotate(pixels, rotations[quarter_turns]))


def _luma(frame: av.VideoFrame) -> Image:
    """The first plane as 8 bit, 0..255. Limited range (16..235) is stretched."""
    return _stretched(_stored_luma(frame), frame)


def _stored_luma(frame: av.VideoFrame) -> np.ndarray:
    """The first plane, (height, width), as it lies in the decoder's memory."""
    plane, bits = frame.planes[0], frame.format.components[0].bits
    stored = np.frombuffer(memoryview(plane), np.uint8 if bits == 8 else "<u2")
    stride = plane.line_size // stored.itemsize
    return stored[: stride * frame.height].reshape(frame.height, stride)[:, : frame.width]


def _stretched(luma: np.ndarray, frame: av.VideoFrame) -> Image:
    """Any part of a frame's first plane as 8 bit, 0..255."""
    if luma.size == 0:
        return np.zeros(luma.shape, np.uint8)
    bits = frame.format.components[0].bits
    assumed_full = frame.format.name.startswith(("yuvj", "gray"))
    unspecified = frame.color_range == ColorRange.UNSPECIFIED
    if frame.color_range == ColorRange.JPEG or (unspecified and assumed_full):
        if bits == 8:
            return cast(Image, luma)
        black, white = 0, (1 << bits) - 1
    else:
        black, white = 16 << bits - 8, 235 << bits - 8
    scale = 255 / (white - black)
    stretched = cv2.addWeighted(luma, scale, luma, 0.0, -black * scale, dtype=cv2.CV_8U)
    return cast(Image, stretched)
