"""Voice activity: speech is found, everything else is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assay.media.io.voice import SHORTEST, voiced_spans
from assay.types import Floats
from tests.media_factory import VOICE_RATE, speak

SECONDS = 4
TIMES = np.arange(SECONDS * VOICE_RATE) / VOICE_RATE
ON = np.sin(2 * np.pi * TIMES) > 0


def noise(level: float, samples: int = SECONDS * VOICE_RATE) -> Floats:
    return np.random.default_rng(0).normal(0.0, level, samples).astype(np.float32)


def tone(hertz: float = 440.0) -> Floats:
    return (0.3 * np.sin(2 * np.pi * hertz * TIMES)).astype(np.float32)


def brown() -> Floats:
    walk = np.cumsum(noise(1.0))
    walk -= np.convolve(walk, np.ones(400) / 400, "same")
    return (0.3 * walk / np.abs(walk).max()).astype(np.float32)


NOT_SPEECH = {
    "nothing": np.zeros(0, np.float32),
    "a window": noise(0.1, 300),
    "digital silence": np.zeros(3 * VOICE_RATE, np.float32),
    "noise": noise(0.1),
    "faint noise": noise(1e-4),
    "brown noise": brown(),
    "tone": tone(),
    "hum": tone(100.0) + 0.1 * tone(200.0),
    "beeps": tone() * ON + noise(1e-3),
    "beeps in digital silence": tone() * ON,
    "bursts of noise": noise(0.1) * ON + noise(1e-3),
    "bursts of noise in digital silence": noise(0.1) * ON,
    "clicks": np.where(np.arange(len(TIMES)) % 4000 == 0, 0.9, 0.0).astype(np.float32),
    "constant": np.full(SECONDS * VOICE_RATE, 0.5, np.float32),
}


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_not_speech(name: str) -> None:
    assert voiced_spans(NOT_SPEECH[name].astype(np.float32)) == []


def embedded(quiet: float = 2.0) -> tuple[Floats, float, float]:
    """Speech between pauses, and when it starts and ends."""
    pause = np.zeros(int(quiet * VOICE_RATE), np.float32)
    speech = speak()
    return np.concatenate([pause, speech, pause]), quiet, quiet + len(speech) / VOICE_RATE


def overlap(spans: list[tuple[float, float]], start: float, end: float) -> float:
    return sum(max(0.0, min(b, end) - max(a, start)) for a, b in spans)


@pytest.mark.parametrize("decibels", [40.0, 20.0, 10.0, 5.0])
def test_speech_in_noise(decibels: float) -> None:
    wave, start, end = embedded()
    level = float(np.sqrt(np.square(speak()).mean())) / 10 ** (decibels / 20)
    spans = voiced_spans(wave + noise(level, len(wave)))
    assert overlap(spans, start, end) > 0.6 * (end - start)
    assert overlap(spans, 0.0, start - 0.2) == 0.0
    assert overlap(spans, end + 0.2, end + 2.0) == 0.0


@pytest.mark.parametrize("gain", [1e-3, 0.03, 1.0, 10.0])
def test_the_level_does_not_matter(gain: float) -> None:
    wave, start, end = embedded()
    spans = voiced_spans(np.clip(gain * wave, -1.0, 1.0).astype(np.float32))
    assert overlap(spans, start, end) > 0.7 * (end - start)


def test_speech_over_a_hum() -> None:
    wave, start, end = embedded()
    hum = 0.05 * np.sin(2 * np.pi * 200 * np.arange(len(wave)) / VOICE_RATE)
    spans = voiced_spans((wave + hum).astype(np.float32))
    assert overlap(spans, start, end) > 0.5 * (end - start)
    assert overlap(spans, 0.0, start - 0.2) == 0.0


def test_a_single_word() -> None:
    assert voiced_spans(speak()[VOICE_RATE // 2 : VOICE_RATE])


@settings(max_examples=40, deadline=None)
@given(arrays(np.float32, st.integers(0, 8_000), elements=st.floats(-1, 1, width=32)))
def test_spans_are_in_order_and_long_enough(wave: Floats) -> None:
    spans = voiced_spans(wave)
    flat = [moment for span in spans for moment in span]
    assert flat == sorted(flat)
    assert all(a >= 0.0 and b <= len(wave) / VOICE_RATE + 1e-9 for a, b in spans)
    assert all(b - a >= SHORTEST for a, b in spans)
