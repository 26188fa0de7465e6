"""Which moments of a video are examined for persons: those of the plan, else where faces show.

Eight seconds spread over an hour may all miss the one who speaks at its end. Where the planned
moments show nobody, key frames all over the video are searched, which costs a picture each.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from assay.evidence import FaceCounters, Hints
from assay.media.faces.detector import FaceDetector, Session
from assay.media.faces.find import MIN_SIZE, OnProgress, counted, find_persons
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
    media: MediaReader, hints: Hints, session: Session, on_progress: OnProgress
) -> Look:
    """The persons of a video or still; of sound alone, none.

    Args:
        media: The opened file.
        hints: Of that file; choose between moments.
        session: Of the model blazeface.
        on_progress: As for `find_persons`.

    Raises:
        AssayError: `unreadable`.
    """
    spans = plan(media.info, hints)
    found = find_persons(media.frames(spans), session, on_progress)
    length = media.info.duration or 0.0
    if found.persons or media.info.kind != "video" or length <= MAX_PICTURE_SECONDS:
        return Look(spans, *found)
    elsewhere = _around(_moments_with_faces(media, length, FaceDetector(session)), length)
    if not elsewhere:
        return Look(spans, *found)
    again = find_persons(media.frames(elsewhere), session, on_progress)
    bystanders = [*found.bystanders, *again.bystanders]
    faceless = found.counters.frames_without_face + again.counters.frames_without_face
    return Look(elsewhere, again.persons, counted(bystanders, faceless), bystanders)


def _moments_with_faces(
    media: MediaReader, length: float, detector: FaceDetector
) -> list[tuple[float, float]]:
    """Moments and the size of the largest face that shows then, where it can be judged."""
    tail = max(0.0, length - _TAIL)
    found = []
    for frames in (
        media.key_frames(np.linspace(0.0, length, GLIMPSES).tolist()),
        media.frames([Span(tail, tail + _ONE_FRAME)]),
    ):
        for frame in frames:
            size = max((face.size for face in detector.search(frame.rgb())), default=0.0)
            if size >= MIN_SIZE:
                found.append((frame.time, size))
    return found


def _around(moments: Sequence[tuple[float, float]], length: float) -> list[Span]:
    """Spans around the moments with the largest faces, `MAX_PICTURE_SECONDS` in all at most."""
    largest = sorted(moments, key=lambda moment: -moment[1])[:SEGMENTS]
    if not largest:
        return []
    long = MAX_PICTURE_SECONDS / len(largest)
    starts = sorted(min(max(0.0, time - long / 2), length - long) for time, _ in largest)
    ends = [min(start + long, later) for start, later in pairwise([*starts, length])]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True) if end > start]
