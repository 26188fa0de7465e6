"""What is kept of the pictures that pass by is bounded, spread evenly, and small."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from assay.media.io.album import MOST, Album, jpeg
from assay.types import Image


@dataclass
class Passing:
    """A frame that counts how often its pixels were asked for."""

    time: float
    is_detection_frame: bool = True
    segment: int = 0
    width: int = 320
    height: int = 180
    asked: int = 0

    def rgb(self) -> Image:
        self.asked += 1
        return np.full((self.height, self.width, 3), 128, np.uint8)

    def grey(self) -> Image:
        return np.zeros((self.height, self.width), np.uint8)

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        return self.grey()[y0:y1, x0:x1]


def passing(times: Iterator[float] | list[float], **more: bool) -> list[Passing]:
    return [Passing(time, **more) for time in times]


def test_all_frames_pass_and_only_detection_frames_are_looked_at() -> None:
    album = Album()
    frames = passing([0.0, 0.04], is_detection_frame=False) + passing([0.25])
    assert list(album.watch(frames, 640)) == frames
    assert [frame.asked for frame in frames] == [0, 0, 1]
    assert list(album.pictures) == [0.25]


@pytest.mark.parametrize("seconds", [1, 8, 60, 3600])
def test_pictures_are_few_and_evenly_spread(seconds: int) -> None:
    album = Album()
    list(album.watch(passing([index / 4 for index in range(4 * seconds)]), 640))
    times = sorted(album.pictures)
    gaps = np.diff(times)
    assert len(times) <= MOST
    assert seconds < 8 or len(times) >= MOST // 2
    assert len(gaps) == 0 or gaps.max() <= 2 * gaps.min()


def test_a_second_look_at_the_same_moments_adds_nothing() -> None:
    album = Album()
    list(album.watch(passing([0.0, 0.5, 1.0]), 640))
    again = passing([0.0, 0.5, 1.0])
    list(album.watch(again, 640))
    assert [frame.asked for frame in again] == [0, 0, 0]


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((1080, 1920), (360, 640)),
        ((1920, 1080), (640, 360)),
        ((8, 6), (8, 6)),
        ((2, 5000), (1, 640)),
    ],
)
def test_a_picture_is_never_larger_than_asked(
    shape: tuple[int, int], size: tuple[int, int]
) -> None:
    red = np.zeros((*shape, 3), np.uint8)
    red[..., 0] = 255
    seen = cv2.imdecode(np.frombuffer(jpeg(red, 640), np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None and seen.shape[:2] == size
    blue, _, red_seen = seen.reshape(-1, 3).mean(axis=0)
    assert red_seen > 200 > 60 > blue, "colours keep their order"
