"""The first reader: the right picture at the right time, wherever it has to jump."""

import gc
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from assay.media.io.container import Losses, open_container, packets, picture_stream
from assay.media.io.grid import TOLERANCE
from assay.media.io.picture import DecodedPicture, SampledFrame
from assay.media.io.probe import identify, probe
from assay.media.io.video import read_frames
from assay.media.sampling import MOUTH_RATE, Span
from assay.settings import Settings
from tests.media_factory import (
    add_late_sound,
    loop_video,
    numbered,
    read_number,
    remux,
    run_ffmpeg,
    talking_head,
    write_video,
)

SIZE = (144, 32)
SETTINGS = Settings(threads=2)
STEP = 1 / MOUTH_RATE


def write_numbered(path: Path, total: int = 100, **options) -> Path:
    pictures = [numbered(*SIZE, i) for i in range(total)]
    fps = options.pop("fps", 25.0)
    return write_video(path, seconds=total / fps, fps=fps, size=SIZE, pictures=pictures, **options)


def frames_of(path: Path, spans: list[Span], losses: Losses | None = None) -> list[SampledFrame]:
    demuxer = identify(path)
    read = read_frames(
        path, demuxer, probe(path, demuxer, SETTINGS), spans, SETTINGS, losses or Losses()
    )
    frames = []
    for frame in read:
        frame.grey()  # while it is fresh; memory is bounded because nobody keeps frames
        frames.append(frame)
    return frames


def shown_numbers(frames: list[SampledFrame]) -> list[int]:
    return [read_number(frame.grey()) for frame in frames]


CODECS = (
    ("mp4", "libx264", {}),
    ("mov", "libx264", {}),
    ("mkv", "libx264", {}),
    ("avi", "libx264", {}),
    ("flv", "libx264", {}),
    ("ts", "libx264", {"container": "mpegts"}),
    ("mp4", "libx265", {}),
    ("mkv", "libx265", {}),
    ("webm", "libvpx-vp9", {}),
    ("mkv", "libvpx-vp9", {}),
    ("webm", "libvpx", {}),
    ("mp4", "libsvtav1", {}),
    ("webm", "libsvtav1", {}),
    ("avi", "mjpeg", {"pixel_format": "yuvj420p"}),
    ("mov", "mjpeg", {"pixel_format": "yuvj420p"}),
    ("avi", "mpeg4", {}),
    ("mpg", "mpeg2video", {}),
)


@pytest.mark.parametrize(("suffix", "codec", "options"), CODECS)
def test_round_trip(suffix: str, codec: str, options: dict, tmp_path) -> None:
    path = write_numbered(tmp_path / f"clip.{suffix}", 50, codec=codec, **options)
    frames = frames_of(path, [Span(0.0, 2.2)])
    assert shown_numbers(frames) == list(range(50))
    first = STEP if (suffix, codec) == ("avi", "libx264") else 0.0  # AVI has no display times
    assert np.allclose([f.time for f in frames], [first + i * STEP for i in range(50)])
    assert [i for i, f in enumerate(frames) if f.is_detection_frame] == list(range(0, 50, 6))
    assert (frames[0].width, frames[0].height) == SIZE
    assert frames[0].rgb().shape == (SIZE[1], SIZE[0], 3)


PATTERNS = {
    "default": {"preset": "medium"},
    "short-gop": {"preset": "medium", "g": "10"},
    "pyramid": {"preset": "medium", "bf": "7", "b-pyramid": "normal", "g": "1000"},
    "open-gop": {"preset": "medium", "g": "20", "x264-params": "open-gop=1"},
    "intra-refresh": {"preset": "medium", "x264-params": "intra-refresh=1:keyint=30"},
}


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_jumps_are_exact(pattern: str, suffix: str, tmp_path) -> None:
    """Spans after long ways, where pictures that no other needs are left out."""
    path = tmp_path / f"clip.{suffix}"
    container = "mpegts" if suffix == "ts" else None
    write_numbered(path, 400, options=PATTERNS[pattern], container=container)
    spans = [Span(1.0, 1.4), Span(6.0, 6.4), Span(6.6, 6.8), Span(14.0, 14.4)]
    losses = Losses()
    frames = frames_of(path, spans, losses)
    wanted = [round(s.start * 25) + i for s in spans for i in range(round((s.end - s.start) * 25))]
    if pattern == "intra-refresh" or (pattern, suffix) == ("pyramid", "ts"):
        # Without key frames in reach a run may begin late or not at all; what it shows is right.
        assert shown_numbers(frames) == [round(f.time * 25) for f in frames]
        assert shown_numbers(frames)[:10] == wanted[:10]
        return
    assert shown_numbers(frames) == wanted
    assert sorted({f.segment for f in frames}) == [0, 1, 2, 3]
    assert losses.sentences() == []


def test_jumps_are_exact_in_h265(tmp_path) -> None:
    options = {"preset": "medium", "x265-params": "log-level=none:pools=1:keyint=250:bframes=6"}
    path = write_numbered(tmp_path / "clip.mp4", 300, codec="libx265", options=options)
    frames = frames_of(path, [Span(1.0, 1.4), Span(9.0, 9.4)])
    assert shown_numbers(frames) == [*range(25, 35), *range(225, 235)]


def test_skipping_on_the_way_leaves_pixels_alone(tmp_path) -> None:
    options = {"preset": "medium", "g": "1000", "bf": "7"}
    path = write_video(tmp_path / "clip.mp4", seconds=6.0, options=options)
    straight = frames_of(path, [Span(0.0, 6.0)])
    jumped = frames_of(path, [Span(4.0, 5.0)])
    for ours, theirs in zip(jumped, straight[100:125], strict=True):
        assert np.array_equal(ours.grey(), theirs.grey())


def test_skipping_between_spans_leaves_pixels_alone(tmp_path) -> None:
    options = {"preset": "medium", "g": "1000", "bf": "7"}
    path = write_video(tmp_path / "clip.mp4", seconds=3.0, options=options)
    straight = frames_of(path, [Span(0.0, 3.0)])
    apart = frames_of(path, [Span(0.2, 0.6), Span(1.0, 1.4), Span(2.2, 2.6)])
    wanted = [*straight[5:15], *straight[25:35], *straight[55:65]]
    for ours, theirs in zip(apart, wanted, strict=True):
        assert np.array_equal(ours.grey(), theirs.grey())


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_wandering_rate_shows_what_was_on_display_after_a_jump(suffix: str, tmp_path) -> None:
    times = np.random.default_rng(1).uniform(0.015, 0.07, 120).cumsum().round(3)
    times = (times - times[0]).tolist()
    options = {"preset": "medium", "g": "1000", "bf": "5"}
    path = write_numbered(tmp_path / f"clip.{suffix}", len(times), times=times, options=options)
    for start in (2.0, 3.02, 4.0):
        frames = frames_of(path, [Span(start, start + 0.4)])
        moments = [start + k * STEP + TOLERANCE for k in range(10)]
        latest = [max(i for i, t in enumerate(times) if t <= moment) for moment in moments]
        assert shown_numbers(frames) == latest


@pytest.mark.parametrize("fps", [10.0, 15.0, 24.0, 30.0, 50.0, 60.0])
def test_other_rates(fps: float, tmp_path) -> None:
    path = write_numbered(tmp_path / "clip.mp4", round(2 * fps), fps=fps)
    frames = frames_of(path, [Span(0.0, 2.0)])
    assert shown_numbers(frames) == [int((k * STEP + TOLERANCE) * fps) for k in range(50)]


def test_variable_rate(tmp_path) -> None:
    times = [0.0, 0.02, 0.3, 0.31, 0.32, 0.7, 0.9, 0.94, 1.2]
    path = write_numbered(tmp_path / "clip.mkv", len(times), times=times)
    frames = frames_of(path, [Span(0.0, 1.2)])
    latest = [max(i for i, t in enumerate(times) if t <= k * STEP + 0.002) for k in range(30)]
    assert shown_numbers(frames) == latest


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotation(rotation: int, tmp_path) -> None:
    upright = talking_head(96, 128, 0.0)
    stored = np.rot90(upright, rotation // 90).copy()  # so that turning clockwise restores it
    path = write_video(
        tmp_path / "clip.mp4",
        size=(stored.shape[1], stored.shape[0]),
        seconds=0.2,
        pictures=[stored] * 5,
        rotation=rotation,
        options={"crf": "5"},
    )
    frame = frames_of(path, [Span(0.0, 1.0)])[0]
    assert (frame.width, frame.height) == (96, 128)
    assert np.abs(frame.rgb().astype(int) - upright).mean() < 8
    assert frame.grey().shape == (128, 96)


@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize("aspect", [Fraction(16, 11), Fraction(3, 4)])
def test_pixels_are_shown_square(aspect: Fraction, rotation: int, tmp_path) -> None:
    shown = talking_head(128, 128, 0.0)
    wide, high = (round(128 / aspect), 128) if aspect > 1 else (128, round(128 * aspect))
    stored = cv2.resize(shown, (wide, high), interpolation=cv2.INTER_AREA)
    path = write_video(
        tmp_path / "clip.mp4",
        size=(wide, high),
        seconds=0.2,
        pictures=[stored] * 5,
        options={"crf": "5"},
        aspect=aspect,
        rotation=rotation,
    )
    frame = frames_of(path, [Span(0.0, 1.0)])[0]
    assert (frame.width, frame.height) == (128, 128)
    assert np.abs(frame.rgb().astype(int) - np.rot90(shown, -rotation // 90)).mean() < 10
    assert frame.grey().shape == (128, 128)


@pytest.mark.parametrize("aspect", [Fraction(101, 100), Fraction(1, 200), Fraction(300, 1)])
def test_a_pixel_nearly_square_or_beyond_belief_is_shown_as_stored(aspect, tmp_path) -> None:
    path = write_video(tmp_path / "clip.mp4", size=(96, 128), seconds=0.2, aspect=aspect)
    frame = frames_of(path, [Span(0.0, 1.0)])[0]
    assert (frame.width, frame.height) == (96, 128)


def test_an_hour_costs_no_more_than_its_spans(tmp_path) -> None:
    minute = write_numbered(tmp_path / "short.mp4", 50, options={"g": "25"})
    path = loop_video(minute, tmp_path / "hour.mp4", 3600.0)
    before = DecodedPicture.__init__
    decoded = 0

    def counting(self, *about) -> None:
        nonlocal decoded
        decoded += 1
        before(self, *about)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DecodedPicture, "__init__", counting)
        frames = frames_of(path, [Span(t, t + 2.0) for t in (100.0, 1000.5, 2000.2, 3500.9)])
    assert len(frames) == 200
    assert decoded < 200 + 4 * 30
    assert shown_numbers(frames) == [int((f.time + TOLERANCE) * 25) % 50 for f in frames]


def test_no_index_no_length(tmp_path) -> None:
    """As browsers record: Matroska without cues and duration."""
    path = write_numbered(
        tmp_path / "clip.webm",
        400,
        codec="libvpx-vp9",
        options={"g": "50"},
        container_options={"live": "1"},
    )
    frames = frames_of(path, [Span(2.0, 2.4), Span(12.0, 12.4)])
    assert shown_numbers(frames) == [*range(50, 60), *range(300, 310)]


def alive() -> int:
    """Decoded pictures in memory."""
    # Not isinstance: some objects of other tests are proxies whose referents are gone.
    return sum(type(item) is DecodedPicture for item in gc.get_objects())


@pytest.mark.parametrize("late", [1, 5, 40])
@pytest.mark.parametrize("b_pictures", ["0", "2"])
def test_matroska_begins_with_its_picture(late: int, b_pictures: str, tmp_path) -> None:
    """H.264 whose sound starts later, which FFmpeg takes for the start of both."""
    total = 50 if late < 40 else 1050
    silent = write_numbered(
        tmp_path / "a.mp4", total, options={"preset": "veryfast", "bf": b_pictures}
    )
    path = add_late_sound(silent, tmp_path / "clip.mkv", late)
    assert shown_numbers(frames_of(path, [Span(0.0, 2.0)])) == list(range(50))


def test_matroska_may_begin_late(tmp_path) -> None:
    options = {"preset": "veryfast", "bf": "2"}
    silent = write_numbered(tmp_path / "a.mp4", 50, options=options)
    path = remux(silent, tmp_path / "clip.mkv", later=100.0)
    assert shown_numbers(frames_of(path, [Span(0.0, 2.0)])) == list(range(50))


@pytest.mark.parametrize("late", [0, 3])
@pytest.mark.parametrize("keys", ["25", "250"])
def test_transport_streams_with_sound(late: int, keys: str, tmp_path) -> None:
    """The sound beside the picture must not lead past the first key frame."""
    silent = write_numbered(tmp_path / "a.mp4", 250, options={"preset": "veryfast", "g": keys})
    path = add_late_sound(silent, tmp_path / "clip.ts", late, 5.0)
    spans = [Span(t, t + 1.0) for t in (0.28, 2.76, 5.24, 7.72)]
    wanted = [round(s.start * 25) + i for s in spans for i in range(25)]
    shown = shown_numbers(frames_of(path, spans))
    assert len(shown) == len(wanted)
    # The encoder's padding begins two pictures before the picture does.
    assert np.abs(np.subtract(shown, wanted)).max() <= 2


def test_two_pictures_at_a_time(tmp_path) -> None:
    path = write_numbered(tmp_path / "clip.mp4", 100)
    read = read_frames(
        path, "mov", probe(path, "mov", SETTINGS), [Span(0.0, 4.0)], SETTINGS, Losses()
    )
    before = alive()
    for number, frame in enumerate(read):
        frame.rgb()
        if number % 20 == 0:
            assert alive() - before <= 2


def test_what_was_shown_is_let_go_without_a_collection_of_garbage(tmp_path) -> None:
    path = write_numbered(tmp_path / "clip.mp4", 100)
    gc.collect()
    gc.disable()
    try:
        before = sum(type(item) is av.VideoFrame for item in gc.get_objects())
        frames_of(path, [Span(0.0, 4.0)])
        after = sum(type(item) is av.VideoFrame for item in gc.get_objects())
    finally:
        gc.enable()
    assert after - before < 20, "PyAV ties those whose side data are asked for"


def test_4k(tmp_path) -> None:
    path = write_video(tmp_path / "clip.mp4", size=(3840, 2160), seconds=0.16)
    frames = frames_of(path, [Span(0.0, 1.0)])
    assert len(frames) == 4
    assert frames[0].grey().shape == (2160, 3840)
    assert frames[0].rgb().shape == (2160, 3840, 3)


def test_a_change_of_size_midway(tmp_path) -> None:
    small = write_video(tmp_path / "a.ts", size=(160, 120), container="mpegts")
    large = write_video(tmp_path / "b.ts", size=(320, 240), container="mpegts")
    path = tmp_path / "both.ts"
    run_ffmpeg("-i", f"concat:{small}|{large}", "-c", "copy", str(path))
    losses = Losses()
    sizes = {(f.width, f.height) for f in frames_of(path, [Span(0.0, 2.0)], losses)}
    assert sizes == {(160, 120)}  # that which is reported
    assert "The picture changes its size midway." in losses.sentences()


def test_damage_in_the_middle_costs_the_middle(tmp_path) -> None:
    path = write_numbered(tmp_path / "clip.mp4", 200, options={"g": "25"})
    with open_container(path, "mov", Settings()) as container:
        stream = picture_stream(container)
        assert stream is not None
        spoilt = [
            p.pos for p in packets(container, stream) if p.pos and 2.0 <= p.pts * p.time_base < 3.0
        ]
    content = bytearray(path.read_bytes())
    for position in spoilt:
        content[position : position + 20] = b"\xff" * 20
    path.write_bytes(content)
    losses = Losses()
    frames = frames_of(path, [Span(0.0, 8.0)], losses)
    before = [f for f in frames if f.time < 1.9]
    after = [f for f in frames if f.time >= 3.2]
    assert shown_numbers(before) == [round(f.time * 25) for f in before]
    assert shown_numbers(after) == [round(f.time * 25) for f in after]
    assert len(after) == 120
    assert "damaged" in losses.sentences()[0]


def test_beyond_the_end_the_beginning_is_read(tmp_path) -> None:
    path = write_numbered(tmp_path / "clip.mp4", 50)
    losses = Losses()
    frames = frames_of(path, [Span(100.0, 102.0), Span(200.0, 202.0)], losses)
    assert shown_numbers(frames) == list(range(50))
    assert "Only the beginning of the video could be read." in losses.sentences()


def test_a_flood_of_pictures_is_cut_short(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("assay.media.io.video.MAX_PICTURES", 30)
    path = write_numbered(tmp_path / "clip.mp4", 100)
    losses = Losses()
    frames = frames_of(path, [Span(0.0, 4.0)], losses)
    assert shown_numbers(frames) == list(range(30))
    assert "very heavy" in losses.sentences()[0]
