"""An ImageNet network, and what it says of the texture and the shapes of a face.

The mean and the spread of early and middle feature maps tell paint, ink and stone from skin and a
camera's grain, as they carry style elsewhere (Huang and Belongie 2017); the last features know
what is shown. The weights stay those of ImageNet; one logistic regression is learned.
"""

from typing import Final

import torch
from torch import Tensor, nn

from assay_lab.visual.effnet.net import EfficientNetAutoAtt

TAPS: Final = (2, 4, 10)
"""Blocks whose maps are measured, the last of their stages: 56, 28 and 14 pixels of 224."""


class TextureStatistics(nn.Module):
    """Faces (n, 3, 224, 224), normalised as ImageNet's -> statistics (n, 1632)."""

    def __init__(self, pretrained: EfficientNetAutoAtt) -> None:
        super().__init__()
        trunk = pretrained.efficientnet
        self._stem = nn.Sequential(trunk._conv_stem, trunk._bn0, nn.ReLU6())
        self._blocks = trunk._blocks
        self._last = nn.Sequential(trunk._conv_head, trunk._bn1, nn.ReLU6())

    def forward(self, faces: Tensor) -> Tensor:
        """Means and standard deviations of the maps at `TAPS`, then means of the last features."""
        x = self._stem(faces)
        statistics = []
        for number, block in enumerate(self._blocks):
            x = block(x)
            if number in TAPS:
                centred = x - x.mean((2, 3), keepdim=True)
                spread = (centred.square().mean((2, 3)) + 1e-6).sqrt()
                statistics += [x.mean((2, 3)), spread]
        return torch.cat([*statistics, self._last(x).mean((2, 3))], 1)


class PhotographNet(nn.Module):
    """Normalised faces as above -> logit (n,) of being a photograph of a person."""

    def __init__(self, statistics: TextureStatistics, weights: Tensor, bias: float) -> None:
        super().__init__()
        self.statistics = statistics
        self.head = nn.Linear(len(weights), 1)
        with torch.no_grad():
            self.head.weight.copy_(weights[None])
            self.head.bias.fill_(bias)

    def forward(self, faces: Tensor) -> Tensor:
        """Logits (n,)."""
        return self.head(self.statistics(faces))[:, 0]
