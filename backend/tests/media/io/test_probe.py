"""The gate: what a file is, and that nothing is decoded before the limits were checked."""

import hashlib
import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from assay.errors import AssayError
from assay.evidence import MediaInfo
from assay.media.io import probe as probe_module
from assay.media.io.probe import identify, probe
from assay.media.io.text import MAX_TAGS, MAX_VALUE
from assay.settings import Settings
from tests.hostile_media import original
from tests.media_factory import loop_video, still, talking_head, wav, write_sound, write_video

SETTINGS = Settings(threads=2)


def info(path: Path, **changes) -> MediaInfo:
    return probe(path, identify(path), SETTINGS.model_copy(update=changes))


def code(path: Path, **changes) -> str:
    with pytest.raises(AssayError) as caught:
        info(path, **changes)
    assert str(path) not in caught.value.message
    return caught.value.code


VIDEOS = (
    ("mp4", "libx264", "h264", "mp4"),
    ("mov", "libx264", "h264", "mov"),
    ("mkv", "libx265", "hevc", "mkv"),
    ("mp4", "libx265", "hevc", "mp4"),
    ("webm", "libvpx-vp9", "vp9", "webm"),
    ("mp4", "libsvtav1", "libdav1d", "mp4"),
    ("avi", "mjpeg", "mjpeg", "avi"),
    ("ts", "libx264", "h264", "mpegts"),
)


@pytest.mark.parametrize(("suffix", "encoder", "codec", "container"), VIDEOS)
def test_video(suffix: str, encoder: str, codec: str, container: str, tmp_path) -> None:
    form = "yuvj420p" if encoder == "mjpeg" else "yuv420p"
    muxer = "mpegts" if suffix == "ts" else None
    path = write_video(
        tmp_path / f"a.{suffix}", seconds=2.0, codec=encoder, pixel_format=form, container=muxer
    )
    found = info(path)
    assert (found.kind, found.container, found.reader) == ("video", container, "pyav")
    assert found.video is not None
    assert found.video.codec == codec
    assert (found.video.width, found.video.height) == (160, 120)
    assert found.video.fps == pytest.approx(25.0)
    assert found.video.pixel_format == form
    assert found.duration == pytest.approx(2.0, abs=0.05)
    assert found.audio is None
    assert found.size_bytes == path.stat().st_size
    assert len(found.sha256) == 64


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_turns_the_size(rotation: int, tmp_path) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=0.2, rotation=rotation)
    video = info(path).video
    assert video is not None
    assert video.rotation == rotation
    sideways = rotation in (90, 270)
    assert (video.width, video.height) == ((120, 160) if sideways else (160, 120))


@pytest.mark.parametrize(
    ("aspect", "size"), [(Fraction(3, 2), (240, 120)), (Fraction(1, 2), (160, 240))]
)
def test_the_size_is_that_of_square_pixels(
    aspect: Fraction, size: tuple[int, int], tmp_path
) -> None:
    video = info(write_video(tmp_path / "a.mp4", seconds=0.2, aspect=aspect)).video
    assert video is not None
    assert (video.width, video.height) == size


def test_a_picture_is_not_made_larger_than_is_read(tmp_path) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=0.2, aspect=Fraction(4, 1))
    stored = Settings(max_picture_pixels=2 * 160 * 120)
    small = write_video(tmp_path / "b.mp4", seconds=0.2)
    assert probe(small, identify(small), stored).video is not None
    with pytest.raises(AssayError, match="pixels"):
        probe(path, identify(path), stored)


def test_video_with_sound(talking_clip: Path) -> None:
    found = info(talking_clip)
    assert found.audio is not None
    assert (found.audio.codec, found.audio.sample_rate, found.audio.channels) == ("aac", 16_000, 1)


SOUNDS = {"mp3": 4, "flac": 4, "opus": 4, "m4a": 4, "aac": 4, "wav": 4, "mp3-cover": 4}


@pytest.mark.parametrize("kind", [*SOUNDS, "m4a-cover"])
def test_sound(kind: str, tmp_path) -> None:
    path = tmp_path / "sound"
    path.write_bytes(original(kind))
    found = info(path)
    assert (found.kind, found.video) == ("audio", None)
    assert found.audio is not None
    length = info_of_wav(tmp_path)
    assert found.duration == pytest.approx(length, abs=0.2)


def info_of_wav(folder: Path) -> float:
    path = folder / "reference"
    path.write_bytes(original("wav"))
    return info(path).duration or 0.0


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "bmp", "avif"])
def test_still(kind: str, tmp_path) -> None:
    path = tmp_path / "still"
    path.write_bytes(still(kind, size=(90, 70)))
    found = info(path)
    assert (found.kind, found.container, found.duration, found.audio) == ("image", kind, None, None)
    assert found.video is not None
    assert (found.video.width, found.video.height) == (90, 70)


def test_one_picture_is_still_a_video(tmp_path) -> None:
    found = info(write_video(tmp_path / "a.mp4", seconds=0.04))
    assert found.kind == "video"
    assert found.duration == pytest.approx(0.04)


def test_limits_come_before_decoding(tmp_path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something was decoded")

    monkeypatch.setattr(probe_module, "_first_picture", refuse)
    monkeypatch.setattr("cv2.imdecode", refuse)
    video = write_video(tmp_path / "a.mp4", seconds=0.2)
    assert code(video, max_picture_pixels=160 * 120 - 1) == "too_big_picture"
    picture = tmp_path / "a.png"
    picture.write_bytes(still("png", size=(100, 100)))
    assert code(picture, max_picture_pixels=9_999) == "too_big_picture"


def test_deep_stills_are_held_to_fewer_pixels(tmp_path) -> None:
    path = tmp_path / "deep.png"
    assert cv2.imwrite(str(path), np.zeros((100, 100, 4), np.uint16))
    assert code(path, max_picture_pixels=19_999) == "too_big_picture"
    assert info(path).video is not None
    assert cv2.imwrite(str(path), np.zeros((100, 100), np.uint16))
    assert info(path, max_picture_pixels=10_000).video is not None


def test_a_second_header_does_not_hide_the_first(tmp_path) -> None:
    content = still("png", size=(100, 100))
    body = b"IHDR" + struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0)
    again = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    path = tmp_path / "twice.png"
    path.write_bytes(content[:33] + again + content[33:])
    assert code(path, max_picture_pixels=9_999) == "too_big_picture"


def test_the_decoder_holds_the_limit_itself(tmp_path) -> None:
    """A stream that grows beyond what its header said is stopped by the decoder."""
    path = write_video(tmp_path / "a.mp4", seconds=0.2)
    with pytest.raises(av.FFmpegError), av.open(str(path)) as container:
        stream = container.streams.video[0]
        probe_module.configure(stream, Settings(max_picture_pixels=100))
        next(container.decode(stream))


def test_no_file_and_folders(tmp_path) -> None:
    assert code(tmp_path / "nothing.mp4") == "missing_file"
    assert code(tmp_path) == "missing_file"


def test_tags_are_cleaned(tmp_path) -> None:
    tags = {f"key{i}": "x" for i in range(50)} | {"title": "a\x07b\n" + "y" * 5000}
    path = write_video(
        tmp_path / "a.mkv", seconds=0.2, metadata={"title": tags.pop("title"), **tags}
    )
    found = info(path).tags
    assert len(found) <= MAX_TAGS
    assert found["title"].startswith("a b y")
    assert all(len(value) <= MAX_VALUE and value.isprintable() for value in found.values())


def test_places_are_left_out(tmp_path) -> None:
    path = write_video(tmp_path / "a.mkv", seconds=0.2, metadata={"location": "+48.1+011.5/"})
    assert "location" not in info(path).tags
    assert "+48.1" not in str(info(path))


LENGTHS = (
    ("mp4-fast-start", 0.5, 0.5),  # the header says 1 s, half of the bytes are there
    ("mkv", 0.5, 0.5),
    ("avi", 0.5, 0.4),
    ("webm-live", 1.0, 1.0),  # no length at all
    ("wav", 0.5, 2.1),
    ("flac", 0.5, 2.0),
    ("mp3", 0.5, 2.1),
)


@pytest.mark.parametrize(("kind", "share", "seconds"), LENGTHS)
def test_length_is_what_the_file_holds(kind: str, share: float, seconds: float, tmp_path) -> None:
    content = original(kind)
    path = tmp_path / "cut"
    path.write_bytes(content[: round(len(content) * share)])
    assert info(path).duration == pytest.approx(seconds, rel=0.25)


def test_a_long_recording_without_length_is_estimated(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("assay.media.io.duration.MAX_PACKETS", 500)
    short = write_video(tmp_path / "a.webm", seconds=2.0, codec="libvpx-vp9")
    path = loop_video(short, tmp_path / "b.mkv", 300.0)
    content = bytearray(path.read_bytes())
    for mark in (b"\x44\x89\x88", b"DURATION"):  # the segment's and the stream's length
        at = content.find(mark)
        while at >= 0:
            content[at : at + len(mark)] = (
                b"\xec" + bytes(len(mark) - 1) if mark[0] == 0x44 else b"X" * 8
            )
            at = content.find(mark)
    path.write_bytes(content)
    assert info(path).duration == pytest.approx(300.0, rel=0.1)


def test_odd_shapes_of_sound(tmp_path) -> None:
    path = tmp_path / "many.wav"
    path.write_bytes(wav(np.zeros(48_000), 48_000, channels=6))
    found = info(path)
    assert found.audio is not None
    assert found.audio.channels == 6


def test_names_have_no_influence(tmp_path) -> None:
    content = write_video(tmp_path / "a.mp4", seconds=0.2).read_bytes()
    for name in ("frame%03d.jpg", "-i.mp4", "a|b.txt", "list.m3u8", "ü 🙂.png", "http:x.mp4"):
        path = tmp_path / name
        path.write_bytes(content)
        assert info(path).container == "mp4"


def test_the_default_picture_wins(tmp_path) -> None:
    """A small second track, or a cover, is not the picture."""
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as output:
        streams = []
        for size in ((64, 48), (320, 240)):
            stream = output.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            streams.append(stream)
        for i in range(5):
            for stream in streams:
                rgb = talking_head(stream.width, stream.height, i / 25)
                output.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        for stream in streams:
            output.mux(stream.encode(None))
    video = info(path).video
    assert video is not None
    assert (video.width, video.height) == (320, 240)


def test_the_hash_is_that_of_the_bytes(talking_clip: Path) -> None:
    content = talking_clip.read_bytes()
    assert info(talking_clip).sha256 == hashlib.sha256(content).hexdigest()
    assert probe(talking_clip, identify(talking_clip), SETTINGS, sha256="known").sha256 == "known"


def test_sound_alone_on_demand(talking_clip: Path) -> None:
    found = probe(talking_clip, identify(talking_clip), SETTINGS, sound_only=True)
    assert (found.kind, found.video) == ("audio", None)
    path = write_sound(talking_clip.with_name("none.wav"), np.zeros(100, np.float32))
    assert probe(path, identify(path), SETTINGS, sound_only=True).kind == "audio"
