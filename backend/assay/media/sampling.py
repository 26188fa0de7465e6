"""Which moments of a media are looked at: bounded, so that an hour costs what ten seconds do."""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

from assay.errors import AssayError
from assay.evidence import Hints, MediaInfo

FACE_RATE = 4.0
"""Faces examined per second of a run: the visual branch's and the BiLSTM's clock."""
MOUTH_RATE = 25.0
"""Pictures per second of a run for lip movement; 5 of them make the sync branch's 0.2 s."""
MAX_PICTURE_SECONDS = 8.0
"""Seconds of video that are decoded in all."""
SEGMENTS = 4
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


def extent_of(media: MediaInfo, start: float | None, end: float | None) -> Span | None:
    """The part of a media that is to be examined; None for all of it.

    Raises:
        AssayError: `empty_range`, where the file has nothing of that part.
    """
    if media.kind == "image" or (start is None and end is None):
        return None
    begin = start or 0.0
    # Of an unknown length, as much is looked for as there is of one without a range.
    until = min(end or math.inf, media.duration or begin + MAX_SPEECH_SECONDS)
    if begin >= until:
        raise AssayError(
            "empty_range",
            "The file has nothing there; ask for a range that begins before its end.",
        )
    return Span(begin, until)


def plan(media: MediaInfo, hints: Hints | None = None, within: Span | None = None) -> list[Span]:
    """The spans of video to decode: all of a short one, else runs spread over its length.

    A longer video is divided into `SEGMENTS` equal slots, and each slot gives one span. Within its
    slot the span moves to where it is cheap and telling: onto a key frame, off likely cuts, off
    silence, off stretches with next to no picture data such as a black lead-in. Where key frames
    are so far apart that a slot is out of reach, the other slots share its time.

    Args:
        media: Only its kind and duration matter.
        hints: Choose between moments; without them spans sit in the middle of their slots.
        within: The part of the video to be examined; None for all of it.

    Returns:
        Spans in order of time without overlap, `MAX_PICTURE_SECONDS` in all at most; none unless
        the media is a video.
    """
    if media.kind != "video":
        return []
    whole = within or Span(0.0, media.duration or MAX_PICTURE_SECONDS)
    duration = whole.end - whole.start
    if duration <= MAX_PICTURE_SECONDS:
        return [whole]
    ground = _Ground(hints or Hints())
    length = MAX_PICTURE_SECONDS / SEGMENTS
    edges = [whole.start + i * duration / SEGMENTS for i in range(SEGMENTS + 1)]
    slots = [Span(start, end) for start, end in pairwise(edges)]
    starts = [start for slot in slots if (start := _place(slot, length, ground)) is not None]
    if len(starts) == SEGMENTS:
        return [Span(start, start + length) for start in starts]
    return _share(starts, whole)


class _Ground:
    """Hints, sorted for many questions."""

    def __init__(self, hints: Hints) -> None:
        self.keys = sorted(hints.key_times)
        self.cuts = sorted(hints.shot_cuts)
        self.silences = hints.silences
        sizes = hints.packet_kilobytes
        dark = _DARK * sorted(sizes)[len(sizes) // 2] if sizes else 0.0
        packets = list(zip(hints.packet_times, sizes, strict=True))
        self._packets = sorted(time for time, _ in packets)
        self._bright = sorted(time for time, size in packets if size >= dark)

    def lead(self, start: float) -> float:
        """Seconds from the key frame at or before a moment; 0 where key frames are not known."""
        at = bisect_right(self.keys, start + 0.01)
        return max(0.0, start - self.keys[at - 1]) if at else 0.0

    def cost(self, span: Span) -> float:
        """What speaks against a span; a cut within it counts most."""
        cuts = _count(self.cuts, span)
        is_dark = _count(self._packets, span) > 0 and _count(self._bright, span) == 0
        quiet = sum(
            max(0.0, min(end, span.end) - max(start, span.start)) for start, end in self.silences
        )
        lead = self.lead(span.start) / MAX_LEAD_SECONDS
        return 2.0 * cuts + 2.0 * is_dark + quiet / (span.end - span.start) + lead


def _place(slot: Span, length: float, ground: _Ground) -> float | None:
    """The best start of a span within a slot, or None if no moment of it is within reach."""
    middle, latest = (slot.start + slot.end - length) / 2, slot.end - length
    notable = (*ground.keys, *ground.cuts, *(end for _, end in ground.silences))
    inside = [moment for moment in notable if slot.start <= moment <= latest]
    costs = {
        start: ground.cost(Span(start, start + length))
        + abs(start - middle) / (slot.end - slot.start)
        for start in (middle, slot.start, latest, *inside)
        if ground.lead(start) <= MAX_LEAD_SECONDS
    }
    return min(costs, key=lambda start: costs[start], default=None)


def _count(moments: list[float], span: Span) -> int:
    """How many of the sorted moments lie strictly within a span."""
    return bisect_left(moments, span.end) - bisect_right(moments, span.start)


def _share(starts: list[float], whole: Span) -> list[Span]:
    """Spans from the few moments within reach, each as long as the budget and the next allow."""
    starts = starts or [whole.start]
    length = MAX_PICTURE_SECONDS / len(starts)
    ends = [later for _, later in pairwise([*starts, whole.end])]
    return [Span(start, min(start + length, end)) for start, end in zip(starts, ends, strict=True)]
