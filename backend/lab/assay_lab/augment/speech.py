"""What the world does to a voice after it was recorded or synthesised.

Both classes pass through the same distribution, and a forgery through the very draw of the
recording that it was made from, so that nothing here can become a class label. Order as in life:
room, noise, microphone, sampling, codec. Non-linear and impulsive noise after RawBoost (Tak et
al., ICASSP 2022); all code is our own.
"""

from dataclasses import dataclass, field
from math import gcd

import numpy as np
from numpy.random import Generator
from scipy.signal import fftconvolve, firwin2, resample_poly

from assay.branches.audio.cqcc import RATE
from assay.types import Floats
from assay_lab.augment import codec
from assay_lab.augment.codec import Codec


@dataclass(frozen=True, slots=True)
class SpeechCorruption:
    """One draw; applied twice to one recording it gives one result.

    Values of 0 (or None) leave a step out. reverberation: seconds until -60 dB. direct: energy
    of the direct sound over the room's, dB. noise: signal-to-noise ratio, dB; its power falls as
    1 / f ** colour. drive: dB of distortion products below the voice. clicks: share of samples.
    response: dB at given Hz of the microphone. speed: factor of playback. clip: share of the peak
    that survives. rates: the sampling rates passed through. seed: of everything random inside.
    """

    reverberation: float = 0.0
    direct: float = 0.0
    noise: float = 0.0
    colour: float = 0.0
    drive: float = 0.0
    clicks: float = 0.0
    response: tuple[tuple[float, float], ...] = ()
    speed: float = 1.0
    clip: float = 1.0
    rates: tuple[int, ...] = ()
    codecs: tuple[Codec, ...] = ()
    bits: int = 0
    seed: int = field(default=0)

    @classmethod
    def draw(cls, rng: Generator) -> "SpeechCorruption":
        """Everyday corruption: a tenth of all draws leave the samples untouched."""
        if rng.random() < 0.1:
            return cls()

        def sometimes(chance: float, low: float, high: float, otherwise: float = 0.0) -> float:
            value = float(rng.uniform(low, high))
            return value if rng.random() < chance else otherwise

        return cls(
            reverberation=sometimes(0.25, 0.1, 0.7),
            direct=float(rng.uniform(0, 15)),
            noise=sometimes(0.45, 8, 40),
            colour=float(rng.choice([0.0, 0.5, 1.0, 1.5, 2.0])),
            drive=sometimes(0.2, 10, 40),
            clicks=sometimes(0.05, 0.0001, 0.001),
            response=_draw_response(rng) if rng.random() < 0.6 else (),
            speed=sometimes(0.2, 0.92, 1.08, otherwise=1.0),
            clip=sometimes(0.07, 0.3, 0.9, otherwise=1.0),
            rates=_draw_rates(rng),
            codecs=tuple(codec.draw(rng) for _ in range(rng.choice(3, p=[0.5, 0.42, 0.08]))),
            bits=int(rng.choice([0, 8, 10, 12])) if rng.random() < 0.1 else 0,
            seed=int(rng.integers(2**31)),
        )

    def apply(self, wave: Floats) -> Floats:
        """The corrupted recording, in -1..1; its length changes with `speed` only.

        Args:
            wave: (samples,) at 16 kHz.
        """
        rng = np.random.default_rng(self.seed)
        wave = self._room(wave, rng)
        wave = self._add_noise(wave, rng)
        wave = self._microphone(wave, rng)
        wave = self._sampling(wave)
        for step in self.codecs:
            wave = codec.through(_levelled(wave), step)
        if self.bits:
            scale = 2.0 ** (self.bits - 1)
            wave = np.round(_levelled(wave) * scale) / scale
        return _levelled(wave)

    def _room(self, wave: Floats, rng: Generator) -> Floats:
        if not self.reverberation:
            return wave
        times = np.arange(int(self.reverberation * RATE)) / RATE
        tail = rng.normal(size=len(times)) * 10 ** (-3 * times / self.reverberation)
        tail[: int(0.002 * RATE)] = 0
        tail *= 10 ** (-self.direct / 20) / np.linalg.norm(tail)
        tail[0] = 1.0
        return fftconvolve(wave, tail)[: len(wave)]

    def _add_noise(self, wave: Floats, rng: Generator) -> Floats:
        loudness = np.sqrt(np.mean(wave**2)) + 1e-9
        if self.noise:
            spectrum = np.fft.rfft(rng.normal(size=len(wave)))
            spectrum *= (1 + np.arange(len(spectrum))) ** (-self.colour / 2)
            noise = np.fft.irfft(spectrum, len(wave))
            noise /= np.sqrt(np.mean(noise**2)) + 1e-12
            wave = wave + noise * loudness * 10 ** (-self.noise / 20)
        return wave

    def _microphone(self, wave: Floats, rng: Generator) -> Floats:
        peak = np.abs(wave).max() + 1e-9
        if self.drive:
            shape = (wave / peak) ** 2 + rng.uniform(-1, 1) * (wave / peak) ** 3
            shape = shape - shape.mean()
            level = np.sqrt(np.mean(wave**2) / (np.mean(shape**2) + 1e-12))
            wave = wave + shape * level * 10 ** (-self.drive / 20)
        if self.clicks:
            hit = rng.random(len(wave)) < self.clicks
            wave = wave + hit * wave * rng.normal(0, 2, len(wave))
        if self.response:
            hertz, decibels = zip(*self.response, strict=True)
            gains = 10 ** (np.array(decibels) / 20)
            fir = firwin2(257, hertz, gains, fs=RATE)
            wave = fftconvolve(wave, fir, mode="same")
        if self.clip < 1:
            limit = self.clip * np.abs(wave).max()
            wave = np.clip(wave, -limit, limit)
        return wave

    def _sampling(self, wave: Floats) -> Floats:
        if self.speed != 1.0:
            places = np.arange(0, len(wave) - 1, self.speed)
            wave = np.interp(places, np.arange(len(wave)), wave)
        for rate in self.rates:
            up, down = rate // gcd(rate, RATE), RATE // gcd(rate, RATE)
            there = resample_poly(wave, up, down)
            wave = resample_poly(there, down, up)[: len(wave)]
        return wave


def _draw_response(rng: Generator) -> tuple[tuple[float, float], ...]:
    """A microphone's gain in dB at rising Hz: gentle waves, sometimes steep at an end."""
    inner = np.sort(rng.uniform(80, 7600, 8))
    gains = rng.normal(0, rng.choice([2.0, 5.0]), 10)
    if rng.random() < 0.25:
        gains[0] = -40.0
        inner[0] = min(rng.uniform(60, 350), inner[1])
    if rng.random() < 0.3:
        edge = rng.uniform(3000, 7500)
        gains[np.append(np.append(0, inner), 8000) > edge] = -60.0
    return tuple(zip([0.0, *inner.tolist(), RATE / 2], gains.tolist(), strict=True))


def _draw_rates(rng: Generator) -> tuple[int, ...]:
    chances = [0.6, 0.3, 0.1]
    known = [8_000, 11_025, 12_000, 22_050, 24_000, 32_000, 44_100, 48_000]
    weights = np.array([1.5, 1, 1, 3, 3, 1, 2, 2])
    count = rng.choice(3, p=chances)
    return tuple(int(r) for r in rng.choice(known, count, p=weights / weights.sum()))


def _levelled(wave: Floats) -> Floats:
    return (wave * (0.9 / max(float(np.abs(wave).max()), 1e-6))).astype(np.float32)
