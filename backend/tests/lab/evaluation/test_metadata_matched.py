"""Copies that are alike: nothing of a file's outside tells them apart."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import soundfile
from skimage.data import astronaut

from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import trim
from assay.types import Image
from assay_lab.augment.pictures import read_rgb
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.bias import PROPERTIES, codec, properties
from assay_lab.data.clip import read_frames
from assay_lab.data.rows import Modality, Row
from assay_lab.evaluation.metadata_matched import (
    CLIP_BYTES,
    CLIP_FRAMES,
    CLIP_RATE,
    SPEECH_SECONDS,
    STILL_BYTES,
    STILL_SIDE,
    alike,
    finest,
    square,
)
from tests.lab.voice import voice

FACE = np.ascontiguousarray(astronaut()[:240, 80:340])


def row(path: Path, modality: Modality) -> Row:
    return Row(path, modality, "real", "", "somebody", "a site")


def copy_of(path: Path, modality: Modality, folder: Path) -> Row:
    made = row(path, modality)
    return replace(made, path=alike(made)(path, folder / f"copy of {path.stem}"))


def clip(path: Path, frames: int, rate: float, scale: int = 1, sound: bool = True) -> Path:
    height, width = 120 * scale, 160 * scale
    still = cv2.resize(FACE, (width, height))
    moving = np.stack([np.roll(still, number, axis=1) for number in range(frames)])
    heard = voice(frames / rate) if sound else None
    VideoCorruption(crf=12).write(path, moving, rate, heard)
    return path


def outside(files: list[Row]) -> list[dict[str, Any]]:
    return [dict(zip(PROPERTIES, [*properties(file), codec(file)], strict=True)) for file in files]


def test_stills_of_any_size_and_format_weigh_the_same(tmp_path: Path) -> None:
    wide, tall = FACE[:150], np.ascontiguousarray(FACE[:, :120])
    cv2.imwrite(str(tmp_path / "a.png"), wide)
    cv2.imwrite(str(tmp_path / "b.jpg"), cv2.resize(tall, None, fx=4, fy=4))
    found = outside([copy_of(tmp_path / name, "image", tmp_path) for name in ("a.png", "b.jpg")])
    for one in found:
        assert one["width"] == one["height"] == STILL_SIDE
        assert 0.8 * STILL_BYTES < 1000 * one["kilobytes"] <= STILL_BYTES
    assert found[0]["codec"] == found[1]["codec"]


def test_a_still_is_shown_whole_and_in_its_colours(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), FACE[:150, :, ::-1])
    made = copy_of(tmp_path / "a.png", "image", tmp_path).path
    shown = read_rgb(np.fromfile(made, np.uint8)).astype(int)
    assert np.abs(shown - square(FACE[:150], STILL_SIDE)).mean() < 6


@pytest.mark.parametrize("sound", [True, False])
def test_clips_are_of_one_length_and_rate_and_have_a_sound_track(
    tmp_path: Path, sound: bool
) -> None:
    long = clip(tmp_path / "a.mp4", frames=60, rate=30, scale=3, sound=sound)
    short = clip(tmp_path / "b.mp4", frames=20, rate=15)
    found = outside([copy_of(path, "video", tmp_path) for path in (long, short)])
    for name in ("seconds", "width", "height", "frame_rate", "sample_rate", "codec"):
        assert found[0][name] == found[1][name]
    assert all(1000 * one["kilobytes"] <= CLIP_BYTES for one in found)


def test_a_clip_keeps_its_pace(tmp_path: Path) -> None:
    made = copy_of(clip(tmp_path / "a.mp4", frames=60, rate=50), "video", tmp_path)
    frames, rate = read_frames(made.path)
    assert (len(frames), rate) == (CLIP_FRAMES, CLIP_RATE)
    # At half of the rate the picture moves two columns of 160 at a step, 3.2 of 256.
    step = cv2.phaseCorrelate(*(frame.mean(axis=2)[40:220] for frame in frames[3:5]))[0][0]
    assert step == pytest.approx(3.2, abs=0.5)


def test_speech_begins_at_once_and_is_as_loud(tmp_path: Path) -> None:
    quiet = np.concatenate([np.zeros(RATE), 0.1 * voice(2.2)])
    soundfile.write(tmp_path / "a.flac", quiet, RATE)
    soundfile.write(tmp_path / "b.wav", voice(3.0), RATE)
    files = [copy_of(tmp_path / name, "speech", tmp_path) for name in ("a.flac", "b.wav")]
    assert outside(files)[0]["kilobytes"] == outside(files)[1]["kilobytes"]
    for file in files:
        wave, rate = soundfile.read(file.path)
        assert len(wave) == SPEECH_SECONDS * rate
        assert np.abs(wave).max() == pytest.approx(0.9, abs=0.01)
        assert trim(wave)[0] < 0.1 * RATE


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_what_is_too_short_is_refused(tmp_path: Path, seconds: float) -> None:
    soundfile.write(tmp_path / "a.wav", np.append(np.zeros(3 * RATE), voice(seconds or 0.01)), RATE)
    with pytest.raises(ValueError, match="too short"):
        copy_of(tmp_path / "a.wav", "speech", tmp_path)
    with pytest.raises(ValueError, match="too short"):
        copy_of(clip(tmp_path / "b.mp4", frames=20, rate=25), "video", tmp_path)


@pytest.mark.parametrize("shape", [(30, 60), (60, 30), (40, 40), (1, 500)])
def test_a_square_holds_the_whole_picture_between_black_bars(shape: tuple[int, int]) -> None:
    picture: Image = np.full((*shape, 3), 200, np.uint8)
    framed = square(picture, 64)
    assert framed.shape == (64, 64, 3)
    lit = (framed[..., 0] > 100).sum() / 64**2
    assert lit == pytest.approx(max(1 / 64, min(shape) / max(shape)), abs=0.02)


@pytest.mark.parametrize(("weight", "step"), [(1000, 10), (85, 15), (83, 17), (0, 40)])
def test_the_finest_step_within_the_weight_is_left(weight: int, step: int) -> None:
    saved: list[int] = []

    def save(coarseness: int) -> int:
        saved.append(coarseness)
        return 100 - coarseness

    assert finest(save, range(10, 41), weight) == step
    assert saved[-1] == step
