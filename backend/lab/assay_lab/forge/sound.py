"""Sound that does not belong to the picture: shifted, foreign, or spoken by a machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import Generator

from assay.branches.audio.cqcc import RATE
from assay.types import Floats
from assay_lab.data.clip import Clip

LEAST_LEFT = 2.0
"""Seconds that must be left if a shifted clip is cut; shorter clips are joined end to start."""
JOIN = int(0.02 * RATE)
"""Samples over which two pieces of sound are cross-faded."""
LEAST_SHIFT, MOST_SHIFT = 0.2, 1.0

Voice = Callable[[Floats, Generator], tuple[Floats, Mapping[str, Any]]]
"""A speech forger: (samples,) at 16 kHz -> forgery of equal length and what was drawn."""


@dataclass(frozen=True, slots=True)
class Shift:
    """seconds: by which the sound is late; negative where it is early."""

    seconds: float

    @classmethod
    def draw(cls, rng: Generator, length: float) -> "Shift":
        """Between 0.2 s and 1 s either way, less in a clip of less than 2 s."""
        most = max(LEAST_SHIFT, min(MOST_SHIFT, length / 2))
        return cls(float(rng.choice([-1, 1]) * rng.uniform(LEAST_SHIFT, most)))

    def apply(self, clip: Clip) -> tuple[Clip, Clip]:
        """The clip as it should be and with shifted sound, of equal length."""
        assert clip.sound is not None
        frames = round(self.seconds * clip.rate)
        samples = round(frames / clip.rate * RATE)
        if clip.seconds - abs(self.seconds) < LEAST_LEFT:
            return clip, replace(clip, sound=_rolled(clip.sound, samples))
        late, early = max(0, frames), max(0, -frames)
        left = slice(late, len(clip.frames) - early)
        true = _cut(clip, left)
        moved = slice(early, len(clip.frames) - late)
        return true, replace(true, sound=_cut(clip, moved).sound)


@dataclass(frozen=True, slots=True)
class Foreign:
    """start: where in the other clip's sound, as a share of its length, to begin."""

    start: float = 0.0

    def apply(self, clip: Clip, other: Clip) -> Clip:
        """The clip with another's sound, of its own length and loudness."""
        assert clip.sound is not None and other.sound is not None
        wanted = len(clip.sound)
        sound = np.roll(other.sound, -int(self.start * len(other.sound)))
        while len(sound) < wanted:
            sound = _joined(sound, other.sound)
        sound = sound[:wanted]
        gain = _loudness(clip.sound) / max(_loudness(sound), 1e-4)
        return replace(clip, sound=np.clip(sound * min(gain, 8.0), -1, 1).astype(np.float32))


def revoice(clip: Clip, voice: Voice, rng: Generator) -> tuple[Clip, Mapping[str, Any]]:
    """The clip with its sound forged in place, and the forger's log."""
    assert clip.sound is not None
    forged, drawn = voice(clip.sound, rng)
    return replace(clip, sound=forged.astype(np.float32)), drawn


def _cut(clip: Clip, kept: slice) -> Clip:
    assert clip.sound is not None
    first, last = (round(edge / clip.rate * RATE) for edge in (kept.start, kept.stop))
    return replace(
        clip,
        frames=clip.frames[kept],
        keypoints=clip.keypoints[kept],
        boxes=clip.boxes[kept],
        sound=clip.sound[first:last],
    )


def _rolled(sound: Floats, samples: int) -> Floats:
    """The end joined to the start, faded so that the join does not click."""
    rolled = np.roll(sound, samples)
    join = samples % len(sound)
    fade = np.ones(len(sound), np.float32)
    reach = min(JOIN, len(sound) // 4)
    near = np.abs(np.arange(len(sound)) - join)
    fade[near < reach] = near[near < reach] / reach
    return (rolled * fade).astype(np.float32)


def _joined(first: Floats, second: Floats) -> Floats:
    ramp = np.linspace(0, 1, JOIN, dtype=np.float32)
    if min(len(first), len(second)) <= 2 * JOIN:
        return np.concatenate([first, second])
    bridge = first[-JOIN:] * (1 - ramp) + second[:JOIN] * ramp
    return np.concatenate([first[:-JOIN], bridge, second[JOIN:]])


def _loudness(sound: Floats) -> float:
    return float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
