"""A synthetic voice for tests: harmonics that glide, formants that move, breaths between words."""

import numpy as np

from assay.branches.audio.cqcc import RATE
from assay.types import Floats


def voice(seconds: float = 1.5, pitch: float = 120.0, seed: int = 0) -> Floats:
    """(samples,), peak 0.5."""
    rng = np.random.default_rng(seed)
    times = np.arange(int(seconds * RATE)) / RATE
    glide = pitch * (1 + 0.1 * np.sin(2 * np.pi * 1.3 * times + rng.uniform(0, 6)))
    phase = 2 * np.pi * np.cumsum(glide) / RATE
    formant = 700 + 400 * np.sin(2 * np.pi * 2.1 * times)
    sound = np.zeros(len(times))
    for n in range(1, int(5000 / pitch)):
        sound += np.cos(n * phase) / (1 + ((n * glide - formant) / 300) ** 2)
    sound *= 0.3 + 0.7 * (np.sin(2 * np.pi * 3 * times) > -0.5)
    sound += rng.normal(0, 0.01, len(times)) * np.abs(sound).max()
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)
