"""Music under a voice, played by a few sines: chords, a bass and a beat.

Enough to teach that steady harmonics beside a voice are no sign of a vocoder; it is no composer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from assay.types import Doubles, Waveform

RATE = 16_000
_CHORDS = ((0, 4, 7), (0, 3, 7), (0, 5, 9), (-3, 0, 4), (-1, 2, 7))
"""Semitones over the key's root."""


@dataclass(frozen=True, slots=True)
class Music:
    """A tune, made from few numbers.

    below: dB of the music under the voice. root: Hz of the key. tempo: beats a second.
    overtones: of each note. drums: loudness of the beat. seed: of everything random inside.
    """

    below: float
    root: float
    tempo: float
    overtones: int
    drums: float
    seed: int

    @classmethod
    def draw(cls, rng: Generator) -> "Music":
        """From a quiet piano to a loud band."""
        return cls(
            below=float(rng.uniform(3, 25)),
            root=float(110 * 2 ** (rng.integers(12) / 12)),
            tempo=float(rng.uniform(1.2, 2.6)),
            overtones=int(rng.integers(2, 9)),
            drums=float(rng.uniform(0, 0.8)) if rng.random() < 0.5 else 0.0,
            seed=int(rng.integers(2**31)),
        )

    def play(self, samples: int) -> Waveform:
        """The music alone, (samples,), at a mean square of 1."""
        rng = np.random.default_rng(self.seed)
        beat = max(1, round(RATE / self.tempo))
        parts = [self._beat(beat, rng) for _ in range(-(-samples // beat))]
        wave = np.concatenate(parts)[:samples]
        return (wave / (np.sqrt(np.mean(wave**2)) + 1e-9)).astype(np.float32)

    def under(self, wave: Waveform) -> Waveform:
        """The voice with the music under it, same length; may exceed full scale."""
        loudness = float(np.sqrt(np.mean(wave**2)))
        music = self.play(len(wave)) * (loudness * 10 ** (-self.below / 20))
        return (wave + music).astype(np.float32)

    def _beat(self, samples: int, rng: Generator) -> Doubles:
        times = np.arange(samples) / RATE
        chord = _CHORDS[rng.integers(len(_CHORDS))]
        melody = (chord[rng.integers(3)] + 12,)
        notes = [self.root * 2 ** (step / 12) for step in (*chord, *melody, chord[0] - 12)]
        wave = np.zeros(samples)
        for note in notes:
            fade = np.exp(-times * rng.uniform(1.0, 4.0))
            for number in range(1, self.overtones + 1):
                if note * number < RATE / 2:
                    phase = rng.uniform(0, 2 * np.pi)
                    wave += fade * np.sin(2 * np.pi * note * number * times + phase) / number**1.3
        if self.drums:
            wave += self.drums * 3 * rng.normal(size=samples) * np.exp(-times * 40)
        return wave
