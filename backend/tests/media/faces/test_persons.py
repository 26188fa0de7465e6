"""Tracks become persons, and budgets are kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.evidence import PassedOver, Place
from assay.media.faces.persons import MAX_CHECKED, gather_persons
from assay.media.faces.tracks import Track
from assay.media.material import FaceCrop
from assay.media.sampling import MAX_CROPS, MAX_NATIVE_CROPS, MAX_PERSONS
from tests.media.faces.stage import face_at

SMALL = np.zeros((2, 2, 3), np.uint8)


def track(number, look, times, *, run=0, presence=None):
    """A track with one crop at each time."""
    face = face_at(100, 100, 60)
    made = Track(number, face, times[-1], np.full(192, look, np.float32))
    made.times = list(times)
    made.displayed = [face] * len(times)
    made.presence = len(times) if presence is None else presence
    made.crops = [FaceCrop(time, run, face, SMALL, SMALL) for time in times]
    return made


def test_who_comes_back_is_the_same_person():
    tracks = [track(0, 0.3, [0, 0.24]), track(1, 0.7, [3, 3.24]), track(2, 0.31, [6, 6.24], run=1)]
    persons, bystanders = gather_persons(tracks, detection_frames=20)
    assert [[crop.time for crop in person.crops] for person in persons] == [
        [0, 0.24, 6, 6.24],
        [3, 3.24],
    ]
    assert bystanders == []


def test_two_who_are_seen_together_are_two_however_alike():
    twins = [track(0, 0.5, [0, 0.24, 0.48]), track(1, 0.5, [0.24, 0.48])]
    persons, _ = gather_persons(twins, detection_frames=20)
    assert [len(person.crops) for person in persons] == [3, 2]


def test_the_most_present_come_first_and_the_rest_are_bystanders():
    tracks = [track(n, 0.1 + 0.15 * n, [n, n + 0.24], presence=n) for n in range(5)]
    persons, bystanders = gather_persons(tracks, detection_frames=20)
    assert [person.crops[0].time for person in persons] == [4, 3, 2]
    assert [person.number for person in persons] == [0, 1, 2]
    assert [bystander.reason for bystander in bystanders] == [PassedOver.OVER_LIMIT] * 2
    assert [[time for time, _ in each.sightings] for each in bystanders] == [[1, 1.24], [0, 0.24]]


def test_what_flashes_up_once_is_no_person():
    tracks = [track(0, 0.3, [0, 0.24, 0.48]), track(1, 0.7, [0.24])]
    assert len(gather_persons(tracks, detection_frames=20)[0]) == 1


def test_in_a_still_once_is_enough():
    assert len(gather_persons([track(0, 0.3, [0.0])], detection_frames=1)[0]) == 1


def test_one_who_is_pointed_at_is_examined_and_nobody_else():
    here, there = track(0, 0.3, [0, 0.24]), track(1, 0.7, [0, 0.24], presence=1)
    there.displayed = [face_at(400, 100, 60)] * 2
    pointed = Place(time=0.3, x=410, y=95)
    [person], [other] = gather_persons([here, there], 20, pointed)
    assert [crop for crop in person.crops if crop not in there.crops] == []
    assert other.reason is PassedOver.NOT_ASKED


@pytest.mark.parametrize(("time", "x"), [(0.1, 300), (2.0, 100)])
def test_who_points_at_nobody_has_nobody_examined(time, x):
    persons, [bystander] = gather_persons(
        [track(0, 0.3, [0, 0.24])], 20, Place(time=time, x=x, y=100)
    )
    assert persons == []
    assert bystander.reason is PassedOver.NOT_ASKED


def test_a_person_without_a_fit_crop_is_a_bystander_for_what_ails_most_of_them():
    unfit = track(0, 0.3, [0, 0.24, 0.48])
    unfit.crops = []
    unfit.flaws.update([PassedOver.CUT_OFF, PassedOver.TOO_SMALL, PassedOver.TOO_SMALL])
    persons, [bystander] = gather_persons([unfit], detection_frames=20)
    assert persons == []
    assert bystander.reason is PassedOver.TOO_SMALL


def test_a_flaw_now_and_then_makes_nobody_a_bystander():
    mostly = track(0, 0.3, [0, 0.24, 0.48])
    del mostly.crops[0]
    mostly.flaws[PassedOver.TOO_BLURRED] += 1
    [person], bystanders = gather_persons([mostly], detection_frames=20)
    assert (len(person.crops), bystanders) == (2, [])


class Sees:
    """Turns away those whose picture is of the values given."""

    def __init__(self, *drawn):
        self.drawn = drawn
        self.asked = 0

    def passes(self, crops):
        self.asked += 1
        return crops[0].time not in self.drawn


def test_drawings_are_bystanders_and_take_nobody_s_place():
    tracks = [track(n, 0.1 + 0.15 * n, [n, n + 0.24], presence=9 - n) for n in range(5)]
    persons, bystanders = gather_persons(tracks, 20, check=Sees(0, 2))
    assert [person.crops[0].time for person in persons] == [1, 3, 4]
    assert [each.reason for each in bystanders] == [PassedOver.NOT_A_PHOTOGRAPH] * 2


def test_a_gallery_is_looked_through_to_a_bound():
    tracks = [track(n, 0.065 * n, [n, n + 0.24], presence=99 - n) for n in range(15)]
    check = Sees(*range(15))
    persons, bystanders = gather_persons(tracks, 99, check=check)
    assert (persons, check.asked) == ([], MAX_CHECKED)
    reasons = [each.reason for each in bystanders]
    assert reasons.count(PassedOver.NOT_A_PHOTOGRAPH) == MAX_CHECKED
    assert len(reasons) == 15


def test_who_points_at_a_drawing_is_told_what_it_is():
    pointed = Place(time=0.1, x=100, y=100)
    persons, [bystander] = gather_persons([track(0, 0.3, [0, 0.24])], 20, pointed, Sees(0))
    assert (persons, bystander.reason) == ([], PassedOver.NOT_A_PHOTOGRAPH)


def test_nobody():
    assert gather_persons([], detection_frames=20) == ([], [])


def test_too_many_crops_lose_the_ends_of_the_longest_runs():
    runs = [track(r, 0.3, [10 * r + 0.24 * i for i in range(9)], run=r) for r in range(4)]
    [person], _ = gather_persons(runs, detection_frames=36)
    assert len(person.crops) == MAX_CROPS
    for run in range(4):
        times = [crop.time for crop in person.crops if crop.segment == run]
        assert times == pytest.approx([10 * run + 0.24 * i for i in range(8)])


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_budgets_are_kept(lengths):
    tracks = [
        track(n, 0.05 + 0.15 * n, [0.24 * i for i in range(length)])
        for n, length in enumerate(lengths)
    ]
    persons, _ = gather_persons(tracks, detection_frames=40)
    natives = [sum(crop.native is not None for crop in person.crops) for person in persons]
    assert len(persons) <= MAX_PERSONS
    assert all(1 <= len(person.crops) <= MAX_CROPS for person in persons)
    assert sum(natives) <= MAX_NATIVE_CROPS
    assert all(natives)
    assert max(natives, default=0) <= 16


def test_native_crops_are_spread_over_time():
    [person], _ = gather_persons([track(0, 0.3, [0.24 * i for i in range(32)])], 36)
    kept = [number for number, crop in enumerate(person.crops) if crop.native is not None]
    assert len(kept) == MAX_NATIVE_CROPS
    assert kept[0] == 0
    assert kept[-1] == 31
    assert max(np.diff(kept)) <= 3
