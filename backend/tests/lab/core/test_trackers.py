"""Lines of runs go to whoever listens; what is not installed is told."""

import builtins
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assay_lab.core.loop import Run, Schedule
from assay_lab.core.trackers import LISTENERS, numbers_of, to_mlflow, to_tensorboard


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    before = list(LISTENERS)
    yield
    LISTENERS[:] = before


def test_a_line_is_told_with_its_folder(tmp_path: Path) -> None:
    heard: list[tuple[Path, dict[str, Any]]] = []
    LISTENERS.append(lambda folder, line: heard.append((folder, dict(line))))
    Run(tmp_path, Schedule(1)).record(step=3, auc=0.5)
    assert heard == [(tmp_path, {"step": 3, "auc": 0.5})]


def test_only_numbers_are_drawn() -> None:
    line = {"step": 3, "auc": 0.5, "at": "now", "nan": float("nan"), "done": True, "n": 2}
    assert numbers_of(line) == {"auc": 0.5, "n": 2.0}


@pytest.mark.parametrize("follow", [to_tensorboard, to_mlflow])
def test_what_is_not_installed_is_told(
    follow: Callable[[Any], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name.startswith(("mlflow", "torch.utils.tensorboard")):
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SystemExit, match=r"backend\[track\]"):
        follow(tmp_path)
    assert follow not in LISTENERS


def test_tensorboard_gets_the_numbers(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    to_tensorboard(tmp_path / "board")
    Run(tmp_path / "one", Schedule(1)).record(step=3, auc=0.5)
    assert list((tmp_path / "board" / "one").glob("events.*"))


def test_mlflow_gets_settings_and_numbers(tmp_path: Path) -> None:
    mlflow = pytest.importorskip("mlflow")
    address = f"sqlite:///{tmp_path / 'mlflow.db'}"
    to_mlflow(address)
    Run(tmp_path / "one", Schedule(7)).record(step=3, **{"val auc": 0.5})
    client = mlflow.MlflowClient(tracking_uri=address)
    experiment = client.get_experiment_by_name("assay")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.data.params["steps"] == "7"
    assert run.data.metrics == {"val auc": 0.5}
