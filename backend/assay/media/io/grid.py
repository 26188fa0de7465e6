"""From pictures at whatever times the camera chose to frames on a regular clock.

Lips are compared with sound at 25 pictures a second, so every moment of that grid gets exactly one
frame: the picture that a player would show then. A source that is faster loses pictures, one that
is slower repeats them; a repeat shares the decoded picture and its conversions. Every sixth moment
gives a detection frame: 0.24 s apart, the whole number of steps nearest to `FACE_RATE`, so that the
step between faces never varies within a segment.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from assay.media.io.picture import Picture, SampledFrame
from assay.media.sampling import FACE_RATE, MOUTH_RATE, Span

KEY_STEP = round(MOUTH_RATE / FACE_RATE)
"""Steps of the fast grid between detection frames."""
MAX_HOLD = 1.0
"""Seconds that a picture is repeated for; a longer standstill or hole ends the run."""
TOLERANCE = 0.002
"""Containers round time stamps to milliseconds; a moment accepts pictures this much later."""


class Shown(NamedTuple):
    """A picture, when it appears, and for how long it stays if nothing follows; seconds."""

    time: float
    seconds: float
    picture: Picture


def on_grid(shown: Iterable[Shown], span: Span, runs: Iterator[int]) -> Iterator[SampledFrame]:
    """Sample one span.

    Args:
        shown: Pictures in order of time. The first is the one on display at the span's start, if
            there is such a picture; the run starts later if there is not.
        span: Moments from its start up to, not including, its end.
        runs: Gives the number of each run that begins.

    Yields:
        Frames at equal distance within a run; `time` is the moment of the grid.
    """
    run, held = _Run(-1, span.start), None
    for latest in shown:
        gone = held is None or latest.time > held.time + MAX_HOLD
        if held is not None:
            yield from run.show(held.picture, min(latest.time, held.time + MAX_HOLD, span.end))
        if latest.time >= span.end - TOLERANCE:
            return
        if gone:
            run = _Run(next(runs), max(span.start, latest.time))
        held = latest
    if held is not None:
        stay = min(held.seconds, MAX_HOLD)
        yield from run.show(held.picture, min(held.time + stay, span.end))


@dataclass(slots=True)
class _Run:
    """A run in the making: where it began, and the step of the grid that comes next."""

    number: int
    start: float
    step: int = 0

    def show(self, picture: Picture, until: float) -> Iterator[SampledFrame]:
        """One picture for every moment left before `until`."""
        while (moment := self.start + self.step / MOUTH_RATE) < until - TOLERANCE:
            yield SampledFrame(moment, self.number, self.step % KEY_STEP == 0, picture)
            self.step += 1
