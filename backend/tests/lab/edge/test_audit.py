"""`audit-quantised` on models that somebody brings along."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from assay_lab.edge.answer import answers_of
from assay_lab.edge.audit import command
from assay_lab.edge.environment import ask
from assay_lab.edge.samples import Samples, middle, read_samples


def model(folder: Path, name: str, gain: float, inputs: int = 1) -> Path:
    """logit = gain times the sum of four values."""
    weights = helper.make_tensor("w", TensorProto.FLOAT, [4, 1], [gain] * 4)
    puts = [
        helper.make_tensor_value_info(f"x{n}", TensorProto.FLOAT, ["n", 4]) for n in range(inputs)
    ]
    out = helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["n", 1])
    node = helper.make_node("MatMul", ["x0", "w"], ["logit"])
    graph = helper.make_graph([node], "g", puts, [out], [weights])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, folder / name)
    return folder / name


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    labels = np.arange(80) % 2 == 1
    inputs = np.random.default_rng(0).normal(0, 1, (80, 4)) + labels[:, None]
    np.savez(tmp_path / "samples.npz", inputs=inputs, labels=labels)
    return tmp_path


def test_a_faithful_copy_passes(brought: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = [model(brought, "float.onnx", 1.0), model(brought, "small.onnx", 1.01)]
    command(models, brought / "samples.npz", brought / "out")
    report = json.loads((brought / "out" / "metrics.json").read_text())
    assert list(report["models"]) == ["float.onnx", "small.onnx"]
    assert report["models"]["small.onnx"]["auc_change"] == 0
    assert report["models"]["small.onnx"]["bytes"] == models[1].stat().st_size
    assert "| small.onnx |" in capsys.readouterr().out


def test_one_that_says_the_opposite_fails_with_status_1(brought: Path) -> None:
    models = [model(brought, "float.onnx", 1.0), model(brought, "small.onnx", -1.0)]
    with pytest.raises(SystemExit) as stopped:
        command(models, brought / "samples.npz", brought / "out")
    assert stopped.value.code == 1
    assert "fails" in (brought / "out" / "card.md").read_text(), "the card is there all the same"


@pytest.mark.parametrize(("top", "wanted"), [(1.0, 1.5), (0.5, 2.5), (0.01, 3.0)])
def test_of_several_logits_the_highest_speak(top: float, wanted: float, tmp_path: Path) -> None:
    out = helper.make_tensor_value_info("patches", TensorProto.FLOAT, ["n", 2, 2])
    put = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2, 2])
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["patches"])], "g", [put], [out])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, tmp_path / "patches.onnx")
    inputs = np.array([[[0.0, 3.0], [2.0, 1.0]]])
    samples = Samples(inputs, np.array([True]), ["a"])
    assert answers_of(tmp_path / "patches.onnx", samples, None, top).logits == [wanted]


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"inputs": np.zeros((4, 4))}, "`labels`"),
        ({"inputs": np.zeros((4, 4)), "labels": np.zeros(4)}, "real and fake"),
        ({"inputs": np.zeros((4, 4)), "labels": np.array([0, 1])}, "a label"),
        ({"inputs": np.zeros(4), "labels": np.array([0, 1, 0, 1])}, "a row"),
        ({"inputs": np.array([None, {}]), "labels": np.array([0, 1])}, "plain arrays"),
    ],
)
def test_samples_that_do_not_fit_are_told(
    arrays: dict[str, np.ndarray], told: str, tmp_path: Path
) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(ValueError, match=told):
        read_samples(tmp_path / "a.npz")


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="cannot be read"):
        read_samples(tmp_path / "a.npz")


def test_models_that_cannot_be_asked_are_told(brought: Path) -> None:
    good = model(brought, "float.onnx", 1.0)
    (brought / "broken.onnx").write_bytes(b"nothing")
    (brought / "a.tflite").write_bytes(b"nothing")
    (brought / "a.bin").write_bytes(b"nothing")
    bad = {
        "broken.onnx": "onnxruntime cannot",
        "a.tflite": "--python",
        "a.bin": "neither",
        "absent.onnx": "no file",
        model(brought, "two.onnx", 1.0, inputs=2).name: "2 inputs",
        model(brought, "nan.onnx", float("nan")).name: "no finite",
    }
    for name, told in bad.items():
        with pytest.raises(SystemExit, match=told):
            command([good, brought / name], brought / "samples.npz", brought / "out")
    with pytest.raises(SystemExit, match="at least one"):
        command([good], brought / "samples.npz", brought / "out")


def test_an_environment_that_is_not_there_is_told_how_to_make(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="pip install litert-torch"):
        ask(tmp_path / "python", "convert")


@pytest.mark.parametrize(("height", "width"), [(100, 300), (224, 224), (300, 231), (8, 8)])
def test_the_gates_picture_is_the_middle_at_even_pixels(height: int, width: int) -> None:
    rows, columns = np.mgrid[0:height, 0:width]
    native = np.stack([rows % 256, columns % 256, rows * 0], axis=2).astype(np.uint8)
    cut = middle(native)
    assert cut.shape == (224, 224, 3)
    assert cut[0, 0, 0] % 2 == 0 and cut[0, 0, 1] % 2 == 0, "the gate's grid begins at even pixels"
    if min(height, width) >= 224:
        top, left = int(cut[0, 0, 0]), int(cut[0, 0, 1])
        assert np.array_equal(cut, native[top : top + 224, left : left + 224])
