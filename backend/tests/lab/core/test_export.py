"""A trained network becomes a released model that the service accepts."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from assay.errors import AssayError
from assay.models.sessions import ModelStore
from assay_lab.core.export import _check_parity, release, to_onnx


class Doubler(nn.Module):
    """Two inputs of free length, two outputs."""

    def forward(self, one, other):
        return one * 2.0, (one + other).sum(dim=1)


@pytest.fixture(scope="module")
def content():
    inputs = {"one": torch.rand(2, 3), "other": torch.rand(2, 3)}
    free = {"one": {0: "batch"}, "other": {0: "batch"}}
    return to_onnx(Doubler(), inputs, ("double", "sum"), free)


def publish(folder, content, **more):
    release(
        folder,
        "doubler",
        {"model.onnx": content},
        serve="model.onnx",
        metrics={"command": "none", "error": 0.0},
        card="# doubler\n",
        **more,
    )


def test_a_released_model_is_served(tmp_path, content):
    publish(tmp_path, content, parameters={"threshold": 0.25})
    store = ModelStore(tmp_path, threads=1)
    one, other = np.float32([[1, 2, 3]] * 5), np.float32([[1, 1, 1]] * 5)
    double, total = store.session("doubler").run(None, {"one": one, "other": other})
    assert np.array_equal(double, 2 * one)
    assert total.tolist() == [9.0] * 5
    assert store.parameters("doubler") == {"threshold": 0.25}
    assert json.loads((tmp_path / "doubler" / "metrics.json").read_text())["command"] == "none"
    assert (tmp_path / "doubler" / "card.md").read_text() == "# doubler\n"


def test_a_second_model_leaves_the_first_in_the_manifest(tmp_path, content):
    publish(tmp_path, content)
    release(tmp_path, "other", {"m": b"x"}, serve="m", metrics={}, card="# other")
    assert sorted(ModelStore(tmp_path, threads=1).manifest.models) == ["doubler", "other"]


def test_a_changed_file_is_refused(tmp_path, content):
    publish(tmp_path, content)
    (tmp_path / "doubler" / "model.onnx").write_bytes(content + b" ")
    with pytest.raises(AssayError) as error:
        ModelStore(tmp_path, threads=1).session("doubler")
    assert error.value.code == "model_rejected"


def test_other_answers_than_torchs_are_not_released(content):
    class Tripler(Doubler):
        def forward(self, one, other):
            return one * 3.0, (one + other).sum(dim=1)

    with pytest.raises(ValueError, match="double"):
        _check_parity(
            Tripler(), {"one": torch.rand(2, 3), "other": torch.rand(2, 3)}, content, 1e-4
        )


def test_released_files_hold_no_notes_of_the_machine_that_made_them() -> None:
    here = str(Path(__file__).resolve().parents[4]).encode()
    files = sorted((Path(__file__).resolve().parents[4] / "models").glob("*/*.onnx"))

    assert files
    for file in files:
        content = file.read_bytes()
        assert here not in content
        # Stack traces name their files: File "...py", line 7.
        assert b'.py"' not in content, file
