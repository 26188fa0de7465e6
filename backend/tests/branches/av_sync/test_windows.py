"""Windows of lips and voice: their order, their clock, what is left out, golden numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.branches.av_sync.mel import BANDS, RATE
from assay.branches.av_sync.windows import (
    FRAMES,
    PICTURES,
    REACH,
    SIDE,
    lip_windows,
    pair,
    reduce,
    voice_windows,
)
from assay.media.material import MouthSegment, Speech
from assay.media.sampling import MOUTH_RATE
from tests.branches.av_sync.sync_media import lips, sound


def test_a_lip_window_holds_five_pictures_in_order():
    pictures = np.arange(8, dtype=np.uint8)[:, None, None] * np.ones((1, SIDE, SIDE), np.uint8)
    windows = lip_windows(pictures)
    assert windows.shape == (4, PICTURES, SIDE, SIDE)
    assert windows[:, :, 0, 0].tolist() == [[i, i + 1, i + 2, i + 3, i + 4] for i in range(4)]


def test_the_middle_of_a_mouth_picture_is_kept_where_it_was():
    picture = np.zeros((1, 96, 96), np.uint8)
    picture[0, 40:56, 20:28] = 255
    small = reduce(picture)[0].astype(int)
    assert small.shape == (SIDE, SIDE)
    rows, columns = np.nonzero(small > 127)
    assert (rows.mean(), columns.mean()) == pytest.approx((23.5, 8.5), abs=0.6)


def test_both_sides_tell_the_same_time():
    """A click lies in the middle of the speech window of the mouth window around that moment."""
    wave = np.zeros(3 * RATE, np.float32)
    wave[int(1.5 * RATE)] = 1
    run = MouthSegment(0.5, np.zeros((50, 96, 96), np.uint8))
    stretch = pair(run, Speech([(0.0, wave)], [(0.0, 3.0)]))
    assert stretch is not None
    assert stretch.start == pytest.approx(0.6)
    window = round((1.5 - stretch.start) * MOUTH_RATE)
    own = stretch.voice[window + REACH].sum(axis=1)
    assert abs(int(own.argmax()) - FRAMES // 2) <= 2


def test_sound_outside_speech_or_outside_the_media_is_not_compared():
    run = lips(2.0)
    speech = sound(2.0)
    stretch = pair(run, Speech(speech.spans, [(0.8, 1.4)]))
    assert stretch is not None
    assert stretch.voice.shape == (len(stretch.lips) + 2 * REACH, FRAMES, BANDS)
    centres = stretch.start + np.arange(-REACH, len(stretch.lips) + REACH) / MOUTH_RATE
    assert (centres[stretch.voiced] >= 0.8).all()
    assert (centres[stretch.voiced] < 1.4).all()
    assert not stretch.voice[~stretch.voiced].any()
    assert stretch.spoken.sum() == stretch.voiced.sum() > 10


@pytest.mark.parametrize("pictures", [0, 4])
def test_a_run_shorter_than_a_window_gives_nothing(pictures):
    run = MouthSegment(0.0, np.zeros((pictures, 96, 96), np.uint8))
    assert pair(run, sound(1.0)) is None


def test_a_run_without_sound_around_it_gives_nothing():
    assert pair(lips(1.0, start=20.0), sound(2.0)) is None
    assert pair(lips(1.0), Speech([], [])) is None


@given(st.integers(0, 60), st.lists(st.floats(-50, 150), max_size=5))
def test_voice_windows_never_leave_the_sound(frames, centres):
    spectra = np.arange(frames + 1, dtype=np.float32)[:, None] * np.ones(BANDS, np.float32)
    windows, heard = voice_windows(spectra, np.array(centres, float))
    assert windows.shape == (len(centres), FRAMES, BANDS)
    for window, centre, known in zip(windows[:, :, 0], centres, heard, strict=True):
        assert known == (round(centre) - 10 >= 0 and round(centre) + 10 <= frames + 1)
        if known:
            assert (np.diff(window) == 1).all()


def test_what_the_towers_see_does_not_change():
    """Frozen: a model released before would judge other numbers wrongly."""
    stretch = pair(lips(1.0), sound(1.0))
    assert stretch is not None
    assert stretch.lips.shape == (21, PICTURES, SIDE, SIDE)
    assert stretch.lips[::5, 2][:, [0, 40], 24].tolist() == GOLDEN_LIPS
    np.testing.assert_allclose(
        stretch.voice[[REACH, REACH + 8]].mean(axis=(1, 2)), GOLDEN_VOICE, atol=2e-3
    )


GOLDEN_LIPS = [[60, 177], [60, 176], [60, 210], [60, 123], [60, 178]]
GOLDEN_VOICE = [-0.685, -0.373]
