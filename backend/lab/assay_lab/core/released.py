"""A released int8 model as a start for training: weights for whoever has no checkpoint of it.

A release has its normalisation folded into the kernels (Jacob et al., CVPR 2018, 3.2). To train
on, each layer needs one again that changes nothing: its statistics are measured on pictures, and
scale and shift undo them. Kernels get the size of fresh ones, for which the rates are set.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import onnx
import torch
from onnx.numpy_helper import to_array
from torch import Tensor, nn

INT8_FILE = "model.int8.onnx"
_QUANTISED = "_quantized"
_SERVED = "net."
"""Where the trained network stands within the served one."""


@torch.inference_mode()
def restore(content: bytes, net: nn.Module, batches: Iterable[Tensor]) -> None:
    """Put the weights of a released network into a fresh one of the same kind.

    Args:
        content: The int8 ONNX file.
        net: Convolutions without bias are followed by a normalisation.
        batches: Pictures as `net` takes them in training, a hundred or two in all.

    Raises:
        KeyError: The file holds another network.
    """
    served_weights(content, net)
    folded = list(_folded(net))
    for (_, conv, norm), moments in zip(folded, _moments(net, folded, batches), strict=True):
        _unfold(conv, norm, moments)


@torch.inference_mode()
def served_weights(content: bytes, net: nn.Module) -> None:
    """Have a fresh network answer as the released one does, but for the rounding of activations.

    It is not to be trained: its normalisations pass everything on, see `restore`.

    Args:
        content: The int8 ONNX file.
        net: Convolutions without bias are followed by a normalisation.

    Raises:
        KeyError: The file holds another network.
    """
    weights = dequantised(content)
    for name, conv, norm in _folded(net):
        conv.weight.copy_(weights.pop(f"{name}.weight"))
        _pass_on(norm, weights.pop(f"{name}.weight_bias"))
    own = dict(net.named_parameters())
    for name, weight in weights.items():
        own[name].copy_(weight)


def dequantised(content: bytes) -> dict[str, Tensor]:
    """The weights of the network that an int8 file serves, by its own names, float32."""
    graph = onnx.load_from_string(content).graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    weights = {}
    for node in graph.node:
        if node.op_type != "DequantizeLinear" or not node.input[0].startswith(_SERVED):
            continue
        values, scale = (torch.from_numpy(to_array(stored[put]).copy()) for put in node.input[:2])
        # Weights are symmetric: their zero is 0. One scale for all, or one a row.
        shape = (-1,) + (1,) * (values.ndim - 1)
        name = node.input[0].removeprefix(_SERVED).removesuffix(_QUANTISED)
        weights[name] = values.float() * scale.view(shape)
    return weights


def _folded(net: nn.Module) -> Iterator[tuple[str, nn.Conv2d, nn.BatchNorm2d]]:
    """Convolutions by name, with the normalisation that comes next among the modules."""
    convs: list[tuple[str, nn.Conv2d]] = []
    for name, module in net.named_modules():
        if isinstance(module, nn.Conv2d) and module.bias is None:
            convs.append((name, module))
        elif isinstance(module, nn.BatchNorm2d):
            yield (*convs.pop(), module)


def _pass_on(norm: nn.BatchNorm2d, shift: Tensor) -> None:
    """Make a normalisation add the shift and do nothing else."""
    statistics: Any = norm
    statistics.running_mean.zero_()
    statistics.running_var.fill_(1 - norm.eps)
    norm.weight.fill_(1)
    norm.bias.copy_(shift)


class _Moments:
    """Sums of what reaches a layer, by channel."""

    def __init__(self) -> None:
        self.count, self.sum, self.squares = 0, torch.zeros(()), torch.zeros(())

    def __call__(self, module: nn.Module, inputs: tuple[Tensor]) -> None:
        (x,) = inputs
        self.count += x.numel() // x.shape[1]
        self.sum = self.sum + x.sum(dim=(0, 2, 3), dtype=torch.float64)
        self.squares = self.squares + x.square().sum(dim=(0, 2, 3), dtype=torch.float64)

    @property
    def mean(self) -> Tensor:
        return self.sum / self.count

    @property
    def variance(self) -> Tensor:
        return (self.squares / self.count - self.mean.square()).clamp(min=0)


def _moments(
    net: nn.Module,
    folded: list[tuple[str, nn.Conv2d, nn.BatchNorm2d]],
    batches: Iterable[Tensor],
) -> list[_Moments]:
    every = [_Moments() for _ in folded]
    with ExitStack() as hooks:
        for (_, _, norm), moments in zip(folded, every, strict=True):
            hooks.callback(norm.register_forward_pre_hook(moments).remove)
        for batch in batches:
            net.eval()(batch)
    return every


def _unfold(conv: nn.Conv2d, norm: nn.BatchNorm2d, seen: _Moments) -> None:
    """Have the layer normalise what it saw and undo that; a channel that is always 0 stays so."""
    fan_out = conv.out_channels * math.prod(conv.kernel_size)
    size = conv.weight.square().mean(dim=(1, 2, 3)).sqrt()
    factor = math.sqrt(2 / fan_out) / size.clamp(min=1e-8)
    statistics: Any = norm
    conv.weight.mul_(factor.view(-1, 1, 1, 1))
    statistics.running_mean.copy_(seen.mean * factor)
    statistics.running_var.copy_(seen.variance * factor.square())
    norm.bias.add_(seen.mean)
    norm.weight.copy_((statistics.running_var + norm.eps).sqrt() / factor)
