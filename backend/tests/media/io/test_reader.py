"""One door, three readers."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from assay.errors import AssayError
from assay.media.forensics.hints import read_hints
from assay.media.io import opencv, reader, repair
from assay.media.io.container import Losses, open_container, packets, picture_stream
from assay.media.io.probe import probe
from assay.media.io.reader import open_media
from assay.media.io.video import read_frames
from assay.media.material import Speech
from assay.media.sampling import Span, plan
from assay.settings import Settings
from tests.hostile_media import original
from tests.media_factory import numbered, read_number, still, talking_head, write_sound, write_video
from tests.networks import vad

SETTINGS = Settings(threads=2)
SPANS = [Span(0.5, 1.0), Span(3.0, 3.4)]


def unreadable(*_: object, **__: object) -> None:
    raise AssayError("unreadable", "as if damaged")


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of numbered pictures, with sound."""
    return write_video(
        tmp_path_factory.mktemp("reader") / "counted.mp4",
        seconds=4.0,
        size=(144, 96),
        pictures=[numbered(144, 96, i) for i in range(100)],
        sound=np.sin(np.arange(64_000) / 5).astype(np.float32) * 0.5,
        options={"g": "40"},
    )


def test_a_video_from_end_to_end(talking_clip: Path) -> None:
    with open_media(talking_clip, SETTINGS) as media:
        spans = plan(media.info)
        frames = list(media.frames(spans))
        speech = media.speech(spans, vad())
        assert media.warnings == []
    assert len(frames) == 75
    assert speech is not None
    assert len(speech.spans[0][1]) == pytest.approx(3 * Speech.RATE, rel=0.03)
    assert speech.voiced_seconds > 1.5


def test_a_file_is_opened_once_by_each_who_must(
    talking_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def counted(name: str, call: Any) -> Any:
        def counting(*arguments: Any, **named: Any) -> Any:
            looks.append(name)
            return call(*arguments, **named)

        return counting

    for name in ("identify", "read_still_header"):
        monkeypatch.setattr(reader, name, counted(name, getattr(reader, name)))
    monkeypatch.setattr(av, "open", counted("open", av.open))
    with open_media(talking_clip, SETTINGS) as media:
        assert looks == ["identify", "open"]
        read_hints(media)
        list(media.frames(plan(media.info)))
        media.speech([Span(0.0, 1.0)], vad())
        assert looks == ["identify", "open", "open", "open", "open"]
    looks.clear()
    picture = tmp_path / "a.jpg"
    picture.write_bytes(still("JPEG"))
    with open_media(picture, SETTINGS) as media:
        read_hints(media)
        list(media.frames([]))
        assert looks == ["identify", "read_still_header"]


def test_the_readers_agree(counted: Path) -> None:
    described = (counted, "mov", probe(counted, "mov", SETTINGS))
    first = [
        (f.time, f.segment, f.is_detection_frame, read_number(f.grey()))
        for f in read_frames(*described, SPANS, SETTINGS, Losses())
    ]
    second = [
        (f.time, f.segment, f.is_detection_frame, read_number(f.grey()))
        for f in opencv.read_frames(
            counted, "mov", probe(counted, "mov", SETTINGS), SPANS, SETTINGS, Losses()
        )
    ]
    assert first == second
    assert [number for *_, number in first] == [*range(12, 25), *range(75, 85)]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_opencv_turns_like_pyav(rotation: int, tmp_path) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=0.2, rotation=rotation, options={"crf": "5"})
    spans = [Span(0.0, 0.2)]
    described = (path, "mov", probe(path, "mov", SETTINGS))
    first = next(iter(read_frames(*described, spans, SETTINGS, Losses())))
    second = next(iter(opencv.read_frames(*described, spans, SETTINGS, Losses())))
    assert np.abs(first.rgb().astype(int) - second.rgb()).mean() < 3
    description = opencv.describe(path, "mov", SETTINGS)
    assert description is not None
    assert description.video.rotation == rotation
    assert (description.video.width, description.video.height) == (second.width, second.height)


@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize("aspect", [Fraction(16, 11), Fraction(3, 4), Fraction(300, 1)])
def test_opencv_shows_square_pixels_like_pyav(aspect: Fraction, rotation: int, tmp_path) -> None:
    path = write_video(
        tmp_path / "a.mp4", seconds=0.2, aspect=aspect, rotation=rotation, options={"crf": "5"}
    )
    spans = [Span(0.0, 0.2)]
    described = (path, "mov", probe(path, "mov", SETTINGS))
    first = next(iter(read_frames(*described, spans, SETTINGS, Losses())))
    second = next(iter(opencv.read_frames(*described, spans, SETTINGS, Losses())))
    assert (second.width, second.height) == (first.width, first.height)
    assert np.abs(first.rgb().astype(int) - second.rgb()).mean() < 3
    description = opencv.describe(path, "mov", SETTINGS)
    assert description is not None
    assert (description.video.width, description.video.height) == (first.width, first.height)


def test_opencv_refuses_what_is_too_large_when_shown(tmp_path) -> None:
    stored = Settings(max_picture_pixels=2 * 160 * 120)
    square = write_video(tmp_path / "a.mp4", seconds=0.2)
    assert opencv.describe(square, "mov", stored) is not None
    wide = write_video(tmp_path / "b.mp4", seconds=0.2, aspect=Fraction(4, 1))
    with pytest.raises(AssayError, match="pixels"):
        opencv.describe(wide, "mov", stored)


def test_opencv_when_pyav_fails(counted: Path, monkeypatch) -> None:
    whole = open_media(counted, SETTINGS).info
    real = reader.probe
    monkeypatch.setattr(
        reader, "probe", lambda *a, **k: real(*a, **k) if k.get("sound_only") else unreadable()
    )
    with open_media(counted, SETTINGS) as media:
        assert media.info.reader == "opencv"
        assert media.info.sha256 == whole.sha256
        assert media.info.duration == pytest.approx(4.0, abs=0.1)
        shown = [read_number(f.grey()) for f in media.frames(SPANS)]
        speech = media.speech(SPANS, vad())
    assert shown[-1] == 84
    assert speech is not None


def test_repair_when_neither_reads(counted: Path, monkeypatch) -> None:
    whole = open_media(counted, SETTINGS).info
    real = reader.probe
    monkeypatch.setattr(
        reader,
        "probe",
        lambda path, *a, **k: unreadable() if path == counted else real(path, *a, **k),
    )
    monkeypatch.setattr(opencv, "describe", lambda *_: None)
    with open_media(counted, SETTINGS) as media:
        assert media.info.reader == "repaired"
        assert (media.info.sha256, media.info.size_bytes) == (whole.sha256, whole.size_bytes)
        copy = media._source[0]
        assert copy.exists()
        shown = [read_number(f.grey()) for f in media.frames([Span(0.0, 4.0)])]
        speech = media.speech([], vad())
        assert any("repaired" in warning for warning in media.warnings)
    assert shown == list(range(100))
    assert speech is not None
    assert not copy.exists()


def test_a_ruined_beginning_is_passed_over(tmp_path) -> None:
    """Six seconds without one picture: the first that decodes lies behind them."""
    path = write_video(
        tmp_path / "ruined.mp4",
        seconds=12.0,
        size=(144, 32),
        pictures=[numbered(144, 32, i) for i in range(300)],
        sound=np.zeros(12 * 16_000, np.float32),
        options={"g": "25"},
    )
    content = bytearray(path.read_bytes())
    with open_container(path, "mov", SETTINGS) as container:
        stream = picture_stream(container)
        assert stream is not None
        for packet in packets(container, stream):
            if packet.pos and packet.pts * packet.time_base < 6:
                content[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    path.write_bytes(content)
    with open_media(path, SETTINGS) as media:
        assert media.info.reader == "pyav"
        frames = list(media.frames([Span(8.0, 9.0)]))
    assert [read_number(f.grey()) for f in frames] == list(range(200, 225))


def test_repair_gives_up_in_time(counted: Path, tmp_path, monkeypatch) -> None:
    def never_ends(*_: object, **options: object) -> None:
        assert options["timeout"] == repair.TIME_LIMIT_S
        raise subprocess.TimeoutExpired("ffmpeg", 1.0)

    monkeypatch.setattr(subprocess, "run", never_ends)
    assert repair.repair(counted, "mov", tmp_path, SETTINGS) is None


def test_repair_of_noise_is_none(tmp_path) -> None:
    noise = tmp_path / "noise"
    noise.write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 50)
    assert repair.repair(noise, "mov", tmp_path, SETTINGS) is None


def test_sound_alone_when_the_picture_is_lost(tmp_path) -> None:
    content = original("mkv").replace(b"V_MPEG4/ISO/AVC", b"V_UNKNOWN/X/YZ!")
    path = tmp_path / "clip.mkv"
    path.write_bytes(content)
    with open_media(path, SETTINGS) as media:
        assert media.info.kind == "audio"
        assert list(media.frames([])) == []
        assert media.speech([], vad()) is not None
        assert media.warnings == ["The picture could not be read; only the sound was examined."]


# --------------------------------------------------------- nothing but the file itself is opened


@pytest.fixture
def playlists(tmp_path) -> list[Path]:
    """Lists that FFmpeg follows if it is left to guess: their target is a good video."""
    write_video(tmp_path / "target.ts", container="mpegts")
    hls, concat = tmp_path / "list.m3u8", tmp_path / "list.ffconcat"
    hls.write_text(
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\ntarget.ts\n"
        "#EXT-X-ENDLIST\n"
    )
    concat.write_text("ffconcat version 1.0\nfile target.ts\n")
    return [hls, concat]


def test_playlists_are_not_followed(playlists: list[Path], tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", raising=False)
    for path in playlists:
        # The danger is real: a reader that guesses follows the list.
        assert cv2.VideoCapture(str(path), cv2.CAP_FFMPEG).isOpened()
    for path in playlists:
        with pytest.raises(AssayError, match="not a video"):
            open_media(path, SETTINGS)
        for demuxer in ("mov", "matroska", "mpegts", "ogg"):
            assert not opencv.open_capture(path, demuxer, SETTINGS).isOpened()
            assert repair.repair(path, demuxer, tmp_path, SETTINGS) is None
            with pytest.raises(AssayError), open_container(path, demuxer, SETTINGS) as container:
                raise AssayError("unreadable", str(len(container.streams.video)))


def test_urls_are_not_opened(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("http://127.0.0.1:9/x.mp4", "concat:a|b", "data:video/mp4,x", "fd:0", "pipe:0"):
        with pytest.raises(AssayError) as caught:
            open_container(Path(name), "mov", SETTINGS)
        assert caught.value.code == "unreadable"


# ---------------------------------------------------------------------------------------- stills


STILLS = (
    ("jpeg", {"quality": 95}, 3.0),
    ("jpeg", {"quality": 95, "mode": "L"}, 3.0),
    ("jpeg", {"quality": 95, "mode": "CMYK"}, 3.0),
    ("jpeg", {"quality": 95, "progressive": True}, 3.0),
    ("png", {}, 0.0),
    ("png", {"mode": "RGBA"}, 0.0),
    ("png", {"mode": "L"}, 0.0),
    ("png", {"mode": "P"}, 12.0),
    ("png", {"mode": "LA"}, 0.0),
    ("webp", {"lossless": True}, 0.0),
    ("webp", {"quality": 95}, 3.0),
    ("gif", {"mode": "P"}, 12.0),
    ("bmp", {}, 0.0),
    ("avif", {"quality": 95}, 3.0),
)


def read_one(path: Path) -> np.ndarray:
    with open_media(path, SETTINGS) as media:
        (frame,) = media.frames([])
        assert (frame.time, frame.segment, frame.is_detection_frame) == (0.0, 0, True)
        assert media.info.video is not None
        assert (frame.width, frame.height) == (media.info.video.width, media.info.video.height)
        return frame.rgb()


@pytest.mark.parametrize(("kind", "options", "slack"), STILLS, ids=str)
def test_stills(kind: str, options: dict, slack: float, tmp_path) -> None:
    path = tmp_path / "still"
    path.write_bytes(still(kind, **options))
    expected = talking_head(200, 150, 0.0)
    if options.get("mode") in ("L", "LA"):
        expected = cv2.cvtColor(cv2.cvtColor(expected, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        slack += 1.0
    assert np.abs(read_one(path).astype(int) - expected).mean() <= slack


def test_sixteen_bits(tmp_path) -> None:
    rgb = talking_head(80, 60, 0.0)
    path = tmp_path / "deep.png"
    cv2.imwrite(str(path), rgb[..., ::-1].astype(np.uint16) * 257)
    assert np.array_equal(read_one(path), rgb)


@pytest.mark.parametrize("depth", [8, 10, 12])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_avif_of_every_depth(depth: int, channels: int, tmp_path) -> None:
    rgb = talking_head(80, 60, 0.0)
    stored = np.dstack([rgb[..., ::-1], np.full((60, 80), 255, np.uint8)])[..., :channels]
    scaled = (stored / 255 * ((1 << depth) - 1)).round().astype(np.uint16)
    path = tmp_path / "deep.avif"
    parameters = [cv2.IMWRITE_AVIF_DEPTH, depth, cv2.IMWRITE_AVIF_QUALITY, 100]
    assert cv2.imwrite(str(path), scaled if depth > 8 else stored, parameters)
    expected = rgb if channels > 1 else np.repeat(stored, 3, axis=2)
    assert np.abs(read_one(path).astype(int) - expected).mean() < 2.0


GROWTH = """
import resource, sys
from pathlib import Path
from assay.media.io.reader import open_media
from assay.settings import Settings

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

for name in sys.argv[1:]:
    before = peak()
    with open_media(Path(name), Settings(threads=1)) as media:
        next(iter(media.frames([]))).rgb()
print(peak() - before)
"""


def growth(path: Path, first: Path) -> int:
    """Megabytes by which a process grows when it reads a still, after it has read another."""
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, str(first), str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_deep_and_transparent_is_held_once(tmp_path) -> None:
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    for path, size in ((small, 64), (large, 3000)):
        assert cv2.imwrite(str(path), np.zeros((size, size, 4), np.uint16))
    assert growth(large, small) < 1.5 * 3000 * 3000 * 8 / 2**20


def test_what_follows_a_picture_is_not_read(tmp_path) -> None:
    small, padded = tmp_path / "small.png", tmp_path / "padded.png"
    small.write_bytes(still("png"))
    padded.write_bytes(still("png"))
    os.truncate(padded, 200 * 2**20)
    assert growth(padded, small) < 50


def test_strips_meet(tmp_path) -> None:
    """Narrow, wide and several strips high: each pixel is where it was."""
    random = np.random.default_rng(0)
    for size in ((3, 100_000), (100_000, 3), (700, 1100)):
        path = tmp_path / "strips.png"
        for channels in (1, 3, 4):
            stored = random.integers(0, 256, (*size, channels), np.uint8)
            assert cv2.imwrite(str(path), stored)
            rgb = np.repeat(stored, 3, axis=2) if channels == 1 else stored[..., 2::-1]
            alpha = stored[..., 3:].astype(int) if channels == 4 else 255
            expected = (rgb.astype(int) * alpha + 255 * (255 - alpha) + 127) // 255
            assert np.array_equal(read_one(path), expected)


def test_transparent_is_white(tmp_path) -> None:

    rgba = np.zeros((40, 60, 4), np.uint8)
    rgba[:, 20:40] = (200, 100, 0, 128)
    rgba[:, 40:] = (200, 100, 0, 255)
    Image.fromarray(rgba).save(tmp_path / "a.png")
    shown = read_one(tmp_path / "a.png")
    assert shown[0, 5].tolist() == [255, 255, 255]
    assert np.abs(shown[0, 30].astype(int) - [227, 177, 127]).max() <= 1
    assert shown[0, 50].tolist() == [200, 100, 0]


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(kind: str, orientation: int, tmp_path) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned"
    path.write_bytes(still(kind, size=(80, 60), exif=exif))
    truth = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
    assert np.abs(read_one(path).astype(int) - truth).mean() < 1.5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_avif_is_turned_and_mirrored(orientation: int, tmp_path) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    (tmp_path / "turned.png").write_bytes(still("png", size=(80, 60), exif=exif))
    # Pillow writes `irot` and `imir` for it, and takes it out of `exif`.
    (tmp_path / "turned.avif").write_bytes(still("avif", size=(80, 60), quality=95, exif=exif))
    truth = np.asarray(ImageOps.exif_transpose(Image.open(tmp_path / "turned.png")))
    assert np.abs(read_one(tmp_path / "turned.avif").astype(int) - truth).mean() < 4.0


def test_half_a_photograph_is_read_as_far_as_it_goes(tmp_path) -> None:
    content = still("jpeg", size=(320, 240), quality=90)
    path = tmp_path / "half.jpg"
    path.write_bytes(content[: len(content) * 6 // 10])
    with open_media(path, SETTINGS) as media:
        (frame,) = media.frames([])
        top = frame.rgb()[:100].astype(int)
        assert np.abs(top - talking_head(320, 240, 0.0)[:100]).mean() < 5
        assert any("damaged" in warning for warning in media.warnings)


def test_half_a_turned_photograph_is_turned(tmp_path) -> None:

    exif = Image.Exif()
    exif[0x0112] = 3
    content = still("jpeg", size=(320, 240), quality=90, exif=exif)
    path = tmp_path / "half.jpg"
    path.write_bytes(content[: len(content) * 7 // 10])
    with open_media(path, SETTINGS) as media:
        (frame,) = media.frames([])
        bottom = frame.rgb()[-60:, ::-1][::-1].astype(int)
    assert np.abs(bottom - talking_head(320, 240, 0.0)[:60]).mean() < 8


def test_sound_files_have_no_frames(tmp_path) -> None:
    path = write_sound(tmp_path / "a.wav", np.zeros(16_000, np.float32))
    with open_media(path, SETTINGS) as media:
        assert list(media.frames(plan(media.info))) == []
