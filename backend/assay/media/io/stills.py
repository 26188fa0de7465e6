"""Reading stills: pixels as displayed, turned as EXIF says, in sRGB, on white where transparent.

OpenCV reads JPEG, PNG, WebP, GIF, BMP and AVIF. Against Pillow it gave identical pixels for JPEG
(also grey, progressive), PNG (palette, 1, 8 and 16 bit), WebP, GIF, BMP and AVIF, and CMYK JPEG
within one level, in half of the memory. Pillow reads TIFF, JPEG 2000 and HEIF; of the others it is
the second reader: unlike OpenCV it gives what it can of a file that breaks off.
"""

import io
from pathlib import Path
from typing import Final, cast

import av
import cv2
import numpy as np
import PIL.Image
import PIL.ImageFile
import pillow_heif
from PIL import ImageCms

from assay.errors import AssayError
from assay.media.io.container import Losses
from assay.media.io.gamut import WIDE, narrowed
from assay.media.io.hdr import TRANSFERS, tone_mapped
from assay.media.io.still_header import StillHeader, open_still
from assay.types import Image

_OPENCV_READS: Final = frozenset({"jpeg", "png", "webp", "gif", "bmp", "avif"})
_STRIP_PIXELS: Final = 1 << 18
"""Pixels that are converted at once."""
_SEEN: Final = 2
"""Levels by which a profile must change some colour to be heeded: sRGB's own changes none."""

PIL.ImageFile.LOAD_TRUNCATED_IMAGES = True


def read_still(path: Path, header: StillHeader, losses: Losses) -> Image:
    """Decode a still that `probe` accepted.

    Args:
        path: The file that the header was read from.
        header: From `read_still_header`.
        losses: Takes note of what was damaged, and of what the file holds besides.

    Returns:
        RGB, (height, width, 3), as displayed.

    Raises:
        AssayError: `unreadable`.
    """
    losses.notes.update(_left_out(header))
    pixels = _decoded(path, header)
    if pixels is None:
        pixels = _by_pillow(path, header)
        if pixels is None:
            raise AssayError(
                "unreadable", "The picture is damaged; please save or export it again."
            )
        if header.family in _OPENCV_READS:
            losses.notes.add("The picture is damaged; what could be read of it was examined.")
    return _oriented(pixels, header.orientation)


def _left_out(header: StillHeader) -> list[str]:
    """What a file holds besides the picture that is examined."""
    notes = []
    if header.has_more:
        notes.append(
            "The file holds more pictures (pages, views or a depth map); only the first was "
            "examined."
        )
    if header.video:
        notes.append(
            "A video is attached to this photo (a motion photo); only the photo was examined. "
            "Export the video and upload it to have it examined too."
        )
    return notes


def _decoded(path: Path, header: StillHeader) -> Image | None:
    """By the reader that keeps what the picture is made of: all bits where they matter."""
    if header.family == "heif" and header.transfer is not None:
        return _deep_heif(path, header.transfer)
    if header.family not in _OPENCV_READS:
        return None
    try:
        data = np.memmap(path, np.uint8, mode="r")  # what no decoder looks at is never read
        stored = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if stored is None:
        return None
    if header.transfer is not None and stored.dtype == np.uint16 and stored.ndim == 3:
        deep = cv2.cvtColor(stored[..., :3], cv2.COLOR_BGR2RGB).astype(np.uint16)
        return _from_hdr(np.left_shift(deep, 16 - min(max(header.depth, 9), 16)), header.transfer)
    return _in_srgb(_displayed(stored, header.depth), header)


def _deep_heif(path: Path, transfer: int) -> Image | None:
    try:
        image = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
        pixels = np.asarray(image)
    except Exception:  # what a stranger's file makes of a decoder is open-ended
        return None
    if pixels.dtype != np.uint16 or pixels.ndim != 3:
        return None
    return _from_hdr(pixels[..., :3], transfer)


def _from_hdr(deep: np.ndarray, transfer: int) -> Image:
    """Bring to sRGB what is (height, width, 3) words of 16 bits, on BT.2020's primaries."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(deep), format="rgb48le")
    return tone_mapped(frame, TRANSFERS[transfer])


def _by_pillow(path: Path, header: StillHeader) -> Image | None:
    try:
        with path.open("rb") as file, open_still(file, header.family) as image:
            image.load()
            pixels = _flat(image)
    except Exception:  # what a stranger's file makes of a decoder is open-ended
        return None
    if header.family in _OPENCV_READS and (pixels == pixels[0, 0]).all():
        return None  # a file without any data: Pillow fills in what is missing
    return _in_srgb(pixels, header)


def _flat(image: PIL.Image.Image) -> Image:
    """8-bit RGB of whatever a file holds, on white where it is transparent."""
    if image.mode.startswith("I") or image.mode == "F":
        return _stretched(np.asarray(image))
    if image.has_transparency_data:
        return on_white(np.asarray(image.convert("RGBA")))
    return np.array(image.convert("RGB"))


def _stretched(grey: np.ndarray) -> Image:
    """Grey of 16 bits and more, or of floating point, as 8-bit RGB."""
    values = np.nan_to_num(grey.astype(np.float32))
    top = 1.0 if grey.dtype.kind == "f" and values.max(initial=0) <= 1 else 65_535.0
    levels = np.clip(values * (255 / top), 0, 255).astype(np.uint8)
    return cast(Image, cv2.cvtColor(levels, cv2.COLOR_GRAY2RGB))


def _in_srgb(pixels: Image, header: StillHeader) -> Image:
    """A picture whose profile or numbers state other colours than sRGB's, in sRGB."""
    if header.profile is not None:
        return _by_profile(pixels, header.profile)
    if header.primaries in WIDE:
        return narrowed(pixels, header.primaries)
    return pixels


def _by_profile(pixels: Image, profile: bytes) -> Image:
    """Through LittleCMS, strip by strip; pixels as they are where the profile is sRGB's or bad."""
    try:
        stated = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if stated.profile.xcolor_space.strip() != "RGB":
            return pixels
        transform = ImageCms.buildTransform(
            stated, ImageCms.createProfile("sRGB"), "RGB", "RGB", ImageCms.Intent.PERCEPTUAL
        )
        steps = np.linspace(0, 255, 9).round().astype(np.uint8)
        colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3)
        moved = _transformed(colours, transform)
        if int(np.abs(moved.astype(np.int16) - colours).max()) <= _SEEN:
            return pixels
        rows = max(1, _STRIP_PIXELS // pixels.shape[1])
        for top in range(0, len(pixels), rows):
            pixels[top : top + rows] = _transformed(pixels[top : top + rows], transform)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass  # a profile that nobody can read is ignored by players too
    return pixels


def _transformed(pixels: Image, transform: ImageCms.ImageCmsTransform) -> Image:
    picture = PIL.Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(ImageCms.applyTransform(picture, transform))


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
        return on_white(cast(Image, cv2.cvtColor(stored, cv2.COLOR_BGRA2RGBA)))
    return cast(Image, cv2.cvtColor(stored, cv2.COLOR_BGR2RGB))


def on_white(rgba: Image) -> Image:
    """RGB of (height, width, 4) with straight alpha."""
    colour, alpha = rgba[..., :3].astype(np.uint16), rgba[..., 3:].astype(np.uint16)
    return ((colour * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def _oriented(pixels: Image, orientation: int) -> Image:
    """Apply EXIF's orientation (CIPA DC-008, 4.6.5): 5 to 8 swap the axes, 2, 4, 5, 7 mirror."""
    if orientation >= 5:
        pixels = cast(Image, cv2.transpose(pixels))
    flips = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}
    if orientation in flips:
        cv2.flip(pixels, flips[orientation], dst=pixels)
    return pixels
