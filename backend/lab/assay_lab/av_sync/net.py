"""The sync branch's network: two small towers that meet on a unit sphere.

Chung and Zisserman, "Out of time: automated lip sync in the wild", ACCV workshops 2016. The mouth
tower sees five pictures as five channels, so that its very first convolution sees motion.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assay.branches.av_sync.mel import BANDS
from assay.branches.av_sync.windows import FRAMES, PICTURES, SIDE

EMBEDDING = 128


class MouthTower(nn.Module):
    """(n, 5, 48, 48) grey in 0..255 -> (n, EMBEDDING); 3 million multiplications a window."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _convolution2(PICTURES, 32, 8, 4),
            _convolution2(32, 64, 3, 2),
            _convolution2(64, 128, 3, 2),
        )
        self.embed = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(128 * (SIDE // 16) ** 2, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Linear(256, EMBEDDING),
        )

    def forward(self, lips: Tensor) -> Tensor:
        # Contrast of the whole window, so that light and skin do not count but motion does.
        centred = lips - lips.mean(dim=(1, 2, 3), keepdim=True)
        scale = centred.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
        embedded: Tensor = self.embed(self.body(centred / (scale + 4.0)))
        return embedded


class VoiceTower(nn.Module):
    """(n, 20, 40) log-mel spectra -> (n, EMBEDDING); 0.5 million multiplications a window."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(_convolution1(BANDS, 96, 5), _convolution1(96, 96, 3))
        self.embed = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(96 * (FRAMES // 4), 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Linear(256, EMBEDDING),
        )

    def forward(self, voice: Tensor) -> Tensor:
        embedded: Tensor = self.embed(self.body(voice.transpose(1, 2)))
        return embedded


class AvSyncNet(nn.Module):
    """Windows of lips and of voice to unit vectors whose cosine says whether they fit.

    `scale` is the inverse temperature of that cosine in training.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mouth = MouthTower()
        self.voice = VoiceTower()
        self.scale = nn.Parameter(torch.tensor(10.0).log())

    def forward(self, lips: Tensor, voice: Tensor) -> tuple[Tensor, Tensor]:
        """Embed both.

        Args:
            lips: (n, PICTURES, SIDE, SIDE) uint8.
            voice: (m, FRAMES, BANDS) of `log_mel`; n and m need not be equal.

        Returns:
            (n, EMBEDDING) and (m, EMBEDDING), of length 1.
        """
        return self.embed_lips(lips), self.embed_voice(voice)

    def embed_lips(self, lips: Tensor) -> Tensor:
        """The first half of `forward`."""
        return F.normalize(self.mouth(lips.float()), dim=1)

    def embed_voice(self, voice: Tensor) -> Tensor:
        """The second half of `forward`."""
        return F.normalize(self.voice(voice), dim=1)


def _convolution2(inputs: int, outputs: int, size: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, (size - 1) // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def _convolution1(inputs: int, outputs: int, size: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(inputs, outputs, size, 2, size // 2, bias=False),
        nn.BatchNorm1d(outputs),
        nn.ReLU(),
    )
