"""Streams without a signature, told by frames in a row; also where they were cut anywhere.

FFmpeg's demuxers of these formats find their way into a stream by themselves, so it only has to be
known which format it is.
"""

from collections.abc import Callable
from typing import Final

FRAMES: Final = 4
"""Frames in a row that tell a format from chance, where they do not begin the file."""
LONGEST_SEARCH: Final = 16_384
"""Bytes in which a first whole frame is looked for: the longest frames take about 8 KB."""

_BIT_RATES_1: Final = {  # kbit/s of MPEG-1 audio, by layer
    1: (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_BIT_RATES_2: Final = {  # kbit/s of MPEG-2 and 2.5 audio, by layer
    1: (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    3: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_AC3_RATES: Final = (  # kbit/s
    *(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640),
)
_AC3_SAMPLING: Final = (48_000, 44_100, 32_000)


def id3_size(head: bytes) -> int:
    """Bytes that an ID3v2 tag takes at the beginning, 0 without one (id3.org, ID3v2.4 3.1)."""
    if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte
    footer = 10 if head[5] & 0x10 else 0
    return 10 + size + footer


def frame_family(stream: bytes) -> str | None:
    """MPEG audio, AAC or Dolby Digital: frames at the beginning, or in a row further on."""
    for family, frame_size in _FAMILIES:
        size = frame_size(stream)
        if size and (len(stream) < size + 7 or frame_size(stream[size : size + 7])):
            return family
    for family, frame_size in _FAMILIES:
        if _runs(stream, frame_size):
            return family
    return None


def _runs(stream: bytes, frame_size: Callable[[bytes], int]) -> bool:
    """Whether `FRAMES` frames follow one another somewhere."""
    mark = b"\x0b\x77" if frame_size in (_ac3_frame_size, _eac3_frame_size) else b"\xff"
    at = stream.find(mark)
    while 0 <= at < LONGEST_SEARCH:
        end, count = at, 0
        while count < FRAMES and (size := frame_size(stream[end : end + 7])):
            end, count = end + size, count + 1
        if count == FRAMES:
            return True
        at = stream.find(mark, at + 1)
    return False


def is_transport_stream(stream: bytes) -> bool:
    """Sync bytes at a packet's distance: 188, 192 with a camcorder's time code, 204 with parity."""
    for step in (188, 192, 204):
        for start in range(min(step, max(0, len(stream) - 2 * step))):
            if stream[start] == 0x47:
                marks = stream[start : start + 8 * step : step]
                needed = 3 if start in (0, 4) else 5
                if len(marks) >= needed and marks.count(0x47) == len(marks):
                    return True
    return False


def program_stream_at(stream: bytes) -> int | None:
    """Where the first pack of an MPEG program stream begins that a packet follows; None if none.

    Recorders put headers of their own before it.
    """
    at = stream.find(b"\x00\x00\x01\xba")
    if not 0 <= at < LONGEST_SEARCH:
        return None
    follows = stream.find(b"\x00\x00\x01", at + 4)
    is_pack = at == 0 or (follows >= 0 and stream[follows + 3 : follows + 4] >= b"\xba")
    return at if is_pack else None


def _mpeg_audio_frame_size(head: bytes) -> int:
    """Bytes of the MPEG audio frame that begins here, 0 if none does (ISO 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate_index, sampling, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or sampling == 3 or rate_index in (0, 15):
        return 0
    bit_rate = (_BIT_RATES_1 if version == 3 else _BIT_RATES_2)[layer][rate_index - 1] * 1000
    sample_rate = (44_100, 48_000, 32_000)[sampling] >> {3: 0, 2: 1, 0: 2}[version]
    if layer == 1:
        return (12 * bit_rate // sample_rate + padding) * 4
    samples = 72 if layer == 3 and version != 3 else 144
    return samples * bit_rate // sample_rate + padding


def _adts_frame_size(head: bytes) -> int:
    """Bytes of the ADTS frame of AAC that begins here, 0 if none does (ISO 13818-7, 6.2)."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return size if size > 7 else 0


def _ac3_frame_size(head: bytes) -> int:
    """Bytes of the AC-3 frame that begins here, 0 if none does (ATSC A/52, 5.3 and 5.4.1)."""
    if len(head) < 6 or head[:2] != b"\x0b\x77" or head[5] >> 3 > 10:
        return 0
    sampling, code = head[4] >> 6, head[4] & 63
    if sampling == 3 or code >= 2 * len(_AC3_RATES):
        return 0
    words = _AC3_RATES[code // 2] * 96_000 // _AC3_SAMPLING[sampling]
    return 2 * (words + (code & 1 if sampling == 1 else 0))


def _eac3_frame_size(head: bytes) -> int:
    """Bytes of the Enhanced AC-3 frame that begins here, 0 if none does (ATSC A/52, E.1.2)."""
    if len(head) < 6 or head[:2] != b"\x0b\x77" or not 11 <= head[5] >> 3 <= 16:
        return 0
    return 2 * (((head[2] & 7) << 8 | head[3]) + 1)


_FAMILIES: Final = (
    ("mp3", _mpeg_audio_frame_size),
    ("aac", _adts_frame_size),
    ("ac3", _ac3_frame_size),
    ("eac3", _eac3_frame_size),
)
