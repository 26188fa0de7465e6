"""Corruptiond copies are what their condition says, are judged once, and do not stay behind."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from assay.branches.audio.cqcc import RATE
from assay_lab.augment.pictures import read_rgb
from assay_lab.data.clip import read_frames
from assay_lab.data.rows import Row
from assay_lab.evaluation import conditions
from assay_lab.evaluation.conditions import CONDITIONS, corruption_all
from assay_lab.fusion.examine import digest_of
from tests.lab.examined import media
from tests.lab.media import folder_of_models, textured, written
from tests.lab.voice import voice


@pytest.fixture
def rows(tmp_path: Path) -> list[Row]:
    return written(tmp_path)


def test_each_condition_comes_to_the_media_it_fits_and_leaves_nothing(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    seen: dict[str, Path] = {}

    def judge(rows, out, models, full, corrupted):
        assert corrupted
        for row in rows:
            assert row.path.stem == {"image": "a", "video": "b", "speech": "c"}[row.modality]
            assert full and row.path.stat().st_size > 0
            seen[out.stem] = row.path

    monkeypatch.setattr(conditions, "examine", judge)
    corruption_all(rows, work, folder_of_models(tmp_path, "a"))

    assert set(seen) == {name.replace(" ", "-") for name in CONDITIONS}
    assert not any(file.exists() for file in seen.values())


def test_what_was_judged_is_not_corrupted_again(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        conditions,
        "examine",
        lambda rows, out, models, full, corrupted: asked.extend(row.path.stem for row in rows),
    )
    models = folder_of_models(tmp_path, "a")
    known = asdict(
        replace(media(1)[0], id=rows[0].path.stem, corrupted=True, models=digest_of(models))
    )
    for name in CONDITIONS:
        (tmp_path / f"{name.replace(' ', '-')}.jsonl").write_text(json.dumps(known))

    corruption_all(rows[:1], tmp_path, models)
    assert asked == []

    corruption_all(rows[:1], tmp_path, folder_of_models(tmp_path, "b"))
    assert asked == [rows[0].path.stem] * sum(c.modality == "image" for c in CONDITIONS.values())


def corrupted(name: str, row: Row, folder: Path) -> Path:
    return CONDITIONS[name].write(row.path, folder / "copy")


def test_stills(rows: list[Row], tmp_path: Path) -> None:
    before = textured(120, 160).astype(int)
    after = {
        name: read_rgb(np.fromfile(corrupted(name, rows[0], tmp_path), np.uint8))
        for name in ("jpeg 90", "jpeg 40", "half size")
    }

    loss = {name: np.abs(after[name] - before[..., ::-1]).mean() for name in ("jpeg 90", "jpeg 40")}
    assert 0 < loss["jpeg 90"] < loss["jpeg 40"] < 10
    assert after["half size"].shape == (60, 80, 3)


def test_clips(rows: list[Row], tmp_path: Path) -> None:
    sizes = {
        name: corrupted(name, rows[1], tmp_path).stat().st_size
        for name in ("crf 18", "crf 28", "crf 35")
    }
    assert sizes["crf 18"] > sizes["crf 28"] > sizes["crf 35"]

    with av.open(str(corrupted("muted", rows[1], tmp_path))) as muted:
        assert muted.streams.video and not muted.streams.audio
    frames, rate = read_frames(faceless := corrupted("no face", rows[1], tmp_path))
    assert len(frames) == 20 and rate == 20
    assert frames.std() < 2
    with av.open(str(faceless)) as container:
        assert container.streams.audio


def test_speech(rows: list[Row], tmp_path: Path) -> None:
    for name in ("mp3 64k", "opus 24k"):
        heard, rate = soundfile.read(corrupted(name, rows[2], tmp_path))
        assert rate == RATE
        assert len(heard) == pytest.approx(RATE, rel=0.02)
        assert 0.3 < np.std(heard) / np.std(voice(1.0)) < 2
