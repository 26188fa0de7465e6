"""A short talking clip in memory, with the place of its largest face in every frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
import numpy as np

from assay.branches.audio.cqcc import RATE
from assay.media.faces.detector import FaceDetector
from assay.media.material import Face
from assay.types import Floats, Image
from assay_lab.data.speech import read_sound

LONGEST = 4.0
"""Seconds that are read of a clip."""
LONG_SIDE = 640
"""Image to which larger pictures are reduced."""
LOOKS = 8.0
"""Looks at the face per second; between them its key points are interpolated."""
FEWEST = 12
"""Frames of the shortest clip worth forging."""
FOUND = 0.8
"""Share of looks that must find the face: a clip with cuts or turned backs has no track."""
JUMP = 0.5
"""Box sides that a face cannot move from look to look: another face, or a cut."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Consecutive frames of one person, with the sound of that time.

    frames: (n, height, width, 3) RGB, sides even. rate: frames a second. sound: (samples,) at
    16 kHz, None without. keypoints: (n, 6, 2) and box: (n, 4), pixels. group: as of its row.
    """

    frames: Image
    rate: float
    sound: Floats | None
    keypoints: Floats
    boxes: Floats
    group: str

    @property
    def seconds(self) -> float:
        """Length of the picture."""
        return len(self.frames) / self.rate


def read_clip(path: Path, group: str, detector: FaceDetector) -> Clip | None:
    """The beginning of a clip and the track of its largest face.

    Returns:
        None where the clip is too short or shows no face throughout.

    Raises:
        av.FFmpegError: The file cannot be decoded.
    """
    frames, rate = read_frames(path)
    if len(frames) < FEWEST:
        return None
    track = follow(frames, rate, detector)
    if track is None:
        return None
    keypoints, boxes = track
    with av.open(str(path)) as container:
        audible = bool(container.streams.audio)
    sound = read_sound(path, longest=len(frames) / rate) if audible else None
    if sound is not None:
        sound = fitted(sound, round(len(frames) / rate * RATE))
    return Clip(frames, rate, sound, keypoints, boxes, group)


def read_frames(path: Path, longest: float = LONGEST) -> tuple[Image, float]:
    """The first `longest` seconds as (n, height, width, 3) and their rate."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        rate = float(stream.average_rate or 25)
        frames: list[Image] = []
        for frame in container.decode(stream):
            factor = min(1.0, LONG_SIDE / max(frame.width, frame.height))
            width, height = (round(x * factor / 2) * 2 for x in (frame.width, frame.height))
            pixels = frame.to_ndarray(format="rgb24", width=width, height=height)
            frames.append(cast(Image, pixels))
            if len(frames) >= longest * rate:
                break
    return np.stack(frames) if frames else np.empty((0, 2, 2, 3), np.uint8), rate


def follow(frames: Image, rate: float, detector: FaceDetector) -> tuple[Floats, Floats] | None:
    """Key points (n, 6, 2) and boxes (n, 4) of the largest face, smooth in time."""
    every = max(1, round(rate / LOOKS))
    looked = sorted({*range(0, len(frames), every), len(frames) - 1})
    seen: list[tuple[int, Face]] = []
    last: Face | None = None
    for number in looked:
        found = detector.search_regions(frames[number], [last]) if last else []
        found = found or detector.search(frames[number])
        if found:
            last = _next(found, last)
            seen.append((number, last))
    if len(seen) < max(2, FOUND * len(looked)):
        return None
    times = [number for number, _ in seen]
    points = np.stack([np.vstack([face.keypoints, face.box.reshape(2, 2)]) for _, face in seen])
    if np.abs(np.diff(points[:, :4].mean(axis=1), axis=0)).max() > JUMP * seen[0][1].size:
        return None
    smooth = _smoothed(points)
    every_frame = np.arange(len(frames))
    flat = [np.interp(every_frame, times, column) for column in smooth.reshape(len(times), -1).T]
    track = np.stack(flat, axis=1).reshape(-1, 8, 2).astype(np.float32)
    return track[:, :6], track[:, 6:].reshape(-1, 4)


def _next(found: Sequence[Face], last: Face | None) -> Face:
    if last is None:
        return max(found, key=lambda face: face.size)
    middle = last.keypoints.mean(axis=0)
    return min(found, key=lambda face: float(np.hypot(*(face.keypoints.mean(axis=0) - middle))))


def _smoothed(points: Floats) -> Floats:
    smooth = points.copy()
    smooth[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    return smooth


def fitted(sound: Floats, samples: int) -> Floats:
    """Cut, or padded with silence, to a length."""
    return np.pad(sound[:samples], (0, max(0, samples - len(sound))))


def square(clip: Clip, reach: float = 2.0) -> tuple[int, int, int]:
    """Left edge, upper edge and side of a square that holds the face throughout, inside the frame.

    Args:
        reach: Side in mean box sides, if the face stays where it is.
    """
    height, width = clip.frames.shape[1:3]
    low, high = clip.boxes[:, :2].min(axis=0), clip.boxes[:, 2:].max(axis=0)
    mean = float((clip.boxes[:, 2:] - clip.boxes[:, :2]).mean())
    side = min(height, width, round(float((high - low).max()) + (reach - 1) * mean))
    x, y = (low + high) / 2 - side / 2
    left = min(max(round(float(x)), 0), width - side)
    top = min(max(round(float(y)), 0), height - side)
    return left, top, side
