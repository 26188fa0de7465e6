"""The curve over all shifts: where its peak lies, what is unknown, what the head weighs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.branches.av_sync.curve import OFFSETS, STATISTICS, curve_of, similarities
from assay.branches.av_sync.windows import REACH


def unit(rows: int, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).normal(size=(rows, 32))
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)


def matched(shift: int, windows: int = 40) -> list[np.ndarray]:
    """Similarities of lips whose voice comes `shift` pictures late."""
    voice = unit(windows + 2 * REACH)
    lips = voice[REACH + shift : REACH + shift + windows]
    return [similarities(lips, voice, np.ones(len(voice), bool))]


@given(st.integers(-REACH, REACH))
def test_the_peak_lies_where_the_sound_is(shift):
    curve = curve_of(matched(shift))
    assert curve is not None
    assert curve.best == shift
    assert curve.similarity[REACH + shift] == pytest.approx(1, abs=1e-5)
    assert curve.spread == 0
    assert (curve.local[np.isfinite(curve.local)] == shift).all()
    assert curve.confidence > 0.8


def test_statistics_tell_sync_from_a_shift():
    own, moved = curve_of(matched(0)), curve_of(matched(8))
    assert own is not None
    assert moved is not None
    named = dict(zip(STATISTICS, own.statistics(), strict=True))
    assert named["peak"] == pytest.approx(1, abs=1e-5)
    assert named["margin"] > named["lead"] > 0.4
    assert named["local"] == 1
    assert named["sharpness"] > 5
    assert (moved.statistics() < own.statistics() - 0.3).all()


def test_a_longer_clip_has_a_sharper_peak():
    sharpness = [curve_of(matched(0, windows)).statistics()[-1] for windows in (16, 150)]
    assert sharpness[1] > 1.5 * sharpness[0]


def test_silence_is_not_compared():
    voice = unit(40 + 2 * REACH)
    voiced = np.zeros(len(voice), bool)
    voiced[REACH + 10 : REACH + 30] = True
    found = similarities(voice[REACH:-REACH], voice, voiced)
    assert np.isfinite(found[:, REACH]).sum() == 20
    curve = curve_of([found])
    assert curve is not None
    assert curve.best == 0
    assert np.isfinite(curve.local).sum() >= 20


def test_a_shift_seen_too_rarely_is_unknown_and_no_best_one():
    found = matched(0)[0]
    found[:, OFFSETS == 9] = np.nan
    found[:7, OFFSETS == 9] = 1
    curve = curve_of([found])
    assert curve is not None
    assert np.isnan(curve.similarity[OFFSETS == 9]).all()
    assert np.isfinite(curve.statistics()).all()


@pytest.mark.parametrize("windows", [1, 7])
def test_too_few_windows_give_no_curve(windows):
    assert curve_of(matched(0, windows)) is None


def test_sound_at_natural_shifts_alone_gives_no_curve():
    found = matched(0)[0]
    found[:, np.abs(OFFSETS) > 2] = np.nan
    assert curve_of([found]) is None
