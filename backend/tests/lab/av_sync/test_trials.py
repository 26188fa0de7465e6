"""Trials of lips against voice: tampering changes the moment, never the amount."""

import numpy as np
import pytest

from assay.media.material import Speech
from assay_lab.av_sync.clips import About, Talk
from assay_lab.av_sync.trials import FOREIGN, KINDS, REAL, moved, replaced, trials
from assay_lab.core import metrics
from tests.branches.av_sync.sync_media import LoudnessTowers, lips, sound


def talk(number: int, source: str = "site") -> Talk:
    about = About(str(number), "real", "", f"site|{number}", source, "", 2.0)
    return Talk(about, [[lips(2.0, seed=number)]], sound(2.0, seed=number))


@pytest.mark.parametrize("seconds", [-0.5, -0.2, 0.3])
def test_moved_sound_is_as_long_and_as_voiced_as_before(seconds):
    wave = np.arange(2 * Speech.RATE, dtype=np.float32)
    speech = Speech([(1.0, wave)], [(1.2, 2.6)])
    later = moved(speech, seconds)
    [(start, turned)] = later.spans
    assert start == 1.0
    assert turned[round(1.0 * Speech.RATE)] == wave[round((1.0 - seconds) * Speech.RATE)]
    assert sorted(turned) == sorted(wave)
    assert later.voiced_seconds == pytest.approx(speech.voiced_seconds)
    assert later.voiced[0][0] == pytest.approx(1.2 + seconds if seconds > -0.2 else 1.0)


def test_foreign_sound_is_as_long_as_the_clip():
    own = Speech([(0.5, np.zeros(5 * Speech.RATE, np.float32))], [(0.5, 5.5)])
    other = Speech([(2.0, np.ones(2 * Speech.RATE, np.float32))], [(2.5, 3.5)])
    strange = replaced(own, other)
    [(start, wave)] = strange.spans
    assert start == 0.5
    assert len(wave) == 5 * Speech.RATE
    assert wave.all()
    np.testing.assert_allclose(strange.voiced, [(1.0, 2.0), (3.0, 4.0), (5.0, 5.5)])


def test_towers_that_hear_loudness_tell_every_kind_of_tampering():
    found = trials([talk(number) for number in range(6)], LoudnessTowers())
    assert {trial.kind for trial in found} == set(KINDS)
    assert all(trial.curve is not None for trial in found)
    margins = [-float(trial.curve.statistics()[1]) for trial in found]
    assert metrics.auc([trial.fake for trial in found], margins) > 0.98


def test_a_clip_alone_of_its_source_has_no_foreign_voice():
    found = trials([talk(1), talk(2, "other")], LoudnessTowers(), (REAL, FOREIGN))
    assert [trial.curve is None for trial in found] == [False, True, False, True]


def test_shut_mouths_are_passed_over_as_in_serving():
    [trial] = trials([talk(1)], LoudnessTowers(), (REAL,), least_motion=9.0)
    assert trial.curve is None
