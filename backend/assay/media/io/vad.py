"""Voice activity: where in a sound somebody speaks, by Silero VAD.

The network (Silero Team, MIT) hears 32 ms at a time and remembers; it tells speech from music,
tones and noise. It is asked for many frames in one call. Serving and training cut their windows
by what it says.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np

from assay.types import Floats, Waveform

RATE: Final = 16_000
FRAME: Final = 512
"""Samples of a frame, 32 ms."""
CONTEXT: Final = 64
"""Samples of the frame before, which the network hears again."""
STATE: Final = (1, 1, 128)
FRAMES_AT_ONCE: Final = 1024
"""33 s: bounds memory, whatever the sound's length."""

SPEECH: Final = 0.5
"""P(speech) at which a voice begins."""
SILENCE: Final = 0.35
"""P(speech) below which it ends: lower, so that a weak syllable does not cut it."""
SHORTEST: Final = 0.25
"""Seconds below which a sound is no speech."""
PAUSE: Final = 0.3
"""Seconds of silence that do not end speech."""
MARGIN: Final = 0.05
"""Seconds by which speech reaches beyond what the network is sure of."""


class Session(Protocol):
    """What runs the network: an onnxruntime session of `models/vad`."""

    def run(self, output_names: None, feed: Mapping[str, Any]) -> Sequence[Any]:
        """`input` (n, 576), `h` and `c` (1, 1, 128) to P(speech) (n,), and the states after it."""
        ...


def speech_spans(wave: Waveform, session: Session) -> list[tuple[float, float]]:
    """Where somebody speaks.

    Args:
        wave: (samples,) at 16 kHz, mono.
        session: Of the model vad.

    Returns:
        (start, end) in seconds from the beginning, in order, without overlap, SHORTEST at least.
    """
    return _spans(speech_probabilities(wave, session), len(wave) / RATE)


def speech_seconds(wave: Waveform, session: Session) -> float:
    """How much of a short piece is speech, pauses of any length aside."""
    return float((speech_probabilities(wave, session) >= SPEECH).sum()) * FRAME / RATE


def speech_probabilities(wave: Waveform, session: Session) -> Floats:
    """P(speech) of each frame of 32 ms, (frames,); the last one is filled up with silence."""
    h = c = np.zeros(STATE, np.float32)
    found: list[Floats] = []
    for frames in _blocks(wave):
        probabilities, h, c = session.run(None, {"input": frames, "h": h, "c": c})
        found.append(np.asarray(probabilities, np.float32))
    return np.concatenate(found) if found else np.zeros(0, np.float32)


def _blocks(wave: Waveform) -> Iterator[Floats]:
    """Frames with the end of the one before, (n, 576), many at a time."""
    count = -(-len(wave) // FRAME)
    if count == 0:
        return
    padded = np.zeros(CONTEXT + count * FRAME, np.float32)
    padded[CONTEXT : CONTEXT + len(wave)] = wave
    frames = np.lib.stride_tricks.sliding_window_view(padded, CONTEXT + FRAME)[::FRAME]
    for start in range(0, count, FRAMES_AT_ONCE):
        yield np.ascontiguousarray(frames[start : start + FRAMES_AT_ONCE])


def _spans(probabilities: Floats, seconds: float) -> list[tuple[float, float]]:
    """Join over short pauses, drop what is too short, widen by a margin."""
    step = FRAME / RATE
    joined: list[tuple[float, float]] = []
    for first, after in _voiced(probabilities):
        start, end = first * step, min(after * step, seconds)
        if joined and start - joined[-1][1] < PAUSE:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    kept = [(start, end) for start, end in joined if end - start >= SHORTEST]
    return [(max(0.0, start - MARGIN), min(seconds, end + MARGIN)) for start, end in kept]


def _voiced(probabilities: Floats) -> Iterator[tuple[int, int]]:
    """Runs of frames from SPEECH until SILENCE; the second number is the frame after the last."""
    begun: int | None = None
    for frame, probability in enumerate(probabilities.tolist()):
        if begun is None and probability >= SPEECH:
            begun = frame
        elif begun is not None and probability < SILENCE:
            yield begun, frame
            begun = None
    if begun is not None:
        yield begun, len(probabilities)
