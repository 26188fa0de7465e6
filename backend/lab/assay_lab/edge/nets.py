"""The released gate and visual networks as a phone runs them: pixels in, logits out."""

import io
from collections.abc import Callable, Mapping
from typing import Final

import onnx
import torch
from torch import Tensor, nn

from assay.branches.gate import BRANCH as GATE
from assay.media.faces.crops import ALIGNED
from assay.models.manifest import ModelFolder
from assay_lab.core.released import served_weights
from assay_lab.robustness.onnx_graph import OnnxGraph
from assay_lab.visual.effnet.net import EfficientNetAutoAtt
from assay_lab.visual.effnet.served import ServedEfficientNet
from assay_lab.visual.resnet18.net import FaceResNet
from assay_lab.visual.resnet18.served import ServedVisual

(GATE_NETWORK,) = GATE.models
SIDE: Final = ALIGNED
"""Pixels of every edge network's square input. The gate gets them as the camera gave them."""


class EdgeGate(nn.Module):
    """picture (1, 224, 224, 3) float in 0..255, never resampled -> patch logits (1, 27, 27).

    They are pooled by whoever asks: LiteRT on phones does not sort.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._graph = OnnxGraph(content)

    def forward(self, picture: Tensor) -> Tensor:
        return self._graph(picture=picture)["patches"]


class EdgeVisual(nn.Module):
    """faces (1, 224, 224, 3) float in 0..255, cut as the service cuts them -> logit (1,)."""

    def __init__(self, served: nn.Module) -> None:
        super().__init__()
        self._served = served

    def forward(self, faces: Tensor) -> Tensor:
        logit: Tensor = self._served(faces)[0]
        return logit


class WholeFaces(nn.Module):
    """The ResNet at the size that faces are cut at: without the product that would shrink them.

    LiteRT's runtime does not multiply two matrices of which one is int8.
    """

    def __init__(self, net: FaceResNet) -> None:
        super().__init__()
        self._net = net

    def forward(self, faces: Tensor) -> tuple[Tensor, ...]:
        return self._net(faces.permute(0, 3, 1, 2))


def _gate(models: ModelFolder) -> nn.Module:
    return EdgeGate(_content(models, GATE_NETWORK))


def _resnet18(models: ModelFolder) -> nn.Module:
    content, net = _content(models, "visual_resnet18"), FaceResNet()
    served_weights(content, net)
    side = _side_of(content)
    return EdgeVisual(WholeFaces(net) if side == SIDE else ServedVisual(net, side))


def _effnet(models: ModelFolder) -> nn.Module:
    net = EfficientNetAutoAtt("lite0")
    served_weights(_content(models, "visual_effnet"), net)
    return EdgeVisual(ServedEfficientNet(net))


EDGE_NETWORKS: Final[Mapping[str, Callable[[ModelFolder], nn.Module]]] = {
    GATE_NETWORK: _gate,
    "visual_resnet18": _resnet18,
    "visual_effnet": _effnet,
}
"""By name in models/."""


def _side_of(content: bytes) -> int:
    """To which the ResNet's file shrinks faces: rows of the matrix that does it."""
    stored = onnx.load_from_string(content).graph.initializer
    return int(next(each.dims[0] for each in stored if each.name == "shrink_quantized"))


def _content(models: ModelFolder, name: str) -> bytes:
    return models.read(name, models.entry(name).serve)


def program_of(net: nn.Module) -> bytes:
    """A network as `torch.export` writes it, for one picture at a time."""
    example = torch.zeros(1, SIDE, SIDE, 3)
    content = io.BytesIO()
    torch.export.save(torch.export.export(net.eval(), (example,)), content)
    return content.getvalue()
