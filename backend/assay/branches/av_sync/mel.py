"""Log-mel spectra in numpy: what the sync branch hears.

Only the course of the sound matters here, so everything is relative to the loudness of the whole
signal, and what lies far below it (hiss, dither, what codecs leave) is cut off.
"""

from functools import cache
from typing import Final

import numpy as np

from assay.types import Floats

RATE: Final = 16_000
"""Hz that everything here assumes."""
HOP: Final = 160
"""Samples between spectra: 10 ms."""
BANDS: Final = 40

_WINDOW: Final = 400
_FFT: Final = 512
_LOWEST, _HIGHEST = 80.0, 7_600.0
_FLOOR: Final = 1e-4
"""Power under which nothing is heard, relative to the mean band."""


def log_mel(wave: Floats) -> Floats:
    """Natural logarithm of mel-band power, relative to the mean of the signal.

    Args:
        wave: (samples,) at 16 kHz, any level.

    Returns:
        (frames, BANDS); frame t is centred on sample t * HOP.
    """
    frames = 1 + len(wave) // HOP
    padded = np.zeros((frames - 1) * HOP + _WINDOW, np.float32)
    half = _WINDOW // 2
    padded[half : half + len(wave)] = wave[: len(padded) - half]
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP]
    taper = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(windows * taper, _FFT))).astype(np.float32)
    bands = power @ _filters()
    loudness = max(float(bands.mean()), 1e-12)
    return np.asarray(np.log(bands / loudness + _FLOOR), np.float32)


@cache
def _filters() -> Floats:
    """Triangles of equal width on the mel scale (O'Shaughnessy 1987), (bins, BANDS)."""
    edges = np.linspace(_to_mel(_LOWEST), _to_mel(_HIGHEST), BANDS + 2)
    hertz = 700 * (10 ** (edges / 2595) - 1)
    bins = np.arange(_FFT // 2 + 1)[:, None] * RATE / _FFT
    rise = (bins - hertz[:-2]) / (hertz[1:-1] - hertz[:-2])
    fall = (hertz[2:] - bins) / (hertz[2:] - hertz[1:-1])
    triangles = np.clip(np.minimum(rise, fall), 0, None)
    # Equal area: wide bands of white noise are not louder than narrow ones.
    return np.asarray(triangles / triangles.sum(axis=0), np.float32)


def _to_mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))
