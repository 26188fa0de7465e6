"""Reading stills: pixels as displayed, turned as EXIF says, on white where transparent.

OpenCV reads first. Against Pillow it gave identical pixels for JPEG (also grey, progressive), PNG
(palette, 1, 8 and 16 bit), WebP (also the first of an animation), GIF, BMP and AVIF, and CMYK JPEG
within one level; FFmpeg's JPEG and WebP differ by one level on average, as it upsamples colour
more coarsely, and it does not read animated WebP. FFmpeg is the second reader: unlike
OpenCV it gives what it can of a file that breaks off.
"""

from pathlib import Path
from typing import Final, cast

import av
import cv2
import numpy as np

from assay.errors import AssayError
from assay.media.io.container import Losses
from assay.media.io.still_header import read_still_header
from assay.settings import Settings
from assay.types import Image

_DEMUXERS: Final = {
    "jpeg": "jpeg_pipe",
    "png": "png_pipe",
    "webp": "webp_pipe",
    "gif": "gif",
    "bmp": "bmp_pipe",
    "avif": "mov",
}
_STRIP_PIXELS: Final = 1 << 18
"""Image that are converted at once."""


def read_still(path: Path, family: str, settings: Settings, losses: Losses) -> Image:
    """Decode a still that `probe` accepted.

    Returns:
        RGB, (height, width, 3), as displayed.

    Raises:
        AssayError: `unreadable`.
    """
    header = read_still_header(path, family)
    if header.animated:
        losses.notes.add("Only the first picture of the animation was examined.")
    pixels = _by_opencv(path, header.depth)
    if pixels is None:
        pixels = _by_ffmpeg(path, _DEMUXERS[family], settings)
        if pixels is None:
            raise AssayError(
                "unreadable", "The picture is damaged; please save or export it again."
            )
        losses.notes.add("The picture is damaged; what could be read of it was examined.")
    return _oriented(pixels, header.orientation)


def _by_opencv(path: Path, depth: int) -> Image | None:
    try:
        data = np.memmap(path, np.uint8, mode="r")  # what no decoder looks at is never read
        stored = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    return None if stored is None else _displayed(stored, depth)


def _displayed(stored: np.ndarray, depth: int) -> Image:
    """8-bit RGB of what OpenCV gives: grey, BGR or BGRA, in bytes or in words of `depth` bits.

    Colour is written into the decoder's own memory, strip by strip, so that a large picture is
    held once: what a strip becomes ends before the next one begins.
    """
    height, width = stored.shape[:2]
    if stored.ndim == 2:
        flat = np.empty((height, width, 3), np.uint8)
    else:
        memory = stored.reshape(-1).view(np.uint8)
        flat = memory[: height * width * 3].reshape(height, width, 3)
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        flat[top : top + rows] = _strip(stored[top : top + rows], depth)
    return flat


def _strip(stored: np.ndarray, depth: int) -> Image:
    if stored.dtype == np.uint16:
        shift = depth - 8 if 8 < depth <= 16 else 8
        stored = (stored >> shift).astype(np.uint8)
    if stored.ndim == 2:
        return cast(Image, cv2.cvtColor(stored, cv2.COLOR_GRAY2RGB))
    if stored.shape[2] == 4:
        return _on_white(cast(Image, cv2.cvtColor(stored, cv2.COLOR_BGRA2RGBA)))
    return cast(Image, cv2.cvtColor(stored, cv2.COLOR_BGR2RGB))


def _on_white(rgba: Image) -> Image:
    colour, alpha = rgba[..., :3].astype(np.uint16), rgba[..., 3:].astype(np.uint16)
    return ((colour * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def _by_ffmpeg(path: Path, demuxer: str, settings: Settings) -> Image | None:
    limit = {"max_pixels": str(settings.max_picture_pixels)}
    try:
        with av.open(
            f"file:{path.absolute()}",
            mode="r",
            format=demuxer,
            options=limit,
            container_options={"protocol_whitelist": "file"},
            metadata_errors="replace",
        ) as container:
            stream = container.streams.video[0]
            stream.codec_context.options = limit
            picture = next(container.decode(stream))
            return cast(Image, picture.to_ndarray(format="rgb24"))
    except (av.FFmpegError, ValueError, IndexError, StopIteration):
        return None


def _oriented(pixels: Image, orientation: int) -> Image:
    """Apply EXIF's orientation (CIPA DC-008, 4.6.5): 5 to 8 swap the axes, 2, 4, 5, 7 mirror."""
    if orientation >= 5:
        pixels = cast(Image, cv2.transpose(pixels))
    flips = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}
    if orientation in flips:
        cv2.flip(pixels, flips[orientation], dst=pixels)
    return pixels
