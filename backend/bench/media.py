"""Files to measure with: made here, so that anybody has the same."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from tests.media_factory import (
    VOICE_RATE,
    loop_video,
    run_ffmpeg,
    speak,
    talking_head,
    write_sound,
    write_video,
)

SECONDS: Final = 10
SIZE: Final = (1280, 720)
FACE: Final = 100
"""Pixels of the face in stills: the search has to go to its finest windows."""
TEXT: Final = (
    "Assay answers one question about a video, a still or a voice clip. Is this a deepfake, how "
    "sure are we, and what in it says so? Nothing of this was recorded: a machine reads it."
)

Make = Callable[[Path], Path]
"""Writes a file into a folder."""


def talking(folder: Path, seconds: float = SECONDS, size: tuple[int, int] = SIZE) -> Path:
    """The talking head, encoded as phones and platforms do: H.264 at its medium preset, AAC."""
    sound = np.tile(speak(TEXT), 2)[: round(seconds * VOICE_RATE)]
    return write_video(
        folder / "talking.mp4",
        seconds=seconds,
        size=size,
        options={"preset": "medium"},
        sound=sound,
    )


def long_clip(folder: Path, seconds: float) -> Path:
    """The talking head over and over, picture and voice."""
    once = talking(folder)
    picture = loop_video(once, folder / "picture.mp4", seconds)
    voice = _spoken(folder, seconds)
    target = folder / "long.mp4"
    run_ffmpeg("-i", str(picture), "-i", str(voice), "-c", "copy", str(target))
    return target


def spoken(folder: Path, seconds: float) -> Path:
    """A voice over and over, Opus."""
    return write_sound(folder / "voice.ogg", _voice(seconds), codec="libopus")


def _spoken(folder: Path, seconds: float) -> Path:
    return write_sound(folder / "voice.m4a", _voice(seconds), codec="aac")


def _voice(seconds: float) -> np.ndarray:
    return np.resize(speak(TEXT), round(seconds * VOICE_RATE)).astype(np.float32)


def photo(folder: Path, width: int, height: int, kind: str = "jpg") -> Path:
    """A soft ground with one face on it, a third from the right and from below."""
    rng = np.random.default_rng(width)
    small = rng.uniform(90, 150, (6, 8, 3)).astype(np.float32)
    picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    head = talking_head(2 * FACE, 2 * FACE, 0.0)
    top, left = 2 * (height - 2 * FACE) // 3, 2 * (width - 2 * FACE) // 3
    picture[top : top + 2 * FACE, left : left + 2 * FACE] = head
    path = folder / f"photo.{kind}"
    assert cv2.imwrite(str(path), picture[..., ::-1])
    return path


LENGTHS: Final[Mapping[str, Make]] = {
    "5 s": partial(talking, seconds=5),
    "10 s": partial(talking, seconds=10),
    "1 min": partial(long_clip, seconds=60),
    "10 min": partial(long_clip, seconds=600),
    "1 h": partial(long_clip, seconds=3600),
}
"""Videos of 720p."""

SIZES: Final[Mapping[str, Make]] = {
    "360p": partial(talking, size=(640, 360)),
    "720p": partial(talking, size=(1280, 720)),
    "1080p": partial(talking, size=(1920, 1080)),
    "4K": partial(talking, size=(3840, 2160)),
}
"""Videos of 10 s."""

STILLS: Final[Mapping[str, Make]] = {
    "0.3 MP": partial(photo, width=640, height=480),
    "2 MP": partial(photo, width=1600, height=1200),
    "12 MP": partial(photo, width=4000, height=3000),
    "48 MP": partial(photo, width=8000, height=6000),
    "1080 x 20,000, PNG": partial(photo, width=1080, height=20_000, kind="png"),
}
"""JPEG, unless they say otherwise."""

SOUNDS: Final[Mapping[str, Make]] = {
    "1 min": partial(spoken, seconds=60),
    "10 min": partial(spoken, seconds=600),
    "1 h": partial(spoken, seconds=3600),
}
"""Opus, somebody speaks all the time."""
