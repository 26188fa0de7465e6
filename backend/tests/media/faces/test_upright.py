"""Which way up a video is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.media.faces.upright import CONVINCING, MAX_TRIALS, Upright, as_displayed, turned
from tests.media.faces.stage import face_at


class Compass:
    """A detector that sees a face wherever the upper left corner is marked, and counts."""

    def __init__(self, score=0.95):
        self.score = score
        self.searches = 0

    def search(self, rgb):
        self.searches += 1
        return [face_at(20, 20, 16, self.score)] if rgb[0, 0, 0] == 255 else []


def marked(turn, height=90, width=160):
    """A picture that is upright after `turn` quarter turns clockwise."""
    upright = np.zeros((height, width, 3), np.uint8)
    upright[0, 0] = 255
    return np.ascontiguousarray(np.rot90(upright, turn))


FACELESS = np.zeros((90, 160, 3), np.uint8)


@given(
    st.integers(0, 3), st.integers(40, 90), st.integers(40, 90), st.floats(8, 30), st.floats(8, 30)
)
def test_a_face_of_a_turned_picture_lies_where_it_is_displayed(turn, height, width, x, y):
    """Mark the pixel under a key point in the turned picture, and find it in the displayed one."""
    displayed = np.zeros((height, width), np.uint8)
    face = face_at(x, y, 10)
    back = as_displayed(face, turn, height, width)
    for before, after in zip(back.keypoints, face.keypoints, strict=True):
        column, row = np.floor(before).astype(int)
        if not (0 <= column < width and 0 <= row < height):
            continue
        if np.abs(before - np.round(before)).min() < 1e-3:
            continue  # on the edge between two pixels
        displayed[:] = 0
        displayed[row, column] = 255
        column, row = np.floor(after).astype(int)
        assert turned(displayed, turn)[row, column] == 255
    assert back.size == pytest.approx(face.size, rel=1e-4)
    assert (back.box[2:] > back.box[:2]).all()


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_still_is_turned_at_once(turn):
    upright = Upright(Compass())
    assert len(upright.search(marked(turn))) == 1
    assert upright.turn == turn


def test_an_upright_video_is_searched_once_a_frame():
    compass = Compass()
    upright = Upright(compass)
    for _ in range(10):
        upright.search(marked(0))
    assert compass.searches == 10


def test_a_sideways_video_settles():
    compass = Compass()
    upright = Upright(compass)
    for _ in range(10):
        upright.search(marked(3))
    assert upright.turn == 3
    assert compass.searches == 4 + 9


def test_one_false_alarm_in_a_faceless_opening_does_not_turn_a_video():
    upright = Upright(Compass())
    upright.search(marked(1))
    for _ in range(3):
        upright.search(FACELESS)
    for _ in range(4):
        upright.search(marked(0))
    assert upright.turn == 0


def test_a_faceless_video_stays_cheap_and_upright():
    compass = Compass()
    upright = Upright(compass)
    for _ in range(30):
        assert upright.search(FACELESS) == []
    assert upright.turn == 0
    assert compass.searches == 30 + 3 * MAX_TRIALS


def test_an_unconvincing_face_turns_nothing():
    upright = Upright(Compass(score=CONVINCING - 0.01))
    upright.search(marked(2))
    assert upright.turn == 0
