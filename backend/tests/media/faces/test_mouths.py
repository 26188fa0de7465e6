"""Mouth pictures follow the mouth, and memory stays bounded."""

import numpy as np
import pytest

from assay.media.faces.mouths import MAX_WAITING, MOUTH_POINT, MouthReel, WholeLuma
from tests.media.faces.stage import face_at

STEP = 1 / 25


def frame_with_mouth(x, y, size):
    """A grey frame with a bright spot at the mouth of a face at (x, y)."""
    grey = np.full((480, 640), 60, np.uint8)
    mx, my = face_at(x, y, size).keypoints[MOUTH_POINT]
    columns, rows = np.arange(640) + 0.5, np.arange(480) + 0.5
    spot = np.exp(-((columns[None] - mx) ** 2 + (rows[:, None] - my) ** 2) / (0.003 * size**2))
    return (grey + 180 * spot).astype(np.uint8)


def film(path, frames, keyed_every=6, size=120.0):
    """Run a reel over frames; path gives (x, y) of the face at each frame."""
    reel = MouthReel()
    latest = None
    for number in range(frames):
        time, (x, y) = number * STEP, path(number)
        if number % keyed_every == 0:
            latest = face_at(x, y, size)
        assert latest is not None
        reel.keep(time, WholeLuma(frame_with_mouth(x, y, size)), latest)
        if number % keyed_every == 0:
            reel.fix(time, latest)
    reel.end()
    return reel.runs()


def spot_of(picture):
    """Where the bright spot lies, x y."""
    weight = np.clip(picture.astype(float) - 100, 0, None)
    rows, columns = np.mgrid[:96, :96] + 0.5
    return (weight * columns).sum() / weight.sum(), (weight * rows).sum() / weight.sum()


@pytest.mark.parametrize("size", [40.0, 120.0, 300.0])
def test_a_still_mouth_lies_in_the_middle(size):
    [run] = film(lambda _: (320, 220), 25, size=size)
    assert run.pictures.shape == (25, 96, 96)
    assert run.start == 0
    for picture in run.pictures:
        assert spot_of(picture) == pytest.approx((48, 48), abs=1.0)


def test_a_moving_mouth_stays_in_the_middle():
    [run] = film(lambda n: (200 + 3 * n, 200 + n), 49)
    offsets = [np.hypot(*(np.array(spot_of(picture)) - 48)) for picture in run.pictures]
    assert len(offsets) == 49
    assert max(offsets) < 3


def test_noise_of_the_detector_is_smoothed():
    rng = np.random.default_rng(0)
    reel, raw = MouthReel(), []
    for number in range(49):
        if number % 6 == 0:
            jitter = rng.normal(0, 4)
            raw.append(jitter)
            face = face_at(320 + jitter, 220, 120)
        reel.keep(number * STEP, WholeLuma(frame_with_mouth(320, 220, 120)), face)
        if number % 6 == 0:
            reel.fix(number * STEP, face)
    reel.end()
    [run] = reel.runs()
    seen = [spot_of(picture)[0] - 48 for picture in run.pictures]
    steps = np.abs(np.diff(seen)) * (0.55 * 120 / 96)
    assert steps.max() < np.abs(np.diff(raw)).max() / 6


def test_the_end_without_a_keyed_frame_is_left_out():
    [run] = film(lambda _: (320, 220), 28)
    assert len(run.pictures) == 25


def test_the_end_of_the_video_is_kept_where_the_face_was_last():
    reel, face = MouthReel(), face_at(320, 220, 120)
    for number in range(30):
        reel.keep(number * STEP, WholeLuma(frame_with_mouth(320, 220, 120)), face)
        if number % 6 == 0:
            reel.fix(number * STEP, face)
    reel.finish()
    reel.end()
    [run] = reel.runs()
    assert len(run.pictures) == 30
    assert spot_of(run.pictures[-1]) == pytest.approx((48, 48), abs=1.0)


def test_a_gap_splits_runs():
    reel = MouthReel()
    face = face_at(320, 220, 120)
    for number in [*range(19), *range(25, 44)]:
        reel.keep(number * STEP, WholeLuma(frame_with_mouth(320, 220, 120)), face)
        if number in (0, 6, 12, 18, 25, 31, 37, 43):
            reel.fix(number * STEP, face)
    reel.end()
    assert [(run.start, len(run.pictures)) for run in reel.runs()] == [(0, 19), (1.0, 19)]


def test_what_is_shorter_than_0_4_seconds_is_dropped():
    assert film(lambda _: (320, 220), 7) == []


def test_a_mouth_at_the_border_still_gives_pictures():
    [run] = film(lambda _: (5, 470), 25)
    assert run.pictures.shape == (25, 96, 96)


def test_memory_is_bounded_while_the_face_is_lost():
    reel = MouthReel()
    face = face_at(320, 220, 120)
    reel.fix(0.0, face)
    for number in range(10 * MAX_WAITING):
        reel.keep(number * STEP, WholeLuma(frame_with_mouth(320, 220, 120)), face)
    assert len(reel._waiting) == MAX_WAITING
    reel.end()
    assert len(reel._waiting) == 0
