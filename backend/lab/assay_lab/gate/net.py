"""LaDeDa and Tiny-LaDeDa: judges of small patches that never see the whole picture.

Cavia et al., "Real-Time Deepfake Detection in the Real-World", 2024: a ResNet-50-like net whose
receptive field is 9 pixels, on the NPR residual, and a student of 1,297 parameters on a diagonal
gradient. Re-implemented from the paper's description; own training.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PATCH_STRIDE = 8
"""Pixels between neighbouring patches, teacher and student alike."""
STUDENT_FIELD = 12
"""Pixels on a side of the window that labels a patch: the 11 that its logit depends on, and one."""


def residual(x: Tensor) -> Tensor:
    """NPR: a picture minus itself shrunk by two and grown back, nearest neighbour.

    Tan et al., "Rethinking the Up-Sampling Operations in CNN-based Generative Network for
    Generalizable Deepfake Detection", CVPR 2024. (n, 3, h, w) with even h and w, same shape out.
    """
    return x - x[..., ::2, ::2].repeat_interleave(2, -1).repeat_interleave(2, -2)


def pool(patches: Tensor, top: float) -> Tensor:
    """Patch logits (n, rows, columns) to one a picture (n,): the mean of the highest share."""
    flat = patches.flatten(1)
    return flat.topk(max(1, round(top * flat.shape[1])), dim=1).values.mean(dim=1)


class _Bottleneck(nn.Module):
    def __init__(self, inputs: int, width: int, kernel: int, stride: int) -> None:
        super().__init__()
        outputs = 4 * width
        self.cut = (kernel - 1) // 2
        self.body = nn.Sequential(
            nn.Conv2d(inputs, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, kernel, stride, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.body(x)
        if self.cut:
            x = x[..., self.cut : x.shape[-2] - self.cut, self.cut : x.shape[-1] - self.cut]
        shortcut = self.shortcut(x)
        return torch.relu(y + shortcut[..., : y.shape[-2], : y.shape[-1]])


class Teacher(nn.Module):
    """(n, 3, h, w) RGB in 0..255, even sides -> (n, rows, columns) logits.

    width: 64 is the paper's 13.6 M parameters; less trains on two cores.
    """

    def __init__(self, width: int = 64, blocks: tuple[int, ...] = (3, 4, 6, 3)) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 1, bias=False),
            nn.Conv2d(width, width, 3, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )
        layers: list[nn.Module] = []
        inputs = width
        for index, (count, stride, kernel) in enumerate(
            zip(blocks, (2, 2, 2, 1), (3, 3, 1, 1), strict=True)
        ):
            for block in range(count):
                first = block == 0
                layers.append(
                    _Bottleneck(
                        inputs, width << index, kernel if first else 1, stride if first else 1
                    )
                )
                inputs = 4 * (width << index)
        self.layers = nn.Sequential(*layers)
        self.classify = nn.Conv2d(inputs, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = residual(x / 255) * (2 / 3)
        return self.classify(self.layers(self.stem(x))).squeeze(1)


class Student(nn.Module):
    """Tiny-LaDeDa: (n, 3, h, w) RGB in 0..255 -> (n, rows, columns) logits; 1,297 parameters."""

    diagonal: Tensor

    def __init__(self) -> None:
        super().__init__()
        diagonal = torch.tensor([[-2.0, -1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 1.0, 2.0]])
        self.register_buffer("diagonal", diagonal.expand(3, 1, 3, 3).contiguous())
        self.layers = nn.Sequential(
            nn.Conv2d(3, 8, 1, bias=False),
            nn.Conv2d(8, 8, 3, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 8, 1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 8, 3, 2, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
        )
        self.classify = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        gradient = F.conv2d(x / 255, self.diagonal, groups=3)
        features = self.layers(gradient)
        # Three by three features are one patch; four features are PATCH_STRIDE pixels.
        cells = F.avg_pool2d(features, 3, stride=4).permute(0, 2, 3, 1)
        return self.classify(cells).squeeze(3)
