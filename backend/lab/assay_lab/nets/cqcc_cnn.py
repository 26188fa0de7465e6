"""The audio branch's network: a residual CNN on CQCC with attentive statistics pooling.

Okabe et al., "Attentive Statistics Pooling for Deep Speaker Embedding", Interspeech 2018; squeeze
and excitation after Hu et al. 2018. Fully convolutional in time: a window may have any length.
"""

from typing import NamedTuple

import numpy as np
import torch
from scipy.fft import idct
from torch import Tensor, nn
from torch.nn import functional as F

from assay.branches.cqcc import DELTA_REACH

EMBEDDING = 64


class SpeechReading(NamedTuple):
    """logit: (n,), P(fake) before calibration. embedding: (n, 64)."""

    logit: Tensor
    embedding: Tensor


class _Block(nn.Module):
    """Two 3 x 3 convolutions with squeeze and excitation; stride is (frequency, time)."""

    def __init__(self, inputs: int, outputs: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.squeeze = nn.Linear(outputs, outputs // 4)
        self.excite = nn.Linear(outputs // 4, outputs)
        self.shortcut: nn.Module = nn.Identity()
        if stride != (1, 1) or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride, ceil_mode=True),
                nn.Conv2d(inputs, outputs, 1, bias=False),
                nn.BatchNorm2d(outputs),
            )
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        gate = torch.sigmoid(self.excite(F.relu(self.squeeze(y.mean(dim=(2, 3))))))
        return F.relu(y * gate[:, :, None, None] + self.shortcut(x))


class CqccCnn(nn.Module):
    """(n, 3, coefficients, frames) CQCC -> SpeechReading.

    The cepstrum is first unfolded to a frequency axis by a learned matrix that starts as the
    inverse DCT: neighbouring rows then mean neighbouring frequencies, which convolutions need.

    Args:
        coefficients: Of the front-end.
        bands: Rows of the unfolded axis.
        widths: Channels of the four stages.
    """

    def __init__(
        self,
        coefficients: int = 96,
        bands: int = 96,
        widths: tuple[int, int, int, int] = (16, 32, 64, 96),
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.bands = bands
        inverse = idct(np.eye(coefficients, bands), axis=1, norm="ortho")[:coefficients]
        inverse = inverse.T * np.sqrt(bands)
        self.unfold = nn.Parameter(torch.tensor(inverse, dtype=torch.float32))
        self.norm = nn.BatchNorm2d(3 * bands, affine=False)
        self.stem = nn.Sequential(
            nn.Conv2d(3, widths[0], 5, 2, 2, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU()
        )
        self.stages = nn.Sequential(
            _Block(widths[0], widths[0], (1, 1)),
            _Block(widths[0], widths[1], (2, 2)),
            _Block(widths[1], widths[2], (2, 2)),
            _Block(widths[2], widths[3], (2, 1)),
        )
        rows = -(-bands // 16)
        self.gather = nn.Sequential(
            nn.Conv1d(widths[3] * rows, 128, 1, bias=False), nn.BatchNorm1d(128), nn.ReLU()
        )
        self.attend = nn.Sequential(nn.Conv1d(128, 32, 1), nn.Tanh(), nn.Conv1d(32, 128, 1))
        self.embed = nn.Sequential(nn.Linear(256, EMBEDDING, bias=False), nn.BatchNorm1d(EMBEDDING))
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(EMBEDDING, 1)

    def forward(self, cqcc: Tensor, mask: Tensor | None = None) -> SpeechReading:
        """mask: optional (n, bands, frames) of 0 and 1; bands and moments that are hidden."""
        x = self.unfold @ cqcc
        n, _, bands, frames = x.shape
        x = self.norm(x.reshape(n, 3 * bands, frames, 1)).reshape(n, 3, bands, frames)
        if mask is not None:
            x = x * mask[:, None]
        x = self.stages(self.stem(x))
        x = self.gather(x.flatten(1, 2))
        weight = torch.softmax(self.attend(x), dim=2)
        mean = (weight * x).sum(dim=2)
        spread = (weight * x * x).sum(dim=2) - mean * mean
        pooled = torch.cat([mean, torch.sqrt(spread.clamp(min=1e-4))], dim=1)
        embedding = self.embed(pooled)
        logit = self.classify(self.dropout(F.relu(embedding))).squeeze(1)
        return SpeechReading(logit, embedding)


def with_deltas(static: Tensor) -> Tensor:
    """(n, coefficients, frames) -> (n, 3, coefficients, frames), as `assay.branches.cqcc` does."""
    first = _deltas(static)
    return torch.stack([static, first, _deltas(first)], dim=1)


def _deltas(static: Tensor) -> Tensor:
    steps = torch.arange(-DELTA_REACH, DELTA_REACH + 1, dtype=static.dtype)
    kernel = (steps / (steps * steps).sum()).view(1, 1, -1)
    flat = static.reshape(-1, 1, static.shape[-1])
    padded = F.pad(flat, (DELTA_REACH, DELTA_REACH), mode="replicate")
    return F.conv1d(padded, kernel).view_as(static)
