import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.media.faces.detector import REGION_SIDE
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.clip import Clip, read_frames
from assay_lab.data.rows import read_manifest
from assay_lab.data.split import split_of
from assay_lab.forge.clips import PICTURE, SOUND, Material, command, forge_clip
from tests.lab.forge_media import BOX, KEYPOINTS


class AlwaysInTheMiddle:
    """Stands in for a detector's session: one frontal face in the middle of every picture."""

    def __init__(self, *_: object) -> None: ...

    def run(self, _: None, feed: Mapping[str, Any]) -> list[np.ndarray]:
        shape = np.vstack([BOX.reshape(2, 2), KEYPOINTS])
        points = 0.5 + (shape - BOX.reshape(2, 2).mean(axis=0)) / 104 / REGION_SIDE
        scores = np.where(np.arange(896) == 0, 0.9, 0.1).astype(np.float32)
        count = len(feed["pictures"])
        return [np.tile(points.astype(np.float32), (count, 896, 1, 1)), np.tile(scores, (count, 1))]


@pytest.fixture
def detector(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("models") / "detector.onnx"
    file.touch()
    monkeypatch.setattr("assay_lab.forge.clips.open_session", AlwaysInTheMiddle)
    return file


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, clip: Clip, other_clip: Clip) -> Path:
    """A recipe of three clips of the training part and a fake one."""
    folder = tmp_path_factory.mktemp("data")
    groups = [f"g{i}" for i in range(99) if split_of(f"repo|g{i}") == "train"]
    columns = ["modality", "label", "generator", "group", "source_repo", "git_blob"]
    columns += ["notes"]
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, "file"])
        for number, some in enumerate((clip, other_clip, clip, clip)):
            name = f"{number}.mp4"
            VideoCorruption().write(folder / name, some.frames, some.rate, some.sound)
            label = "fake" if number == 3 else "real"
            generator = "lipsync" if number == 3 else ""
            writer.writerow(
                [
                    "video",
                    label,
                    generator,
                    groups[number],
                    "repo",
                    str(number),
                    "",
                    name,
                ]
            )
    return folder


def test_pairs_are_twins_and_a_second_run_adds_nothing(
    data: Path, detector: Path, tmp_path: Path
) -> None:
    command(data, tmp_path, detector)
    rows = read_manifest(tmp_path, "video")
    assert len(rows) == 6 and sum(row.fake for row in rows) == 3
    with (tmp_path / "manifest.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    parents = {line["file"]: line for line in csv.DictReader((data / "manifest.csv").open())}
    for real, fake in zip(lines[::2], lines[1::2], strict=True):
        assert (real["label"], fake["label"]) == ("real", "fake")
        assert real["group"] == fake["group"] == parents[fake["parent"]]["group"]
        assert real["part"] == "train" and not real["forge"]
        assert fake["generator"] == f"forge:{fake['forge']}"
        assert {"picture", "sound", "sync"} >= set(fake["altered"].split("+"))
        settings = [json.loads(line["parameters"])["encoding"] for line in (real, fake)]
        assert settings[0] == settings[1]
        pictures = [read_frames(tmp_path / line["file"])[0] for line in (real, fake)]
        assert pictures[0].shape == pictures[1].shape
        same = (tmp_path / real["file"]).read_bytes() == (tmp_path / fake["file"]).read_bytes()
        assert not same
    command(data, tmp_path, detector)
    assert len(read_manifest(tmp_path, "video")) == 6


def test_a_run_can_be_repeated_elsewhere(data: Path, detector: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        command(data, tmp_path / name, detector, limit=2)
    logs = [
        [line["parameters"] for line in csv.DictReader((tmp_path / name / "manifest.csv").open())]
        for name in ("one", "two")
    ]
    assert logs[0] == logs[1] and len(logs[0]) == 4


@pytest.mark.parametrize("seed", range(8))
def test_what_is_said_to_be_altered_is(clip: Clip, other_clip: Clip, seed: int) -> None:
    material = Material([clip, other_clip], generators=[])
    made = forge_clip(clip, material, np.random.default_rng(seed))
    assert made.real.sound is not None and made.fake.sound is not None
    assert len(made.real.frames) == len(made.fake.frames)
    assert len(made.real.sound) == len(made.fake.sound)
    picture = not np.array_equal(made.real.frames, made.fake.frames)
    sound = not np.array_equal(made.real.sound, made.fake.sound)
    assert picture == ("picture" in made.altered)
    assert sound == bool(set(made.log) & set(SOUND))
    assert made.log and set(made.log) <= {*PICTURE, *SOUND}


def test_a_silent_clip_gets_a_forged_picture(clip: Clip, other_clip: Clip) -> None:
    silent = replace(clip, sound=None)
    material = Material([silent, other_clip], generators=[])
    for seed in range(5):
        made = forge_clip(silent, material, np.random.default_rng(seed))
        assert made.altered == {"picture"}


def test_clips_without_partners_are_not_served(clip: Clip, other_clip: Clip) -> None:
    assert not Material([clip], []).serves(clip)
    assert Material([clip, other_clip], []).serves(clip)
