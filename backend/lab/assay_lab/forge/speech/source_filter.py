"""Forgers that split a voice into a source and a filter: WORLD, LPC, harmonics with noise."""

import numpy as np
import pyworld
from numpy.random import Generator
from scipy.linalg import solve_toeplitz
from scipy.ndimage import gaussian_filter1d
from scipy.signal import fftconvolve, lfilter

from assay.branches.audio.cqcc import RATE
from assay.types import Doubles, Floats
from assay_lab.forge.speech import Parameters

_PERIOD_MS = 5.0


def world(wave: Floats, rng: Generator) -> tuple[Floats, Parameters]:
    """WORLD (Morise et al. 2016), features coded and smoothed as in statistical synthesis."""
    x = wave.astype(np.float64)
    pitch, times = _pitch(x)
    envelope = pyworld.cheaptrick(x, pitch, times, RATE)
    noise = pyworld.d4c(x, pitch, times, RATE)
    size = (envelope.shape[1] - 1) * 2
    order = int(rng.choice([0, 24, 40, 60]))
    smooth = float(rng.choice([0.0, 0.0, 1.0, 2.0]))
    shift = float(rng.choice([1.0, 1.0, 0.85, 1.15]))
    if order:
        coded = pyworld.code_spectral_envelope(envelope, RATE, order)
        if smooth:
            coded = np.ascontiguousarray(gaussian_filter1d(coded, smooth, axis=0))
        envelope = pyworld.decode_spectral_envelope(coded, RATE, size)
        bands = pyworld.code_aperiodicity(noise, RATE)
        noise = pyworld.decode_aperiodicity(bands, RATE, size)
    if smooth:
        voiced = pitch > 0
        pitch = np.where(voiced, gaussian_filter1d(pitch, smooth), 0)
    forged = pyworld.synthesize(pitch * shift, envelope, noise, RATE, _PERIOD_MS)
    return _fit(forged, len(wave)), {"order": order, "smooth": smooth, "shift": shift}


def lpc(wave: Floats, rng: Generator) -> tuple[Floats, Parameters]:
    """Linear prediction (Atal and Hanauer 1971) driven by pulses and noise, 20 ms frames."""
    order = int(rng.choice([12, 16, 24, 32]))
    breath = float(rng.uniform(0.02, 0.4))
    size, hop = 400, 200
    pitch, _ = _pitch(wave.astype(np.float64))
    source = _excitation(pitch, len(wave), breath, rng)
    window = np.hanning(size)
    forged, weight = np.zeros(len(wave) + size), np.full(len(wave) + size, 1e-3)
    for start in range(0, len(wave) - size, hop):
        frame = wave[start : start + size] * window
        correlation = np.correlate(frame, frame, "full")[size - 1 : size + order]
        correlation[0] = correlation[0] * 1.0001 + 1e-9
        predictor = solve_toeplitz(correlation[:-1], correlation[1:])
        # 200 samples of run-in, so that the filter rings as it would in the stream.
        lead = max(0, start - hop)
        drive = lfilter([1.0], np.append(1.0, -predictor), source[lead : start + size])
        drive = drive[start - lead :]
        drive *= np.sqrt(np.sum(frame**2) / (np.sum((drive * window) ** 2) + 1e-12))
        forged[start : start + size] += drive * window
        weight[start : start + size] += window
    return _fit(forged / weight, len(wave)), {"order": order, "breath": breath}


def harmonics_and_noise(wave: Floats, rng: Generator) -> tuple[Floats, Parameters]:
    """Sinusoids at multiples of the pitch plus filtered noise (Stylianou 2001)."""
    x = wave.astype(np.float64)
    pitch, times = _pitch(x)
    envelope = np.sqrt(pyworld.cheaptrick(x, pitch, times, RATE))
    highest = float(rng.choice([3000, 4000, 5500, 7500]))
    samples = np.arange(len(wave))
    frames = np.clip(samples * 1000 / RATE / _PERIOD_MS, 0, len(pitch) - 1)
    track = np.interp(frames, np.arange(len(pitch)), _filled(pitch))
    voiced = np.interp(frames, np.arange(len(pitch)), (pitch > 0).astype(float))
    phase = 2 * np.pi * np.cumsum(track) / RATE
    bins = envelope.shape[1]
    low = frames.astype(int)
    forged = np.zeros(len(wave))
    for n in range(1, int(highest / max(70.0, track.min())) + 1):
        hertz = n * track
        if hertz.min() > highest:
            break
        place = np.clip((hertz * 2 / RATE * (bins - 1)).astype(int), 0, bins - 1)
        loud = envelope[low, place] * np.sqrt(np.maximum(track, 60.0)) * (hertz < highest)
        forged += voiced * loud * np.cos(n * phase + rng.uniform(0, 2 * np.pi))
    hiss = _shaped_noise(envelope, len(wave), rng)
    edge = np.interp(frames, np.arange(len(pitch)), np.where(pitch > 0, 1.0, 0.0))
    high = fftconvolve(hiss, _highpass(highest), mode="same")
    forged += (1 - edge) * hiss + edge * (high + float(rng.uniform(0.02, 0.15)) * hiss)
    scale = np.sqrt(np.sum(x**2) / (np.sum(forged**2) + 1e-12))
    return _fit(forged * scale, len(wave)), {"highest": highest}


def _pitch(x: Doubles) -> tuple[Doubles, Doubles]:
    rough, times = pyworld.dio(x, RATE, frame_period=_PERIOD_MS)
    return pyworld.stonemask(x, rough, times, RATE), times


def _filled(pitch: Doubles) -> Doubles:
    """Pitch with unvoiced frames bridged."""
    voiced = np.flatnonzero(pitch > 0)
    if len(voiced) == 0:
        return np.full(len(pitch), 120.0)
    return np.interp(np.arange(len(pitch)), voiced, pitch[voiced])


def _excitation(pitch: Doubles, samples: int, breath: float, rng: Generator) -> Doubles:
    frames = np.clip(np.arange(samples) * 1000 / RATE / _PERIOD_MS, 0, len(pitch) - 1).astype(int)
    voiced, track = pitch[frames] > 0, _filled(pitch)[frames]
    cycles = np.floor(np.cumsum(track) / RATE)
    pulses = np.diff(cycles, prepend=0) * np.sqrt(RATE / track)
    noise = rng.normal(size=samples)
    return np.where(voiced, pulses + breath * noise, noise)


def _shaped_noise(envelope: Doubles, samples: int, rng: Generator) -> Doubles:
    """White noise through the envelopes, one every 5 ms."""
    hop, bins = int(RATE * _PERIOD_MS / 1000), envelope.shape[1]
    size = 4 * hop
    window = np.hanning(size + 1)[:-1]
    out = np.zeros(samples + 2 * (bins - 1) + size)
    noise = rng.normal(size=samples + size)
    for i, row in enumerate(envelope):
        start = i * hop
        if start >= samples:
            break
        spectrum = np.fft.rfft(noise[start : start + size] * window, 2 * (bins - 1))
        out[start : start + 2 * (bins - 1)] += np.fft.irfft(spectrum * row)
    return out[:samples] / np.sqrt(1.5)


def _highpass(edge: float) -> Doubles:
    times = np.arange(-128, 129)
    low = np.sinc(2 * edge / RATE * times) * 2 * edge / RATE * np.hamming(257)
    low /= low.sum()
    high = -low
    high[128] += 1
    return high


def _fit(wave: Doubles, samples: int) -> Floats:
    wave = np.nan_to_num(wave[:samples])
    return np.pad(wave, (0, samples - len(wave))).astype(np.float32)
