"""What is exported: the network with pixels going in, and what it sees in them coming out.

Normalisation lives in the graph, so serving hands over uint8 pictures as they were cut.
"""

import numpy as np
import torch
from torch import Tensor, nn

from assay.media.faces.crops import ALIGNED
from assay_lab.visual.resnet18.net import FaceResNet


class ServedVisual(nn.Module):
    """faces (n, 224, 224, 3) uint8 -> logit (n,), embedding (n, 512), localisation (n, k, k).

    Args:
        net: Trained on whole faces of `side` pixels; a painted cell is 16 of them wide.
        side: To which the graph shrinks the faces, by area, as INTER_AREA does.
    """

    shrink: Tensor

    def __init__(self, net: FaceResNet, side: int) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("shrink", area_weights(ALIGNED, side))

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        pictures = self.shrink @ faces.permute(0, 3, 1, 2).float() @ self.shrink.T
        reading = self.net(pictures)
        return reading.logit, reading.embedding, torch.sigmoid(reading.mask)


def area_weights(source: int, target: int) -> Tensor:
    """(target, source) matrix that averages pixels by the area that falls into each new one."""
    edges = np.linspace(0, source, target + 1)
    low, high = edges[:-1, None], edges[1:, None]
    pixel = np.arange(source)
    shared = np.clip(np.minimum(high, pixel + 1) - np.maximum(low, pixel), 0, None)
    return torch.from_numpy((shared * target / source).astype(np.float32))
