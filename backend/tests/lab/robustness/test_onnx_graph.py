"""ONNX by torch: the answers of onnxruntime, operator by operator and for every shipped model."""

from typing import Any

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from assay.models.manifest import ModelFolder
from assay.models.sessions import open_session
from assay.settings import Settings
from assay_lab.robustness.onnx_graph import OnnxGraph, rounded

RNG = np.random.default_rng(0)


def floats(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).astype(np.float32)


def whole(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


BYTES = RNG.integers(0, 256, (3, 4)).astype(np.uint8)
KERNEL = RNG.integers(-128, 128, (4, 2)).astype(np.int8)

NODES: list[tuple[str, list[np.ndarray | None], dict[str, Any]]] = [
    ("Add", [floats(2, 3), floats(3)], {}),
    ("AveragePool", [floats(1, 2, 6, 6)], {"kernel_shape": [3, 3], "strides": [2, 2]}),
    ("BatchNormalization", [floats(2, 3, 4), *(np.abs(floats(3)) for _ in range(4))], {}),
    ("Cast", [whole(1, 2)], {"to": TensorProto.FLOAT}),
    ("Clip", [floats(2, 3), np.float32(-0.5), np.float32(0.5)], {}),
    ("Clip", [floats(2, 3), None, np.float32(0.5)], {}),
    ("Concat", [floats(2, 3), floats(2, 1)], {"axis": 1}),
    ("Conv", [floats(1, 4, 6, 6), floats(4, 1, 3, 3), floats(4)], {"group": 4, "strides": [2, 2]}),
    ("Conv", [floats(1, 2, 5, 5), floats(3, 2, 3, 3)], {"pads": [1, 0, 2, 1]}),
    ("Conv", [floats(1, 2, 9), floats(3, 2, 3)], {"pads": [1, 1], "dilations": [2]}),
    ("DequantizeLinear", [KERNEL, np.float32(0.1), np.int8(0)], {}),
    ("DequantizeLinear", [KERNEL, np.abs(floats(4)), np.zeros(4, np.int8)], {"axis": 0}),
    ("Div", [floats(3), floats(3)], {}),
    ("Div", [whole(7, -7), whole(2, 2)], {}),
    ("DynamicQuantizeLinear", [floats(2, 5)], {}),
    ("DynamicQuantizeLinear", [np.abs(floats(2, 5)) + 1], {}),
    ("Gather", [floats(3, 4), whole(2, 0)], {"axis": 1}),
    ("Gather", [floats(3, 4), np.array(-1, np.int64)], {"axis": 0}),
    ("Gelu", [floats(4)], {}),
    ("Gemm", [floats(2, 3), floats(4, 3), floats(4)], {"transB": 1, "alpha": 0.5, "beta": 2.0}),
    ("LayerNormalization", [floats(2, 5), floats(5), floats(5)], {"epsilon": 1e-4}),
    ("Log", [np.abs(floats(3)) + 0.1], {}),
    ("MatMul", [floats(2, 3, 4), floats(4, 2)], {}),
    ("MatMulInteger", [BYTES, KERNEL, np.uint8(7), np.int8(-3)], {}),
    ("MatMulInteger", [BYTES, KERNEL], {}),
    ("MaxPool", [floats(1, 2, 6, 6)], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
    ("Mul", [floats(2, 3), floats(1)], {}),
    ("Pad", [floats(1, 1, 2, 2), whole(0, 0, 1, 0, 0, 0, 2, 1)], {}),
    ("Pow", [np.abs(floats(3)), np.float32(2)], {}),
    ("QuantizeLinear", [20 * floats(2, 3), np.float32(0.1), np.uint8(128)], {}),
    ("QuantizeLinear", [floats(2, 3), np.abs(floats(3)) + 0.1, np.zeros(3, np.int8)], {"axis": 1}),
    ("ReduceMean", [floats(2, 3, 4), whole(1, 2)], {"keepdims": 0}),
    ("ReduceSum", [floats(2, 3, 4)], {}),
    ("Relu", [floats(5)], {}),
    ("Reshape", [floats(2, 6), whole(0, -1, 3)], {}),
    ("Shape", [floats(2, 3, 4)], {"start": 1}),
    ("Sigmoid", [floats(3)], {}),
    ("Slice", [floats(5, 6), whole(1), whole(-1), whole(1), whole(2)], {}),
    ("Slice", [floats(5), whole(-(2**63)), whole(2**63 - 1)], {}),
    ("Softmax", [floats(2, 5)], {"axis": 1}),
    ("Sqrt", [np.abs(floats(3))], {}),
    ("Squeeze", [floats(1, 3, 1), whole(0)], {}),
    ("Sub", [floats(3), floats(3)], {}),
    ("Tanh", [floats(3)], {}),
    ("Transpose", [floats(2, 3, 4)], {"perm": [2, 0, 1]}),
    ("Unsqueeze", [floats(2, 3), whole(0, -1)], {}),
]


def one_node(kind: str, inputs: list[np.ndarray | None], attributes: dict[str, Any]) -> bytes:
    """A model of a single node whose first input is fed and whose others are stored."""
    names = [f"i{number}" if put is not None else "" for number, put in enumerate(inputs)]
    outputs = {"DynamicQuantizeLinear": ["o0", "o1", "o2"]}.get(kind, ["o0"])
    first = np.asarray(inputs[0])
    graph = helper.make_graph(
        [helper.make_node(kind, names, outputs, **attributes)],
        "one",
        [
            helper.make_tensor_value_info(
                "i0", helper.np_dtype_to_tensor_dtype(first.dtype), first.shape
            )
        ],
        [helper.make_empty_tensor_value_info(name) for name in outputs],
        [
            numpy_helper.from_array(np.asarray(put), name)
            for name, put in list(zip(names, inputs, strict=True))[1:]
            if put is not None
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    return model.SerializeToString()


@pytest.mark.parametrize(("kind", "inputs", "attributes"), NODES)
def test_an_operator_answers_as_onnxruntime_does(
    kind: str, inputs: list[np.ndarray | None], attributes: dict[str, Any]
) -> None:
    content = one_node(kind, inputs, attributes)
    wanted = open_session(content).run(None, {"i0": inputs[0]})
    found = OnnxGraph(content)(i0=torch.from_numpy(np.asarray(inputs[0])))
    for value, expected in zip(found.values(), wanted, strict=True):
        np.testing.assert_allclose(
            value.numpy().astype(np.float64), np.float64(expected), rtol=1e-5, atol=1e-5
        )


@pytest.mark.parametrize(
    ("kind", "inputs", "attributes"),
    [
        ("Cast", [floats(2)], {"to": TensorProto.DOUBLE}),
        ("AveragePool", [floats(1, 1, 4, 4)], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
        ("Pad", [floats(1, 1, 3, 3), whole(*[1] * 8)], {"mode": "reflect"}),
        ("LayerNormalization", [floats(2, 3, 4), floats(3, 4)], {"axis": 1}),
    ],
)
def test_what_it_does_not_do_it_says(
    kind: str, inputs: list[np.ndarray | None], attributes: dict[str, Any]
) -> None:
    with pytest.raises(NotImplementedError):
        OnnxGraph(one_node(kind, inputs, attributes))(i0=torch.from_numpy(np.asarray(inputs[0])))


def test_an_operator_that_nobody_released_is_named() -> None:
    with pytest.raises(NotImplementedError, match="Erf"):
        OnnxGraph(one_node("Erf", [floats(2)], {}))


@pytest.mark.parametrize(
    ("name", "feed", "tolerance"),
    [
        ("tiny_ladeda", {"picture": (2, 64, 80, 3)}, 1e-4),
        ("visual_resnet18", {"faces": (2, 224, 224, 3)}, 0.05),
        ("audio_cqcc_cnn", {"cqcc": (2, 3, 96, 120)}, 1e-3),
        ("audio_encoder", {"spectra": (2, 80, 200)}, 0.05),
    ],
)
def test_a_shipped_model_answers_as_it_is_served_and_has_gradients(
    name: str, feed: dict[str, tuple[int, ...]], tolerance: float
) -> None:
    folder = ModelFolder(Settings().models_dir)
    content = folder.read(name, folder.entry(name).serve)
    rng = np.random.default_rng(0)
    is_picture = name in ("tiny_ladeda", "visual_resnet18")
    fed = {
        put: rng.integers(0, 256, shape).astype(np.uint8)
        if is_picture
        else rng.normal(0, 0.5, shape).astype(np.float32)
        for put, shape in feed.items()
    }
    (wanted, *_) = open_session(content).run(None, fed)
    tensors = {put: torch.from_numpy(value).float().requires_grad_() for put, value in fed.items()}
    found = next(iter(OnnxGraph(content)(**tensors).values()))
    scale = max(1.0, float(np.abs(wanted).max()))
    assert float(np.abs(found.detach().numpy() - wanted).max()) <= tolerance * scale
    (gradient,) = torch.autograd.grad(found.sum(), list(tensors.values()))
    assert torch.isfinite(gradient).all() and float(gradient.abs().max()) > 0


def test_rounding_passes_gradients_on_and_clipping_does_not() -> None:
    x = torch.tensor([0.4, 0.6, 2.5], requires_grad=True)
    assert rounded(x).tolist() == [0.0, 1.0, 2.0]
    assert torch.autograd.grad(rounded(x).sum(), x)[0].tolist() == [1.0, 1.0, 1.0]

    content = one_node("QuantizeLinear", [floats(3), np.float32(0.1), np.uint8(0)], {})
    x = torch.tensor([-1.0, 5.0, 99.0], requires_grad=True)
    quantised = OnnxGraph(content)(i0=x)["o0"]
    assert quantised.tolist() == [0.0, 50.0, 255.0]
    gradient = torch.autograd.grad(quantised.sum(), x)[0]
    assert gradient.tolist() == pytest.approx([0.0, 10.0, 0.0])
