"""Answers of the service, file by file: kept at once, asked once, whatever a file does to it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.evidence import Verdict
from assay.jobs.process import AnalysisProcess
from assay.settings import Settings
from assay_lab.evaluation.folder.answers import answer_all, read_answers
from tests.lab.evaluation.folder.scripted import PIPELINE, load, plant, row


@pytest.fixture(scope="module")
def process() -> Iterator[AnalysisProcess]:
    with AnalysisProcess(Settings(), load) as process:
        yield process


def test_a_file_that_crashes_it_costs_its_own_answer(
    process: AnalysisProcess, tmp_path: Path
) -> None:
    files = [
        plant(tmp_path / "a.png", p=0.9),
        plant(tmp_path / "b.png", crash=True),
        plant(tmp_path / "c.png", error="unreadable"),
        plant(tmp_path / "d.png", p=None),
        plant(tmp_path / "e.png", p=0.1),
    ]
    out = tmp_path / "answers.jsonl"
    answer_all([row(file) for file in files], out, process, PIPELINE)

    found = read_answers(out, PIPELINE)
    assert [found[name].error for name in "abcde"] == [
        None,
        "analysis_crashed",
        "unreadable",
        None,
        None,
    ]
    assert [found[name].probability for name in "abcde"] == [0.9, None, None, None, 0.1]
    assert [found[name].verdict for name in "ade"] == [
        Verdict.DEEPFAKE,
        Verdict.INCONCLUSIVE,
        Verdict.AUTHENTIC,
    ]
    assert found["a"].scores == {"visual": 0.9}


def test_a_run_that_was_killed_in_a_line_goes_on(process: AnalysisProcess, tmp_path: Path) -> None:
    first, second = plant(tmp_path / "a.png", p=0.9), plant(tmp_path / "b.png", p=0.1)
    out = tmp_path / "answers.jsonl"
    answer_all([row(first), row(second)], out, process, PIPELINE)
    whole = out.read_bytes()

    out.write_bytes(whole[: whole.index(b"\n") + 20])
    assert list(read_answers(out, PIPELINE)) == ["a"], "half a line is no answer"
    answer_all([row(second)], out, process, PIPELINE)
    assert out.read_bytes() == whole


def test_only_what_this_version_said_counts(process: AnalysisProcess, tmp_path: Path) -> None:
    file, out = plant(tmp_path / "a.png", p=0.9), tmp_path / "answers.jsonl"
    answer_all([row(file)], out, process, "1+old")
    assert read_answers(out, PIPELINE) == {}
    plant(file, p=0.1)
    answer_all([row(file)], out, process, PIPELINE)
    assert read_answers(out, PIPELINE)["a"].probability == 0.1
    assert read_answers(out, "1+old")["a"].probability == 0.9


def test_before_the_first_run_there_is_nothing(tmp_path: Path) -> None:
    assert read_answers(tmp_path / "none.jsonl", PIPELINE) == {}


def test_each_answer_is_on_disk_before_the_next_file_is_asked_for(
    process: AnalysisProcess, tmp_path: Path
) -> None:
    out = tmp_path / "answers.jsonl"

    def rows() -> Iterator[object]:
        yield row(plant(tmp_path / "a.png", p=0.9))
        assert json.loads(out.read_text())["id"] == "a"
        yield row(plant(tmp_path / "b.png", p=0.1))

    answer_all(rows(), out, process, PIPELINE)  # type: ignore[arg-type]
    assert list(read_answers(out, PIPELINE)) == ["a", "b"]
