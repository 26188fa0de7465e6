from pathlib import Path

import numpy as np
import pytest

from assay.media.material import Face
from assay.types import Image
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.clip import Clip, follow, read_clip, read_frames, square


class Told:
    """A detector that knows where the face is, give or take a pixel, and how often it is asked."""

    def __init__(self, clip: Clip, blind: float = 0.0) -> None:
        self.clip, self.blind, self.asked = clip, blind, 0
        self.rng = np.random.default_rng(0)

    def search(self, rgb: Image) -> list[Face]:
        self.asked += 1
        if self.asked <= self.blind:
            return []
        number = int(np.abs(self.clip.frames.astype(int) - rgb).mean(axis=(1, 2, 3)).argmin())
        noise = self.rng.normal(0, 0.5, (6, 2)).astype(np.float32)
        return [Face(self.clip.boxes[number], self.clip.keypoints[number] + noise, 0.9)]

    def search_regions(self, rgb: Image, expected: list[Face]) -> list[Face]:
        return self.search(rgb)


def test_a_face_is_followed_through_every_frame(clip: Clip) -> None:
    detector = Told(clip)
    track = follow(clip.frames, clip.rate, detector)
    assert track is not None
    keypoints, boxes = track
    assert keypoints.shape == clip.keypoints.shape and boxes.shape == clip.boxes.shape
    assert np.abs(keypoints - clip.keypoints).max() < 3
    assert detector.asked < len(clip.frames) / 2


def test_a_face_that_is_rarely_there_gives_no_track(clip: Clip) -> None:
    assert follow(clip.frames, clip.rate, Told(clip, blind=5)) is None


def test_a_face_that_jumps_gives_no_track(clip: Clip) -> None:
    cut = Clip(
        np.concatenate([clip.frames[:10], clip.frames[:10] + 1]),
        clip.rate,
        None,
        np.concatenate([clip.keypoints[:10], clip.keypoints[:10] + 90]),
        np.concatenate([clip.boxes[:10], clip.boxes[:10] + 90]),
        clip.group,
    )
    assert follow(cut.frames, cut.rate, Told(cut)) is None


def test_a_file_becomes_a_clip(clip: Clip, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    VideoCorruption().write(path, clip.frames, clip.rate, clip.sound)
    read = read_clip(path, "group", Told(clip))
    assert read is not None and read.sound is not None and clip.sound is not None
    assert read.frames.shape == clip.frames.shape and read.rate == clip.rate
    assert np.abs(read.frames.astype(int) - clip.frames).mean() < 4
    # The sound neither moves nor fades: half a frame of delay would already be a trace.
    assert len(read.sound) == len(clip.sound)
    assert np.corrcoef(read.sound, clip.sound)[0, 1] > 0.97


def test_short_and_silent_files(clip: Clip, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    VideoCorruption().write(path, clip.frames[:8], clip.rate, None)
    assert read_clip(path, "group", Told(clip)) is None
    VideoCorruption().write(path, clip.frames, clip.rate, None)
    silent = read_clip(path, "group", Told(clip))
    assert silent is not None and silent.sound is None


def test_the_square_holds_the_face(clip: Clip) -> None:
    left, top, side = square(clip)
    low, high = clip.boxes[:, :2].min(axis=0), clip.boxes[:, 2:].max(axis=0)
    assert (low >= (left, top)).all() and (high <= (left + side, top + side)).all()


@pytest.mark.parametrize(
    ("corruption", "shape"),
    [
        (VideoCorruption("libx265", crf=30), (20, 224, 224, 3)),
        (VideoCorruption(scale=0.6), (20, 134, 134, 3)),
        (VideoCorruption(rate=15.0), (12, 224, 224, 3)),
    ],
)
def test_corruptions_do_what_they_say(
    clip: Clip, tmp_path: Path, corruption: VideoCorruption, shape: tuple[int, ...]
) -> None:
    corruption.write(tmp_path / "clip.mp4", clip.frames, clip.rate, clip.sound)
    frames, rate = read_frames(tmp_path / "clip.mp4")
    assert frames.shape == shape and rate == (corruption.rate or clip.rate)


def test_a_coarser_crf_loses_more(clip: Clip, tmp_path: Path) -> None:
    losses = []
    for crf in (18, 36):
        VideoCorruption(crf=crf).write(tmp_path / "clip.mp4", clip.frames, clip.rate, None)
        frames, _ = read_frames(tmp_path / "clip.mp4")
        losses.append(np.abs(frames.astype(int) - clip.frames).mean())
    assert losses[0] < losses[1]
