"""BlazeFace: 128 px in, 896 anchors out, each with a box, six key points and a score.

The layout of Bazarevsky et al. 2019 (arXiv 1907.05047): blocks of a depthwise and a pointwise
convolution with a residual, feature maps of 16 x 16 and 8 x 8 cells with 2 and 6 anchors each.
Our own are the widths, and that the anchors of a cell have different nominal sizes, in whose units
they answer: each then sees faces of about one size only.
"""

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 128
POINTS = 8
"""Two corners of the box and six key points."""
GRIDS = ((16, (0.11, 0.17)), (8, (0.25, 0.33, 0.44, 0.58, 0.76, 1.0)))
"""Cells a side, and the nominal sizes of each cell's anchors in 0..1 of the picture."""


def anchor_centres() -> Tensor:
    """Centres of the 896 anchors, (896, 2) x y in 0..1: row by row, first the finer grid."""
    grids = []
    for cells, sizes in GRIDS:
        middle = (torch.arange(cells) + 0.5) / cells
        y, x = torch.meshgrid(middle, middle, indexing="ij")
        grids.append(torch.stack([x, y], -1).flatten(0, 1).repeat_interleave(len(sizes), 0))
    return torch.cat(grids)


def anchor_sizes() -> Tensor:
    """Nominal sizes of the 896 anchors, (896,) in 0..1."""
    return torch.cat([torch.tensor(sizes).repeat(cells * cells) for cells, sizes in GRIDS])


class Block(nn.Module):
    """Depthwise 3x3, pointwise, and a residual that max pools and zero-pads where it must."""

    def __init__(self, width_in: int, width_out: int, stride: int = 1) -> None:
        super().__init__()
        self.stride, self.grow = stride, width_out - width_in
        self.depthwise = nn.Conv2d(
            width_in, width_in, 3, stride, padding=1, groups=width_in, bias=False
        )
        self.pointwise = nn.Conv2d(width_in, width_out, 1, bias=False)
        self.norm = nn.BatchNorm2d(width_out)

    def forward(self, x: Tensor) -> Tensor:
        """(n, width_in, h, w) to (n, width_out, h / stride, w / stride)."""
        h = self.norm(self.pointwise(self.depthwise(x)))
        if self.stride == 2:
            x = F.max_pool2d(x, 2)
        if self.grow:
            x = F.pad(x, (0, 0, 0, 0, 0, self.grow))
        return F.relu(h + x)


def _chain(*widths: int, stride: int = 1) -> nn.Sequential:
    """Blocks from one width to the next, the first of them strided."""
    return nn.Sequential(
        *(Block(a, b, stride if n == 0 else 1) for n, (a, b) in enumerate(pairwise(widths)))
    )


class BlazeFace(nn.Module):
    """The detector as it is trained: gives raw numbers a head each, see `decode`."""

    centres: Tensor
    sizes: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 24, 5, 2, padding=2, bias=False), nn.BatchNorm2d(24), nn.ReLU()
        )
        # One block only at 64 x 64, where activations are dear and features cheap.
        self.early = nn.Sequential(
            _chain(24, 32, 32, 40, 48, stride=2), _chain(48, 64, 72, 80, 88, 96, 96, stride=2)
        )
        self.late = _chain(96, 128, 128, 128, 128, stride=2)
        maps = [(96, len(GRIDS[0][1])), (128, len(GRIDS[1][1]))]
        self.scores = nn.ModuleList(nn.Conv2d(width, anchors, 1) for width, anchors in maps)
        self.points = nn.ModuleList(
            nn.Conv2d(width, 2 * POINTS * anchors, 1) for width, anchors in maps
        )
        for head in self.scores:
            # Nearly all anchors see no face: start there, or the first steps only unlearn.
            nn.init.constant_(cast(Tensor, head.bias), -4.0)
        self.register_buffer("centres", anchor_centres(), persistent=False)
        self.register_buffer("sizes", anchor_sizes(), persistent=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Detect.

        Args:
            x: (n, 3, 128, 128) in 0..255.

        Returns:
            Points (n, 896, 8, 2) in 0..1 of the picture: corners x0 y0, x1 y1, then key points;
            logits (n, 896) of being a face.
        """
        fine = self.early(self.stem(x / 127.5 - 1))
        maps = (fine, self.late(fine))
        logits = [_per_anchor(head(h), 1) for head, h in zip(self.scores, maps, strict=True)]
        raw = [_per_anchor(head(h), 2 * POINTS) for head, h in zip(self.points, maps, strict=True)]
        return self._decode(torch.cat(raw, 1)), torch.cat(logits, 1)[..., 0]

    def _decode(self, raw: Tensor) -> Tensor:
        """Centre, size and key points in units of the anchor (n, 896, 16), to points in 0..1."""
        offsets = raw.unflatten(2, (POINTS, 2)) * self.sizes[:, None, None]
        centre = offsets[:, :, :1]
        half = 0.5 * (self.sizes[:, None, None] + offsets[:, :, 1:2])
        points = torch.cat([centre - half, centre + half, offsets[:, :, 2:]], 2)
        return points + self.centres[:, None]


class Served(nn.Module):
    """The detector as it is served: takes pixels as they are, answers with probabilities.

    Args:
        shift: Added to the logits, so that a score of 0.5 is the operating point.
    """

    def __init__(self, net: BlazeFace, shift: float = 0.0) -> None:
        super().__init__()
        self.net, self.shift = net, shift

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 128, 128, 3) uint8 RGB to points (n, 896, 8, 2) and scores (n, 896), both 0..1."""
        points, logits = self.net(pictures.permute(0, 3, 1, 2).float())
        return points, (logits + self.shift).sigmoid()


def _per_anchor(x: Tensor, width: int) -> Tensor:
    """(n, anchors * width, h, w) to (n, h * w * anchors, width)."""
    return x.permute(0, 2, 3, 1).flatten(1).unflatten(1, (-1, width))
