"""The second reader of video: OpenCV, with decoders and habits of its own."""

import os
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, NamedTuple, cast

import cv2

from assay.evidence import MediaInfo, VideoStream
from assay.media.io.container import Losses, max_pixels
from assay.media.io.grid import MAX_HOLD, TOLERANCE, Shown, on_grid
from assay.media.io.picture import ArrayPicture, SampledFrame, displayed_size
from assay.media.io.probe import check_size
from assay.media.io.text import clean
from assay.media.sampling import MAX_LEAD_SECONDS, MOUTH_RATE, Span
from assay.settings import Settings
from assay.types import Image

MAX_PICTURES: Final = 6_000
"""Pictures decoded from one file in all."""


def open_capture(path: Path, demuxer: str, settings: Settings) -> cv2.VideoCapture:
    """Open a local file, with the one demuxer and no other protocol than reading that file.

    The capture may turn out not to be opened; rotation metadata is applied by OpenCV.
    """
    limits = {
        "protocol_whitelist": "file",
        "format_whitelist": demuxer,
        "max_pixels": str(max_pixels(settings)),
    }
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"  # silence
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "|".join(
        f"{key};{value}" for key, value in limits.items()
    )
    parameters = [cv2.CAP_PROP_N_THREADS, min(settings.threads, 2)]
    with TemporaryDirectory(prefix="assay-link-") as folder:
        plain = _plainly_named(path.absolute(), Path(folder))
        return cv2.VideoCapture(f"file:{plain}", cv2.CAP_FFMPEG, parameters)


def _plainly_named(path: Path, folder: Path) -> Path:
    """The file under a name that is text: OpenCV crashes on bytes that are none.

    It keeps the file open, so the link may go as soon as it was opened.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        link = folder / "media"
        link.symlink_to(path)
        return link
    return path


class Description(NamedTuple):
    """A picture stream and its length in seconds, None if unknown."""

    video: VideoStream
    duration: float | None


def describe(path: Path, demuxer: str, settings: Settings) -> Description | None:
    """What OpenCV makes of a file; None if it cannot decode a first picture.

    Raises:
        AssayError: `too_big_picture`.
    """
    capture = open_capture(path, demuxer, settings)
    try:
        if not capture.isOpened():
            return None
        width, height, fps, number, turn = (
            capture.get(what)
            for what in (
                cv2.CAP_PROP_FRAME_WIDTH,
                cv2.CAP_PROP_FRAME_HEIGHT,
                cv2.CAP_PROP_FPS,
                cv2.CAP_PROP_FRAME_COUNT,
                cv2.CAP_PROP_ORIENTATION_META,
            )
        )
        check_size(int(width), int(height), max_pixels(settings))
        ok, pixels = capture.read()
        if not ok:
            return None
        size = displayed_size(pixels.shape[1], pixels.shape[0], _aspect(capture))
        check_size(*size, max_pixels(settings))
        code = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True)
        stream = VideoStream(
            codec=clean(code.decode("latin-1").lower()) or "unknown",
            width=size[0],
            height=size[1],
            fps=fps if 0.01 <= fps <= 1000 else None,
            rotation=cast(Literal[0, 90, 180, 270], round(turn / 90) * 90 % 360),
        )
        return Description(stream, number / fps if number > 0 and fps > 0 else None)
    finally:
        capture.release()


def _aspect(capture: cv2.VideoCapture) -> float:
    """Width over height of a pixel as OpenCV gives it, that is after the turn; 0 if unknown."""
    wide, high = capture.get(cv2.CAP_PROP_SAR_NUM), capture.get(cv2.CAP_PROP_SAR_DEN)
    if round(capture.get(cv2.CAP_PROP_ORIENTATION_META) / 90) % 2 == 1:
        wide, high = high, wide
    return wide / high if wide > 0 and high > 0 else 0.0


def _shown(pixels: Image, size: tuple[int, int]) -> Image:
    """RGB of what OpenCV gives, at the size at which pictures are shown."""
    rgb = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    if size != (pixels.shape[1], pixels.shape[0]):
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC)
    return cast(Image, rgb)


def read_frames(
    path: Path,
    demuxer: str,
    info: MediaInfo,
    spans: Sequence[Span],
    settings: Settings,
    losses: Losses,
) -> Iterator[SampledFrame]:
    """Frames of the spans on the grid of `grid.py`; arguments as for `video.read_frames`."""
    capture = open_capture(path, demuxer, settings)
    try:
        runs, left = count(), count(MAX_PICTURES, -1)
        for span in spans:
            yield from on_grid(_play(capture, info, span, left), span, runs)
        if next(left) <= 0:
            losses.notes.add("The video is very heavy; only a part was examined.")
    finally:
        capture.release()


def _play(
    capture: cv2.VideoCapture, info: MediaInfo, span: Span, left: Iterator[int]
) -> Iterator[Shown]:
    """Pictures from the one on display at the span's start to the first beyond its end."""
    capture.set(cv2.CAP_PROP_POS_MSEC, max(0.0, span.start - MAX_HOLD) * 1000)
    assert info.video is not None
    size = (info.video.width, info.video.height)
    before: Shown | None = None
    last = -1.0
    while next(left) > 0 and capture.grab():
        time = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        if time <= last or time < span.start - MAX_LEAD_SECONDS:
            continue
        last = time
        ok, pixels = capture.retrieve()
        if not ok:
            continue
        shown = Shown(time, 1 / MOUTH_RATE, ArrayPicture(_shown(cast(Image, pixels), size)))
        if time <= span.start + TOLERANCE:
            before = shown
            continue
        if before is not None:
            yield before
            before = None
        yield shown
        if time >= span.end:
            return
    if before is not None:
        yield before
