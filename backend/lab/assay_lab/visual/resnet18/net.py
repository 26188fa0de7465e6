"""ResNet-18 with one logit, and a head that paints where the face was altered.

He et al., "Deep Residual Learning for Image Recognition", CVPR 2016. Written here because
torchvision does not run beside the CPU build of torch that the lab pins.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
EMBEDDING = 512
MASK_STRIDE = 16
"""The mask head reads the third stage: one cell for 16 x 16 pixels."""


class FaceReading(NamedTuple):
    """logit: (n,). embedding: (n, 512). mask: (n, side / 16, side / 16) logits of 'altered'."""

    logit: Tensor
    embedding: Tensor
    mask: Tensor


class _Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class FaceResNet(nn.Module):
    """(n, 3, side, side) RGB in 0..255, any side divisible by 32 -> FaceReading."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", 255 * torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", 255 * torch.tensor(STD).view(1, 3, 1, 1))
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
        )
        self.stage1 = nn.Sequential(_Block(64, 64, 1), _Block(64, 64, 1))
        self.stage2 = nn.Sequential(_Block(64, 128, 2), _Block(128, 128, 1))
        self.stage3 = nn.Sequential(_Block(128, 256, 2), _Block(256, 256, 1))
        self.stage4 = nn.Sequential(_Block(256, 512, 2), _Block(512, 512, 1))
        self.classify = nn.Linear(EMBEDDING, 1)
        self.paint = nn.Conv2d(256, 1, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, _Block):
                # Blocks start as identities (Goyal et al. 2017): steadier first steps.
                nn.init.zeros_(module.norm2.weight)

        self._frozen: tuple[nn.Module, ...] = ()

    def freeze(self, stages: int) -> None:
        """Keep the stem (1), and stages 1, 2, 3 besides (2 to 4), as they are."""
        self._frozen = (self.stem, self.stage1, self.stage2, self.stage3)[:stages]
        for part in self._frozen:
            part.requires_grad_(False)

    def train(self, mode: bool = True) -> "FaceResNet":
        """Train everything but what is frozen, whose statistics stay too."""
        super().train(mode)
        for part in self._frozen:
            part.eval()
        return self

    def forward(self, x: Tensor) -> FaceReading:
        x = self.stem((x - self.mean) / self.std)
        middle = self.stage3(self.stage2(self.stage1(x)))
        embedding = self.stage4(middle).mean(dim=(2, 3))
        return FaceReading(
            logit=self.classify(embedding).squeeze(1),
            embedding=embedding,
            mask=self.paint(middle).squeeze(1),
        )
