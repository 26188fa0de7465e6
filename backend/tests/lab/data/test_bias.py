"""The bias report finds a planted shortcut and stays calm without one."""

import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assay_lab.data.bias import PROPERTIES, codec, command, measure, properties
from assay_lab.data.rows import Row, write_manifest
from tests.media_factory import run_ffmpeg


def record(file: Path, seconds: float, rng: np.random.Generator, silence: float = 0.0) -> None:
    """Noise after silence, 16 kHz."""
    sound = rng.normal(0, 3000, int(16000 * seconds))
    sound[: int(16000 * silence)] = 0
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(sound.astype("<i2").tobytes())


def recordings(folder: Path, longer_fakes: bool) -> list[Row]:
    rng = np.random.default_rng(3)
    rows = []
    for number in range(60):
        fake = number % 2 == 0
        seconds = 1 + rng.random() + (2 if fake and longer_fakes else 0)
        file = folder / f"{number}.wav"
        record(file, seconds, rng)
        rows.append(Row(file, "speech", "fake" if fake else "real", "x" * fake, str(number), "s"))
    return rows


def test_fakes_that_last_longer_are_a_shortcut(tmp_path: Path) -> None:
    report = measure(recordings(tmp_path, longer_fakes=True))

    assert report["together"] > 0.9
    assert report["alone"]["seconds"] == 1.0


def test_without_a_shortcut_nothing_separates(tmp_path: Path) -> None:
    assert measure(recordings(tmp_path, longer_fakes=False))["together"] < 0.75


def test_what_is_the_same_in_all_files_tells_nothing_whatever_the_groups_hold(
    tmp_path: Path,
) -> None:
    # Groups of very different mixtures shift what each fold's trees learn, as sites of speech do.
    rng = np.random.default_rng(5)
    rows = []
    for group, (fakes, reals) in enumerate([(40, 4), (3, 30), (4, 5), (5, 12), (4, 40)]):
        for number in range(fakes + reals):
            file = tmp_path / f"{group}-{number}.wav"
            fake = number < fakes
            record(file, 1.0, rng, silence=0.0 if fake or number % 7 else 0.1)
            rows.append(Row(file, "speech", "fake" if fake else "real", "", str(group), "s"))

    assert 0.4 <= measure(rows)["together"] <= 0.6


@pytest.mark.parametrize("groups", [1, 2])
def test_with_too_few_groups_the_strongest_property_speaks(tmp_path: Path, groups: int) -> None:
    rows = [
        replace(row, group=f"of {row.fake * (groups - 1)}")
        for row in recordings(tmp_path, longer_fakes=True)
    ]

    assert measure(rows)["together"] == 1.0


def test_leading_silence_is_measured(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    record(file, 3.0, np.random.default_rng(1), silence=1.0)

    found = dict(
        zip(PROPERTIES, properties(Row(file, "speech", "real", "", "a", "s")), strict=False)
    )

    assert found["leading_silence"] == pytest.approx(1.0, abs=0.1)
    assert found["seconds"] == pytest.approx(3.0, abs=0.05)
    assert found["sample_rate"] == 16000


def test_a_broken_file_has_only_its_size(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    file.write_bytes(b"nothing")

    found = properties(Row(file, "speech", "real", "", "a", "s"))

    assert found[0] == 0.007
    assert np.isnan(found[1:]).all()


def test_the_command_writes_table_and_numbers(tmp_path: Path) -> None:
    write_manifest(tmp_path, recordings(tmp_path, longer_fakes=True))

    command(tmp_path, tmp_path / "report")

    assert "a shortcut" in (tmp_path / "report" / "bias.md").read_text()
    assert '"speech"' in (tmp_path / "report" / "bias.json").read_text()


def test_a_codec_that_only_fakes_have_is_a_shortcut_whatever_it_is_called(tmp_path: Path) -> None:
    rows = []
    for number in range(30):
        suffix, name = (("wav", "pcm_s16le"), ("flac", "flac"), ("mp3", "libmp3lame"))[number % 3]
        file = tmp_path / f"{number}.{suffix}"
        sound = ["-f", "lavfi", "-i", f"anoisesrc=d=1:seed={number}", "-c:a", name, str(file)]
        run_ffmpeg(*sound)
        label = "fake" if suffix == "flac" else "real"
        rows.append(Row(file, "speech", label, "", str(number // 3), "s"))

    assert measure(rows)["alone"]["codec"] == 1.0


def test_codecs_that_both_classes_share_tell_nothing(tmp_path: Path) -> None:
    rows = recordings(tmp_path, longer_fakes=False)

    assert measure(rows)["alone"]["codec"] == 0.5


def test_a_file_that_begins_with_a_time_code_has_the_codec_of_its_picture(tmp_path: Path) -> None:
    plain, coded = tmp_path / "plain.mov", tmp_path / "coded.mov"
    picture = ["-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-timecode", "00:00:00:00"]
    run_ffmpeg(*picture, "-c:v", "libx264", str(plain))
    run_ffmpeg("-i", str(plain), "-map", "0:d", "-map", "0:v", "-c", "copy", str(coded))
    row = Row(coded, "video", "real", "", "a", "s")

    assert codec(row) == "h264"
    assert dict(zip(PROPERTIES, properties(row), strict=False))["width"] == 64


def test_what_cannot_be_opened_has_no_codec(tmp_path: Path) -> None:
    file = tmp_path / "a.mov"
    file.write_bytes(b"no media")

    assert codec(Row(file, "video", "real", "", "a", "s")) is None
