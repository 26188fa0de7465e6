"""What cameras, phones and archives write is read, or is named truthfully."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import PIL.Image
import pillow_heif
import pytest

from assay.errors import AssayError
from assay.media.io import reader
from assay.media.io.probe import identify
from assay.media.io.reader import open_media
from assay.media.io.sniff import HEAD_BYTES, looks_like_media, not_media, sniff
from assay.media.material import Speech
from assay.media.sampling import Span
from assay.settings import Settings
from tests.media_factory import (
    run_ffmpeg,
    speak,
    still,
    talking_head,
    wav,
    write_sound,
    write_video,
)
from tests.networks import vad

SETTINGS = Settings(threads=2)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds, with sound."""
    return write_video(
        tmp_path_factory.mktemp("formats") / "clip.mp4",
        seconds=2.0,
        size=(320, 240),
        sound=np.sin(np.arange(32_000) / 6).astype(np.float32) * 0.4,
        options={"g": "10"},
    )


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sound(tmp_path_factory.mktemp("formats") / "voice.wav", speak()[:32_000])


def converted(source: Path, target: Path, *options: str) -> Path:
    run_ffmpeg("-i", str(source), *options, str(target))
    return target


VIDEO = {
    "clip.h264": ("h264", "-an", "-c:v", "copy", "-bsf:v", "h264_mp4toannexb"),
    "clip.hevc": ("hevc", "-an", "-c:v", "libx265", "-x265-params", "log-level=none"),
    "clip.m2v": ("mpegvideo", "-an", "-c:v", "mpeg2video"),
    "clip.m4v": ("m4v", "-an", "-c:v", "mpeg4", "-f", "m4v"),
    "clip.mxf": ("mxf", "-c:v", "mpeg2video", "-ar", "48000"),
    "clip.dv": ("dv", "-target", "pal-dv"),
    "clip.vob": ("mpeg", "-c:v", "mpeg2video", "-c:a", "mp2"),
    "clip.wmv": ("asf", "-c:v", "wmv2", "-c:a", "wmav2"),
    "clip.ivf": ("ivf", "-an", "-c:v", "libvpx"),
    "clip.y4m": ("yuv4mpegpipe", "-an", "-pix_fmt", "yuv420p"),
    "clip.nut": ("nut", "-c", "copy"),
    "clip.gxf": ("gxf", "-s", "720x576", "-c:v", "mpeg2video", "-an"),
    "clip.ogv": ("ogg", "-c:v", "libtheora", "-an"),
    "clip.3gp": ("mov", "-c:v", "h263", "-s", "352x288", "-an"),
}


@pytest.mark.parametrize("name", VIDEO)
def test_videos(name: str, clip: Path, tmp_path) -> None:
    family, *options = VIDEO[name]
    path = converted(clip, tmp_path / name, *options)
    with open_media(path, SETTINGS) as media:
        assert media.family == family
        assert (media.info.kind, media.info.reader) == ("video", "pyav")
        assert media.info.duration == pytest.approx(2.0, abs=0.15)
        frames = list(media.frames([Span(0.0, 2.0)]))
        assert 44 <= len(frames) <= 50
        assert frames[30].time == pytest.approx(1.2, abs=0.1)
        assert media.warnings == []


SOUND = {
    "voice.ac3": ("ac3", "-c:a", "ac3"),
    "voice.eac3": ("eac3", "-c:a", "eac3"),
    "voice.au": ("au",),
    "voice.wv": ("wv",),
    "voice.aiff": ("aiff",),
    "voice.caf": ("caf",),
    "voice.tta": ("tta",),
    "voice.voc": ("voc",),
    "voice.mp2": ("mp3", "-c:a", "mp2"),
    "voice.w64": ("w64",),
    "voice.spx": ("ogg", "-c:a", "libopus"),
    "voice.mka": ("matroska", "-c:a", "flac"),
    "voice.dts": ("dts", "-c:a", "dca", "-strict", "-2", "-ar", "48000", "-ac", "2"),
}


@pytest.mark.parametrize("name", SOUND)
def test_sounds(name: str, voice: Path, tmp_path) -> None:
    family, *options = SOUND[name]
    options += ["-f", "ogg"] if name.endswith("spx") else []
    path = converted(voice, tmp_path / name, *options)
    with open_media(path, SETTINGS) as media:
        assert (media.family, media.info.kind) == (family, "audio")
        speech = media.speech([], vad())
    assert speech is not None
    assert speech.spans[0][1].size / Speech.RATE == pytest.approx(2.0, abs=0.15)
    assert speech.voiced_seconds > 0.5


def heif(rgb: np.ndarray, **options) -> bytes:
    import io

    buffer = io.BytesIO()
    pillow_heif.from_pillow(PIL.Image.fromarray(rgb)).save(buffer, quality=90, **options)
    return buffer.getvalue()


STILLS = {
    "a.heic": lambda rgb: heif(rgb),
    "a.tif": lambda rgb: still("tiff"),
    "lzw.tif": lambda rgb: still("tiff", compression="tiff_lzw"),
    "jpeg.tif": lambda rgb: still("tiff", compression="jpeg", quality=95),
    "a.jp2": lambda rgb: still("jpeg2000"),
}


@pytest.mark.parametrize("name", STILLS)
def test_stills(name: str, tmp_path) -> None:
    rgb = talking_head(200, 150, 0.0)
    path = tmp_path / name
    path.write_bytes(STILLS[name](rgb))
    with open_media(path, SETTINGS) as media:
        assert media.info.kind == "image"
        (frame,) = media.frames([])
        assert media.warnings == []
    assert (media.info.video.width, media.info.video.height) == (200, 150)
    assert np.abs(frame.rgb().astype(int) - rgb).mean() < 4


@pytest.mark.parametrize("mode", ["I;16", "F", "L", "CMYK", "RGBA", "1", "P"])
def test_tiff_of_every_mode(mode: str, tmp_path) -> None:
    path = tmp_path / "a.tif"
    grey = talking_head(64, 48, 0.0)[..., 0]
    deep = {"I;16": grey.astype(np.uint16) * 257, "F": grey.astype(np.float32) / 255}
    if mode in deep:
        PIL.Image.fromarray(deep[mode]).save(path)
    else:
        PIL.Image.fromarray(talking_head(64, 48, 0.0)).convert(mode).save(path)
    with open_media(path, SETTINGS) as media:
        (frame,) = media.frames([])
    assert frame.rgb().shape == (48, 64, 3)
    if mode in deep:
        assert np.abs(frame.rgb()[..., 0].astype(int) - grey).max() <= 1


def test_tiff_is_turned_as_it_says(tmp_path) -> None:
    rgb, exif = talking_head(64, 48, 0.0), PIL.Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "a.tif"
    PIL.Image.fromarray(rgb).save(path, exif=exif)
    with open_media(path, SETTINGS) as media:
        (frame,) = media.frames([])
        assert (media.info.video.width, media.info.video.height) == (48, 64)
    assert np.array_equal(frame.rgb(), np.rot90(rgb, -1))


def test_pages_and_views_are_told(tmp_path) -> None:
    pages = [PIL.Image.fromarray(talking_head(64, 48, t)) for t in (0.0, 1.0)]
    for name, kind in (("a.tif", "tiff"), ("a.mpo", "mpo")):
        path = tmp_path / name
        pages[0].save(path, kind, save_all=True, append_images=pages[1:])
        with open_media(path, SETTINGS) as media:
            assert len(list(media.frames([]))) == 1
            assert any("more pictures" in warning for warning in media.warnings)


def test_a_video_behind_a_photo_is_told(clip: Path, tmp_path) -> None:
    path = tmp_path / "motion.jpg"
    path.write_bytes(still("jpeg") + clip.read_bytes())
    with open_media(path, SETTINGS) as media:
        list(media.frames([]))
        assert any("video is attached" in warning for warning in media.warnings)
    path.write_bytes(still("jpeg") + b"a note about ftyp and moov" * 100)
    with open_media(path, SETTINGS) as media:
        list(media.frames([]))
        assert media.warnings == []


def test_cover_art_is_told(voice: Path, tmp_path) -> None:
    cover = tmp_path / "cover.jpg"
    cover.write_bytes(still("jpeg"))
    path = tmp_path / "song.mp3"
    run_ffmpeg(
        *("-i", str(voice), "-i", str(cover), "-map", "0:a", "-map", "1:v", "-c:v", "copy"),
        *("-disposition:v", "attached_pic", str(path)),
    )
    with open_media(path, SETTINGS) as media:
        assert media.info.kind == "audio"
        media.speech([], vad())
        assert media.warnings == ["The file has a cover picture; only the sound was examined."]


def write_jxl(path: Path) -> Path:
    png = path.with_suffix(".png")
    png.write_bytes(still("png"))
    return converted(png, path, "-c:v", "libjxl", "-distance", "0.5")


def test_jpeg_xl_by_the_program(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: imageio_ffmpeg.get_ffmpeg_exe())
    with open_media(write_jxl(tmp_path / "a.jxl"), SETTINGS) as media:
        assert (media.info.kind, media.info.container) == ("image", "jxl")
        (frame,) = media.frames([])
    assert np.abs(frame.rgb().astype(int) - talking_head(200, 150, 0.0)).mean() < 3


def test_jpeg_xl_is_named_where_nothing_reads_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(reader, "as_png", lambda *_: None)
    path = write_jxl(tmp_path / "a.jxl")
    with pytest.raises(AssayError) as caught:
        open_media(path, SETTINGS)
    assert "JPEG XL" in caught.value.message
    assert "PNG" in caught.value.message


def test_raw_photos_are_not_judged_by_their_thumbnail(tmp_path) -> None:
    path = tmp_path / "a.dng"
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    notes = ImageFileDirectory_v2()
    notes[50706] = b"\x01\x04\x00\x00"
    PIL.Image.fromarray(talking_head(64, 48, 0.0)).save(path, "TIFF", tiffinfo=notes)
    with pytest.raises(AssayError, match="raw photo"):
        open_media(path, SETTINGS)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (b"8BPS\x00\x01", "Photoshop"),
        (b"FUJIFILMCCD-RAW 0201", "raw photo"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", "raw photo"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (b"\n <!DOCTYPE html><html>", "web page"),
        (b"<?xml version='1.0'?><MPD>", "XML"),
        (b"MThd\x00\x00\x00\x06", "MIDI"),
    ],
)
def test_what_is_not_read_is_named(head: bytes, named: str) -> None:
    assert sniff(head) is None
    assert named in not_media(head).message
    assert not_media(head).message.endswith(".")


def test_pictures_that_are_not_read_are_heard_of_in_folders() -> None:
    assert looks_like_media(b"8BPS\x00\x01")
    assert not looks_like_media(b"%PDF-1.7\n")


# ------------------------------------------------------------------ cut, padded, tagged


@pytest.mark.parametrize("cut", [1, 77, 188 * 3 + 50])
def test_a_transport_stream_cut_anywhere(cut: int, clip: Path, tmp_path) -> None:
    whole = converted(clip, tmp_path / "whole.ts", "-c", "copy")
    path = tmp_path / "cut.ts"
    path.write_bytes(whole.read_bytes()[cut:])
    with open_media(path, SETTINGS) as media:
        assert media.info.kind == "video"
        assert len(list(media.frames([Span(0.0, 2.0)]))) > 30


@pytest.mark.parametrize("zeros", [1, 2_000, 20_000])
@pytest.mark.parametrize("name", ["a.mp3", "a.aac", "a.ac3", "a.ts"])
def test_streams_behind_zeros(name: str, zeros: int, voice: Path, tmp_path) -> None:
    options = ("-c:a", "aac") if name == "a.ts" else ()
    path = converted(voice, tmp_path / name, *options)
    path.write_bytes(bytes(zeros) + path.read_bytes())
    with open_media(path, SETTINGS) as media:
        speech = media.speech([], vad())
    assert speech is not None
    assert speech.voiced_seconds > 0.5


@pytest.mark.parametrize("name", ["a.mp3", "a.aac", "a.ac3", "a.eac3"])
def test_sound_cut_in_mid_frame(name: str, voice: Path, tmp_path) -> None:
    path = converted(voice, tmp_path / name)
    path.write_bytes(path.read_bytes()[777:])
    with open_media(path, SETTINGS) as media:
        speech = media.speech([], vad())
    assert speech is not None
    assert speech.voiced_seconds > 0.5


@pytest.mark.parametrize("padding", [10, 6_000, 200_000])
def test_flac_behind_a_tag(padding: int, voice: Path, tmp_path) -> None:
    path = converted(voice, tmp_path / "a.flac")
    size = bytes(padding >> shift & 127 for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x04\x00\x00" + size + bytes(padding) + path.read_bytes())
    assert identify(path) == "flac"
    with open_media(path, SETTINGS) as media:
        assert media.info.audio.codec == "flac"


def test_stray_bytes_in_a_jpeg_header(tmp_path) -> None:
    content = still("jpeg")
    at = content.index(b"\xff\xdb")
    path = tmp_path / "a.jpg"
    path.write_bytes(content[:at] + b"\x01\x02\x03" + content[at:])
    with open_media(path, SETTINGS) as media:
        (frame,) = media.frames([])
        assert media.header.quantisation
    assert np.abs(frame.rgb().astype(int) - talking_head(200, 150, 0.0)).mean() < 8


# ------------------------------------------------------------------------------ encrypted


def test_encrypted_mp4_says_so(clip: Path, tmp_path) -> None:
    path = tmp_path / "locked.mp4"
    subprocess.run(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(clip), "-c", "copy"),
            *("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "00" * 16),
            *("-encryption_kid", "11" * 16, str(path)),
        ],
        check=True,
    )
    with pytest.raises(AssayError) as caught:
        open_media(path, SETTINGS)
    assert caught.value.code == "encrypted"


def test_scrambled_broadcasts_say_so(clip: Path, tmp_path) -> None:
    path = converted(clip, tmp_path / "a.ts", "-c", "copy")
    content = bytearray(path.read_bytes())
    for at in range(0, len(content), 188):
        content[at + 3] |= 0x80
    path.write_bytes(content)
    with pytest.raises(AssayError) as caught:
        open_media(path, SETTINGS)
    assert caught.value.code == "encrypted"


def test_silence_is_not_a_stream() -> None:
    assert sniff(bytes(HEAD_BYTES)) is None
    assert sniff(wav(np.zeros(100, np.int16))) == "wav"


def test_half_a_jpeg_xl_is_given_up(tmp_path) -> None:
    path = write_jxl(tmp_path / "a.jxl")
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(AssayError, match="JPEG XL"):
        open_media(path, SETTINGS)
