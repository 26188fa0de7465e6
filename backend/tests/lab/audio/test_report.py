"""Scores and numbers of the audio branch: heard as in serving, counted by hand."""

import numpy as np
import pytest

from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import FRONT_END, trim
from assay_lab.audio.report import (
    evened,
    headline,
    judge,
    per_family,
    per_source,
    some_of_each,
)
from assay_lab.audio.scores import CONDITIONS, Score, read_scores, score_rows
from assay_lab.core.calibrate import Platt
from assay_lab.data.speech import Store, StoreWriter, Utterance
from tests.lab.voice import voice


def utterance(key, fake, vocoder="", source="site"):
    return Utterance(key, fake, vocoder, vocoder, f"speaker {key}", source, 0, "speech")


class Loudness:
    """A network whose logit is the number of frames that it was shown."""

    def __init__(self):
        self.shown = []

    def run(self, outputs, feed):
        assert outputs == ["logit"]
        self.shown.append(feed["cqcc"])
        return [np.array([feed["cqcc"].shape[3]], np.float32)]


@pytest.fixture
def store(tmp_path):
    writer = StoreWriter(tmp_path)
    writer.add(utterance("long", False), voice(6.0))
    writer.add(utterance("short", True), voice(1.0))
    writer.add(utterance("too short", True), voice(0.3))
    writer.close()
    return Store(tmp_path)


def test_a_recording_is_heard_in_windows_of_trimmed_speech(store):
    net = Loudness()
    scores = score_rows(net, store, store.rows, "clean")
    assert [score.key for score in scores] == ["long", "short"]
    assert [cqcc.shape for cqcc in net.shown[:2]] == [(1, 3, 96, 401)] * 2
    assert scores[0].logit == 401
    wave = store.wave(store.rows[1])
    first, last = trim(wave)
    np.testing.assert_array_equal(net.shown[2][0], FRONT_END(wave[first:last]))


@pytest.mark.parametrize("condition", sorted(set(CONDITIONS) - {"clean", "silence around"}))
def test_a_condition_changes_the_sound_and_not_its_length(condition):
    wave = voice(1.0)
    heard = CONDITIONS[condition](wave)
    assert len(heard) == len(wave)
    assert not np.allclose(heard / np.abs(heard).max(), wave / np.abs(wave).max(), atol=1e-3)


def test_silence_around_a_voice_is_not_heard(store):
    with_silence = CONDITIONS["silence around"](voice(1.0))
    first, last = trim(with_silence)
    assert len(with_silence) > RATE
    assert last - first == pytest.approx(np.diff(trim(voice(1.0)))[0], abs=640)


def test_scores_of_another_system_are_read(tmp_path):
    (tmp_path / "other.csv").write_text("key,logit\na,0.5\nb,-1\n")
    assert read_scores(tmp_path / "other.csv") == [Score("a", 0.5), Score("b", -1.0)]


@pytest.fixture
def judged():
    """20 real, 10 of site y falsely accused; 30 fakes, 8 of B missed."""
    rows = [utterance(f"r{i}", False, source="x" if i < 10 else "y") for i in range(20)]
    rows += [utterance(f"a{i}", True, "A") for i in range(22)]
    rows += [utterance(f"b{i}", True, "B") for i in range(8)]
    logits = [-2.0] * 10 + [1.0] * 10 + [2.0] * 22 + [-1.0] * 8
    scores = [Score(row.key, logit) for row, logit in zip(rows, logits, strict=True)]
    return judge([*rows, utterance("unscored", True)], scores, Platt(1.0, 0.0))


def test_the_headline_counts_errors_of_both_kinds(judged):
    numbers = headline(judged)
    assert (numbers["real"], numbers["fake"]) == (20, 30)
    assert numbers["false_alarms"] == 0.5
    assert numbers["misses"] == pytest.approx(8 / 30, abs=1e-4)
    # A is above all real, B above half of them.
    assert numbers["auc"]["value"] == pytest.approx((22 + 8 * 0.5) / 30, abs=1e-4)
    assert numbers["auc"]["low"] < numbers["auc"]["value"] < numbers["auc"]["high"]
    assert numbers["calibration_on"] == 40


def test_families_are_compared_with_all_real_speech(judged):
    table = per_family(judged)
    assert list(table) == ["A", "B"]
    assert table["A"]["auc"] == 1.0
    assert table["B"] == {"fakes": 8, "unseen": True, "auc": 0.5, "eer": 0.5, "detected": 0.0}


def test_false_alarms_are_counted_by_source(judged):
    assert per_source(judged) == {
        "x": {"real": 10, "false_alarms": 0.0},
        "y": {"real": 10, "false_alarms": 1.0},
    }


def test_an_even_choice_is_even_and_always_the_same(judged):
    even = evened(judged)
    assert even.labels.sum() == (~even.labels).sum() == 20
    assert [row.key for row in even.rows] == [row.key for row in evened(judged).rows]
    keys = [row.key for row in some_of_each(judged.rows, 3)]
    assert keys == [row.key for row in some_of_each(judged.rows[::-1], 3)]
    assert len(keys) == 6
