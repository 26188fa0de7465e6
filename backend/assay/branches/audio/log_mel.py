"""Log-mel spectra as OpenAI's Whisper takes them: the audio encoder's view of a voice.

Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022: 80 bands of the
Slaney mel scale, spectra of 25 ms every 10 ms, in decades of power, of which the quietest are cut
off eight decades below the loudest. Training and serving call this very function.
"""

from functools import cache
from typing import Final

import numpy as np

from assay.types import Doubles, Floats, Waveform

RATE: Final = 16_000
SPECTRUM: Final = 400
"""Samples of a spectrum: 25 ms."""
HOP: Final = 160
"""Samples between spectra: 10 ms."""
BANDS: Final = 80
PEAK: Final = 0.9
"""Every window is scaled to this peak, in training and in serving: loudness says nothing."""
_DEPTH: Final = 8.0
"""Decades below the loudest value under which nothing counts."""
_LINEAR_BELOW: Final = 1000.0
"""Hz up to which the mel scale of Slaney's Auditory Toolbox is linear."""
_BAND_WIDTH: Final = 200.0 / 3
_LOG_STEP: Final = np.log(6.4) / 27.0


def levelled(wave: Waveform) -> Waveform:
    """A voice (samples,) at PEAK, filled up with silence to two spectra at least."""
    if len(wave) < 2 * HOP:
        wave = np.pad(wave, (0, 2 * HOP - len(wave)))
    return (wave * (PEAK / max(float(np.abs(wave).max()), 1e-6))).astype(np.float32)


def log_mel(wave: Waveform) -> Floats:
    """Spectra of a voice.

    Args:
        wave: (samples,) at 16 kHz, at least 400 of them.

    Returns:
        (80, samples // 160), about -1..1.5.
    """
    padded = np.pad(wave, SPECTRUM // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, SPECTRUM)[::HOP]
    frames = frames[: len(wave) // HOP]
    power = np.square(np.abs(np.fft.rfft(frames * _taper(), axis=1)))
    decades = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    decades = np.maximum(decades, decades.max() - _DEPTH)
    return np.asarray((decades + 4.0) / 4.0, np.float32)


@cache
def _taper() -> Doubles:
    """A periodic Hann window."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(SPECTRUM) / SPECTRUM)


@cache
def _filters() -> Doubles:
    """(80, 201): triangles of equal area between neighbouring mel points."""
    frequencies = np.fft.rfftfreq(SPECTRUM, 1 / RATE)
    points = _hertz(np.linspace(0.0, _mel(RATE / 2), BANDS + 2))
    widths = np.diff(points)
    distances = points[:, None] - frequencies
    rising = -distances[:-2] / widths[:-1, None]
    falling = distances[2:] / widths[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return triangles * (2.0 / (points[2:] - points[:-2]))[:, None]


def _mel(hertz: float) -> float:
    if hertz < _LINEAR_BELOW:
        return hertz / _BAND_WIDTH
    return float(_LINEAR_BELOW / _BAND_WIDTH + np.log(hertz / _LINEAR_BELOW) / _LOG_STEP)


def _hertz(mels: Doubles) -> Doubles:
    corner = _LINEAR_BELOW / _BAND_WIDTH
    above = _LINEAR_BELOW * np.exp(_LOG_STEP * (mels - corner))
    return np.where(mels < corner, mels * _BAND_WIDTH, above)
