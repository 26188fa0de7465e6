"""Which moments of a media are looked at: bounded, so that an hour costs what ten seconds do."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Span:
    """An unbroken piece of the media, seconds."""

    start: float
    end: float
