"""Faces of successive frames become tracks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assay.media.faces.tracks import LOST_AFTER, Tracker
from tests.media.faces.stage import face_at

RED, BLUE = np.full(192, 0.2, np.float32), np.full(192, 0.8, np.float32)


def follow(tracker, *moments):
    """Update with one face a moment, (time, x, look); gives each one's track."""
    return [tracker.update(t, [face_at(x, 100, 60)], [look])[0] for t, x, look in moments]


def test_a_moving_face_stays_one_track():
    tracks = follow(Tracker(), (0.0, 100, RED), (0.24, 130, RED), (0.48, 165, RED))
    assert len(set(map(id, tracks))) == 1
    assert tracks[0].times == [0.0, 0.24, 0.48]


def test_a_face_that_jumps_without_overlap_is_caught_within_reach():
    one, other = follow(Tracker(), (0.0, 100, RED), (0.24, 147, RED))
    assert one is other


def test_a_face_far_away_is_a_new_track():
    one, other = follow(Tracker(), (0.0, 100, RED), (0.24, 300, RED))
    assert one is not other


def test_somebody_else_at_the_same_place_is_a_new_track():
    one, other = follow(Tracker(), (0.0, 100, RED), (0.24, 100, BLUE))
    assert one is not other


def test_a_face_of_another_size_out_of_overlap_is_a_new_track():
    tracker = Tracker()
    [one] = tracker.update(0.0, [face_at(100, 100, 60)], [RED])
    [other] = tracker.update(0.24, [face_at(170, 100, 200)], [RED])
    assert one is not other


def test_a_short_absence_is_bridged_and_a_long_one_is_not():
    one, other = follow(Tracker(), (0.0, 100, RED), (LOST_AFTER, 100, RED))
    assert one is other
    one, other = follow(Tracker(), (0.0, 100, RED), (LOST_AFTER + 0.1, 100, RED))
    assert one is not other


def test_after_a_cut_everything_is_new():
    tracker = Tracker()
    [one] = follow(tracker, (0.0, 100, RED))
    tracker.cut()
    assert tracker.live == []
    [other] = follow(tracker, (0.04, 100, RED))
    assert one is not other


def test_two_faces_that_cross_keep_their_looks():
    tracker = Tracker()
    ones = tracker.update(0.0, [face_at(100, 100, 60), face_at(150, 100, 60)], [RED, BLUE])
    others = tracker.update(0.24, [face_at(125, 100, 60), face_at(128, 100, 60)], [BLUE, RED])
    assert others == ones[::-1]


@given(st.lists(st.lists(st.tuples(st.floats(0, 500), st.booleans()), max_size=5), max_size=8))
def test_every_face_gets_a_track_of_its_own(frames):
    tracker = Tracker()
    for number, frame in enumerate(frames):
        faces = [face_at(x, 100, 60) for x, _ in frame]
        looks = [RED if red else BLUE for _, red in frame]
        tracks = tracker.update(0.24 * number, faces, looks)
        assert len(set(map(id, tracks))) == len(faces)
        assert all(track in tracker.tracks for track in tracks)
    assert sum(len(track.times) for track in tracker.tracks) == sum(map(len, frames))
