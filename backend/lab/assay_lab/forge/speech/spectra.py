"""Short-time spectra and mel features that several forgers share. All at 16 kHz."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.signal import get_window

from assay.branches.audio.cqcc import RATE
from assay.types import Floats

Complexes = NDArray[np.complex64]


@dataclass(frozen=True, slots=True)
class Stft:
    """Short-time Fourier transform with a Hann window and perfect reconstruction."""

    size: int
    hop: int

    def analyse(self, wave: Floats) -> Complexes:
        """(bins, frames), the first frame centred on sample 0."""
        padded = np.pad(
            wave, self.size // 2, mode="reflect" if len(wave) > self.size else "constant"
        )
        frames = np.lib.stride_tricks.sliding_window_view(padded, self.size)[:: self.hop]
        return np.fft.rfft(frames * _hann(self.size), axis=1).T.astype(np.complex64)

    def synthesise(self, spectrum: Complexes, samples: int) -> Floats:
        """Overlap-add, (samples,)."""
        window = _hann(self.size)
        frames = np.fft.irfft(spectrum.T, self.size, axis=1) * window
        total = self.size + self.hop * (len(frames) - 1)
        wave, weight = np.zeros(total), np.zeros(total)
        for i, frame in enumerate(frames):
            wave[i * self.hop :][: self.size] += frame
            weight[i * self.hop :][: self.size] += window**2
        wave = (wave / np.maximum(weight, 1e-3))[self.size // 2 :][:samples]
        return np.pad(wave, (0, samples - len(wave))).astype(np.float32)


@cache
def _hann(size: int) -> Floats:
    return get_window("hann", size).astype(np.float32)


@cache
def mel_matrix(bands: int, size: int, lowest: float = 0.0, highest: float = RATE / 2) -> Floats:
    """Triangular mel filters over the bins of a transform, (bands, size // 2 + 1), HTK's scale."""
    edges = 700 * (10 ** (np.linspace(_mel(lowest), _mel(highest), bands + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    rise = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rise, fall)).astype(np.float32)


@cache
def mel_inverse(bands: int, size: int) -> Floats:
    """Pseudo-inverse of the filters, (size // 2 + 1, bands)."""
    return np.linalg.pinv(mel_matrix(bands, size)).astype(np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def blunt(log_features: Floats, rng: Generator) -> tuple[Floats, dict[str, float]]:
    """What an acoustic model does to features: smooths them, flattens their variance, errs.

    Args:
        log_features: (bands, frames).
        rng: Draws how much; often nothing at all.

    Returns:
        Altered features, and what was drawn.
    """
    if rng.random() < 0.5:
        return log_features, {}
    time, band = float(rng.uniform(0, 2.5)), float(rng.uniform(0, 1.5))
    flat, error = float(rng.uniform(0.8, 1.0)), float(rng.choice([0.0, 0.05, 0.15]))
    smooth = gaussian_filter(log_features, (band, time))
    mean = smooth.mean(axis=1, keepdims=True)
    altered = mean + (smooth - mean) * flat + rng.normal(0, 1, smooth.shape) * error
    drawn = {"time": time, "band": band, "flat": flat, "error": error}
    return altered.astype(np.float32), drawn
