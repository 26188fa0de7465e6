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

from assay.branches.audio.cqcc import DELTA_REACH

EMBEDDING = 64
BANDS = 96
"""Rows of the unfolded frequency axis."""


class SpeechReading(NamedTuple):
    """logit: (n,), P(fake) before calibration. embedding: (n, 64)."""

    logit: Tensor
    embedding: Tensor


class _Block(nn.Module):
    """A residual convolution over time with squeeze and excitation."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(width)
        self.squeeze = nn.Linear(width, width // 4)
        self.excite = nn.Linear(width // 4, width)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm(self.conv(x)))
        gate = torch.sigmoid(self.excite(F.relu(self.squeeze(y.mean(dim=2)))))
        return x + y * gate[:, :, None]


class CqccCnn(nn.Module):
    """(n, 3, coefficients, frames) CQCC -> SpeechReading.

    The cepstrum is first unfolded to a frequency axis by a learned matrix that starts as the
    inverse DCT: neighbouring rows then mean neighbouring frequencies, which convolutions need.
    Small patches of frequency and time are read, then their course over time. What is pooled are
    statistics of these and of the cepstra themselves.

    Args:
        coefficients: Of the front-end.
        bands: Rows of the unfolded axis, divisible by 3.
        patches: Channels of the patch layer.
        width: Channels of the time layers.
    """

    def __init__(
        self,
        coefficients: int = 96,
        bands: int = BANDS,
        patches: int = 16,
        width: int = 128,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.bands = bands
        inverse = idct(np.eye(coefficients, bands), axis=1, norm="ortho")
        self.unfold = nn.Parameter(torch.tensor(inverse.T * np.sqrt(bands), dtype=torch.float32))
        self.norm = nn.BatchNorm1d(3 * bands, affine=False)
        self.read = nn.Sequential(
            nn.Conv2d(3, patches, (7, 5), (3, 2), (2, 2), bias=False),
            nn.BatchNorm2d(patches),
            nn.ReLU(),
        )
        self.join = nn.Sequential(
            nn.Conv1d(patches * (bands // 3), width, 1, bias=False),
            nn.BatchNorm1d(width),
            nn.ReLU(),
        )
        self.follow = nn.Sequential(_Block(width, 1), _Block(width, 2), _Block(width, 4))
        self.attend = nn.Sequential(nn.Conv1d(width, 32, 1), nn.Tanh(), nn.Conv1d(32, width, 1))
        self.pooled = nn.BatchNorm1d(2 * width + 6 * bands)
        self.embed = nn.Linear(2 * width + 6 * bands, EMBEDDING)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(EMBEDDING, 1)

    def forward(self, cqcc: Tensor, mask: Tensor | None = None) -> SpeechReading:
        """mask: optional (n, bands, frames) of 0 and 1; bands and moments that are hidden."""
        n, _, _, frames = cqcc.shape
        x = self.norm((self.unfold @ cqcc).reshape(n, 3 * self.bands, frames))
        if mask is not None:
            x = x * mask.repeat(1, 3, 1)
        plain = torch.cat([x.mean(dim=2), torch.log(x.var(dim=2, correction=0) + 1e-3)], dim=1)
        x = self.read(x.view(n, 3, self.bands, frames)).flatten(1, 2)
        x = self.follow(self.join(x))
        weight = torch.softmax(self.attend(x), dim=2)
        mean = (weight * x).sum(dim=2)
        spread = torch.log((weight * (x - mean[:, :, None]) ** 2).sum(dim=2) + 1e-3)
        embedding = self.embed(self.dropout(self.pooled(torch.cat([mean, spread, plain], dim=1))))
        return SpeechReading(self.classify(F.relu(embedding)).squeeze(1), embedding)


def with_deltas(static: Tensor) -> Tensor:
    """(n, coefficients, frames) -> (n, 3, coefficients, frames), as serving does."""
    first = _deltas(static)
    return torch.stack([static, first, _deltas(first)], dim=1)


def _deltas(static: Tensor) -> Tensor:
    frames = static.shape[2]
    padded = F.pad(static, (DELTA_REACH, DELTA_REACH), mode="replicate")
    slope = torch.zeros_like(static)
    for n in range(1, DELTA_REACH + 1):
        after, before = DELTA_REACH + n, DELTA_REACH - n
        slope += n * (padded[:, :, after : after + frames] - padded[:, :, before : before + frames])
    return slope / (2 * sum(n * n for n in range(1, DELTA_REACH + 1)))
