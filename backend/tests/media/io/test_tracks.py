"""The picture and the sound that a player would show and play, shown as it would."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from assay.media.forensics.hints import read_hints
from assay.media.io import container, probe
from assay.media.io.picture import orientation_of
from assay.media.io.reader import open_media
from assay.media.material import Speech
from assay.media.sampling import Span
from assay.settings import Settings
from assay.types import Floats
from tests.media_factory import (
    numbered,
    read_number,
    run_ffmpeg,
    speak,
    talking_head,
    write_sound,
    write_video,
)
from tests.networks import vad

SETTINGS = Settings(threads=2)


def frames_of(path: Path, *spans: Span) -> list[np.ndarray]:
    with open_media(path, SETTINGS) as media:
        return [frame.rgb() for frame in media.frames(list(spans) or [Span(0.0, 0.2)])]


def test_a_poster_does_not_win_over_the_film(tmp_path) -> None:
    film = write_video(tmp_path / "film.mp4", seconds=2.0, size=(160, 120))
    poster = write_video(tmp_path / "poster.mp4", times=[0.0, 0.9], size=(640, 480))
    path = tmp_path / "both.mp4"
    run_ffmpeg(
        *("-i", str(poster), "-i", str(film), "-map", "0:v", "-map", "1:v", "-c", "copy"),
        *("-disposition:v:0", "default", "-disposition:v:1", "default", str(path)),
    )
    with open_media(path, SETTINGS) as media:
        assert (media.info.video.width, media.info.video.height) == (160, 120)
        assert media.info.duration == pytest.approx(2.0, abs=0.05)
        assert len(list(media.frames([Span(0.0, 2.0)]))) == 50
        assert "The file has 2 picture tracks; only the main one was examined." in media.warnings
        # What is said of lengths is said of the track that is judged.
        assert not any("lasts" in trace for trace in read_hints(media).traces)


def tone(pitch: float, seconds: float) -> Floats:
    return (0.4 * np.sin(2 * np.pi * pitch * np.arange(round(16_000 * seconds)) / 16_000)).astype(
        np.float32
    )


def pitch_of(speech: Speech) -> float:
    wave = speech.spans[0][1][:16_000]
    return float(np.abs(np.fft.rfft(wave)).argmax() * Speech.RATE / len(wave))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("-disposition:a:0", "0", "-disposition:a:1", "default"), 900),
        (("-disposition:a:0", "default+comment", "-disposition:a:1", "0"), 900),
        (("-disposition:a:0", "0", "-disposition:a:1", "0"), 300),  # the longest
    ],
)
def test_the_right_sound(options: tuple[str, ...], expected: int, tmp_path) -> None:
    first = write_sound(tmp_path / "a.wav", tone(300, 4.0))
    second = write_sound(tmp_path / "b.wav", tone(900, 2.0))
    path = tmp_path / "both.mp4"
    run_ffmpeg(
        *("-i", str(first), "-i", str(second), "-map", "0:a", "-map", "1:a", "-c:a", "aac"),
        *(*options, str(path)),
    )
    with open_media(path, SETTINGS) as media:
        speech = media.speech([], vad())
        assert any("2 sound tracks" in warning for warning in media.warnings)
    assert speech is not None
    assert pitch_of(speech) == pytest.approx(expected, abs=2)


def test_one_channel_is_heard_where_two_cancel(tmp_path) -> None:
    voice = speak()[:32_000]
    path = write_sound(
        tmp_path / "a.flac", np.stack([voice, -voice]), codec="flac", layout="stereo"
    )
    with open_media(path, SETTINGS) as media:
        speech = media.speech([], vad())
    assert speech is not None
    assert np.corrcoef(speech.spans[0][1][: len(voice)], voice)[0, 1] > 0.99
    assert speech.voiced_seconds > 0.5


def test_ordinary_stereo_is_the_mean(tmp_path) -> None:
    rng = np.random.default_rng(1)
    both = rng.normal(0, 0.1, (2, 16_000)).astype(np.float32)
    path = write_sound(tmp_path / "a.wav", both, codec="pcm_f32le", layout="stereo")
    with open_media(path, SETTINGS) as media:
        speech = media.speech([], vad())
    assert speech is not None
    assert np.abs(speech.spans[0][1] - both.mean(axis=0)).max() < 1e-6


# -------------------------------------------------------------------------- display matrices

FLIPS = {
    "hflip": ("hflip=1", lambda rgb: rgb[:, ::-1]),
    "vflip": ("vflip=1", lambda rgb: rgb[::-1]),
    "90": ("rotation=90", lambda rgb: np.rot90(rgb, 1)),
    "180": ("rotation=180", lambda rgb: np.rot90(rgb, 2)),
    "90 and hflip": ("rotation=90:hflip=1", None),
}


@pytest.mark.parametrize("name", FLIPS)
def test_mirrored_and_turned_as_players_do(name: str, tmp_path) -> None:
    """FFmpeg's program applies the display matrix by itself: it is the truth."""
    source = write_video(tmp_path / "a.mp4", seconds=0.2, size=(96, 64), options={"crf": "1"})
    path, truth = tmp_path / "b.mp4", tmp_path / "truth.png"
    options = dict(part.split("=") for part in FLIPS[name][0].split(":"))
    flags = [
        text
        for key, value in options.items()
        for text in (f"-display_{key}", *([value] if key == "rotation" else []))
    ]
    run_ffmpeg(*flags, "-i", str(source), "-c", "copy", str(path))
    run_ffmpeg("-i", str(path), "-frames:v", "1", str(truth))
    shown = frames_of(path)[0]
    expected = cv2.imread(str(truth))[..., ::-1]
    assert shown.shape == expected.shape
    assert np.abs(shown.astype(int) - expected).mean() < 3
    how = FLIPS[name][1]
    if how is not None:
        assert np.abs(shown.astype(int) - how(frames_of(source)[0])).mean() < 3


def test_a_selfie_is_not_said_to_be_turned(tmp_path) -> None:
    source = write_video(tmp_path / "a.mp4", seconds=0.2, size=(96, 64))
    path = tmp_path / "b.mp4"
    run_ffmpeg("-display_hflip", "-i", str(source), "-c", "copy", str(path))
    with open_media(path, SETTINGS) as media:
        assert media.info.video.rotation == 0
    with av.open(str(path)) as opened:
        assert orientation_of(next(opened.decode(video=0))) == (True, 0)


def test_boxes_are_those_of_the_size_that_is_reported(tmp_path) -> None:
    parts = [
        write_video(tmp_path / f"{side}.ts", size=(side, side * 3 // 4), container="mpegts")
        for side in (160, 320)
    ]
    path = tmp_path / "both.ts"
    run_ffmpeg("-i", "concat:" + "|".join(map(str, parts)), "-c", "copy", str(path))
    with open_media(path, SETTINGS) as media:
        frames = list(media.frames([Span(0.0, 2.0)]))
        assert {f.rgb().shape for f in frames} == {(120, 160, 3)}
        assert {f.grey().shape for f in frames} == {(120, 160)}
        assert "The picture changes its size midway." in media.warnings
    late = frames[-1].rgb().astype(int)
    assert np.abs(late - talking_head(160, 120, 0.96)).mean() < 12


# ---------------------------------------------------------------- nothing works at first try


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(
        tmp_path_factory.mktemp("tracks") / "counted.mp4",
        seconds=12.0,
        size=(144, 96),
        pictures=[numbered(144, 96, i) for i in range(300)],
        sound=np.tile(speak()[:32_000], 6),
        options={"g": "250", "sc_threshold": "0"},
    )


def test_a_clip_cut_without_encoding_is_read_from_its_cut(counted: Path, tmp_path) -> None:
    """An edit list hides 220 pictures, which have to be decoded and are not shown."""
    path = tmp_path / "trimmed.mp4"
    run_ffmpeg("-ss", "8.8", "-i", str(counted), "-c", "copy", "-an", str(path))
    with open_media(path, SETTINGS) as media:
        assert media.info.reader == "pyav"
        assert media.info.duration == pytest.approx(3.2, abs=0.1)
        frames = list(media.frames([Span(0.0, 3.2)]))
    numbers = [read_number(frame.grey()) for frame in frames]
    assert numbers[0] == pytest.approx(220, abs=1)
    assert numbers[-1] == 299


@pytest.mark.parametrize("fails", ["with a stream", "always"])
def test_jumps_that_fail(fails: str, counted: Path, monkeypatch) -> None:
    real = container._jumps

    def jumps(opened, offset, **how):
        if fails == "always" or "stream" in how:
            return False
        return real(opened, offset, **how)

    monkeypatch.setattr(container, "_jumps", jumps)
    with open_media(counted, SETTINGS) as media:
        frames = list(media.frames([Span(1.0, 2.0), Span(9.0, 10.0)]))
        speech = media.speech([], vad())
    assert len(frames) >= 50
    assert speech is not None
    assert speech.voiced_seconds > 1


def test_a_first_packet_that_gives_nothing(counted: Path, monkeypatch) -> None:
    monkeypatch.setattr(probe, "_from_one_packet", lambda *_: None)
    with open_media(counted, SETTINGS) as media:
        assert media.info.reader == "pyav"
        assert media.info.duration == pytest.approx(12.0, abs=0.05)


def test_where_pyav_finds_no_picture_opencv_is_asked(counted: Path, monkeypatch) -> None:
    with open_media(counted, SETTINGS) as media:
        monkeypatch.setattr(media, "_read_frames", lambda *_: iter(()))
        numbers = [read_number(frame.grey()) for frame in media.frames([Span(1.0, 2.0)])]
    assert numbers == list(range(25, 50))


def test_sound_is_read_from_where_it_begins_though_the_picture_is_late(tmp_path) -> None:
    picture = write_video(tmp_path / "a.mp4", seconds=2.0, size=(96, 64))
    voice = write_sound(tmp_path / "a.wav", speak()[:48_000])
    path = tmp_path / "late.flv"
    run_ffmpeg(
        *("-i", str(voice), "-itsoffset", "0.5", "-i", str(picture), "-c:v", "flv"),
        *("-c:a", "libmp3lame", "-ar", "22050", str(path)),
    )
    with open_media(path, SETTINGS) as media:
        speech = media.speech([Span(0.5, 2.5)], vad())
        assert media.warnings == []
    assert speech is not None
    assert speech.spans[0][0] == 0.0
    assert speech.voiced_seconds > 1


@pytest.mark.parametrize("name", [b"na\xefve \xff.mp4", b"\x80.bin"])
@pytest.mark.parametrize("reader", ["pyav", "opencv"])
def test_names_that_are_no_text(name: bytes, reader: str, counted: Path, tmp_path, monkeypatch):
    import os

    path = tmp_path / os.fsdecode(name)
    path.write_bytes(counted.read_bytes())
    with open_media(path, SETTINGS) as media:
        if reader == "opencv":
            monkeypatch.setattr(media, "_read_frames", lambda *_: iter(()))
        assert len(list(media.frames([Span(0.0, 0.4)]))) == 10


def test_a_stream_that_appears_midway_costs_nothing(counted: Path, monkeypatch) -> None:
    """PyAV knows only the streams of the beginning, and answers others with an IndexError."""
    real = av.container.InputContainer.demux
    failed = []

    class Container:
        def __init__(self, opened):
            self.opened = opened

        def __getattr__(self, name):
            return getattr(self.opened, name)

        def demux(self, stream):
            for number, packet in enumerate(real(self.opened, stream)):
                if number == 3 and not failed:
                    failed.append(number)
                    raise IndexError
                yield packet

    with container.open_container(counted, "mov", SETTINGS) as opened:
        stream = container.picture_stream(opened)
        seen = sum(1 for _ in container.packets(Container(opened), stream))
    assert failed
    assert seen >= 295
