"""Windows, merging and cutting; what the released network finds is in `test_faces.py`."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assay.media.faces import detector
from assay.media.faces.detector import (
    MAX_CANDIDATES,
    MAX_WINDOWS,
    FaceDetector,
    Window,
    cut_square,
    merge,
    on_grid,
    overlaps,
    region_of_interest,
    search_windows,
)
from assay.media.material import Face
from tests.media.faces.stage import face_at, stage


class Oracle:
    """A session that knows where one face is in a picture of one colour per column and row.

    The picture's red channel is x / 8, its green channel y / 8: the window can be told from it.
    """

    def __init__(self, faces):
        self.faces = faces
        self.windows = 0

    def run(self, _, feed):
        pictures = feed["pictures"]
        assert pictures.dtype == np.uint8
        assert pictures.shape[1:] == (128, 128, 3)
        self.windows += len(pictures)
        points = np.zeros((len(pictures), 896, 8, 2), np.float32)
        scores = np.zeros((len(pictures), 896), np.float32)
        for number, picture in enumerate(pictures.astype(np.float32)):
            for index, (x, y, size, score) in enumerate(self.faces):
                box = self._box_in(picture, x, y, size)
                if box is not None:
                    points[number, index, :2], points[number, index, 2:] = box, box.mean(0)
                    scores[number, index] = score
        return points, scores

    def _box_in(self, picture, x, y, size):
        seen = picture[..., 2] > 0  # blue is 255 inside the picture
        if seen.sum() < 50:
            return None
        rows, columns = np.nonzero(seen)
        side_x, x0 = np.polyfit(columns + 0.5, picture[rows, columns, 0] * 8, 1)
        side_y, y0 = np.polyfit(rows + 0.5, picture[rows, columns, 1] * 8, 1)
        side = 128 * (side_x + side_y) / 2
        if side <= 0 or not 0.09 < size / side < 1.05:
            return None
        centre = np.array([x - x0, y - y0]) / side
        if (centre < 0).any() or (centre > 1).any():
            return None
        return np.stack([centre - size / side / 2, centre + size / side / 2])


def map_of(height, width):
    """A picture that says where each pixel lies; at most 2040 pixels a side."""
    rows, columns = np.mgrid[:height, :width]
    blue = np.full_like(rows, 255)
    return np.stack([columns // 8, rows // 8, blue], -1).astype(np.uint8)


@pytest.mark.parametrize("size", [0.08, 0.12, 0.2, 0.4, 0.8])
@pytest.mark.parametrize("place", [(0.1, 0.12), (0.5, 0.5), (0.77, 0.4), (0.9, 0.85)])
def test_a_face_is_found_at_its_place_and_size(place, size):
    face = size * 720
    x = min(max(place[0] * 1280, face / 2), 1280 - face / 2)
    y = min(max(place[1] * 720, face / 2), 720 - face / 2)
    found = FaceDetector(Oracle([(x, y, face, 0.9)])).search(map_of(720, 1280))
    assert len(found) == 1
    share = overlaps(face_at(x, y, face).box, found[0].box[None])[0]
    assert share > 0.75


def test_several_faces_come_by_falling_score():
    faces = [(200, 200, 80, 0.7), (600, 300, 200, 0.95), (1000, 500, 100, 0.8)]
    found = FaceDetector(Oracle(faces)).search(map_of(720, 1280))
    assert [round(face.score, 2) for face in found] == [0.95, 0.8, 0.7]


def test_an_unsure_answer_is_no_face():
    assert FaceDetector(Oracle([(300, 300, 100, 0.45)])).search(map_of(720, 1280)) == []


def test_a_look_follows_a_face_that_moved_by_half_its_size():
    oracle = Oracle([(350, 300, 100, 0.9)])
    found = FaceDetector(oracle).search_regions(map_of(720, 1280), [face_at(300, 300, 100)])
    assert len(found) == 1
    assert oracle.windows == 1


def test_a_look_at_nothing_costs_nothing():
    oracle = Oracle([])
    assert FaceDetector(oracle).search_regions(stage(320, 240), []) == []
    assert oracle.windows == 0


def test_a_crowd_costs_a_bounded_number_of_looks():
    crowd = [(x, y, 70, 0.9) for x in range(60, 1240, 110) for y in range(60, 700, 110)]
    oracle = Oracle(crowd)
    FaceDetector(oracle).search(map_of(720, 1280))
    assert oracle.windows <= len(search_windows(720, 1280)) + MAX_CANDIDATES


@given(st.integers(1, 9000), st.integers(1, 9000))
def test_the_number_of_windows_is_bounded(height, width):
    windows = search_windows(height, width)
    assert len(windows) <= MAX_WINDOWS
    assert all(window.side >= 1 for window in windows)


@settings(max_examples=300)
@given(st.data())
def test_every_face_lies_whole_in_a_window_that_shows_it_well(drawn):
    """From 64 px, or 8 % of a small picture's height, up to all of it, anywhere."""
    height, width = drawn.draw(
        st.sampled_from(
            [
                *((720, 1280), (1280, 720), (480, 640), (500, 500), (1080, 1920), (224, 224)),
                *((3000, 4000), (2160, 3840), (20_000, 1080), (6000, 8000)),
            ]
        )
    )
    short = min(height, width)
    size = drawn.draw(st.floats(min(0.08, 64 / short), 1.0)) * short
    x = drawn.draw(st.floats(0, 1)) * (width - size)
    y = drawn.draw(st.floats(0, 1)) * (height - size)
    assert any(
        0.1 < size / window.side < 1
        and window.x <= x + 1
        and window.y <= y + 1
        and x + size <= window.x + window.side + 1
        and y + size <= window.y + window.side + 1
        for window in search_windows(height, width)
    )


def test_a_look_window_is_centred_on_the_face():
    window = region_of_interest(face_at(300, 200, 50))
    assert window.side == 120
    assert window.x + window.side / 2 == pytest.approx(300, abs=1)
    assert window.y + window.side / 2 == pytest.approx(200, abs=1)


def test_merging_blends_by_score_and_keeps_the_best_score():
    one, other = face_at(100, 100, 50, score=0.9), face_at(106, 100, 50, score=0.6)
    [merged] = merge([other, one])
    weights = np.array([0.9, 0.6]) ** 2
    assert merged.box[0] == pytest.approx(np.average([75, 81], weights=weights), abs=0.01)
    assert merged.score == pytest.approx(0.9)


def test_merging_keeps_neighbours_apart():
    assert len(merge([face_at(100, 100, 50), face_at(160, 100, 50)])) == 2


def test_merging_drops_a_part_of_a_better_face():
    whole, part = face_at(100, 100, 200, score=0.9), face_at(110, 110, 60, score=0.6)
    assert [face.score for face in merge([part, whole])] == [pytest.approx(0.9)]


boxes = st.lists(
    st.builds(face_at, st.floats(0, 300), st.floats(0, 300), st.floats(5, 100), st.floats(0.5, 1)),
    max_size=12,
)


@given(boxes)
def test_merged_faces_are_ordered_and_distinct(faces):
    merged = merge(faces)
    scores = [face.score for face in merged]
    assert scores == sorted(scores, reverse=True)
    assert len(merged) <= len(faces)
    assert bool(merged) == bool(faces)


def test_merging_nothing_gives_nothing():
    assert merge([]) == []


def test_overlaps_of_hand_made_boxes():
    box = np.array([0, 0, 10, 10], np.float32)
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]], np.float32)
    assert overlaps(box, others) == pytest.approx([1.0, 1 / 3, 0.0])


@given(
    st.integers(1, 60), st.integers(1, 60), st.integers(-80, 80), st.integers(-80, 80),
    st.integers(1, 120), st.integers(1, 40),
)  # fmt: skip
def test_a_cut_square_has_its_size_and_is_black_outside(height, width, x, y, side, size):
    cut = cut_square(np.full((height, width, 3), 200, np.uint8), x, y, side, size)
    assert cut.shape == (size, size, 3)
    assert set(np.unique(cut).tolist()) <= {0, 200}


def test_a_cut_square_inside_the_picture_is_a_plain_cut():
    picture = map_of(100, 120)
    assert np.array_equal(cut_square(picture, 10, 20, 50, 50), picture[20:70, 10:60])


@given(
    st.integers(1, 700), st.integers(1, 700), st.integers(-300, 700), st.integers(-300, 700),
    st.integers(8, 900),
)  # fmt: skip
@example(height=1, width=700, x=-10, y=-10, side=520)
@example(height=601, width=333, x=160, y=420, side=256)
def test_a_window_alone_shows_what_it_shows_among_others(height, width, x, y, side):
    picture = np.random.default_rng(side).integers(0, 256, (height, width, 3), np.uint8)
    window = on_grid(Window(x, y, side))
    # So large a window beside it has the whole picture halved.
    among, _ = detector._cut_all(picture, [window, on_grid(Window(0, 0, 1000))])
    assert np.array_equal(detector._cut_alone(picture, window), among)


def test_windows_of_one_size_show_the_same_whatever_else_is_looked_at():
    picture = np.random.default_rng(1).integers(0, 256, (900, 900, 3), np.uint8)
    few = [on_grid(Window(at, 40, 300)) for at in (10, 200, 410)]
    among = list(detector._cut_all(picture, [*few, on_grid(Window(0, 0, 900))]))
    assert np.array_equal(list(detector._cut_all(picture, few)), among[:3])


def test_a_face_tells_its_size():
    assert Face(np.array([0, 0, 10, 20], np.float32), np.zeros((6, 2), np.float32), 1).size == 15


@given(st.integers(-3000, 3000), st.integers(-3000, 3000), st.integers(8, 6000))
@example(2, 2, 511)
@example(4, 4, 1019)
@example(4, 4, 1023)
@example(8, 8, 2045)
def test_a_window_moves_onto_the_grid_of_its_halved_picture_by_little(x, y, side):
    moved = on_grid(Window(x, y, side))
    step = 1
    while side / (2 * step) >= 127.75:
        step *= 2
    assert all(edge % step == 0 for edge in (moved.x, moved.y, moved.side))
    assert max(abs(moved.x - x), abs(moved.y - y), abs(moved.side - side)) <= step / 2
    assert on_grid(moved) == moved


@pytest.mark.parametrize("height, width", [(1, 4000), (3000, 1), (1081, 1921), (129, 127)])
def test_pictures_of_any_shape_are_halved_and_searched(height, width):
    assert FaceDetector(Oracle([])).search(np.full((height, width, 3), 90, np.uint8)) == []
