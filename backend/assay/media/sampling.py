"""Which moments of a media are looked at: bounded, so that an hour costs what ten seconds do."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assay.evidence import Hints, MediaInfo

FACE_RATE = 4.0
"""Faces examined per second of a run: the visual branch's and the BiLSTM's clock."""
MOUTH_RATE = 25.0
"""Pictures per second of a run for lip movement; 5 of them make the sync branch's 0.2 s."""
MAX_PICTURE_SECONDS = 8.0
"""Seconds of video that are decoded in all."""
RUNS = 4
"""Runs that a longer video is spread over."""
MAX_SPEECH_SECONDS = 30.0
"""Seconds of sound that are scored in all."""
MAX_LEAD_SECONDS = 12.0
"""Seconds of video that may be decoded only to get from a key frame to a wanted moment."""
MAX_PERSONS = 3
"""Persons that are fully examined, the most present ones."""
MAX_CROPS = 32
"""Face crops of one person that the visual branch sees."""
MAX_NATIVE_CROPS = 16
"""Native crops for the gate, of all persons together."""

_DARK = 0.1
"""Share of the median packet size below which a stretch is taken to show next to nothing."""


@dataclass(frozen=True, slots=True)
class Span:
    """An unbroken piece of the media, seconds."""

    start: float
    end: float


def plan(media: MediaInfo, hints: Hints | None = None) -> list[Span]:
    """The spans of video to decode: all of a short one, else runs spread over its length.

    A longer video is divided into `RUNS` equal slots, and each slot gives one span. Within its
    slot the span moves to where it is cheap and telling: onto a key frame, off likely cuts,
    off stretches with next to no picture data such as a black lead-in. Where key frames are
    so far apart that a slot is out of reach, the other slots share its time.

    Args:
        media: Only its kind and duration matter.
        hints: Choose between moments; without them spans sit in the middle of their slots.

    Returns:
        Spans in order of time without overlap, `MAX_PICTURE_SECONDS` in all at most; none unless
        the media is a video.
    """
    if media.kind != "video":
        return []
    duration = media.duration or MAX_PICTURE_SECONDS
    if duration <= MAX_PICTURE_SECONDS:
        return [Span(0.0, duration)]
    slots = [Span(i * duration / RUNS, (i + 1) * duration / RUNS) for i in range(RUNS)]
    length = MAX_PICTURE_SECONDS / RUNS
    starts = [_place(slot, length, hints) for slot in slots]
    reached = [start for start in starts if start is not None]
    if len(reached) == RUNS:
        return [Span(start, start + length) for start in reached]
    return _share(reached, duration)


def _place(slot: Span, length: float, hints: Hints | None) -> float | None:
    """The best start of a span within a slot, or None if no moment of it is within reach."""
    middle = (slot.start + slot.end - length) / 2
    if hints is None:
        return middle
    latest = slot.end - length
    candidates = [middle, slot.start, latest]
    candidates += [key for key in hints.key_times if slot.start <= key <= latest]
    candidates += [cut for cut in hints.shot_cuts if slot.start <= cut <= latest]
    costs = {
        start: _cost(start, length, middle, slot, hints)
        for start in candidates
        if _lead(start, hints) <= MAX_LEAD_SECONDS
    }
    return min(costs, key=lambda start: costs[start], default=None)


def _cost(start: float, length: float, middle: float, slot: Span, hints: Hints) -> float:
    """How much speaks against a start; a cut within the span outweighs the rest."""
    cuts = sum(start < cut < start + length for cut in hints.shot_cuts)
    distance = abs(start - middle) / (slot.end - slot.start)
    lead = _lead(start, hints) / MAX_LEAD_SECONDS
    return 2.0 * cuts + 2.0 * _is_dark(start, start + length, hints) + lead + distance


def _lead(start: float, hints: Hints) -> float:
    """Seconds from the key frame at or before a moment; 0 where key frames are not known."""
    keys = hints.key_times
    if not keys:
        return 0.0
    at = bisect_right(keys, start + 0.01)
    return start - keys[at - 1] if at else 0.0


def _is_dark(start: float, end: float, hints: Hints) -> bool:
    """Whether the packets of a stretch carry next to nothing."""
    sizes = hints.packet_kilobytes
    inside = [
        size for time, size in zip(hints.packet_times, sizes, strict=True) if start <= time < end
    ]
    if not inside:
        return False
    median = sorted(sizes)[len(sizes) // 2]
    return max(inside) < _DARK * median


def _share(starts: list[float], duration: float) -> list[Span]:
    """Spans from the few moments within reach, each as long as the budget and the next allow."""
    starts = starts or [0.0]
    length = MAX_PICTURE_SECONDS / len(starts)
    ends: Iterator[float] = (later for _, later in pairwise([*starts, duration]))
    return [Span(start, min(start + length, end)) for start, end in zip(starts, ends, strict=True)]
