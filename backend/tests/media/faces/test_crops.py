"""The geometry that training depends on."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from assay.evidence import MediaInfo
from assay.media.faces.crops import crop_face, face_square, is_cropped
from tests.media.faces.stage import face_at

sides = st.integers(2, 900)
places = st.floats(-200, 1100)
sizes = st.floats(1, 2000)


@given(sides, sides, places, places, sizes)
def test_a_square_lies_inside_the_picture(height, width, x, y, size):
    left, top, side = face_square(face_at(x, y, size), height, width)
    assert side >= 2
    assert left >= 0 and left + side <= width
    assert top >= 0 and top + side <= height


@given(st.integers(300, 900), st.integers(300, 900), st.floats(20, 200))
def test_a_square_with_room_is_centred_and_a_fifth_larger_than_the_box(height, width, size):
    left, top, side = face_square(face_at(width / 2, height / 2, size), height, width)
    assert side == pytest.approx(1.2 * size, abs=1)
    assert left + side / 2 == pytest.approx(width / 2, abs=1)
    assert top + side / 2 == pytest.approx(height / 2, abs=1)


@given(sides, sides, places, places, sizes)
def test_crops_have_their_shapes(height, width, x, y, size):
    picture = np.zeros((height, width, 3), np.uint8)
    aligned, native = crop_face(picture, face_at(x, y, size))
    assert aligned.shape == (224, 224, 3)
    assert native.shape[0] == native.shape[1] <= 256
    assert native.shape[0] % 2 == 0
    assert native.shape[0] >= 2


@given(st.integers(50, 700), st.integers(50, 700), places, places, st.floats(10, 800))
def test_a_native_crop_is_untouched_and_on_even_pixels(height, width, x, y, size):
    rows, columns = np.mgrid[:height, :width]
    picture = np.stack([rows & 255, columns & 255, rows // 256 + 16 * (columns // 256)], -1)
    picture = picture.astype(np.uint8)
    _, native = crop_face(picture, face_at(x, y, size))
    top = int(native[0, 0, 0]) + 256 * (int(native[0, 0, 2]) % 16)
    left = int(native[0, 0, 1]) + 256 * (int(native[0, 0, 2]) // 16)
    assert top % 2 == left % 2 == 0
    n = native.shape[0]
    assert np.array_equal(native, picture[top : top + n, left : left + n])


def test_a_tight_crop_comes_out_whole():
    picture = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    aligned, native = crop_face(picture, face_at(115, 108, 0.87 * 224))
    assert np.array_equal(aligned, picture)
    assert np.array_equal(native, picture)


def test_a_crop_does_not_change_with_what_is_far_away():
    picture = data.astronaut().copy()
    face = face_at(224, 121, 110)
    before = crop_face(picture, face)
    picture[300:] = 0
    after = crop_face(picture, face)
    assert np.array_equal(before[0], after[0])
    assert np.array_equal(before[1], after[1])


@pytest.mark.parametrize(
    ("size", "means", "texture", "native_side", "native_sum"),
    [
        (60.0, [184.78, 163.85, 187.44, 160.77], 2.463, 72, 2709207),
        (110.0, [125.42, 101.91, 144.94, 164.19], 4.328, 132, 7025955),
        (260.0, [166.14, 168.02, 100.1, 131.72], 6.711, 256, 26261926),
    ],
)
def test_golden_crops(size, means, texture, native_side, native_sum):
    """Frozen with the weights: a change here means that every picture branch must be retrained."""
    aligned, native = crop_face(data.astronaut(), face_at(224, 121, size))
    quadrants = aligned.reshape(2, 112, 2, 112, 3).mean((1, 3, 4))
    assert quadrants.ravel() == pytest.approx(means, abs=0.02)
    assert np.abs(np.diff(aligned.astype(int), axis=1)).mean() == pytest.approx(texture, abs=0.005)
    assert native.shape[0] == native_side
    assert int(native.sum()) == native_sum


@pytest.mark.parametrize(
    ("width", "height", "size", "wanted"),
    [
        (200, 200, 170, True),  # cut out around the box, as face collections come
        (200, 200, 130, False),
        (200, 300, 170, False),  # a portrait with shoulders
        (1920, 1080, 900, False),  # the square is bounded by the height
    ],
)
def test_a_face_without_a_picture_around_it_is_known(width, height, size, wanted):
    face = face_at(width / 2, height / 2, size)
    assert is_cropped(face, media(width, height)) == wanted


def test_what_shows_no_picture_is_no_crop():
    assert not is_cropped(
        face_at(100, 100, 190), media(200, 200).model_copy(update={"video": None})
    )


def media(width, height):
    return MediaInfo.model_construct(
        kind="image", video=SimpleNamespace(width=width, height=height), audio=None
    )
