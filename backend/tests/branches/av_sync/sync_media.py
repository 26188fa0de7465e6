"""Lips and a voice that follow one made-up course of loudness, so that the truth is known."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from assay.branches.av_sync.mel import BANDS, RATE
from assay.branches.av_sync.windows import FRAMES, PICTURES
from assay.media.material import MouthSegment, Speech
from assay.media.sampling import MOUTH_RATE
from assay.types import Floats


def course(times: np.ndarray, seed: int = 0) -> np.ndarray:
    """Loudness in 0..1 at moments, as restless as syllables are and never repeating itself."""
    rng = np.random.default_rng(seed)
    waves = [
        np.sin(2 * np.pi * (rate * times + rng.uniform())) for rate in rng.uniform(1, 6, size=12)
    ]
    return np.clip(0.5 + 0.2 * np.sum(waves, axis=0), 0, 1)


def lips(seconds: float, seed: int = 0, start: float = 0.0) -> MouthSegment:
    """A mouth that is as bright below as the voice is loud."""
    times = start + (np.arange(round(seconds * MOUTH_RATE)) + 0.5) / MOUTH_RATE
    pictures = np.full((len(times), 96, 96), 60, np.uint8)
    pictures[:, 48:] = (60 + 150 * course(times, seed)).astype(np.uint8)[:, None, None]
    return MouthSegment(start, pictures)


def sound(seconds: float, seed: int = 0, late: float = 0.0) -> Speech:
    """Noise of that loudness, late by some seconds."""
    times = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(1).normal(0, 0.2, len(times))
    wave = (noise * (0.02 + course(times - late, seed))).astype(np.float32)
    return Speech([(0.0, wave)], [(0.0, seconds)])


class LoudnessTowers:
    """Two towers that need no training: both embed the course of loudness over 0.2 s."""

    def run(self, output_names: None, feed: Mapping[str, Any]) -> tuple[Floats, Floats]:
        seen = feed["lips"][:, :, 30:].mean(axis=(2, 3))
        spectra = feed["voice"].reshape(-1, PICTURES, FRAMES // PICTURES, BANDS)
        heard = np.exp(spectra / 2).mean(axis=(2, 3))
        return _embedded(seen / 150), _embedded(heard)


def _embedded(values: np.ndarray) -> Floats:
    """Course without its mean; the level does not count."""
    centred = values - values.mean(axis=1, keepdims=True)
    return (centred / (np.linalg.norm(centred, axis=1, keepdims=True) + 1e-6)).astype(np.float32)
