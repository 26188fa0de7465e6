"""Speech is told from music, noise and silence by the network that serves."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from assay.media.io.vad import FRAME, FRAMES_AT_ONCE, RATE, speech_seconds, speech_spans
from assay.types import Floats
from assay_lab.augment.music import Music
from tests.media_factory import has_espeak, speak
from tests.networks import vad


@pytest.fixture(scope="module")
def network() -> Any:
    return vad()


class Says:
    """A network that says one probability after the other, and how many frames a call brought."""

    def __init__(self, probabilities: list[float]) -> None:
        self.probabilities = probabilities
        self.calls: list[int] = []

    def run(self, names: None, feed: Mapping[str, Any]) -> list[Floats]:
        frames = len(feed["input"])
        begin = sum(self.calls)
        self.calls.append(frames)
        said = np.array(self.probabilities[begin : begin + frames], np.float32)
        return [said, feed["h"], feed["c"]]


def said(*runs: tuple[float, int]) -> list[tuple[float, float]]:
    """Spans of so many frames at each probability."""
    probabilities = [value for value, frames in runs for _ in range(frames)]
    wave = np.zeros(len(probabilities) * FRAME, np.float32)
    return speech_spans(wave, Says(probabilities))


@pytest.mark.skipif(not has_espeak(), reason="no synthesiser is installed")
def test_speech_is_found_where_it_is(network):
    quiet = np.zeros(2 * RATE, np.float32)
    ((start, end),) = speech_spans(np.concatenate([quiet, speak(), quiet]), network)
    assert start == pytest.approx(2.0, abs=0.2)
    assert end == pytest.approx(2.0 + len(speak()) / RATE, abs=0.4)


@pytest.mark.parametrize("seed", range(6))
def test_music_is_no_speech(network, seed):
    music = Music.draw(np.random.default_rng(seed)).play(6 * RATE)
    assert speech_spans(0.1 * music, network) == []


@pytest.mark.parametrize("level", [0.0, 1e-3, 0.3])
def test_noise_and_silence_are_no_speech(network, level):
    noise = np.random.default_rng(1).normal(0, level, 4 * RATE).astype(np.float32)
    assert speech_spans(noise, network) == []


@pytest.mark.parametrize("samples", [0, 1, FRAME - 1, FRAME + 1])
def test_the_shortest_sounds_are_heard(network, samples):
    assert speech_spans(np.zeros(samples, np.float32), network) == []


def test_short_pauses_are_bridged_and_long_ones_are_not():
    assert len(said((0.9, 20), (0.0, 5), (0.9, 20))) == 1
    assert len(said((0.9, 20), (0.0, 20), (0.9, 20))) == 2


def test_a_weak_syllable_does_not_end_speech_but_does_not_begin_it():
    assert said((0.4, 40)) == []
    assert len(said((0.9, 10), (0.4, 40), (0.9, 10))) == 1


def test_a_click_is_no_speech():
    assert said((0.0, 20), (0.9, 3), (0.0, 20)) == []


def test_spans_stay_within_the_sound():
    ((start, end),) = said((0.9, 40))
    assert (start, end) == (0.0, pytest.approx(40 * FRAME / RATE))


def test_long_sounds_are_heard_in_blocks_of_bounded_size():
    network = Says([0.0] * (2 * FRAMES_AT_ONCE + 5))
    speech_spans(np.zeros((2 * FRAMES_AT_ONCE + 5) * FRAME, np.float32), network)
    assert network.calls == [FRAMES_AT_ONCE, FRAMES_AT_ONCE, 5]


def test_speech_in_a_short_piece_is_counted_with_its_pauses_left_out():
    said = Says([0.9] * 6 + [0.1] * 3 + [0.6] * 2)
    piece = np.zeros(11 * FRAME, np.float32)
    assert speech_seconds(piece, said) == pytest.approx(8 * FRAME / RATE)
    assert speech_seconds(piece[:0], said) == 0
