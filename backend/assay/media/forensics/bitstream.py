"""What H.264 and H.265 packets tell without decoding: slice types, and who encoded them."""

import re
from collections.abc import Iterator
from typing import Final, Literal

SliceType = Literal["I", "P", "B"]

_SLICE_TYPES: Final[tuple[SliceType, ...]] = ("P", "B", "I", "P", "I")  # SP and SI counted in
_SIGNED_BY: Final = re.compile(rb"(x26[45]) (?:- core |\(build )(\d{1,5})")
_RATE: Final = re.compile(rb"[ /](crf|bitrate|qp)=([\d.]{1,12})")
_MAX_UNITS: Final = 64


def slice_type(packet: bytes | memoryview, extradata: bytes | None) -> SliceType | None:
    """Type of the first slice of an H.264 picture (ISO 14496-10, 7.3.3); None if it has none.

    Args:
        packet: As stored, with start codes or lengths; its first few kilobytes suffice.
        extradata: The stream's configuration record, which says how long the lengths are.
    """
    for unit in _units(bytes(packet[:65_536]), _length_size(extradata)):
        if unit and unit[0] & 31 in (1, 5):
            bits = "".join(f"{byte:08b}" for byte in unit[1:9])
            _, bits = _exp_golomb(bits)  # first_mb_in_slice
            value, _ = _exp_golomb(bits)
            return _SLICE_TYPES[value % 5] if value is not None and value < 10 else None
    return None


def signature(data: bytes) -> str | None:
    """Name, version and rate control that x264 and x265 leave in the stream's first bytes."""
    match = _SIGNED_BY.search(data)
    if match is None:
        return None
    name, version = match[1].decode(), match[2].decode()
    rate = _RATE.search(data, match.end())
    said = f", {rate[1].decode()} {rate[2].decode()}" if rate else ""
    return f"{name} core {version}{said}"


def _length_size(extradata: bytes | None) -> int:
    """Bytes of the length before each unit; 0 for start codes (ISO 14496-15, 5.3.3.1)."""
    return (extradata[4] & 3) + 1 if extradata and len(extradata) > 6 and extradata[0] == 1 else 0


def _units(data: bytes, length_size: int) -> Iterator[bytes]:
    """Beginnings of the NAL units of a packet."""
    at = 0
    for _ in range(_MAX_UNITS):
        if length_size:
            length = int.from_bytes(data[at : at + length_size])
            at += length_size
        else:
            at = data.find(b"\x00\x00\x01", at) + 3
            if at < 3:
                return
            length = 1
        if at >= len(data):
            return
        yield data[at : at + 32]
        at += length


def _exp_golomb(bits: str) -> tuple[int | None, str]:
    """An unsigned Exp-Golomb number from the front of a bit string, and the rest (9.1)."""
    zeros = len(bits) - len(bits.lstrip("0"))
    end = 2 * zeros + 1
    return (int(bits[zeros:end], 2) - 1, bits[end:]) if end <= len(bits) else (None, "")
