"""`federate` as people run it, on pairs that are told apart by their brightness."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator

from assay_lab.face_pairs.pairs import Mixture, Pair
from assay_lab.federated import command as module
from assay_lab.federated.command import command


class Noise:
    def __init__(self, step: int) -> None:
        self.step = step

    def draw(self, rng: Generator) -> Pair:
        real = rng.integers(0, 128, (64, 64, 3)).astype(np.uint8)
        return Pair(real, real + self.step, np.ones((64, 64), np.float32), together=True)


@pytest.fixture
def noisy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "JUDGED", 4)

    def build(shares: list[tuple[str, float]], *args: object, **more: object) -> Mixture:
        ((name, _),) = shares
        return Mixture({name: Noise({"dfdc": 60, "stylegan": 100}[name])}, {name: 1.0})

    monkeypatch.setattr(module, "build_mixture", build)


@pytest.mark.usefixtures("noisy")
def test_every_training_has_a_run_and_a_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"sites": "dfdc=3,stylegan", "rounds": 2, "local_steps": 1, "mu": "0,0.5"}
    command(tmp_path, tmp_path / "out", **options)  # type: ignore[arg-type]

    report = json.loads((tmp_path / "out" / "metrics.json").read_text())
    trainings = [
        "federated averaging",
        "FedProx, mu = 0.5",
        "dfdc alone",
        "stylegan alone",
        "central, all data",
    ]
    assert list(report["auc"]) == trainings
    assert all(set(of) == {"val_dfdc", "val_stylegan", "val_mean"} for of in report["auc"].values())
    card = capsys.readouterr().out
    assert "| training | dfdc | stylegan | mean |" in card
    runs = {folder.parent.name for folder in (tmp_path / "out").rglob("checkpoint.pt")}
    assert runs == {"mu-0", "mu-0.5", "alone-dfdc", "alone-stylegan", "central"}
    assert "central, all data" in card

    lines = (tmp_path / "out" / "mu-0" / "log.jsonl").read_text()
    command(tmp_path, tmp_path / "out", **options)  # type: ignore[arg-type]
    assert (tmp_path / "out" / "mu-0" / "log.jsonl").read_text() == lines, "nothing twice"


@pytest.mark.parametrize(
    "options",
    [{"mu": "-1"}, {"mu": "much"}, {"mu": "nan"}, {"sites": "dfdc,dfdc"}, {"sites": "dfdc=0"}],
)
def test_what_makes_no_sense_is_refused_before_any_work(
    tmp_path: Path, options: dict[str, str]
) -> None:
    with pytest.raises(SystemExit, match=r"mu is|each site"):
        command(tmp_path / "none", tmp_path / "out", **options)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()
