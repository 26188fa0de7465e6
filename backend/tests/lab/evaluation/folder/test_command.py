"""`evaluate-folder` from a folder to its report: with a scripted service, and once in earnest."""

import csv
import json
import xml.etree.ElementTree as ET
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from assay.jobs.process import AnalysisProcess
from assay_lab.evaluation.folder import command as module
from assay_lab.evaluation.folder.command import command
from tests.lab.evaluation.folder.scripted import load, plant
from tests.media_factory import portrait

WRITTEN = {
    "answers",
    "answers.csv",
    "card.md",
    "jpeg-quality.csv",
    "jpeg-quality.svg",
    "media",
    "metrics.json",
    "thresholds.csv",
}
FIGURES = {"reliability.svg", "risk.svg", "roc.svg", "scores.svg"}


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AnalysisProcess", partial(AnalysisProcess, load=load))


def collection(folder: Path, count: int = 16) -> Path:
    """Files for the scripted service: sounds, for those need no pixels."""
    for number in range(count):
        plant(folder / "real" / f"{number}.wav", p=0.1 + 0.5 * number / count)
        plant(folder / "fake" / "tts" / f"{number}.wav", p=0.9 - 0.5 * number / count)
    return folder


@pytest.mark.usefixtures("scripted")
def test_thirty_two_files_fill_every_table(tmp_path: Path) -> None:
    folder, out = collection(tmp_path / "mine"), tmp_path / "report"
    plant(folder / "real" / "bad.wav", error="no_streams")
    plant(folder / "fake" / "tts" / "worse.wav", crash=True)
    command([folder], out)

    assert {file.name for file in out.iterdir()} == WRITTEN | FIGURES
    report = json.loads((out / "metrics.json").read_text())
    assert report["media"] == 34
    assert report["refused"] == {"analysis_crashed": 1, "no_streams": 1}
    whole = report["sets"]["all"]
    assert (whole["real"], whole["fake"]) == (16, 16) and whole["auc"] > 0.8
    with (out / "answers.csv").open() as file:
        answers = list(csv.DictReader(file))
    assert len(answers) == 34
    assert {answer["file"] for answer in answers} >= {str((folder / "real" / "0.wav").resolve())}
    with (out / "thresholds.csv").open() as file:
        assert [row["by"] for row in csv.DictReader(file)] == list(whole["thresholds"])
    assert "## Thresholds" in (out / "card.md").read_text()


@pytest.mark.usefixtures("scripted")
def test_a_second_run_asks_for_new_files_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = collection(tmp_path / "mine"), tmp_path / "report"
    command([folder], out)
    lines = (out / "answers" / "as-it-is.jsonl").read_text()
    plant(folder / "real" / "new.wav", p=0.2)
    (folder / "real" / "0.wav").unlink()
    capsys.readouterr()
    command([folder], out)

    assert "as it is: 1 files to judge" in capsys.readouterr().out
    assert (out / "answers" / "as-it-is.jsonl").read_text().startswith(lines)
    assert json.loads((out / "metrics.json").read_text())["media"] == 32, "one came, one went"


@pytest.mark.usefixtures("scripted")
def test_files_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    one, other = collection(tmp_path / "one", 2), collection(tmp_path / "other", 2)
    command([one, other], tmp_path / "report")
    report = json.loads((tmp_path / "report" / "metrics.json").read_text())
    assert report["media"] == 8 and set(report["by_source"]) == {"one", "other"}


@pytest.mark.usefixtures("scripted")
def test_one_class_has_no_figures_and_no_error(tmp_path: Path) -> None:
    plant(tmp_path / "mine" / "real" / "a.wav", p=0.3)
    command([tmp_path / "mine"], tmp_path / "report")
    assert {file.name for file in (tmp_path / "report").iterdir()} == WRITTEN
    assert "No fake media" in (tmp_path / "report" / "card.md").read_text()


def models_in(folder: Path) -> Path:
    folder.mkdir()
    (folder / "manifest.json").write_text('{"version": 1, "models": {}}')
    return folder


@pytest.mark.parametrize("place", ["models", "models/report", "models/../models/evaluation"])
def test_the_models_folder_is_left_alone(tmp_path: Path, place: str) -> None:
    models = models_in(tmp_path / "models")
    with pytest.raises(SystemExit, match="models folder"):
        command([collection(tmp_path / "mine", 1)], tmp_path / place, models)
    assert [file.name for file in models.iterdir()] == ["manifest.json"]


def test_a_folder_that_is_none_of_the_layouts_says_how_to_make_one(tmp_path: Path) -> None:
    plant(tmp_path / "mine" / "holiday.wav", p=0.1)
    with pytest.raises(SystemExit, match="two folders named real and fake"):
        command([tmp_path / "mine"], tmp_path / "report")


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "mine" / "real").mkdir(parents=True)
    with pytest.raises(SystemExit, match="none of its media are there"):
        command([tmp_path / "mine"], tmp_path / "report")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="neither a tar"):
        command([plant(tmp_path / "mine.wav", p=0.1)], tmp_path / "report")


def test_without_models_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="No models"):
        command([collection(tmp_path / "mine", 1)], tmp_path / "report", tmp_path / "none")


def test_built_folders_that_share_a_name_are_refused(tmp_path: Path) -> None:
    for name in ("one", "other"):
        plant(tmp_path / name / "a.wav", p=0.1)
        (tmp_path / name / "manifest.csv").write_text(
            "file,modality,label,generator,group,source_repo,notes\na.wav,speech,real,,g,s,\n"
        )
    with pytest.raises(SystemExit, match="build-data"):
        command([tmp_path / "one", tmp_path / "other"], tmp_path / "report")


def test_stills_are_judged_in_earnest_and_saved_ever_coarser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUALITIES", (90, 30))
    for label, picture in (("real", portrait()), ("fake", portrait()[:, ::-1])):
        (tmp_path / "mine" / label).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "mine" / label / "a.png"), picture[..., ::-1])
    cv2.imwrite(str(tmp_path / "mine" / "real" / "grey.png"), np.full((64, 64), 90, np.uint8))
    out = tmp_path / "report"
    command([tmp_path / "mine"], out)

    report = json.loads((out / "metrics.json").read_text())
    assert report["nothing_to_judge"] == 1 and report["refused"] == {}
    assert [row["quality"] for row in report["jpeg"]] == [None, 90, 30]
    assert all(row["real"] == row["fake"] == 1 for row in report["jpeg"])
    with (out / "jpeg-quality.csv").open() as file:
        assert [row["quality"] for row in csv.DictReader(file)] == ["as it is", "90", "30"]
    assert ET.parse(out / "jpeg-quality.svg").getroot().tag.endswith("svg")
    assert not list(out.glob("answers/jpeg-95*"))
