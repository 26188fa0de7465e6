"""Hints: right on files whose making is known, quiet on garbage."""

import random
from pathlib import Path

import av
import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.evidence import Hints
from assay.media.forensics import hints as hints_module
from assay.media.forensics.bitstream import signature, slice_type
from assay.media.forensics.credentials import ABSENT
from assay.media.forensics.hints import MAX_POINTS, read_hints
from assay.media.forensics.packet_table import MAX_KEYS
from assay.media.forensics.recompression import LONGEST, SHORTEST, earlier_gop
from assay.media.io.boxes import MAX_BOXES, children
from assay.media.io.reader import MediaReader, open_media
from assay.settings import Settings
from assay.types import Image
from tests.hostile_media import original
from tests.media_factory import (
    VOICE_RATE,
    loop_video,
    speak,
    still,
    talking_head,
    write_sound,
    write_video,
)

SETTINGS = Settings(threads=2)


def hints_of(path: Path) -> Hints:
    with open_media(path, SETTINGS) as media:
        return read_hints(media)


def textured(seed: int, size: tuple[int, int] = (160, 120)) -> Image:
    """A scene of its own."""
    rng = np.random.default_rng(seed)
    return np.asarray(
        PIL.Image.fromarray(rng.integers(0, 255, (12, 16, 3), np.uint8)).resize(size), np.uint8
    )


# ---------------------------------------------------------------------------------------- video


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi", "flv"])
def test_groups_of_pictures(suffix: str, tmp_path) -> None:
    options = {"preset": "medium", "g": "20", "keyint_min": "20", "sc_threshold": "0", "bf": "2"}
    path = write_video(tmp_path / f"a.{suffix}", seconds=4.0, options=options)
    found = hints_of(path)
    assert found.gop_seconds == pytest.approx(0.8, abs=0.01)
    assert np.allclose(found.key_times, [0.0, 0.8, 1.6, 2.4, 3.2], atol=0.1)
    assert found.picture_types["I"] == 5
    assert sum(found.picture_types.values()) == 100
    assert found.picture_types["B"] > 20
    assert found.encoder is not None
    assert found.encoder.startswith("x264 core")


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mp4", "libx265"), ("webm", "libvpx-vp9"), ("mp4", "libsvtav1")]
)
def test_other_codecs(suffix: str, codec: str, tmp_path) -> None:
    path = write_video(tmp_path / f"a.{suffix}", seconds=2.0, codec=codec)
    found = hints_of(path)
    assert found.picture_types.get("I", 0) >= 1
    assert len(found.packet_times) == len(found.packet_kilobytes) == 50
    if codec == "libx265":
        assert found.encoder is not None
        assert found.encoder.startswith("x265 core")


def test_types_agree_with_the_decoder(tmp_path) -> None:
    options = {"preset": "medium", "bf": "3", "g": "30"}
    path = write_video(tmp_path / "a.mp4", seconds=3.0, options=options)
    truth = {"I": 0, "P": 0, "B": 0}
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            truth[{1: "I", 2: "P", 3: "B"}[int(frame.pict_type)]] += 1
    assert hints_of(path).picture_types == truth


def test_packet_sizes_are_those_of_the_file(tmp_path) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=2.0)
    with av.open(str(path)) as container:
        truth = sorted((p.pts, p.size) for p in container.demux(video=0) if p.size)
    found = hints_of(path)
    assert found.packet_kilobytes == [round(size / 1000, 3) for _, size in truth]
    assert np.allclose(found.packet_times, [i / 25 for i in range(50)], atol=0.002)


@pytest.mark.parametrize("cut", [20, 33, 61])
def test_a_cut_is_noticed(cut: int, tmp_path) -> None:
    pictures = [textured(1 if i < cut else 2) for i in range(100)]
    options = {"preset": "medium", "g": "250", "sc_threshold": "0"}
    found = hints_of(write_video(tmp_path / "a.mp4", pictures=pictures, seconds=4, options=options))
    assert len(found.shot_cuts) == 1
    assert found.shot_cuts[0] == pytest.approx(cut / 25, abs=0.15)


def test_a_cut_that_got_a_key_frame_is_noticed(tmp_path) -> None:
    pictures = [textured(1 if i < 70 else 2) for i in range(150)]
    options = {"preset": "medium", "g": "25"}
    found = hints_of(write_video(tmp_path / "a.mp4", pictures=pictures, seconds=6, options=options))
    assert [c for c in found.shot_cuts if abs(c - 70 / 25) < 0.15]


def test_no_cut_no_notice(talking_clip: Path) -> None:
    assert hints_of(talking_clip).shot_cuts == []


def test_motion(tmp_path) -> None:
    scene = textured(3, (640, 480))
    moving = [scene[4 * i : 4 * i + 120, 6 * i : 6 * i + 160].copy() for i in range(50)]
    resting = [scene[:120, :160].copy()] * 50
    options = {"preset": "medium", "bf": "0"}
    found = hints_of(write_video(tmp_path / "a.mp4", pictures=moving, seconds=2, options=options))
    truth = np.hypot(4, 6) / np.hypot(160, 120)
    assert found.motion == pytest.approx(truth, rel=0.4)
    still_one = write_video(tmp_path / "b.mp4", pictures=resting, seconds=2, options=options)
    assert hints_of(still_one).motion == pytest.approx(0.0, abs=0.001)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_an_hour_is_looked_at_in_places(suffix: str, tmp_path, monkeypatch) -> None:
    short = write_video(tmp_path / "a.mp4", seconds=2.0, size=(64, 48), options={"g": "25"})
    path = loop_video(short, tmp_path / f"hour.{suffix}", 3600.0)
    real, read = hints_module.packets, 0

    def counting(*arguments):
        nonlocal read
        for packet in real(*arguments):
            read += 1
            yield packet

    monkeypatch.setattr(hints_module, "packets", counting)
    monkeypatch.setattr("assay.media.forensics.packet_table.packets", counting)
    found = hints_of(path)
    assert read < 8_000
    assert found.gop_seconds == pytest.approx(1.0, abs=0.01)
    assert len(found.packet_times) <= MAX_POINTS
    assert 100 <= len(found.key_times) <= MAX_KEYS
    assert np.allclose([k % 1 for k in found.key_times], 0.0, atol=0.002)
    assert found.packet_times[-1] > 3_000


@pytest.mark.parametrize(("suffix", "codec"), [("mp4", "aac"), ("avi", "libmp3lame")])
def test_silence_is_noticed(suffix: str, codec: str, tmp_path) -> None:
    quiet = np.zeros(3 * VOICE_RATE, np.float32)
    sound = np.concatenate([quiet, speak(), quiet])
    spoken = (3.0, len(sound) / VOICE_RATE - 3.0)
    path = write_video(
        tmp_path / f"a.{suffix}",
        seconds=len(sound) / VOICE_RATE,
        fps=5.0,
        sound=sound,
        sound_codec=codec,
        options={"g": "10"},
    )
    found = hints_of(path).silences
    if codec == "libmp3lame":
        assert found == []  # packets of constant size tell nothing
        return
    assert found[0][0] == pytest.approx(0.0, abs=0.3)
    assert found[0][1] == pytest.approx(spoken[0], abs=0.5)
    assert found[-1][0] == pytest.approx(spoken[1], abs=0.8)


# --------------------------------------------------------------------------------------- traces


def recompressed(folder: Path, first: dict[str, str], second: dict[str, str]) -> Path:
    """Noise and motion, compressed twice."""
    rng = np.random.default_rng(0)
    pictures = [
        np.clip(talking_head(160, 120, i / 25) + rng.normal(0, 4, (120, 160, 1)), 0, 255).astype(
            np.uint8
        )
        for i in range(240)
    ]
    once = write_video(folder / "once.mp4", pictures=pictures, seconds=9.6, options=first)
    with av.open(str(once)) as container:
        again = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return write_video(folder / "twice.mp4", pictures=again, seconds=9.6, options=second)


def test_an_earlier_compression_shows(tmp_path) -> None:
    fixed = {"preset": "medium", "g": "12", "keyint_min": "12", "sc_threshold": "0", "crf": "30"}
    path = recompressed(tmp_path, fixed, {"preset": "medium", "g": "250", "crf": "23"})
    regular = [
        t for t in hints_of(path).traces if t.startswith("Packets grow about every 12 pictures")
    ]
    assert regular
    once = hints_of(tmp_path / "once.mp4").traces
    assert not [t for t in once if t.startswith("Packets grow")]


@pytest.mark.parametrize("b_pictures", [0, 3, 7, 15])
def test_the_encoders_own_pattern_is_no_trace(b_pictures: int, tmp_path) -> None:
    options = {"preset": "medium", "bf": str(b_pictures), "x264-params": "b-adapt=0"}
    path = write_video(tmp_path / "a.mp4", seconds=10.0, options=options)
    assert not [t for t in hints_of(path).traces if t.startswith("Packets grow")]


@given(st.lists(st.integers(1, 10**7), max_size=400), st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_random_sizes_seldom_look_regular(sizes: list[int], seed: int) -> None:
    kinds = random.Random(seed).choices("IPB", (1, 10, 20), k=len(sizes))
    found = earlier_gop(sizes, kinds)
    assert found is None or SHORTEST <= found <= LONGEST


def test_ffmpeg_is_named(tmp_path) -> None:
    traces = hints_of(write_video(tmp_path / "a.mp4")).traces
    assert any("FFmpeg" in trace for trace in traces)
    assert any("x264" in trace for trace in traces)


def test_an_edit_list_is_noticed(tmp_path) -> None:
    content = original("mp4")
    assert not [t for t in traces_of(tmp_path, content) if "edit list" in t]
    at = content.index(b"elst") - 4
    size = int.from_bytes(content[at : at + 4])
    # Say that the list, grown over what follows, has three entries.
    entries = content[at + 16 : at + size] * 3
    longer = (16 + len(entries)).to_bytes(4) + b"elst" + bytes(4) + (3).to_bytes(4) + entries
    grown = bytearray(content[:at] + longer + content[at + size :])
    for kind in (b"edts", b"trak", b"moov"):
        start = grown.rindex(kind, 0, at) - 4
        old = int.from_bytes(grown[start : start + 4])
        grown[start : start + 4] = (old + len(longer) - size).to_bytes(4)
    found = traces_of(tmp_path, bytes(grown))
    assert "An edit list plays the recording in 3 pieces." in found


def traces_of(folder: Path, content: bytes) -> list[str]:
    path = folder / "traced"
    path.write_bytes(content)
    return hints_of(path).traces


def test_a_cut_off_file_is_noticed(tmp_path) -> None:
    source = write_video(tmp_path / "a.mkv", seconds=4.0, options={"g": "10"})
    content = source.read_bytes()
    assert not [t for t in traces_of(tmp_path, content) if "cut off" in t]
    assert [t for t in traces_of(tmp_path, content[: len(content) // 2]) if "cut off" in t]


def test_longer_sound_does_not_make_an_intact_picture_look_cut_off(tmp_path) -> None:
    """FLV states no length of its streams, only that of the longest."""
    path = write_video(tmp_path / "a.flv", seconds=1.0, sound=speak())
    assert not [t for t in hints_of(path).traces if "cut off" in t]


def test_streams_of_different_length_are_noticed(tmp_path) -> None:
    path = write_video(tmp_path / "a.mp4", seconds=1.0, sound=speak())
    assert [t for t in hints_of(path).traces if t.startswith("The sound lasts")]


def test_an_odd_rate_is_noticed(tmp_path) -> None:
    odd = write_video(tmp_path / "a.mp4", fps=23.0, seconds=2.0)
    assert [t for t in hints_of(odd).traces if "frame rate of 23.00" in t]
    assert not [t for t in hints_of(write_video(tmp_path / "b.mp4")).traces if "frame rate" in t]


def test_joined_pieces_are_noticed(tmp_path) -> None:
    content = bytearray(original("mp4"))
    assert not [t for t in traces_of(tmp_path, bytes(content)) if "joined" in t]
    content[content.index(b"stsd") + 11] = 2  # a second description of samples
    found = traces_of(tmp_path, bytes(content))
    assert "Pieces that were compressed differently have been joined." in found


# ------------------------------------------------------------------------------ stills and sound


@pytest.mark.parametrize("quality", [10, 35, 50, 75, 90, 98, 100])
def test_jpeg_quality(quality: int, tmp_path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(still("jpeg", quality=quality))
    assert hints_of(path).encoder == f"JPEG, quality about {quality}"


def test_camera_and_software(tmp_path) -> None:
    exif = PIL.Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = "Lens & Co", "Eye 3", "Editor 7"
    path = tmp_path / "a.jpg"
    path.write_bytes(still("jpeg", exif=exif))
    assert hints_of(path).traces == [
        "The picture names the camera that took it: Lens & Co Eye 3.",
        "The picture names the software that saved it: Editor 7.",
    ]


def test_notes_of_image_generators(tmp_path) -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("parameters", "a portrait, 20 steps")
    path = tmp_path / "a.png"
    path.write_bytes(still("png", pnginfo=notes))
    assert len(hints_of(path).traces) == 1
    assert "20 steps" not in str(hints_of(path))


def test_sound_has_few_hints(tmp_path) -> None:
    found = hints_of(write_sound(tmp_path / "a.mp3", speak(), codec="libmp3lame"))
    assert found.packet_times == []
    assert found.gop_seconds is None


# -------------------------------------------------------------------------------------- garbage


@given(st.binary(max_size=300), st.one_of(st.none(), st.binary(max_size=20)))
def test_slices_of_noise(packet: bytes, extradata: bytes | None) -> None:
    assert slice_type(packet, extradata) in (None, "I", "P", "B")
    signature(packet)


@given(st.binary(max_size=500))
def test_boxes_of_noise(tmp_path_factory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "boxes"
    path.write_bytes(content)
    with path.open("rb") as file:
        assert len(list(children(file, 0, len(content)))) <= MAX_BOXES


@pytest.mark.parametrize("family", ["mov", "matroska", "avi", "mpegts", "mp3", "jpeg", "avif"])
def test_a_file_that_resists_gives_no_hints(family: str, talking_clip: Path, tmp_path) -> None:
    info = open_media(talking_clip, SETTINGS).info
    path = tmp_path / "noise"
    path.write_bytes(random.Random(1).randbytes(20_000))
    assert read_hints(MediaReader(path, family, SETTINGS, info)) == Hints(credentials=ABSENT)
