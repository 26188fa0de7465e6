"""The gate's trainer: a student from its own teacher, and from one of another run."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.random import Generator

from assay_lab.face_pairs.pairs import Mixture, Pair
from assay_lab.gate import train as module
from assay_lab.gate.release import ablation_table, learned
from assay_lab.gate.train import command


class Noise:
    """Fakes are as noisy as real ones, but brighter."""

    def draw(self, rng: Generator) -> Pair:
        real = rng.integers(0, 128, (64, 64, 3)).astype(np.uint8)
        return Pair(real, real + 100, np.ones((64, 64), np.float32), together=True)


@pytest.fixture
def noisy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module, "build_mixture", lambda *args, **more: Mixture({"a": Noise()}, {"a": 1.0})
    )


def checkpoint(run: Path) -> dict[str, torch.Tensor]:
    saved = torch.load(run / "checkpoint.pt", weights_only=True)
    return dict(saved["average"])


@pytest.mark.usefixtures("noisy")
def test_a_teacher_can_teach_several_students(tmp_path: Path) -> None:
    command(tmp_path, tmp_path / "one", steps=2, width=4)
    teacher = tmp_path / "one" / "teacher"
    command(
        tmp_path,
        tmp_path / "other",
        steps=2,
        width=4,
        distillation="kl",
        temperature=2.0,
        teacher_weight=0.5,
        teacher=teacher,
    )

    assert not (tmp_path / "other" / "teacher").exists(), "none was trained"
    one, other = (checkpoint(tmp_path / name / "student") for name in ("one", "other"))
    assert any(not torch.equal(one[name], other[name]) for name in one)
    config = json.loads((tmp_path / "other" / "student" / "config.json").read_text())
    assert config["distillation"] == {"kind": "kl", "temperature": 2.0, "weight": 0.5}
    assert config["teacher"] == str(teacher)

    students = [learned(tmp_path / name) for name in ("one", "other")]
    assert [student["loss"] for student in students] == ["mse", "kl"]
    table = ablation_table(students)
    assert len(table) == 4 and table[0].endswith("| AUC of validation pairs |")
    with pytest.raises(SystemExit, match="no student"):
        learned(tmp_path)


@pytest.mark.usefixtures("noisy")
def test_a_teacher_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no checkpoint"):
        command(tmp_path, tmp_path / "one", steps=2, width=4, teacher=tmp_path / "none")


@pytest.mark.parametrize(
    "options", [{"distillation": "cosine"}, {"temperature": 0.0}, {"teacher_weight": 2.0}]
)
def test_what_makes_no_sense_is_refused_before_any_work(
    tmp_path: Path, options: dict[str, object]
) -> None:
    with pytest.raises(SystemExit, match=r"distillation|temperature"):
        command(tmp_path / "no-data", tmp_path / "run", **options)  # type: ignore[arg-type]
