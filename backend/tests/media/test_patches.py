"""Squares of a picture: always whole, always the same, and nowhere twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.evidence import MediaInfo
from assay.media.patches import (
    EVERY,
    LONGEST,
    OF_A_FRAME,
    OF_A_STILL,
    SIDE,
    Patches,
    corner,
    patches,
    scaled_size,
)
from assay.types import Image
from tests.media.faces.stage import StillFrame


def media(kind: str) -> MediaInfo:
    return MediaInfo(kind=kind, container="x", size_bytes=1, sha256="0" * 64)


def slope(height: int, width: int) -> Image:
    """Red tells how far right a pixel is, green how far down."""
    down, across = np.mgrid[0:height, 0:width]
    return np.stack([across * 255 // width, down * 255 // height, across * 0], -1).astype(np.uint8)


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(0, 40))
def test_every_square_lies_in_the_picture(height: int, width: int, number: int) -> None:
    tall, wide = scaled_size(height, width)
    assert min(tall, wide) >= SIDE
    assert max(tall, wide) <= max(LONGEST, round(SIDE * max(height / width, width / height)) + 1)
    left, top = corner(tall, wide, number)
    assert 0 <= left <= wide - SIDE
    assert 0 <= top <= tall - SIDE


def test_the_first_square_is_the_middle_and_the_others_lie_elsewhere() -> None:
    corners = [corner(576, 1024, number) for number in range(OF_A_STILL)]
    assert corners[0] == ((1024 - SIDE) // 2, (576 - SIDE) // 2)
    assert len({left for left, _ in corners}) == len({top for _, top in corners}) == OF_A_STILL
    assert max(left for left, _ in corners) - min(left for left, _ in corners) > 500


def test_pixels_of_a_small_picture_are_as_they_are() -> None:
    picture = slope(400, 600)
    left, top = corner(400, 600, 3)
    (square,) = patches(picture, [3])
    assert np.array_equal(square, picture[top : top + SIDE, left : left + SIDE])
    square[:] = 0
    assert picture[top : top + SIDE, left : left + SIDE].any()


@pytest.mark.parametrize(
    ("height", "width"), [(3000, 4000), (4000, 3000), (30, 20), (1, 1), (1, 60_000), (60_000, 2)]
)
def test_large_and_tiny_pictures_give_whole_squares(height: int, width: int) -> None:
    found = patches(slope(height, width), range(4))
    assert [square.shape for square in found] == [(SIDE, SIDE, 3)] * 4


def test_a_large_picture_is_shrunk_as_a_whole() -> None:
    (square,) = patches(slope(3000, 4000), [0])
    # 224 of 1024 pixels are 22 % of the width, in the middle.
    assert square[112, 0, 0] == pytest.approx(255 * (0.5 - 0.11), abs=3)
    assert square[112, -1, 0] == pytest.approx(255 * (0.5 + 0.11), abs=3)


def test_a_still_gives_eight() -> None:
    kept = Patches(media("image"))
    frames = [StillFrame(slope(300, 300))]
    assert list(kept.watch(frames)) == frames
    assert len(kept.kept) == OF_A_STILL


def test_a_video_gives_two_of_every_fifth_detection_frame() -> None:
    kept = Patches(media("video"))
    shown = [
        StillFrame(slope(300, 300), time=number / 8, is_detection_frame=number % 2 == 0)
        for number in range(24)
    ]
    assert list(kept.watch(shown)) == shown
    assert len(kept.kept) == OF_A_FRAME * -(-12 // EVERY)
    assert not np.array_equal(kept.kept[0], kept.kept[2])
