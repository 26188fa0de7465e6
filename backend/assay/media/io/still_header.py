"""What a still's header says, read before anything is decoded.

Pillow opens stills lazily and tells sizes, orientation and notes of all formats alike. What it does
not tell is read here: how deep a PNG or AVIF is, how HDR is coded, how long animations last, and
whether a photo has a video behind it.
"""

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import PIL.Image
import pillow_heif

from assay.errors import AssayError
from assay.media.io.boxes import Box, children, descend, payload
from assay.media.io.gamut import WIDE
from assay.media.io.hdr import TRANSFERS
from assay.media.io.text import clean
from assay.types import Indices

MAX_SEGMENTS = 65_536
"""Segments or chunks of one file that are looked at."""
MAX_PAYLOAD = 65_536
"""Bytes of one segment that are kept."""
MAX_PROFILE: Final = 4 << 20
"""Bytes of a colour profile."""
MAX_SEARCH: Final = 256 << 20
"""Bytes of a photo in which a video behind it is looked for."""
_MAX_SECONDS: Final = 1e6
SHORTEST_DELAY: Final = 0.1
"""Seconds for which a picture of an animation stays that names no time, as in browsers."""

PILLOW_FORMATS: Final = {
    "jpeg": ("JPEG", "MPO"),
    "png": ("PNG",),
    "webp": ("WEBP",),
    "gif": ("GIF",),
    "bmp": ("BMP", "DIB"),
    "avif": ("AVIF",),
    "heif": ("HEIF",),
    "tiff": ("TIFF",),
    "jpeg2000": ("JPEG2000",),
}
MOVING: Final = frozenset({"gif", "png", "webp", "avif"})
"""Families whose second picture follows the first in time; of others it is a page or a view."""

_STANDALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
_MAKE, _MODEL, _SOFTWARE, _ORIENTATION = 0x010F, 0x0110, 0x0131, 0x0112
_SUBFILE_TYPE, _DNG_VERSION = 0x00FE, 0xC612
_PNG_CHANNELS = {0: 1, 2: 3}
"""By colour type; OpenCV gives all others as BGRA."""
_SRGB_PRIMARIES: Final = 1

pillow_heif.register_heif_opener()
# Sizes are held to a limit of ours, before anything is decoded.
PIL.Image.MAX_IMAGE_PIXELS = None


@dataclass(slots=True)
class StillHeader:
    """What a still's header says.

    width, height: before the orientation. orientation: EXIF's 1..8 that is still to be applied.
    depth: bits of a sample; a picture's reader gives more than 8 as two bytes, not stretched.
    channels: at most so many samples of a pixel are decoded. exif: make, model and software, where
    present. quantisation: JPEG tables in rows of 8, (64,) each, by table number. texts: keywords of
    the PNG's text chunks. transfer, primaries: how light is coded (ITU-T H.273), where HDR or wide
    colour is stated by numbers. profile: the ICC profile. notes: EXIF of a PNG, not yet read.
    has_more: pictures follow the first. seconds: how long an animation lasts; None unless it is
    one. video: whether one is attached.
    """

    family: str
    width: int = 0
    height: int = 0
    orientation: int = 1
    depth: int = 8
    channels: int = 4
    exif: dict[str, str] = field(default_factory=dict)
    quantisation: dict[int, Indices] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    transfer: int | None = None
    primaries: int = _SRGB_PRIMARIES
    profile: bytes | None = None
    notes: bytes = b""
    has_more: bool = False
    seconds: float | None = None
    video: bool = False

    @property
    def decoded_bytes(self) -> int:
        """Memory that the decoded picture takes before it is reduced to 8 bits."""
        sample = 2 if self.depth > 8 else 1
        return self.width * self.height * self.channels * sample

    @property
    def displayed_size(self) -> tuple[int, int]:
        """Width and height as shown, after the orientation."""
        turned = self.orientation >= 5
        return (self.height, self.width) if turned else (self.width, self.height)


def read_still_header(path: Path, family: str) -> StillHeader:
    """Read the header of a still of a family that `sniff` names.

    Raises:
        AssayError: `unreadable`, when the header gives no size, or the picture is a raw photo.
    """
    header = StillHeader(family)
    with path.open("rb") as file:
        read_more = _READERS.get(family)
        if read_more is not None:
            read_more(file, header)
        file.seek(0)
        try:
            with open_still(file, family) as image:
                _describe(image, header)
        except AssayError:
            raise
        except Exception as error:  # what a stranger's header makes of a parser is open-ended
            if header.width <= 0 or header.height <= 0:
                raise AssayError(
                    "unreadable", "The picture's header is damaged; please save or export it again."
                ) from error
        if family in MOVING and header.has_more:
            header.seconds = _DURATIONS[family](file)
    return header


def open_still(file: BinaryIO, family: str) -> PIL.Image.Image:
    """A still, opened but not decoded, by the one plugin of its family.

    Raises:
        Exception: Whatever the plugin makes of a damaged header.
    """
    return PIL.Image.open(file, formats=PILLOW_FORMATS[family])


def _describe(image: PIL.Image.Image, header: StillHeader) -> None:
    if header.width <= 0 or header.height <= 0:
        header.width, header.height = image.size
    header.has_more = bool(getattr(image, "is_animated", False))
    exif = PIL.Image.Exif()
    if header.family != "png":  # of which Pillow would decode all to look for notes at the end
        exif = image.getexif()
    elif header.notes:
        exif.load(header.notes)
    if header.family not in ("heif", "tiff"):  # which Pillow turns by itself
        orientation = exif.get(_ORIENTATION, 1)
        header.orientation = orientation if orientation in range(1, 9) else 1
    for name, tag in (("make", _MAKE), ("model", _MODEL), ("software", _SOFTWARE)):
        text = clean(str(exif.get(tag, "")).rstrip("\x00"))
        if text:
            header.exif[name] = text
    profile = image.info.get("icc_profile")
    header.profile = profile if isinstance(profile, bytes) and len(profile) < MAX_PROFILE else None
    if header.family == "tiff" and (_DNG_VERSION in exif or int(exif.get(_SUBFILE_TYPE, 0)) & 1):
        raise AssayError(
            "unreadable", "This is a camera's raw photo; please export it as JPEG or TIFF."
        )
    if header.family == "heif":
        coding = image.info.get("nclx_profile") or {}
        _note_coding(header, coding.get("color_primaries"), coding.get("transfer_characteristics"))
        header.depth = int(image.info.get("bit_depth", 8))
    if header.family == "jpeg":
        tables: dict[int, Any] = getattr(image, "quantization", {})
        header.quantisation = {
            number: np.array(table, np.int64) for number, table in tables.items()
        }


def _note_coding(header: StillHeader, primaries: int | None, transfer: int | None) -> None:
    """Keep the numbers of H.273 that ask for something."""
    header.transfer = transfer if transfer in TRANSFERS else None
    header.primaries = primaries if primaries in WIDE else _SRGB_PRIMARIES


# ------------------------------------------------------------------------ what Pillow lacks


def _read_jpeg(file: BinaryIO, header: StillHeader) -> None:
    header.video = _has_video_behind(file)


def _has_video_behind(file: BinaryIO) -> bool:
    """Motion photos of Android and Samsung are a JPEG with an MP4 after its end."""
    size = file.seek(0, 2)
    if not size:
        return False
    with mmap.mmap(file.fileno(), min(size, MAX_SEARCH), access=mmap.ACCESS_READ) as data:
        at = data.find(b"ftyp", 1024)
        while at >= 0:
            length = int.from_bytes(data[at - 4 : at])
            if 16 <= length <= 256 and data[at + 4 : at + 8].isalnum() and at + length < size:
                follows = data[at + length : at + length + 4]
                if follows in (b"moov", b"mdat", b"free", b"wide", b"mpvd", b"moof"):
                    return True
            at = data.find(b"ftyp", at + 4)
    return False


def jpeg_segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Markers and payloads up to the first scan (ITU T.81, B.1.1), past stray bytes."""
    file.seek(2)
    for _ in range(MAX_SEGMENTS):
        byte = file.read(1)
        for _ in range(MAX_PAYLOAD):
            if byte in (b"\xff", b""):
                break
            byte = file.read(1)
        while byte == b"\xff":
            byte = file.read(1)
        if not byte:
            return
        marker = byte[0]
        if marker == 0 or marker in _STANDALONE_MARKERS:
            continue
        size = int.from_bytes(file.read(2)) - 2
        if size < 0 or marker in (0xD9, 0xDA):
            return
        yield marker, file.read(size)


def _read_png(file: BinaryIO, header: StillHeader) -> None:
    file.seek(8)
    first = True
    for kind, data in chunks(file, "big", kind_first=False, trailer=4):
        if kind == b"IHDR" and first and len(data) >= 10:  # decoders heed the first
            header.width, header.height = int.from_bytes(data[:4]), int.from_bytes(data[4:8])
            first, header.depth, header.channels = False, data[8], _PNG_CHANNELS.get(data[9], 4)
        elif kind == b"tRNS":
            header.channels = 4
        elif kind == b"eXIf":
            header.notes = data
        elif kind == b"cICP" and len(data) >= 2:
            _note_coding(header, data[0], data[1])
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            keyword, _, text = data.partition(b"\x00")
            header.texts.append(clean(keyword.decode("latin-1"), 79))
            if kind == b"tEXt" and keyword.lower() == b"software":
                header.exif.setdefault("software", clean(text.decode("latin-1")))


def chunks(
    file: BinaryIO, order: str, *, kind_first: bool, trailer: int = 0, padded: bool = False
) -> Iterator[tuple[bytes, bytes]]:
    """Chunks of PNG (length, type, data, checksum) or RIFF (type, length, data, padding)."""
    for _ in range(MAX_SEGMENTS):
        head = file.read(8)
        if len(head) < 8:
            return
        kind, length = (head[:4], head[4:]) if kind_first else (head[4:], head[:4])
        size = int.from_bytes(length, "big" if order == "big" else "little")
        after = file.tell() + size + trailer + (size & 1 if padded else 0)
        yield kind, file.read(min(size, MAX_PAYLOAD))
        file.seek(after)


def _read_avif(file: BinaryIO, header: StillHeader) -> None:
    """Depth and coding of the primary item."""
    end = file.seek(0, 2)
    for meta in descend(file, 0, end, b"meta"):
        properties = [
            (box.kind, payload(file, box, 16))
            for ipco in descend(file, meta.start + 4, meta.end, b"iprp", b"ipco")
            for box in children(file, ipco.start, ipco.end)
        ]
        own = [properties[at] for at in _primary_properties(file, meta) if at < len(properties)]
        for kind, data in own:
            _read_avif_property(kind, data, header)


def _read_avif_property(kind: bytes, data: bytes, header: StillHeader) -> None:
    """A grid of tiles says its depth in `pixi`, as only the tiles have an `av1C`."""
    if kind == b"pixi" and len(data) >= 6:
        header.depth = data[5]
    elif kind == b"av1C" and len(data) >= 3:
        high, twelve = data[2] & 0x40, data[2] & 0x20
        header.depth = (12 if twelve else 10) if high else 8
    elif kind == b"colr" and data[:4] == b"nclx" and len(data) >= 8:
        _note_coding(header, int.from_bytes(data[4:6]), int.from_bytes(data[6:8]))


def _primary_properties(file: BinaryIO, meta: Box) -> list[int]:
    """Places in `ipco` of what belongs to the picture itself (ISO/IEC 23008-12, 9.3)."""
    found: list[int] = []
    for pitm in descend(file, meta.start + 4, meta.end, b"pitm"):
        item = payload(file, pitm, 8)
        primary = int.from_bytes(item[4:] if item[:1] != b"\x00" else item[4:6])
        for ipma in descend(file, meta.start + 4, meta.end, b"iprp", b"ipma"):
            found += _associations(payload(file, ipma), primary)
    return found


def _associations(ipma: bytes, item: int) -> Iterator[int]:
    """Zero-based places of an item's properties, in the order in which they apply."""
    if len(ipma) < 8:
        return
    id_size, place_size = (2 if ipma[0] == 0 else 4), (2 if ipma[3] & 1 else 1)
    at = 8
    for _ in range(int.from_bytes(ipma[4:8])):
        start = at + id_size + 1
        if start > len(ipma):
            return
        end = start + ipma[start - 1] * place_size
        if int.from_bytes(ipma[at : at + id_size]) == item:
            for place in range(start, min(end, len(ipma)), place_size):
                number = int.from_bytes(ipma[place : place + place_size])
                number &= (1 << 8 * place_size - 1) - 1  # without the mark "essential"
                if number:
                    yield number - 1
        at = end


# ------------------------------------------------------------------- how long animations last


def _png_seconds(file: BinaryIO) -> float:
    file.seek(8)
    total = 0.0
    for kind, data in chunks(file, "big", kind_first=False, trailer=4):
        if kind == b"fcTL" and len(data) >= 24:
            ticks, rate = int.from_bytes(data[20:22]), int.from_bytes(data[22:24]) or 100
            total += delay(ticks / rate)
    return total


def _webp_seconds(file: BinaryIO) -> float:
    file.seek(12)
    return sum(
        delay(int.from_bytes(data[12:15], "little") / 1000)
        for kind, data in chunks(file, "little", kind_first=True, padded=True)
        if kind == b"ANMF" and len(data) >= 16
    )


def _gif_seconds(file: BinaryIO) -> float:
    """Delays of the pictures, as far as `MAX_SEGMENTS` reach (GIF89a, 23 and appendix B)."""
    file.seek(0)
    screen = file.read(13)
    file.seek(_colours(screen[10]) if len(screen) == 13 else 0, 1)
    total, pause = 0.0, 0.0
    for _ in range(MAX_SEGMENTS):
        kind = file.read(1)
        if kind == b",":
            place = file.read(9)
            file.seek(_colours(place[8]) + 1 if len(place) == 9 else 0, 1)
            total, pause = total + delay(pause), 0.0
        elif kind == b"!":
            if file.read(1) == b"\xf9":
                pause = int.from_bytes(file.read(5)[2:4], "little") / 100
        else:
            break
        while (length := file.read(1)) not in (b"", b"\x00"):
            file.seek(length[0], 1)
    return total


def _colours(flags: int) -> int:
    """Bytes of a table of colours, by the flags of whoever brings one."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _avif_seconds(file: BinaryIO) -> float:
    """Length of the longest track (ISO/IEC 14496-12, 8.4.2); a movie that loops is endless."""
    longest = 0.0
    for box in descend(file, 0, file.seek(0, 2), b"moov", b"trak", b"mdia", b"mdhd"):
        data = payload(file, box, 32)
        wide = data[:1] == b"\x01"
        scale = int.from_bytes(data[20:24] if wide else data[12:16])
        length = int.from_bytes(data[24:32] if wide else data[16:20])
        if scale and length / scale < _MAX_SECONDS:
            longest = max(longest, length / scale)
    return longest


def delay(seconds: float) -> float:
    """How long browsers show a picture that asks for so long."""
    return seconds if seconds > 0.01 else SHORTEST_DELAY


_READERS: Final[dict[str, Callable[[BinaryIO, StillHeader], None]]] = {
    "jpeg": _read_jpeg,
    "png": _read_png,
    "avif": _read_avif,
}
_DURATIONS: Final[dict[str, Callable[[BinaryIO], float]]] = {
    "gif": _gif_seconds,
    "png": _png_seconds,
    "webp": _webp_seconds,
    "avif": _avif_seconds,
}
