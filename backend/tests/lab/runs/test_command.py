"""`runs` as people see it."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from assay_lab.runs.command import command, table
from tests.lab.runs.test_logs import plant


@pytest.fixture
def two(tmp_path: Path) -> Path:
    steps = {"schedule": {"steps": 100}}
    plant(
        tmp_path / "runs" / "slow",
        [{"at": "yesterday", "step": 50, "class": 0.7}, {"at": "today", "step": 100, "class": 0.6}],
        {"rate": 0.001, **steps},
    )
    plant(
        tmp_path / "runs" / "fast",
        [{"at": "now", "step": 50, "class": 0.4, "auc": 0.9}],
        {"rate": 0.01, **steps},
    )
    return tmp_path / "runs"


def test_runs_stand_side_by_side(two: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command([two])
    listed, settings = capsys.readouterr().out.split("\n\n")
    head, fast, slow = listed.splitlines()
    assert head.split() == ["run", "step", "last", "line", "class", "auc"]
    assert fast.split()[:5] == ["fast", "50", "of", "100", "now"]
    assert "0.6 (0.6 to 0.7)" in slow and "100 of 100" in slow
    assert settings.split() == ["setting", "fast", "slow", "rate", "0.01", "0.001"]


def test_one_measure_is_drawn_with_a_line_for_each(
    two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plot = tmp_path / "class.svg"
    command([two], of="class", plot=plot)
    words = ET.parse(plot).getroot().find("{http://www.w3.org/2000/svg}desc")
    assert words is not None and words.text is not None
    assert "slow: from 0.7 to 0.6 over 2 points" in words.text
    assert "fast: from 0.4 to 0.4 over 1 points" in words.text
    assert "auc" not in capsys.readouterr().out


def test_a_single_run_has_nothing_to_differ_from(
    two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command([two / "slow"])
    assert "setting" not in capsys.readouterr().out


def test_a_measure_that_nobody_has_is_answered_with_those_that_there_are(two: Path) -> None:
    with pytest.raises(SystemExit, match="there are class, auc"):
        command([two], of="loss")


def test_a_plot_needs_a_measure(two: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--of"):
        command([two], plot=tmp_path / "a.svg")
    assert not (tmp_path / "a.svg").exists()


def test_a_folder_without_runs_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="holds no run"):
        command([tmp_path])


def test_names_cannot_write_to_the_terminal() -> None:
    assert "\x1b" not in table(["run"], [["a\x1b[31mb\n"]])
