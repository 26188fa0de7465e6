"""Where in a long sound somebody speaks: short pieces all over it are heard first."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from assay.media.sampling import MAX_SPEECH_SECONDS, SEGMENTS, Span

PLACES: Final = 150
"""Places at which a sound is heard, at most: an hour costs what ten minutes do."""
PIECE: Final = 0.4
"""Seconds that are heard at each: a syllable or two, after what the network needs to settle."""
STRETCH: Final = MAX_SPEECH_SECONDS / SEGMENTS
"""Seconds of one stretch that is read."""
_ENOUGH: Final = 0.5
"""Share of the voice in the best stretches from which the usual ones do as well."""
_LEAST: Final = 1.0
"""Seconds below which what is left of a stretch is not worth a jump."""


class Heard(NamedTuple):
    """A place: when its piece begins, and how many seconds of it are voice."""

    time: float
    voiced: float


def places(length: float) -> list[float]:
    """Moments at equal distance, seconds, at which a sound of this length is heard."""
    number = min(PLACES, int(length // (2 * PIECE)))
    return [(index + 0.5) * length / number - PIECE / 2 for index in range(number)]


def stretches(
    end: float | None,
    picture: Sequence[Span],
    heard: Sequence[Heard] = (),
    within: Span | None = None,
) -> list[Span]:
    """Which stretches of the sound are decoded, in order of time and without overlap.

    Those around the examined picture, or spread over a sound without picture. Where they miss most
    of what is spoken they give way to the stretches that hold it: all of them, or,
    beside a picture, half, because lips are compared with what is heard beside them.

    Args:
        end: Of the sound, seconds; None if unknown.
        picture: The picture's spans. Each is widened evenly to its share of the budget.
        heard: What was heard at the `places`, in order of time; none where nobody listened.
        within: The part of the sound to be examined; None for all of it.
    """
    if within is not None:
        return _within(within, picture, heard)
    length = end or MAX_SPEECH_SECONDS
    if length <= MAX_SPEECH_SECONDS:
        return [Span(0.0, MAX_SPEECH_SECONDS)]  # stated lengths are often a little short
    slot = length / SEGMENTS
    beside = [(span.start + span.end) / 2 for span in picture if span.start < length]
    middles = beside or [(i + 0.5) * slot for i in range(SEGMENTS)]
    usual = _around(middles, MAX_SPEECH_SECONDS, length)
    spoken = _most_spoken(heard, length)
    if _voice_in(usual, heard) >= _ENOUGH * _voice_in(spoken, heard):
        return usual
    if not beside:
        return sorted(spoken, key=lambda span: span.start)
    near = _around(middles, MAX_SPEECH_SECONDS / 2, length)
    extra = [piece for span in spoken[: SEGMENTS // 2] for piece in _without(span, near)]
    return sorted([*near, *extra], key=lambda span: span.start)


def _within(part: Span, picture: Sequence[Span], heard: Sequence[Heard]) -> list[Span]:
    """The stretches of a part: those of a sound that is no more than it."""
    start, end = part.start, part.end
    there = [Span(span.start - start, span.end - start) for span in picture]
    moved = [Heard(place.time - start, place.voiced) for place in heard]
    found = stretches(end - start, there, moved)
    return [Span(start + span.start, min(start + span.end, end)) for span in found]


def _around(middles: Sequence[float], budget: float, length: float) -> list[Span]:
    """Spans of equal length around moments, pushed apart where they would overlap."""
    half = budget / len(middles) / 2
    found: list[Span] = []
    for middle in middles:
        start = min(max(middle - half, found[-1].end if found else 0.0), length)
        end = min(start + 2 * half, length)
        if end > start:
            found.append(Span(start, end))
    return found


def _most_spoken(heard: Sequence[Heard], length: float) -> list[Span]:
    """At most `SEGMENTS` stretches that hold the most voice, the fullest first."""
    spacing = length / max(1, len(heard))
    found: list[Span] = []
    while len(found) < SEGMENTS:
        starts = [place.time - spacing / 2 for place in heard if place.voiced > 0]
        starts += [span.end for span in found]
        free = [
            Span(start, start + STRETCH)
            for start in (min(max(0.0, each), length - STRETCH) for each in starts)
            if all(start >= span.end or start + STRETCH <= span.start for span in found)
        ]
        best = max(free, key=lambda span: _voice_in([span], heard), default=None)
        if best is None or _voice_in([best], heard) == 0:
            break
        found.append(best)
    return found


def _voice_in(spans: Sequence[Span], heard: Sequence[Heard]) -> float:
    """Seconds of voice that were heard within spans."""
    return sum(
        place.voiced
        for place in heard
        if any(span.start <= place.time + PIECE / 2 < span.end for span in spans)
    )


def _without(span: Span, others: Sequence[Span]) -> list[Span]:
    """What is left of a span outside of others, which are in order of time."""
    left, start = [], span.start
    for other in others:
        if other.end > start and other.start < span.end:
            left.append(Span(start, other.start))
            start = other.end
    left.append(Span(start, span.end))
    return [piece for piece in left if piece.end - piece.start >= _LEAST]
