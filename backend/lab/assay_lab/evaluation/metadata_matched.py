"""Copies of held-out media that are alike in everything but what they show and say.

Real and generated media come from different places: their sizes, lengths and codecs tell the
classes apart before anybody looks. Here every still is a square of one side and weight, every clip
has the same length, shape, rate and weight and a sound track, every recording begins with speech
and is of one length. What still tells them apart is content, and what it does to an encoder.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import soundfile

from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import trim
from assay.types import Floats, Image
from assay_lab.augment.files import Write
from assay_lab.augment.pictures import load_rgb
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.clip import fitted, read_frames
from assay_lab.data.rows import Row
from assay_lab.data.speech import read_sound

STILL_SIDE: Final = 448
STILL_BYTES: Final = 24_000
CLIP_SIDE: Final = 256
CLIP_RATE: Final = 25
CLIP_FRAMES: Final = 29
"""1.16 s: the length of most real clips that there are."""
CLIP_BYTES: Final = 48_000
SPEECH_SECONDS: Final = 1.6


def alike(row: Row) -> Write:
    """How the copy of a row is written. It raises ValueError where the file is too short."""
    return _WRITE[row.modality]


def _still(source: Path, place: Path) -> Path:
    file = place.with_suffix(".jpg")
    picture = square(load_rgb(source), STILL_SIDE)
    shown = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)

    def save(coarseness: int) -> int:
        cv2.imwrite(str(file), shown, [cv2.IMWRITE_JPEG_QUALITY, 100 - coarseness])
        return file.stat().st_size

    finest(save, range(1, 91), STILL_BYTES)
    return file


def _clip(source: Path, place: Path) -> Path:
    file = place.with_suffix(".mp4")
    frames, rate = read_frames(source, longest=(CLIP_FRAMES + 1) / CLIP_RATE)
    moments = (np.arange(CLIP_FRAMES) / CLIP_RATE * rate).astype(int)
    if moments[-1] >= len(frames):
        raise ValueError("too short to be compared")
    shown = np.stack([square(frames[moment], CLIP_SIDE) for moment in moments])
    sound = fitted(read_sound(source), round(CLIP_FRAMES / CLIP_RATE * RATE))

    def save(coarseness: int) -> int:
        VideoCorruption(crf=coarseness).write(file, shown, CLIP_RATE, sound)
        return file.stat().st_size

    finest(save, range(10, 45), CLIP_BYTES)
    return file


def _speech(source: Path, place: Path) -> Path:
    wave = read_sound(source)
    begin, end = trim(wave)
    samples = round(SPEECH_SECONDS * RATE)
    if end - begin < samples:
        raise ValueError("too short to be compared")
    spoken: Floats = wave[begin : begin + samples]
    file = place.with_suffix(".wav")
    soundfile.write(file, 0.9 * spoken / np.abs(spoken).max(), RATE)
    return file


_WRITE: Final = {"image": _still, "video": _clip, "speech": _speech}


def square(picture: Image, side: int) -> Image:
    """The whole picture with black bars, (side, side, 3)."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    framed = np.zeros((side, side, 3), np.uint8)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    framed[top : top + size[1], left : left + size[0]] = cv2.resize(
        picture, size, interpolation=method
    )
    return framed


def finest(save: Callable[[int], int], steps: range, weight: int) -> int:
    """Leave the file at the finest step that weighs at most so many bytes, else at the coarsest.

    Args:
        save: Writes the file at a step, coarser as it rises; gives its weight.
        steps: To choose from.
        weight: Bytes.

    Returns:
        The step, found by bisection.
    """
    low, high = steps[0], steps[-1]
    while low < high:
        middle = (low + high) // 2
        if save(middle) <= weight:
            high = middle
        else:
            low = middle + 1
    save(low)
    return low
