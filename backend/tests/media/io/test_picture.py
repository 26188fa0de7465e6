"""Luma and colour of decoded pictures, in every format a decoder may give."""

from typing import Any

import av
import cv2
import numpy as np
import pytest

from assay.media.io.picture import ArrayPicture, DecodedPicture, Orientation
from tests.media_factory import talking_head

FORMATS = (
    *("yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv411p", "nv12", "nv21", "yuyv422"),
    *("yuv420p10le", "yuv422p10le", "yuv444p10le", "yuv420p12le", "p010le", "yuv420p10be"),
    *("gray", "gray10le", "gray16le", "ya8", "rgb24", "bgr24", "gbrp", "gbrp10le", "rgba"),
    *("rgb48be", "yuva420p", "yuvj444p"),
)
SIZES = ((64, 48), (61, 37))


def picture(form: str, size: tuple[int, int]) -> tuple[np.ndarray, av.VideoFrame]:
    """A smooth picture as RGB, and in the format."""
    rgb = cv2.GaussianBlur(talking_head(*size, 0.0), (0, 0), 3)
    return rgb, av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format=form)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("form", FORMATS)
def test_grey_is_full_range_luma(form: str, size: tuple[int, int]) -> None:
    rgb, frame = picture(form, size)
    expected = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(int)
    grey = DecodedPicture(frame).grey()
    assert grey.dtype == np.uint8
    assert grey.shape == (size[1], size[0])
    assert np.abs(grey.astype(int) - expected).mean() < 2.0


@pytest.mark.parametrize("form", FORMATS)
def test_rgb_is_the_picture(form: str) -> None:
    rgb, frame = picture(form, (64, 48))
    shown = DecodedPicture(frame).rgb()
    assert shown.shape == (48, 64, 3)
    if not form.startswith(("gray", "ya")):
        assert np.abs(shown.astype(int) - rgb).mean() < 6.0


@pytest.mark.parametrize("full", [False, True])
def test_black_and_white_reach_both_ends(full: bool) -> None:
    low, high = (0, 255) if full else (16, 235)
    planes = np.full((12, 8), 128, np.uint8)
    planes[:8] = np.where(np.arange(8) < 4, low, high)
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.color_range = 2 if full else 1
    grey = DecodedPicture(frame).grey()
    assert grey.min() == 0
    assert grey.max() == 255


def test_below_black_stays_black() -> None:
    planes = np.full((12, 8), 128, np.uint8)
    planes[:8] = np.where(np.arange(8) < 4, 3, 252)
    grey = DecodedPicture(av.VideoFrame.from_ndarray(planes, format="yuv420p")).grey()
    assert sorted(set(grey.ravel().tolist())) == [0, 255]


@pytest.mark.parametrize("matrix", [1, 5], ids=["bt709", "bt601"])
def test_colour_follows_the_matrix_that_the_stream_names(matrix: int) -> None:
    red, (kr, kb) = np.array([200, 30, 30]), {1: (0.2126, 0.0722), 5: (0.299, 0.114)}[matrix]
    y = kr * red[0] + (1 - kr - kb) * red[1] + kb * red[2]
    cb, cr = (red[2] - y) / (2 - 2 * kb), (red[0] - y) / (2 - 2 * kr)
    planes = np.full((24, 16), round(16 + y * 219 / 255), np.uint8)
    planes[16:20] = round(128 + cb * 224 / 255)
    planes[20:] = round(128 + cr * 224 / 255)
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.colorspace, frame.color_range = matrix, 1
    assert np.abs(DecodedPicture(frame).rgb()[8, 8].astype(int) - red).max() <= 4


def test_a_repeat_converts_once() -> None:
    shown = DecodedPicture(picture("yuv420p", (64, 48))[1])
    assert shown.rgb() is shown.rgb()
    assert shown.grey() is shown.grey()


EDGES = [(0, 0, 64, 48), (5, 7, 40, 31), (63, 0, 64, 1), (10, 10, 10, 20)]


@pytest.mark.parametrize("form", FORMATS)
def test_a_part_of_the_luma_is_that_of_the_whole(form: str) -> None:
    _, frame = picture(form, (64, 48))
    whole = DecodedPicture(frame).grey()
    for x0, y0, x1, y1 in EDGES:
        part = DecodedPicture(frame).grey_within(x0, y0, x1, y1)
        assert part.dtype == np.uint8
        assert np.array_equal(part, whole[y0:y1, x0:x1])


@pytest.mark.parametrize(
    "shown",
    [
        {"orientation": Orientation(mirrored=False, quarter_turns=1)},
        {"orientation": Orientation(mirrored=True, quarter_turns=0)},
        {"aspect": 1.5},
        {"shown": (96, 96)},
    ],
    ids=["turned", "mirrored", "wide pixels", "another size"],
)
def test_a_part_of_the_luma_is_cut_where_it_is_shown(shown: dict[str, Any]) -> None:
    _, frame = picture("yuv420p", (64, 48))
    whole = DecodedPicture(frame, **shown).grey()
    part = DecodedPicture(frame, **shown).grey_within(4, 8, 40, 44)
    assert np.array_equal(part, whole[8:44, 4:40])


def test_an_array_knows_its_luma() -> None:
    rgb = talking_head(64, 48, 0.0)
    shown = ArrayPicture(rgb)
    assert (shown.width, shown.height) == (64, 48)
    assert np.array_equal(shown.grey(), cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))
    assert np.array_equal(shown.grey_within(3, 4, 30, 20), shown.grey()[4:20, 3:30])
