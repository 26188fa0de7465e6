"""How long a media really is: headers lie, recorders leave the length out, uploads break off."""

import re
from typing import Final, NamedTuple

import av
from av.container import InputContainer
from av.stream import Stream

from assay.media.io.container import beginning, origin, packet_time, packets, seek

MAX_SECONDS: Final = 30 * 24 * 3600.0
"""A length beyond this is a mistake or an attack."""
MAX_PACKETS: Final = 20_000
"""Packets that are counted through when the length is unknown."""
MAX_TAIL: Final = 1_000
"""Packets that are read at the end to confirm a stated length."""

_GUESSED: Final = frozenset({"aac", "amr"})
"""Formats without a length, for which FFmpeg divides bytes by the first frame's bit rate."""
_TAG: Final = re.compile(r"(\d{1,4}):(\d\d):(\d\d(?:\.\d{1,9})?)")


def measure(
    container: InputContainer, stream: Stream, demuxer: str, size_bytes: int
) -> float | None:
    """Length of a stream in seconds, as the file's contents confirm it; None if unknowable.

    The last second is looked up by the stated length and read to its end. Where no length is
    stated, or nothing is there, packets are counted from the beginning, `MAX_PACKETS` at most,
    and the rest is taken to go on at the same bytes per second.

    Args:
        container: Left at an arbitrary position.
        stream: The picture, or the sound of a file without one.
        demuxer: As `sniff` names it.
        size_bytes: Of the file.
    """
    declared = None if demuxer in _GUESSED else declared_duration(container, stream)
    if declared is not None:
        tail = _read_on(container, stream, max(0.0, declared - 1.0), MAX_TAIL)
        if tail is not None:
            return tail.end if tail.complete else declared
    walked = _read_on(container, stream, 0.0, MAX_PACKETS)
    if walked is None:
        return declared
    if walked.complete or not walked.position:
        return walked.end
    guess = walked.end * size_bytes / walked.position
    return min(guess, declared or MAX_SECONDS)


def declared_duration(container: InputContainer, stream: Stream) -> float | None:
    """What the headers say, seconds; None where they say nothing or nonsense.

    Where a stream has no length of its own it is the container's: that of its longest stream.
    """
    of_all = container.duration / av.time_base if container.duration else None
    return own_duration(stream) or _sensible(of_all)


def declared_end(container: InputContainer, stream: Stream) -> float | None:
    """When the headers say that a stream ends, on the media's clock; None as above.

    A stream that begins late ends later than it is long. Matroska's tag is an end already.
    """
    begin, length = beginning(stream), own_duration(stream)
    if length is None or begin is None or _parse_tag(stream.metadata.get("DURATION", "")):
        return declared_duration(container, stream)
    return length + max(0.0, begin - origin(container, stream))


def own_duration(stream: Stream) -> float | None:
    """What the headers say of a stream alone, seconds; None where they say nothing or nonsense."""
    base = stream.time_base
    counted = float(stream.duration * base) if stream.duration and base else None
    return _sensible(_parse_tag(stream.metadata.get("DURATION", ""))) or _sensible(counted)


def _sensible(seconds: float | None) -> float | None:
    return seconds if seconds is not None and 0 < seconds <= MAX_SECONDS else None


def _parse_tag(text: str) -> float | None:
    """Matroska muxers leave a stream's length as a tag, 00:01:02.5."""
    match = _TAG.match(text)
    return (
        int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match is not None else None
    )


class _Stretch(NamedTuple):
    """Where a stretch of packets ended: seconds, bytes, and whether the stream ended there."""

    end: float
    position: int
    complete: bool


def _read_on(
    container: InputContainer, stream: Stream, moment: float, limit: int
) -> _Stretch | None:
    """Read packets from a moment on; None if there are none that make sense."""
    if not seek(container, moment):
        return None
    begin = origin(container, stream)
    end, position, complete = 0.0, 0, True
    for count, packet in enumerate(packets(container, stream)):
        time = packet_time(packet)
        if packet.size and time is not None:
            end = max(end, time - begin + float((packet.duration or 0) * packet.time_base))
            position = max(position, packet.pos or 0)
        if count >= limit:
            complete = False
            break
    return _Stretch(end, position, complete) if 0 < end <= MAX_SECONDS else None
