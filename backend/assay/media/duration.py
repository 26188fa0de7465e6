"""How long a media really is: headers lie, recorders leave the length out, uploads break off."""

import re
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Stream

from assay.media.boxes import children
from assay.media.container import origin, packet_time, packets, seek

MAX_SECONDS = 30 * 24 * 3600.0
"""A length beyond this is a mistake or an attack."""
MAX_PACKETS = 20_000
"""Packets that are counted through when the length is unknown."""

_TAG = re.compile(r"(\d{1,4}):(\d\d):(\d\d(?:\.\d{1,9})?)")


def measure(container: InputContainer, stream: Stream, path: Path, demuxer: str) -> float | None:
    """Length of a stream in seconds, checked against what the file holds; None if unknowable.

    A length that the header states is believed when the end can be reached. Otherwise packets are
    counted, `MAX_PACKETS` at most, and the rest is taken to go on at the same bytes per second.
    Leaves the container at an arbitrary position.
    """
    declared = declared_duration(container, stream)
    if declared and not is_cut_off(path, demuxer) and _reaches(container, stream, declared):
        return declared
    walked = _walk(container, stream, path.stat().st_size)
    return min(walked, declared) if walked and declared else walked or declared


def declared_duration(container: InputContainer, stream: Stream) -> float | None:
    """What the headers say, seconds; None where they say nothing or nonsense."""
    candidates = [
        _parse_tag(stream.metadata.get("DURATION", "")),
        float(stream.duration * stream.time_base) if stream.duration and stream.time_base else None,
        container.duration / av.time_base if container.duration else None,
    ]
    return next((s for s in candidates if s is not None and 0 < s <= MAX_SECONDS), None)


def _parse_tag(text: str) -> float | None:
    """Matroska muxers leave a stream's length as a tag, 00:01:02.5."""
    match = _TAG.match(text)
    return (
        int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match is not None else None
    )


def is_cut_off(path: Path, demuxer: str) -> bool:
    """Whether the outermost structure promises more bytes than the file has."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if demuxer == "mov":
            return any(box.end > size for box in children(file, 0, size))
        head = file.read(64)
    if demuxer in ("avi", "wav") and head[:4] == b"RIFF":
        promised = int.from_bytes(head[4:8], "little")
        return promised < 0xFFFFFFFF and 8 + promised > size + 1
    if demuxer == "matroska":
        return _segment_end(head) > size
    return False


def _segment_end(head: bytes) -> int:
    """Where a Matroska file's one segment ends, 0 if it does not say (RFC 8794, 4 and 6)."""
    at = 4 + _vint_length(head, 4) + _vint(head, 4)
    if head[at : at + 4] != b"\x18\x53\x80\x67":
        return 0
    length = _vint_length(head, at + 4)
    size = _vint(head, at + 4)
    unknown = (1 << 7 * length) - 1
    return 0 if length == 0 or size == unknown else at + 4 + length + size


def _vint_length(data: bytes, at: int) -> int:
    return 9 - data[at].bit_length() if at < len(data) and data[at] else 0


def _vint(data: bytes, at: int) -> int:
    length = _vint_length(data, at)
    value = int.from_bytes(data[at : at + length])
    return value & (1 << 7 * length) - 1


def _reaches(container: InputContainer, stream: Stream, seconds: float) -> bool:
    """Whether a packet can be read near the end."""
    if not seek(container, max(0.0, seconds - 1.0)):
        return False
    return any(packet.size > 0 for packet in packets(container, stream))


def _walk(container: InputContainer, stream: Stream, size: int) -> float | None:
    """Count packets from the start; extrapolate by bytes when there are too many."""
    if not seek(container, 0.0):
        return None
    end, position, ended = 0.0, 0, True
    for count, packet in enumerate(packets(container, stream)):
        time = packet_time(packet)
        if time is None or packet.size == 0:
            continue
        span = float((packet.duration or 0) * packet.time_base)
        end = max(end, time + span - origin(container))
        position = max(position, packet.pos or 0)
        if count >= MAX_PACKETS:
            ended = False
            break
    if not 0 < end <= MAX_SECONDS:
        return None
    return end if ended or not position else min(MAX_SECONDS, end * size / position)
