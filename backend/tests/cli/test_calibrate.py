"""`assay calibrate`, with a scripted pipeline in a real child process."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assay.calibrate import LEAST_REAL
from assay.calibration import FILE, OFF
from assay.cli import app
from assay.jobs.process import AnalysisProcess
from assay.settings import get_settings
from tests.jobs import scripted
from tests.jobs.scripted import media
from tests.model_factory import write_manifest


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    write_manifest(tmp_path, {})
    monkeypatch.setenv("ASSAY_MODELS_DIR", str(tmp_path))
    monkeypatch.setenv("ASSAY_DATA_DIR", str(tmp_path / "data"))
    process = partial(AnalysisProcess, load=scripted.load)
    monkeypatch.setattr("assay.jobs.process.AnalysisProcess", process)
    get_settings.cache_clear()
    yield tmp_path / "data"
    get_settings.cache_clear()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["calibrate", *map(str, arguments)])


def folder_of(tmp_path: Path, files: int) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    for number in range(files):
        (folder / f"{number}.png").write_bytes(media(judged=True, salt=str(number)))
    (folder / "broken.png").write_bytes(media(error="unreadable"))
    return folder


def test_a_folder_sets_the_edges_and_they_are_switched_off(data: Path, tmp_path: Path) -> None:
    made = run(folder_of(tmp_path, LEAST_REAL), "--name", "Desk")
    assert made.exit_code == 0, made.output
    assert "Desk" in made.output
    assert "49 genuine files" in made.output
    assert "unreadable" in made.output
    assert "in use" in run("--show").output
    assert "switched off" in run("--off").output
    assert [path.name for path in data.iterdir()] == [OFF]
    assert "in use" in run("--on").output
    assert (data / FILE).is_file()


def test_too_few_files_change_nothing(data: Path, tmp_path: Path) -> None:
    found = run(folder_of(tmp_path, 3))
    assert found.exit_code == 1
    assert "Too few" in found.output
    assert not (data / FILE).exists()


@pytest.mark.parametrize("arguments", [(), ("/no/such/folder",), ("--fakes", "/no/such")])
def test_without_a_folder_it_says_what_to_give(data: Path, arguments: tuple[str, ...]) -> None:
    found = run(*arguments)
    assert found.exit_code == 2
    assert "genuine" in found.output


def test_there_is_none_to_switch(data: Path) -> None:
    assert run("--off").exit_code == 1
    assert "those that ship" in run("--show").output
