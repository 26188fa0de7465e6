"""Windows of speech to score, the same in training and serving.

Each window is a few seconds of speech without leading or trailing silence, at any level: the
length of a silence, the loudness and the file format separate many published sets of fakes
(Mueller et al. 2021) and say nothing about a voice. Evaluation cuts its windows with the
very functions below; training draws windows of many lengths.
"""

import numpy as np

from assay.branches.audio.cqcc import RATE, Cqcc
from assay.media.material import Speech
from assay.types import Floats

FRONT_END = Cqcc()

WINDOW_SECONDS = 4.0
STEP_SECONDS = 3.0
SHORTEST_SECONDS = 0.6
"""A voice shorter than this is not judged."""

_LEVEL_FRAME = 320
"""Samples that a level is measured over: 20 ms."""
_QUIET_DB = 35.0
"""Below the loud parts by this much is silence."""


def cut(speech: Speech) -> list[tuple[float, Floats]]:
    """Windows of speech to score: their start in seconds and samples.

    Windows that hold less detected speech than SHORTEST_SECONDS are left out.
    """
    pieces = []
    for offset, wave in speech.spans:
        first, last = trim(wave)
        for begin, end in windows(last - first):
            start = offset + (first + begin) / RATE
            voiced = _overlap(speech.voiced, start, offset + (first + end) / RATE)
            if voiced >= SHORTEST_SECONDS:
                pieces.append((start, wave[first + begin : first + end]))
    return pieces


def _overlap(voiced: list[tuple[float, float]], start: float, end: float) -> float:
    return sum(max(0.0, min(b, end) - max(a, start)) for a, b in voiced)


def trim(wave: Floats) -> tuple[int, int]:
    """Where speech begins and ends in a recording, by level.

    Args:
        wave: (samples,) at 16 kHz.

    Returns:
        First sample and one past the last; equal if there is nothing but silence.
    """
    whole = len(wave) // _LEVEL_FRAME * _LEVEL_FRAME
    if whole == 0:
        return 0, 0
    power = np.square(wave[:whole].reshape(-1, _LEVEL_FRAME)).mean(axis=1)
    # The 95th percentile, so that one click does not make speech look quiet.
    loud = float(np.percentile(power, 95))
    active = np.flatnonzero(power > max(loud * 10 ** (-_QUIET_DB / 10), 1e-9))
    if len(active) == 0:
        return 0, 0
    return int(active[0]) * _LEVEL_FRAME, (int(active[-1]) + 1) * _LEVEL_FRAME


def windows(samples: int) -> list[tuple[int, int]]:
    """Overlapping windows over trimmed speech, as sample ranges; the last ends with the speech.

    None if it is shorter than SHORTEST_SECONDS.
    """
    size, step = int(WINDOW_SECONDS * RATE), int(STEP_SECONDS * RATE)
    if samples < SHORTEST_SECONDS * RATE:
        return []
    if samples <= size:
        return [(0, samples)]
    count = 1 + int(np.ceil((samples - size) / step))
    starts = np.linspace(0, samples - size, count).astype(int)
    return [(int(start), int(start) + size) for start in starts]
