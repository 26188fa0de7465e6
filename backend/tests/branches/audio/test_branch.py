"""The audio branch: where windows fall, what is left out, and how scores are combined."""

import itertools
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from assay.branches.audio.branch import Audio
from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import (
    SHORTEST_SECONDS,
    STEP_SECONDS,
    WINDOW_SECONDS,
    cut,
    trim,
    windows,
)
from assay.errors import AssayError
from assay.evidence import BranchState, FaceCounters, Hints, MediaInfo
from assay.media.material import Material, Speech
from assay.models.sessions import ModelStore
from assay.types import Floats

MEDIA = MediaInfo(kind="audio", container="wav", size_bytes=1, sha256="0" * 64)


class Scripted:
    """A model store whose networks both answer with given logits, and what they were fed."""

    def __init__(self, logits: Sequence[float]) -> None:
        self.logits = list(logits)
        self.fed: dict[str, list[Floats]] = {"cqcc": [], "spectra": []}

    def session(self, name: str) -> "Scripted":
        assert name in ("audio_cqcc_cnn", "audio_encoder")
        return self

    def parameters(self, name: str) -> dict[str, Any]:
        alone = {"slope": 1.0, "bias": 0.0}
        if name == "audio_cqcc_cnn":
            return alone
        return alone | {"combination": {"weights": {"encoder": 0.3, "cnn": 0.2}, "bias": -1.0}}

    def run(self, outputs: list[str] | None, feed: dict[str, Floats]) -> list[Floats]:
        ((name, values),) = feed.items()
        self.fed[name].append(values)
        answer = {"logit": np.array([self.logits[len(self.fed[name]) - 1]], np.float32)}
        return [answer[name] for name in outputs]


def voice(seconds: float, level: float = 0.3) -> Floats:
    """Noise as loud as speech."""
    noise = np.random.default_rng(1).normal(0, level, int(seconds * RATE))
    return noise.astype(np.float32)


def silence(seconds: float) -> Floats:
    return np.random.default_rng(2).normal(0, 1e-4, int(seconds * RATE)).astype(np.float32)


def material(speech: Speech | None) -> Material:
    return Material(media=MEDIA, hints=Hints(), persons=[], faces=FaceCounters(), speech=speech)


def examine(
    speech: Speech | None,
    logits: Sequence[float] = (),
    on_progress: Any = lambda _: None,
) -> Any:
    store = Scripted(logits)
    return Audio(cast(ModelStore, store)).examine(material(speech), {}, on_progress), store


def test_silence_around_speech_is_cut_off():
    wave = np.concatenate([silence(0.5), voice(1.0), silence(0.7)])
    first, last = trim(wave)
    assert first == pytest.approx(0.5 * RATE, abs=320)
    assert last == pytest.approx(1.5 * RATE, abs=320)


def test_pauses_within_speech_stay():
    wave = np.concatenate([voice(0.5), silence(0.5), voice(0.5)])
    first, last = trim(wave)
    assert last - first == pytest.approx(1.5 * RATE, abs=640)


@pytest.mark.parametrize("level", [1e-3, 1.0])
def test_trimming_does_not_depend_on_level(level):
    wave = np.concatenate([silence(0.5), voice(1.0), silence(0.5)])
    assert trim(wave * np.float32(level)) == trim(wave)


@pytest.mark.parametrize("wave", [np.zeros(0), np.zeros(100), np.zeros(RATE)])
def test_nothing_is_left_of_digital_silence(wave):
    first, last = trim(wave.astype(np.float32))
    assert first == last


@given(st.integers(0, 40 * RATE))
def test_windows_cover_all_speech_and_nothing_else(samples):
    found = windows(samples)
    if samples < SHORTEST_SECONDS * RATE:
        assert found == []
        return
    assert found[0][0] == 0
    assert found[-1][1] == samples
    assert all(end - start <= WINDOW_SECONDS * RATE for start, end in found)
    assert all(after[0] <= before[1] for before, after in itertools.pairwise(found))
    assert len(found) <= 2 + samples / (STEP_SECONDS * RATE)


def test_windows_without_detected_speech_are_left_out():
    speech = Speech(spans=[(10.0, voice(12.0))], voiced=[(10.0, 13.0)])
    starts = [start for start, _ in cut(speech)]
    assert starts
    assert max(starts) < 13.0 - SHORTEST_SECONDS


def test_a_media_without_sound_is_not_judged():
    finding, _ = examine(None)
    assert finding.evidence.state is BranchState.NOT_APPLICABLE
    assert finding.features == {}
    assert "no sound" in finding.evidence.reason


@pytest.mark.parametrize(
    ("speech", "words"),
    [
        (Speech(spans=[(0.0, silence(5))], voiced=[]), "No speech was found"),
        # Loud, but nothing that the detector of speech took for a voice: music.
        (Speech(spans=[(0.0, voice(9.0))], voiced=[]), "No speech was found"),
        (Speech(spans=[], voiced=[]), "No speech was found"),
        (Speech(spans=[(0.0, voice(0.4))], voiced=[(0.0, 0.4)]), "too little speech"),
        (Speech([(0.0, np.zeros(RATE, np.float32))], [(0.0, 1.0)]), "too little speech"),
    ],
)
def test_too_little_speech_is_not_judged(speech, words):
    finding, store = examine(speech)
    assert finding.evidence.state is BranchState.NOT_APPLICABLE
    assert words in finding.evidence.reason
    assert store.fed == {"cqcc": [], "spectra": []}


def test_each_window_gets_a_calibrated_score_and_the_mean_logit_speaks_for_all():
    speech = Speech(spans=[(2.0, voice(7.0))], voiced=[(2.0, 9.0)])
    finding, store = examine(speech, logits=[6.0, -2.0])
    assert [feed.shape[:3] for feed in store.fed["cqcc"]] == [(1, 3, 96)] * 2
    assert [feed.shape for feed in store.fed["spectra"]] == [(1, 80, 400)] * 2
    scores = [window.score for window in finding.evidence.windows]
    np.testing.assert_allclose(scores, expit([2.0, -2.0]), atol=1e-5)
    assert [(w.start, w.end) for w in finding.evidence.windows] == [(2.0, 6.0), (5.0, 9.0)]
    assert finding.features == {"audio_prob_fake": pytest.approx(0.5)}
    assert finding.evidence.score == finding.features["audio_prob_fake"]
    assert "50 % over 2 windows of speech, 88 % at most" in finding.evidence.sentence
    alone = pytest.approx(expit(2.0), abs=1e-3)
    assert finding.evidence.detail["networks"] == {"audio_cqcc_cnn": alone, "audio_encoder": alone}


@pytest.mark.parametrize(
    ("logits", "words"),
    [
        ([-800.0], "The voice scores 0 %."),
        ([-40.0], "The voice scores 1 %."),
        ([4.0, 0.0], "over 2 windows of speech"),
    ],
)
def test_the_sentence_follows_the_scores(logits, words):
    seconds = WINDOW_SECONDS if len(logits) == 1 else WINDOW_SECONDS + STEP_SECONDS
    speech = Speech(spans=[(0.0, voice(seconds))], voiced=[(0.0, seconds)])
    finding, _ = examine(speech, logits=logits)
    assert words in finding.evidence.sentence


def test_a_cancelled_analysis_stops_between_windows():
    def cancel(percent: float) -> None:
        raise AssayError("cancelled", "The analysis was cancelled.")

    speech = Speech(spans=[(0.0, voice(20.0))], voiced=[(0.0, 20.0)])
    with pytest.raises(AssayError, match="cancelled"):
        examine(speech, logits=[0.0] * 9, on_progress=cancel)
