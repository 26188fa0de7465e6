"""Typical curves: the middle of many, and what nobody saw left out."""

import numpy as np
import pytest

from assay.branches.av_sync.curve import OFFSETS, Curve
from assay_lab.av_sync.typical import spread_of


def curve(level: float, unseen: int | None = None) -> Curve:
    similarity = np.full(len(OFFSETS), level, np.float32)
    if unseen is not None:
        similarity[unseen] = np.nan
    return Curve(similarity, np.zeros(3, np.float32))


def test_the_middle_of_many_curves_and_their_tenths() -> None:
    levels = np.linspace(-0.5, 0.5, 11)
    found = spread_of([*(curve(float(level)) for level in levels), None])
    assert found["clips"] == 11
    assert found["median"][0] == pytest.approx(np.sqrt(2), abs=1e-3)
    assert found["low"][0] < found["median"][0] < found["high"][0]
    assert len(found["high"]) == len(OFFSETS)


def test_a_shift_that_no_clip_shows_has_no_value() -> None:
    found = spread_of([curve(0.1, unseen=0), curve(0.3, unseen=0)])
    assert found["median"][0] is None
    assert found["median"][1] is not None


def test_without_clips_there_is_nothing_typical() -> None:
    with pytest.raises(ValueError, match="no clip"):
        spread_of([None])
