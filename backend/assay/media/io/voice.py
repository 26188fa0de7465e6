"""Voice activity: where in a sound somebody speaks. Energy and spectral shape, no model.

Each band of the spectrum is compared with its own quiet moments, so the level of the recording and
a steady noise, hum or tone do not matter. What stands out counts as voice if its spectrum is
peaky as vowels are, yet no single tone. The quiet moments are a low percentile over time, as in
noise estimation by minimum statistics (Martin, "Noise power spectral density estimation based on
optimal smoothing and minimum statistics", IEEE TSAP 9(5), 2001).
"""

from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from assay.media.material import Speech
from assay.types import Doubles, Flags, Waveform

WINDOW: Final = 512
"""Samples of a spectrum, 32 ms."""
HOP: Final = 160
"""Samples between spectra, 10 ms."""
SHORTEST: Final = 0.2
"""Seconds below which a sound is no speech, and up to which a pause does not end it."""

_BINS: Final = slice(5, 129)
"""156 to 4,000 Hz, where voices differ most from noise."""
_DEPTH: Final = 1e-4
"""40 dB below a window's strongest bin nothing counts: codecs leave a restless noise there."""
_QUIET_PERCENTILE: Final = 15
_QUIET_BIAS: Final = 1.5
"""That percentile of smoothed noise, times this, is about its mean."""
_EXCESS_DB: Final = 2.5
"""White noise reaches 1.6 dB in 95 % of its windows, speech in as loud noise 4.9 dB."""
_MAX_FLATNESS: Final = 0.4
"""Of geometric to arithmetic mean: about 0.57 for white noise, below 0.2 for most vowels."""
_MAX_TONE: Final = 0.97
"""Share of the four strongest bins: a pure tone has 1."""
_LIVE: Final = 1e-10
"""Mean square below which there is no sound at all, as in digital silence."""
_MARGIN: Final = 0.05
"""Seconds by which speech reaches beyond its vowels."""


def voiced_spans(wave: Waveform) -> list[tuple[float, float]]:
    """Where somebody speaks.

    Args:
        wave: 16 kHz mono.

    Returns:
        (start, end) in seconds from the beginning, in order, at least `SHORTEST` long each.
    """
    if len(wave) < WINDOW:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[::HOP]
    live = np.square(windows).mean(axis=1) > _LIVE
    if not live.any():
        return []
    taper = np.hanning(WINDOW).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(windows * taper)[:, _BINS]))
    power = np.maximum(power, power.max(axis=1, keepdims=True) * _DEPTH) + 1e-12
    voice = live & (_excess(power, live) > _EXCESS_DB) & _is_vowel_like(power)
    return _spans(voice, len(wave) / Speech.RATE)


def _excess(power: Doubles, live: Flags) -> Doubles:
    """Mean over the bands of how far each stands above its own quiet moments, dB per window."""
    smooth = uniform_filter1d(power, 5, axis=0, mode="nearest")
    quiet = np.percentile(smooth[live], _QUIET_PERCENTILE, axis=0) * _QUIET_BIAS
    above: Doubles = 10 * np.log10(np.maximum(smooth / quiet, 1.0)).mean(axis=1)
    return above


def _is_vowel_like(power: Doubles) -> Flags:
    """Peaky, but not a single tone; per window."""
    mean = power.mean(axis=1)
    flatness = np.exp(np.log(power).mean(axis=1)) / mean
    strongest = np.partition(power, -4, axis=1)[:, -4:].sum(axis=1)
    shape: Flags = (flatness < _MAX_FLATNESS) & (strongest < _MAX_TONE * mean * power.shape[1])
    return shape


def _spans(voice: Flags, seconds: float) -> list[tuple[float, float]]:
    """Join windows over short pauses, drop what is too short, widen to the consonants."""
    edges = np.flatnonzero(np.diff(voice, prepend=False, append=False))
    spans: list[tuple[float, float]] = []
    for first, after in edges.reshape(-1, 2).tolist():
        start, end = first * HOP / Speech.RATE, ((after - 1) * HOP + WINDOW) / Speech.RATE
        if spans and start - spans[-1][1] < SHORTEST:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [
        (max(0.0, start - _MARGIN), min(seconds, end + _MARGIN))
        for start, end in spans
        if end - start >= SHORTEST
    ]
