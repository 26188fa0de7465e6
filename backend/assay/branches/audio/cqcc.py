"""Constant-Q cepstral coefficients, in numpy: what the audio branch looks at.

Todisco, Delgado and Evans, "Constant Q cepstral coefficients", Computer Speech & Language 2017:
constant-Q transform -> log power -> uniform resampling of the frequency axis -> DCT-II along
frequency -> deltas along time. The transform is the variable-Q kind (Schoerkhuber et al. 2014),
whose lowest windows stay short enough to follow speech.

Differences from the ASVspoof baselines, chosen by validation (backend/lab/LOG.md): many more
coefficients are kept, because what gives vocoders away is fine structure, and high bands, whose
windows are shorter than a hop, are averaged over the hop instead of sampled.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.fft import dct
from scipy.interpolate import CubicSpline

from assay.types import Doubles, Floats

RATE = 16_000
"""Hz that everything here assumes."""
DELTA_REACH = 3
"""Frames to either side that a delta is a regression over (HTK's half-window)."""


@dataclass(frozen=True)
class Cqcc:
    """The front-end and its parameters.

    bins_per_octave, octaves, lowest: the constant-Q bins; lowest in Hz. hop: samples between
    frames. points: uniform samples of the lowest octave after resampling, as in the paper's `d`.
    coefficients: kept, the 0th among them. floor: power, relative to the mean of the whole
    signal, under which nothing is heard; it hides what dither and file formats leave there.
    """

    bins_per_octave: int = 24
    octaves: int = 7
    lowest: float = 60.0
    hop: int = 160
    points: int = 16
    coefficients: int = 96
    floor: float = 1e-7

    @property
    def frequencies(self) -> Doubles:
        """Centre frequencies of the bins, Hz, (bins,)."""
        steps = np.arange(self.octaves * self.bins_per_octave)
        return np.asarray(self.lowest * 2.0 ** (steps / self.bins_per_octave))

    def __call__(self, wave: Floats) -> Floats:
        """Static, delta and delta-delta coefficients.

        Args:
            wave: (samples,) at 16 kHz, any level; at least one sample.

        Returns:
            (3, coefficients, frames); frame t is centred on sample t * hop.
        """
        static = self.static(wave)
        first = deltas(static)
        return np.stack([static, first, deltas(first)])

    def static(self, wave: Floats) -> Floats:
        """The coefficients themselves, (coefficients, frames)."""
        power = self.power(wave)
        loudness = max(float(power.mean()), 1e-20)
        return np.asarray(self._to_cepstrum @ np.log(power / loudness + self.floor))

    def power(self, wave: Floats) -> Floats:
        """Constant-Q power, (bins, frames), in units of a full-scale sine being 1."""
        frames = 1 + len(wave) // self.hop
        rows = []
        for kernel, parts in self._kernels:
            step = self.hop // parts
            centred = _frames(wave, kernel.shape[2], step, frames, parts)
            real, imaginary = centred @ kernel[0].T, centred @ kernel[1].T
            spread = (real**2 + imaginary**2).reshape(frames, parts, -1)
            rows.append(spread.mean(axis=1).T)
        return np.concatenate(rows)

    @cached_property
    def _kernels(self) -> list[tuple[Floats, int]]:
        """Per octave: windowed cosines and sines (2, bins, length), and frames per hop."""
        # Bandwidth f * alpha + gamma: constant Q, widened at the bottom as hearing is.
        alpha = (2 ** (2 / self.bins_per_octave) - 1) / (2 ** (2 / self.bins_per_octave) + 1)
        gamma = 24.7 * alpha / 0.108
        kernels = []
        for octave in np.split(self.frequencies, self.octaves):
            lengths = RATE / (octave * alpha + gamma)
            size = 2 * int(np.ceil(lengths.max() / 2)) + 1
            times = np.arange(size) - size // 2
            inside = np.abs(times) <= lengths[:, None] / 2
            window = np.where(inside, 0.5 + 0.5 * np.cos(2 * np.pi * times / lengths[:, None]), 0)
            window *= 2 / window.sum(axis=1, keepdims=True)
            wave = window * np.exp(-2j * np.pi * octave[:, None] * times / RATE)
            # Steps of at most half the shortest window, so that no sample goes unheard.
            parts = 1
            while self.hop // parts > lengths.min() / 2 and self.hop % (2 * parts) == 0:
                parts *= 2
            kernels.append((np.stack([wave.real, wave.imag]).astype(np.float32), parts))
        return kernels

    @cached_property
    def _to_cepstrum(self) -> Floats:
        """Resampling and DCT as one matrix, (coefficients, bins): both are linear."""
        step = self.lowest / self.points
        uniform = np.arange(self.lowest, self.frequencies[-1], step)
        resampled = CubicSpline(self.frequencies, np.eye(len(self.frequencies)))(uniform)
        cepstra = dct(resampled, axis=0, norm="ortho")[: self.coefficients]
        # Orthonormal over some 2,000 points; scaled to the spread of one point.
        return np.asarray(cepstra / np.sqrt(len(uniform)), np.float32)


def deltas(static: Floats, reach: int = DELTA_REACH) -> Floats:
    """Slope over time by regression (HTK), edges repeated.

    Args:
        static: (coefficients, frames).
        reach: Frames to either side.

    Returns:
        (coefficients, frames), per frame.
    """
    padded = np.pad(static, ((0, 0), (reach, reach)), mode="edge")
    frames = static.shape[1]
    slope = np.zeros_like(static)
    for n in range(1, reach + 1):
        slope += n * (padded[:, reach + n :][:, :frames] - padded[:, reach - n :][:, :frames])
    return slope / np.float32(2 * sum(n * n for n in range(1, reach + 1)))


def _frames(wave: Floats, size: int, step: int, frames: int, parts: int) -> Floats:
    """Frames around the samples of each hop, (frames * parts, size); silence beyond the ends.

    The parts of a hop are spread evenly and symmetrically about its centre.
    """
    first = -((parts - 1) * step) // 2
    before = size // 2 - first
    count = frames * parts
    padded = np.zeros(before + max(len(wave), (count - 1) * step + first) + size, np.float32)
    padded[before : before + len(wave)] = wave
    return np.lib.stride_tricks.sliding_window_view(padded, size)[: count * step : step][:count]
