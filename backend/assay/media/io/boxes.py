"""Walking the boxes of MP4, MOV and AVIF without a demuxer (ISO/IEC 14496-12, 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_BOXES = 10_000
"""Boxes looked at in one walk: a film in fragments has thousands, an attack has millions."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its four-letter type, and where its payload begins and (as it claims) ends."""

    kind: bytes
    start: int
    end: int


def children(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """Boxes that lie side by side in [start, end). A box may claim to end beyond `end`."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        header = file.read(16)
        if len(header) < 8:
            return
        size, offset = int.from_bytes(header[:4]), 8
        if size == 1 and len(header) == 16:
            size, offset = int.from_bytes(header[8:16]), 16
        elif size == 0:
            size = end - start
        if size < offset:
            return
        yield Box(header[4:8], start + offset, start + size)
        start += size


def descend(file: BinaryIO, start: int, end: int, *path: bytes) -> Iterator[Box]:
    """Every box at the end of a path of types, such as `moov, trak, edts, elst`."""
    for box in children(file, start, end):
        if box.kind != path[0]:
            continue
        if len(path) == 1:
            yield box
        else:
            yield from descend(file, box.start, min(box.end, end), *path[1:])


def payload(file: BinaryIO, box: Box, limit: int = 65_536) -> bytes:
    """A box's bytes, at most `limit` of them."""
    file.seek(box.start)
    return file.read(min(limit, box.end - box.start))


def brands(head: bytes) -> list[bytes]:
    """The major brand and the compatible ones (ISO/IEC 14496-12, 4.3), none without them.

    Args:
        head: The beginning of a file.
    """
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4]), len(head))
    return [head[at : at + 4] for at in (8, *range(16, end - 3, 4))]
