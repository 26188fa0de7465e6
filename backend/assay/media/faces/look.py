"""Which moments of a video are examined for persons: those of the plan, else where faces show.

Eight seconds spread over an hour may all miss the one who speaks at its end. Where the planned
moments show nobody, key frames all over the video are searched, which costs a picture each.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from assay.evidence import FaceCounters, Hints, Place
from assay.media.faces.detector import FaceDetector, Session
from assay.media.faces.find import MIN_SIZE, OnProgress, counted, find_persons
from assay.media.io.frame import Frame
from assay.media.io.reader import MediaReader
from assay.media.material import Bystander, Person
from assay.media.sampling import MAX_PICTURE_SECONDS, SEGMENTS, Span, plan

GLIMPSES: Final = 24
"""Key frames that are searched, at most."""
_TAIL: Final = 1.2
"""Seconds before the end at which the last picture is searched, whatever key frame precedes it."""
_ONE_FRAME: Final = 0.04


class Look(NamedTuple):
    """What was found, and in which spans of the video."""

    spans: list[Span]
    persons: list[Person]
    counters: FaceCounters
    bystanders: list[Bystander]


def look_for_persons(
    media: MediaReader,
    hints: Hints,
    session: Session,
    on_progress: OnProgress,
    within: Span | None = None,
    wanted: Place | None = None,
) -> Look:
    """The persons of a video or still; of sound alone, none.

    Args:
        media: The opened file.
        hints: Of that file; choose between moments.
        session: Of the model blazeface.
        on_progress: As for `find_persons`.
        within: The part of the video to be examined; None for all of it.
        wanted: Whom to examine, see `find_persons`; None for those most present.

    Raises:
        AssayError: `unreadable`.
    """
    whole = within or Span(0.0, media.info.duration or 0.0)
    spans = plan(media.info, hints, within)
    if wanted is not None:
        spans = with_moment(spans, wanted.time, whole)
    threads = media.settings.threads
    found = find_persons(
        _inside(media.frames(spans), within), session, on_progress, wanted, threads
    )
    is_short = whole.end - whole.start <= MAX_PICTURE_SECONDS
    if found.persons or wanted is not None or media.info.kind != "video" or is_short:
        return Look(spans, *found)
    detector = FaceDetector(session, threads)
    elsewhere = _around(_moments_with_faces(media, whole, detector), whole)
    if not elsewhere:
        return Look(spans, *found)
    again = find_persons(
        _inside(media.frames(elsewhere), within), session, on_progress, wanted, threads
    )
    bystanders = [*found.bystanders, *again.bystanders]
    faceless = found.counters.frames_without_face + again.counters.frames_without_face
    return Look(elsewhere, again.persons, counted(bystanders, faceless), bystanders)


def _inside(frames: Iterator[Frame], within: Span | None) -> Iterator[Frame]:
    """A damaged video gives its beginning where what was asked for cannot be reached."""
    if within is None:
        return frames
    return (frame for frame in frames if within.start <= frame.time < within.end)


def _moments_with_faces(
    media: MediaReader, whole: Span, detector: FaceDetector
) -> list[tuple[float, float]]:
    """Moments and the size of the largest face that shows then, where it can be judged."""
    tail = max(whole.start, whole.end - _TAIL)
    found = []
    for frames in (
        media.key_frames(np.linspace(whole.start, whole.end, GLIMPSES).tolist()),
        media.frames([Span(tail, tail + _ONE_FRAME)]),
    ):
        for frame in frames:
            if not whole.start <= frame.time <= whole.end:
                continue
            size = max((face.size for face in detector.search(frame.rgb())), default=0.0)
            if size >= MIN_SIZE:
                found.append((frame.time, size))
    return found


def _around(moments: Sequence[tuple[float, float]], whole: Span) -> list[Span]:
    """Spans around the moments with the largest faces, `MAX_PICTURE_SECONDS` in all at most."""
    largest = sorted(moments, key=lambda moment: -moment[1])[:SEGMENTS]
    if not largest:
        return []
    long = MAX_PICTURE_SECONDS / len(largest)
    starts = sorted(_begin(time, long, whole) for time, _ in largest)
    ends = [min(start + long, later) for start, later in pairwise([*starts, whole.end])]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True) if end > start]


def with_moment(spans: Sequence[Span], time: float, whole: Span) -> list[Span]:
    """The spans, the nearest moved onto a moment where none holds it."""
    if not spans or any(span.start <= time < span.end for span in spans):
        return list(spans)
    nearest = min(spans, key=lambda span: min(abs(span.start - time), abs(span.end - time)))
    long = nearest.end - nearest.start
    start = _begin(time, long, whole)
    moved = Span(start, start + long)
    others = [
        span
        for span in spans
        if span != nearest and (span.end <= moved.start or span.start >= moved.end)
    ]
    return sorted([*others, moved], key=lambda span: span.start)


def _begin(time: float, long: float, whole: Span) -> float:
    """Where a span of some length around a moment begins."""
    return max(whole.start, min(time - long / 2, whole.end - long))
