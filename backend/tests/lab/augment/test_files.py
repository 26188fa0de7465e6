"""Copies after everyday corruption: of the same kind, the same each time, and never left behind."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from assay_lab.augment.files import copies, everyday
from assay_lab.augment.pictures import read_rgb
from assay_lab.data.clip import read_frames
from assay_lab.data.rows import Row
from assay_lab.data.speech import read_sound
from tests.lab.media import textured, written


@pytest.fixture
def rows(tmp_path: Path) -> list[Row]:
    return written(tmp_path)


def kept(rows: list[Row]) -> list[bytes]:
    return [row.path.read_bytes() for row in copies(rows, everyday)]


def test_copies_are_of_the_same_kind_and_gone_afterwards(rows: list[Row]) -> None:
    seen = []
    for before, after in zip(rows, copies(rows, everyday), strict=True):
        assert after == replace(before, path=after.path)
        assert after.path.stem == before.path.stem and after.path != before.path
        seen.append(after.path)
        match after.modality:
            case "image":
                assert read_rgb(np.fromfile(after.path, np.uint8)).shape == (120, 160, 3)
            case "video":
                assert len(read_frames(after.path)[0]) >= 10
                with av.open(str(after.path)) as container:
                    assert container.streams.audio
            case "speech":
                assert len(read_sound(after.path)) == pytest.approx(16_000, rel=0.15)
    assert not any(path.exists() for path in seen)
    assert all(row.path.exists() for row in rows)


def test_corruption_is_the_same_each_time_and_most_media_get_some(tmp_path: Path) -> None:
    still = written(tmp_path)[0]
    many = [replace(still, path=tmp_path / f"{number}.png") for number in range(30)]
    for row in many:
        row.path.write_bytes(still.path.read_bytes())

    once = kept(many)

    assert once == kept(many)
    assert len(set(once)) > 15


def test_a_forged_clip_gets_the_corruption_of_its_original(rows: list[Row], tmp_path: Path) -> None:
    pair = [replace(rows[0], path=tmp_path / f"x-1-{label}.png") for label in ("real", "fake")]
    for row in pair:
        row.path.write_bytes(rows[0].path.read_bytes())

    real, fake = kept(pair)

    assert real == fake


@pytest.mark.parametrize("name", ["a.png", "b.mp4", "c.wav"])
@pytest.mark.parametrize("content", [b"", b"not media at all" * 40])
def test_what_cannot_be_read_is_passed_over(
    rows: list[Row], tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    assert [row.path.stem for row in copies(rows, everyday)] == [
        row.path.stem for row in rows if row.path.name != name
    ]


def test_corruption_changes_pixels(rows: list[Row], tmp_path: Path) -> None:
    many = [replace(rows[0], path=tmp_path / f"{number}.png") for number in range(20)]
    for row in many:
        row.path.write_bytes(rows[0].path.read_bytes())

    losses = [
        np.abs(
            read_rgb(np.fromfile(row.path, np.uint8)).astype(int) - textured(120, 160)[..., ::-1]
        ).mean()
        for row in copies(many, everyday)
    ]

    assert min(losses) < 0.5 < max(losses) < 60
