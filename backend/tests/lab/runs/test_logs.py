"""Runs as their folders tell them: resumed, unfinished, odd, and not at all."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from assay_lab.runs.logs import differing, find_runs, read_run


def plant(folder: Path, lines: Sequence[Mapping[str, Any]], config: object = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_losses_and_judgements_are_series_of_their_own(tmp_path: Path) -> None:
    lines = [
        {"at": "a", "step": 25, "seconds": 1.5, "class": 0.7},
        {"at": "b", "step": 50, "seconds": 1.4, "class": 0.6},
        {"at": "c", "step": 50, "auc clean": 0.8},
    ]
    run = read_run(plant(tmp_path / "one", lines, {"seed": 1, "schedule": {"steps": 100}}), "one")
    assert run.series["class"] == [(25, 0.7), (50, 0.6)]
    assert run.series["auc clean"] == [(50, 0.8)]
    assert run.settings == {"seed": "1", "schedule.steps": "100"}
    assert (run.step, run.last_at) == (50, "c")


def test_of_steps_that_were_done_again_the_later_line_counts(tmp_path: Path) -> None:
    lines = [{"step": step, "loss": loss} for step, loss in ((10, 3), (20, 2), (20, 1), (30, 0.5))]
    run = read_run(plant(tmp_path / "one", lines), "one")
    assert run.series["loss"] == [(10, 3), (20, 1), (30, 0.5)]


def test_what_cannot_be_drawn_is_left_out(tmp_path: Path) -> None:
    lines = [
        {"step": 1, "loss": float("nan"), "text": "x", "flag": True, "none": None, "list": [1]},
        {"step": 2, "loss": float("inf")},
        {"loss": 7},
        {"step": 3, "loss": 1},
    ]
    run = read_run(plant(tmp_path / "one", lines), "one")
    assert run.series == {"loss": [(3, 1.0)]}


def test_a_run_that_has_just_begun_has_nothing_yet(tmp_path: Path) -> None:
    run = read_run(plant(tmp_path / "one", []), "one")
    assert run.series == {} and run.step == 0 and run.settings == {}


def test_half_a_last_line_is_passed_over_and_any_other_is_told(tmp_path: Path) -> None:
    folder = plant(tmp_path / "one", [{"step": 1, "loss": 1}])
    log = folder / "log.jsonl"
    whole = log.read_text()
    log.write_text(whole + '{"step": 2, "lo')
    assert read_run(folder, "one").series == {"loss": [(1, 1.0)]}
    log.write_text("nonsense\n" + whole)
    with pytest.raises(ValueError, match="cannot be read"):
        read_run(folder, "one")
    log.write_text("[1]\n")
    with pytest.raises(ValueError, match="cannot be read"):
        read_run(folder, "one")


def test_runs_are_found_however_deep_and_once(tmp_path: Path) -> None:
    for name in ("b", "a/deep", "a/shallow"):
        plant(tmp_path / "runs" / name, [{"step": 1, "loss": 1}])
    found = find_runs([tmp_path / "runs", tmp_path / "runs" / "b"])
    assert [run.name for run in found] == ["a/deep", "a/shallow", "b"]
    assert [run.name for run in find_runs([tmp_path / "runs" / "b"])] == ["b"]


def test_where_there_are_none_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no run"):
        find_runs([tmp_path])


def test_settings_that_differ_are_those_that_one_lacks_too(tmp_path: Path) -> None:
    one = plant(tmp_path / "one", [], {"rate": 1e-3, "mix": {"a": 1, "b": 2}, "seed": 1})
    other = plant(tmp_path / "other", [], {"rate": 1e-4, "mix": {"a": 1}, "seed": 1})
    runs = [read_run(one, "one"), read_run(other, "other")]
    assert differing(runs) == ["rate", "mix.b"]
    assert differing(runs[:1]) == []
