"""What is exported: networks with the pixels' own types going in and scores coming out.

Normalisation lives in the graph, so serving hands over uint8 pictures as they were cut.
"""

import torch
from torch import Tensor, nn

from assay_lab.nets.ladeda import Student
from assay_lab.nets.resnet import FaceResNet


class ServedVisual(nn.Module):
    """faces (n, 224, 224, 3) uint8 -> logit (n,), embedding (n, 512), painting (n, 14, 14) 0..1."""

    def __init__(self, net: FaceResNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        reading = self.net(faces.permute(0, 3, 1, 2).float())
        return reading.logit, reading.embedding, torch.sigmoid(reading.mask)


class ServedGate(nn.Module):
    """picture (n, h, w, 3) uint8, even sides -> patch logits (n, rows, columns)."""

    def __init__(self, net: Student) -> None:
        super().__init__()
        self.net = net

    def forward(self, picture: Tensor) -> Tensor:
        return self.net(picture.permute(0, 3, 1, 2).float())
