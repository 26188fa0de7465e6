"""Size, orientation and traces of a still, read from its header before anything is decoded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from assay.errors import AssayError
from assay.media.io.boxes import Box, children, descend, payload
from assay.media.io.text import clean
from assay.types import Indices

MAX_SEGMENTS = 4096
"""Segments or chunks of one file that are looked at."""
MAX_PAYLOAD = 65_536
"""Bytes of one segment that are kept."""

MAX_GIF_BLOCKS = 65_536
"""Blocks of up to 255 bytes that are passed over in search of a second picture."""

_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
_EXIF_TAGS = {0x010F: "make", 0x0110: "model", 0x0131: "software"}
_ORIENTATION = 0x0112
_PNG_CHANNELS = {0: 1, 2: 3}
"""By colour type; OpenCV gives all others as BGRA."""


@dataclass(slots=True)
class StillHeader:
    """What a still's header says.

    width, height: stored pixels, before the orientation. orientation: EXIF's 1..8, of AVIF too.
    depth: bits of a sample; a picture's reader gives more than 8 as two bytes, not stretched.
    channels: at most so many samples of a pixel are decoded.
    exif: make, model and software, where present. quantisation: JPEG tables in file order of
    coefficients, (64,) each, by table number. texts: keywords of the PNG's text chunks. animated:
    it says that more pictures follow the first.
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
    animated: bool = False

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
        AssayError: `unreadable`, when the header gives no size.
    """
    header = StillHeader(family)
    with path.open("rb") as file:
        _READERS[family](file, header)
    if header.width <= 0 or header.height <= 0:
        raise AssayError(
            "unreadable", "The picture's header is damaged; please save or export it again."
        )
    return header


# ---------------------------------------------------------------------------------- formats


def _read_jpeg(file: BinaryIO, header: StillHeader) -> None:
    for marker, data in jpeg_segments(file):
        if marker in _FRAME_MARKERS and len(data) >= 5:
            header.height, header.width = int.from_bytes(data[1:3]), int.from_bytes(data[3:5])
        elif marker == 0xE1 and data.startswith(b"Exif\x00\x00"):
            _read_exif(data[6:], header)
        elif marker == 0xDB:
            _read_quantisation(data, header)


def jpeg_segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Markers and payloads up to the first scan (ITU T.81, B.1.1)."""
    file.seek(2)
    for _ in range(MAX_SEGMENTS):
        if file.read(1) != b"\xff":
            return
        marker = 0xFF
        while marker == 0xFF:
            byte = file.read(1)
            if not byte:
                return
            marker = byte[0]
        if marker in _STANDALONE_MARKERS:
            continue
        size = int.from_bytes(file.read(2)) - 2
        if size < 0 or marker in (0xD9, 0xDA):
            return
        yield marker, file.read(size)


def _read_quantisation(data: bytes, header: StillHeader) -> None:
    """Tables of 8 or 16 bit, several to a segment (ITU T.81, B.2.4.1)."""
    at = 0
    while at < len(data):
        wide, number = data[at] >> 4, data[at] & 15
        size = 128 if wide else 64
        table = data[at + 1 : at + 1 + size]
        if len(table) < size:
            return
        values = np.frombuffer(table, ">u2" if wide else np.uint8)
        header.quantisation[number] = values.astype(np.int64)
        at += 1 + size


def _read_png(file: BinaryIO, header: StillHeader) -> None:
    file.seek(8)
    for kind, data in chunks(file, "big", kind_first=False, trailer=4):
        if kind == b"IHDR" and len(data) >= 10 and not header.width:  # decoders heed the first
            header.width, header.height = int.from_bytes(data[:4]), int.from_bytes(data[4:8])
            header.depth, header.channels = data[8], _PNG_CHANNELS.get(data[9], 4)
        elif kind == b"tRNS":
            header.channels = 4
        elif kind == b"acTL":
            header.animated = True
        elif kind == b"eXIf":
            _read_exif(data, header)
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            keyword, _, text = data.partition(b"\x00")
            header.texts.append(clean(keyword.decode("latin-1"), 79))
            if kind == b"tEXt" and keyword.lower() == b"software":
                header.exif.setdefault("software", clean(text.decode("latin-1")))


def _read_webp(file: BinaryIO, header: StillHeader) -> None:
    file.seek(12)
    for kind, data in chunks(file, "little", kind_first=True, padded=True):
        if kind == b"VP8X" and len(data) >= 10:
            header.animated = bool(data[0] & 2)
            header.width = 1 + int.from_bytes(data[4:7], "little")
            header.height = 1 + int.from_bytes(data[7:10], "little")
        elif kind == b"VP8 " and len(data) >= 10 and not header.width:
            header.width = int.from_bytes(data[6:8], "little") & 0x3FFF
            header.height = int.from_bytes(data[8:10], "little") & 0x3FFF
        elif kind == b"VP8L" and len(data) >= 5 and not header.width:
            packed = int.from_bytes(data[1:5], "little")
            header.width, header.height = 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
        elif kind == b"EXIF":
            _read_exif(data.removeprefix(b"Exif\x00\x00"), header)


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


def _read_gif(file: BinaryIO, header: StillHeader) -> None:
    data = file.read(13)
    header.width = int.from_bytes(data[6:8], "little")
    header.height = int.from_bytes(data[8:10], "little")
    if len(data) == 13:
        file.seek(_colours(data[10]), 1)
        header.animated = next(islice(_gif_pictures(file), 1, None), None) is not None


def _gif_pictures(file: BinaryIO) -> Iterator[int]:
    """Where each picture begins, as far as `MAX_GIF_BLOCKS` reach (GIF89a, appendix B)."""
    blocks = 0
    while blocks < MAX_GIF_BLOCKS:
        kind = file.read(1)
        if kind == b",":
            yield file.tell()
            place = file.read(9)
            file.seek(_colours(place[8]) + 1 if len(place) == 9 else 0, 1)
        elif kind == b"!":
            file.read(1)
        else:
            return
        while (length := file.read(1)) not in (b"", b"\x00") and blocks < MAX_GIF_BLOCKS:
            file.seek(length[0], 1)
            blocks += 1


def _colours(flags: int) -> int:
    """Bytes of a table of colours, by the flags of whoever brings one."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _read_bmp(file: BinaryIO, header: StillHeader) -> None:
    data = file.read(26)
    if int.from_bytes(data[14:18], "little") == 12:
        header.width = int.from_bytes(data[18:20], "little")
        header.height = int.from_bytes(data[20:22], "little")
    else:
        header.width = int.from_bytes(data[18:22], "little", signed=True)
        header.height = abs(int.from_bytes(data[22:26], "little", signed=True))


def _read_avif(file: BinaryIO, header: StillHeader) -> None:
    """Size of the largest item: thumbnails and alpha are no larger. The rest of the primary one."""
    end = file.seek(0, 2)
    for meta in descend(file, 0, end, b"meta"):
        properties = [
            (box.kind, payload(file, box, 16))
            for ipco in descend(file, meta.start + 4, meta.end, b"iprp", b"ipco")
            for box in children(file, ipco.start, ipco.end)
        ]
        for kind, data in properties:
            if kind == b"ispe" and len(data) >= 12:
                width, height = int.from_bytes(data[4:8]), int.from_bytes(data[8:12])
                if width * height > header.width * header.height:
                    header.width, header.height = width, height
        own = [properties[at] for at in _primary_properties(file, meta) if at < len(properties)]
        for kind, data in own:
            _read_avif_depth(kind, data, header)
        header.orientation = _avif_orientation(dict(own))


def _avif_orientation(properties: dict[bytes, bytes]) -> int:
    """EXIF's number for a turn by `irot` and then a mirror by `imir` (ISO/IEC 23008-12, 6.5)."""
    quarters = (properties.get(b"irot") or b"\0")[0] & 3  # counter-clockwise
    mirror = properties.get(b"imir")
    if not mirror:
        return (1, 8, 3, 6)[quarters]
    left_for_right = mirror[0] & 1
    return ((2, 7, 4, 5) if left_for_right else (4, 5, 2, 7))[quarters]


def _read_avif_depth(kind: bytes, data: bytes, header: StillHeader) -> None:
    """A grid of tiles says its depth in `pixi`, as only the tiles have an `av1C`."""
    if kind == b"pixi" and len(data) >= 6:
        header.depth = data[5]
    elif kind == b"av1C" and len(data) >= 3:
        high, twelve = data[2] & 0x40, data[2] & 0x20
        header.depth = (12 if twelve else 10) if high else 8


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


_READERS = {
    "jpeg": _read_jpeg,
    "png": _read_png,
    "webp": _read_webp,
    "gif": _read_gif,
    "bmp": _read_bmp,
    "avif": _read_avif,
}


# ------------------------------------------------------------------------------------- EXIF


def _read_exif(data: bytes, header: StillHeader) -> None:
    """Orientation, camera and software from the first directory of a TIFF (TIFF 6.0, section 2)."""
    if data[:4] not in (b"II*\x00", b"MM\x00*"):
        return
    little = data[:2] == b"II"

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], "little" if little else "big")

    directory = number(4, 4)
    for entry in range(min(number(directory, 2), MAX_SEGMENTS)):
        at = directory + 2 + 12 * entry
        if at + 12 > len(data):
            return
        tag, count = number(at, 2), number(at + 4, 4)
        if tag == _ORIENTATION and 1 <= number(at + 8, 2) <= 8:
            header.orientation = number(at + 8, 2)
        elif tag in _EXIF_TAGS:
            start = at + 8 if count <= 4 else number(at + 8, 4)
            text = clean(data[start : start + min(count, 256)].decode("latin-1").rstrip("\x00"))
            if text:
                header.exif[_EXIF_TAGS[tag]] = text
