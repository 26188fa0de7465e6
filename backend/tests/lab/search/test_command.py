"""`search` on a trainer that only writes down what it was given."""

import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer

from assay_lab.core.loop import Run, Schedule
from assay_lab.core.options import read_options
from assay_lab.search import command as module
from assay_lab.search.command import command
from assay_lab.search.space import RATE_AND_BATCH, Axis, grid_of, read_space

pytest.importorskip("optuna")

CALLS: list[float] = []


def train(
    run: Annotated[Path, typer.Option(help="Run folder")],
    rate: Annotated[float, typer.Option(help="Peak")] = 1.0,
    pairs: Annotated[int, typer.Option(help="Of a batch")] = 16,
    steps: Annotated[int, typer.Option(help="Batches")] = 4,
) -> None:
    """The nearer the rate to 3, the better."""
    CALLS.append(rate)
    workspace = Run(run, Schedule(steps))
    for step in range(1, steps + 1):
        workspace.record(step=step, auc=1 / (1 + abs(rate - 3)))


@pytest.fixture(autouse=True)
def _listed(monkeypatch: pytest.MonkeyPatch) -> None:
    CALLS.clear()
    monkeypatch.setitem(module.TRAINERS, "train-as-if", __name__)  # type: ignore[arg-type]
    monkeypatch.setattr(sys.modules[__name__], "command", train, raising=False)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "base.toml").write_text("steps = 3\n")
    return tmp_path / "base.toml"


def space(folder: Path, text: str) -> str:
    (folder / "space.toml").write_text(text)
    return str(folder / "space.toml")


search = command


def test_a_grid_is_tried_once_and_the_best_is_told(base: Path, tmp_path: Path) -> None:
    grid = space(tmp_path, "[rate]\nchoices = [1.0, 3.0, 9.0]\n[pairs]\nchoices = [8, 16]\n")
    out = tmp_path / "out"
    search("train-as-if", base, grid, "auc", out, sampler="grid", spared=100)
    assert sorted(CALLS) == [1.0, 1.0, 3.0, 3.0, 9.0, 9.0]
    best = read_options(out / "best.toml", train)
    assert best["rate"] == 3.0 and best["steps"] == 3
    assert "run" not in best, "the next one is to have a folder of its own"
    assert len((out / "trials.csv").read_text().splitlines()) == 7
    assert "| 3.0 |" in (out / "card.md").read_text().splitlines()[7]

    search("train-as-if", base, grid, "auc", out, sampler="grid", spared=100)
    assert len(CALLS) == 6, "nothing twice"


def test_trials_that_lag_behind_are_stopped(base: Path, tmp_path: Path) -> None:
    values = ", ".join(f"{3.0 + n}" for n in range(8))
    grid = space(tmp_path, f"[rate]\nchoices = [{values}]\n")
    search("train-as-if", base, grid, "auc", tmp_path / "out", sampler="grid", spared=1)
    card = (tmp_path / "out" / "card.md").read_text()
    assert "stopped early" in card
    assert "stopped early" not in card.splitlines()[7]


def test_a_search_that_was_stopped_goes_on_with_the_trial_it_was_in(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = space(tmp_path, "[rate]\nlow = 1.0\nhigh = 9.0\n")

    def killed(run: Path, rate: float = 1.0, steps: int = 4) -> None:
        train(run, rate, steps=steps)
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules[__name__], "command", killed)
    with pytest.raises(KeyboardInterrupt):
        search("train-as-if", base, where, "auc", tmp_path / "out", trials=3)
    monkeypatch.setattr(sys.modules[__name__], "command", train)
    search("train-as-if", base, where, "auc", tmp_path / "out", trials=3)
    assert CALLS[1] == CALLS[0], "the same settings, in the same folder"
    assert len(list((tmp_path / "out" / "trials").iterdir())) == len(set(CALLS))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"sampler": "best"}, "tpe, grid or random"),
        ({"measure": "colour"}, "it records auc"),
        ({"goal": "more"}, "maximise or minimise"),
        ({"trainer": "train-nothing"}, "cannot be searched"),
        ({"space": "no-such"}, "neither a file nor a preset"),
    ],
)
def test_what_makes_no_sense_is_told(
    options: dict[str, str], told: str, base: Path, tmp_path: Path
) -> None:
    given = {
        "trainer": "train-as-if",
        "space": space(tmp_path, "[rate]\nchoices = [1.0]\n"),
        "measure": "auc",
        "sampler": "random",
    } | options
    with pytest.raises(SystemExit, match=told):
        search(base=base, out=tmp_path / "out", trials=1, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no option"),
        ("[rate]\nlow = 2.0\nhigh = 1.0\n", "low below high"),
        ("[rate]\nlow = 0.0\nhigh = 1.0\nlog = true\n", "above 0"),
        ("[rate]\nchoices = [1.0]\nlow = 0.5\n", "either choices"),
        ("[colour]\nchoices = [1]\n", "no option colour"),
        ("rate", "TOML"),
    ],
)
def test_a_space_that_makes_no_sense_is_told(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=told):
        read_space(space(tmp_path, text), train)


def test_the_preset_has_18_points_and_a_grid_needs_choices() -> None:
    rates, pairs = grid_of(read_space("rate-batch", train)).values()
    assert len(rates) * len(pairs) == 18
    assert read_space("rate-batch", train) is RATE_AND_BATCH
    with pytest.raises(ValueError, match="choices"):
        grid_of({"rate": Axis(low=1, high=2)})
