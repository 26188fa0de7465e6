"""A released ONNX file computed by torch, so that it has gradients: the very file that is served.

Integers of quantised models are kept as floats; rounding passes gradients on as if it were not
there (Bengio, Leonard and Courville, "Estimating or Propagating Gradients Through Stochastic
Neurons for Conditional Computation", 2013, the straight-through estimator), clipping does not.
Operators are those of our own releases, opset 20.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import onnx
import torch
from onnx import TensorProto, helper
from onnx.numpy_helper import to_array
from torch import Tensor
from torch.nn import functional as F

Inputs = list[Any]
"""Tensors of a node, None where an optional one is left out."""
Attributes = Mapping[str, Any]
Operator = Callable[[Inputs, Attributes], Any]


class OnnxGraph:
    """An ONNX file as a function of tensors.

    Args:
        content: The file.

    Raises:
        NotImplementedError: It has an operator that none of our releases has.
    """

    def __init__(self, content: bytes) -> None:
        graph = onnx.load_from_string(content).graph
        unknown = sorted({node.op_type for node in graph.node} - set(OPERATORS))
        if unknown:
            raise NotImplementedError(f"no gradient for the operators {', '.join(unknown)}")
        self._nodes = [
            (
                OPERATORS[node.op_type],
                list(node.input),
                list(node.output),
                {each.name: helper.get_attribute_value(each) for each in node.attribute},
            )
            for node in graph.node
        ]
        self._stored = {
            each.name: torch.from_numpy(to_array(each).copy()) for each in graph.initializer
        }
        self._outputs = [output.name for output in graph.output]
        self.inputs = [put.name for put in graph.input]

    def __call__(self, **feeds: Tensor) -> dict[str, Tensor]:
        """All outputs by name.

        Args:
            feeds: Inputs by name. What the file takes as uint8 may be any float in 0..255.
        """
        values: dict[str, Any] = {"": None, **self._stored, **feeds}
        for operator, inputs, outputs, attributes in self._nodes:
            results = operator([values[name] for name in inputs], attributes)
            several = results if isinstance(results, tuple) else (results,)
            values.update(zip(outputs, several, strict=False))
        return {name: values[name] for name in self._outputs}


def rounded(x: Tensor) -> Tensor:
    """To the nearest integer, half to even; its gradient is that of `x`."""
    return x + (torch.round(x) - x).detach()


# ------------------------------------------------------------------------------ quantisation

_INTEGERS: Final = {torch.uint8: (0, 255), torch.int8: (-128, 127), torch.int32: (-(2**31), 2**31)}


def _along(values: Tensor, ndim: int, axis: int) -> Tensor:
    """One value for all, or one for each place of an axis, to be broadcast."""
    if values.ndim == 0 or values.numel() == 1:
        return values.reshape(())
    return values.reshape([-1 if place == axis % ndim else 1 for place in range(ndim)])


def _quantize(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, scale, zero = inputs
    axis = attributes.get("axis", 1)
    low, high = _INTEGERS[zero.dtype]
    steps = x / _along(scale, x.ndim, axis) + _along(zero, x.ndim, axis).float()
    return rounded(steps.clamp(low, high))


def _dequantize(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, scale, *rest = inputs
    axis = attributes.get("axis", 1)
    zero = _along(rest[0], x.ndim, axis).float() if rest and rest[0] is not None else 0.0
    return (x.float() - zero) * _along(scale, x.ndim, axis)


def _dynamic_quantize(inputs: Inputs, attributes: Attributes) -> tuple[Tensor, Tensor, Tensor]:
    (x,) = inputs
    with torch.no_grad():
        low, high = x.min().clamp(max=0), x.max().clamp(min=0)
        scale = (high - low) / 255
        zero = torch.round((-low / scale).clamp(0, 255))
    return rounded((x / scale + zero).clamp(0, 255)), scale, zero


def _matmul_integer(inputs: Inputs, attributes: Attributes) -> Tensor:
    a, b, *zeros = inputs
    zero_a, zero_b = (*zeros, None, None)[:2]
    # In double precision: sums of products of bytes are exact.
    left = a.double() - (0.0 if zero_a is None else zero_a.double())
    right = b.double() - (0.0 if zero_b is None else zero_b.double())
    return (left @ right).float()


# ------------------------------------------------------------------------------------ layers


def _padded(x: Tensor, pads: Sequence[int], value: float = 0.0) -> Tensor:
    """ONNX lists the beginnings of all axes, then the ends; torch pairs, the last axis first."""
    half = len(pads) // 2
    pairs = [edge for axis in reversed(range(half)) for edge in (pads[axis], pads[half + axis])]
    return F.pad(x, pairs, value=value) if any(pairs) else x


def _conv(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, weight, *bias = inputs
    convolve = F.conv1d if weight.ndim == 3 else F.conv2d
    return convolve(
        _padded(x, attributes.get("pads", ())),
        weight,
        bias[0] if bias else None,
        stride=attributes.get("strides", 1),
        dilation=attributes.get("dilations", 1),
        groups=attributes.get("group", 1),
    )


def _max_pool(inputs: Inputs, attributes: Attributes) -> Tensor:
    x = _padded(inputs[0], attributes.get("pads", ()), float("-inf"))
    return F.max_pool2d(x, attributes["kernel_shape"], attributes.get("strides", 1))


def _average_pool(inputs: Inputs, attributes: Attributes) -> Tensor:
    if any(attributes.get("pads", ())):
        raise NotImplementedError("an average over padding")
    return F.avg_pool2d(inputs[0], attributes["kernel_shape"], attributes.get("strides", 1))


def _gemm(inputs: Inputs, attributes: Attributes) -> Tensor:
    a, b, *c = inputs
    a = a.T if attributes.get("transA", 0) else a
    b = b.T if attributes.get("transB", 0) else b
    product = attributes.get("alpha", 1.0) * (a @ b)
    return product + attributes.get("beta", 1.0) * c[0] if c else product


def _batch_norm(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, weight, bias, mean, variance = inputs
    return F.batch_norm(x, mean, variance, weight, bias, eps=attributes.get("epsilon", 1e-5))


def _layer_norm(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, weight, *bias = inputs
    if attributes.get("axis", -1) not in (-1, x.ndim - 1):
        raise NotImplementedError("a normalisation over several axes")
    eps = attributes.get("epsilon", 1e-5)
    return F.layer_norm(x, weight.shape, weight, bias[0] if bias else None, eps)


def _gelu(inputs: Inputs, attributes: Attributes) -> Tensor:
    return F.gelu(inputs[0], approximate=attributes.get("approximate", b"none").decode())


def _reduce(reduction: Callable[..., Tensor]) -> Operator:
    def operator(inputs: Inputs, attributes: Attributes) -> Tensor:
        x, *axes = inputs
        over = axes[0].tolist() if axes else list(range(x.ndim))
        return reduction(x, dim=over, keepdim=bool(attributes.get("keepdims", 1)))

    return operator


# ------------------------------------------------------------------------------------ shapes


def _reshape(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, shape = inputs
    sizes = [x.shape[place] if size == 0 else size for place, size in enumerate(shape.tolist())]
    return x.reshape(sizes)


def _slice(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, starts, ends, *rest = inputs
    axes = rest[0].tolist() if rest else range(len(starts))
    steps = rest[1].tolist() if len(rest) > 1 else [1] * len(starts)
    parts = [slice(None)] * x.ndim
    for axis, start, end, step in zip(axes, starts.tolist(), ends.tolist(), steps, strict=True):
        size = x.shape[axis]  # exporters write the ends of int64 for "all"
        parts[axis] = slice(max(start, -size), min(end, size), step)
    return x[tuple(parts)]


def _gather(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, places = inputs
    axis = attributes.get("axis", 0) % x.ndim
    picked = x.index_select(axis, places.reshape(-1).long() % x.shape[axis])
    return picked.reshape(*x.shape[:axis], *places.shape, *x.shape[axis + 1 :])


def _squeeze(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, *axes = inputs
    return x.squeeze(tuple(axes[0].tolist())) if axes else x.squeeze()


def _unsqueeze(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, axes = inputs
    for axis in sorted(place % (x.ndim + axes.numel()) for place in axes.reshape(-1).tolist()):
        x = x.unsqueeze(axis)
    return x


def _cast(inputs: Inputs, attributes: Attributes) -> Tensor:
    (x,) = inputs
    if attributes["to"] == TensorProto.FLOAT:
        return x.float()
    if attributes["to"] == TensorProto.INT64:
        return x.long()
    raise NotImplementedError("a cast to something else than float or int64")


def _pad(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, pads, *value = inputs
    if attributes.get("mode", b"constant") != b"constant":
        raise NotImplementedError("padding with something else than a constant")
    filled = float(value[0]) if value and value[0] is not None else 0.0
    return _padded(x, pads.tolist(), filled)


def _clip(inputs: Inputs, attributes: Attributes) -> Tensor:
    x, low, high = (*inputs, None, None)[:3]
    return torch.clamp(x, low, high)


def _divide(inputs: Inputs, attributes: Attributes) -> Tensor:
    a, b = inputs
    is_whole = not a.is_floating_point() and not b.is_floating_point()
    return torch.div(a, b, rounding_mode="trunc" if is_whole else None)


def _of_all(function: Callable[..., Any]) -> Operator:
    return lambda inputs, attributes: function(*inputs)


OPERATORS: Final[Mapping[str, Operator]] = {
    "Add": _of_all(torch.add),
    "AveragePool": _average_pool,
    "BatchNormalization": _batch_norm,
    "Cast": _cast,
    "Clip": _clip,
    "Concat": lambda inputs, attributes: torch.cat(inputs, dim=attributes["axis"]),
    "Conv": _conv,
    "DequantizeLinear": _dequantize,
    "Div": _divide,
    "DynamicQuantizeLinear": _dynamic_quantize,
    "Gather": _gather,
    "Gelu": _gelu,
    "Gemm": _gemm,
    "LayerNormalization": _layer_norm,
    "Log": _of_all(torch.log),
    "MatMul": _of_all(torch.matmul),
    "MatMulInteger": _matmul_integer,
    "MaxPool": _max_pool,
    "Mul": _of_all(torch.mul),
    "Pad": _pad,
    "Pow": _of_all(torch.pow),
    "QuantizeLinear": _quantize,
    "ReduceMean": _reduce(torch.mean),
    "ReduceSum": _reduce(torch.sum),
    "Relu": _of_all(torch.relu),
    "Reshape": _reshape,
    "Shape": lambda inputs, attributes: torch.tensor(
        inputs[0].shape[attributes.get("start", 0) : attributes.get("end", None)]
    ),
    "Sigmoid": _of_all(torch.sigmoid),
    "Slice": _slice,
    "Softmax": lambda inputs, attributes: torch.softmax(inputs[0], attributes.get("axis", -1)),
    "Sqrt": _of_all(torch.sqrt),
    "Squeeze": _squeeze,
    "Sub": _of_all(torch.sub),
    "Tanh": _of_all(torch.tanh),
    "Transpose": lambda inputs, attributes: inputs[0].permute(*attributes["perm"]),
    "Unsqueeze": _unsqueeze,
}
"""By name, as ONNX defines them."""
