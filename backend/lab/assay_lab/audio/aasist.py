"""AASIST-L as published, beside our own audio network: a baseline, never released or trained.

Jung et al., "AASIST: Audio anti-spoofing using integrated spectro-temporal graph attention
networks", ICASSP 2022. Written anew for reading alone, after the paper and its configuration, with
the names of the published weights (MIT, clovaai/aasist), so that `load_state_dict` takes them.
"""

from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assay.branches.audio.cqcc import RATE
from assay.types import Floats

SAMPLES: Final = 64_600
"""4.04 s: what it was trained on; shorter recordings are repeated."""
FILTERS, TAPS = 70, 129
SPECTRAL_NODES = 23
WIDE, NARROW, LAST = 32, 24, 32
"""Channels of the first and the later blocks, and of the nodes in the joint graph."""
SOFT, SOFTEST = 2.0, 100.0
"""Temperatures of attention in the single and the joint graphs."""


def load_aasist(weights: Path) -> "AasistL":
    """The network with published weights.

    Raises:
        RuntimeError: The weights are not AASIST-L's.
    """
    net = AasistL()
    net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return net.eval()


def fitted(wave: Floats) -> Floats:
    """The first SAMPLES of a recording, repeated as often as it takes."""
    return np.tile(wave, -(-SAMPLES // len(wave)))[:SAMPLES]


class AasistL(nn.Module):
    """(n, SAMPLES) at 16 kHz -> (n,) logit of being fake."""

    bank: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("bank", mel_bank(), persistent=False)
        self.first_bn = nn.BatchNorm2d(1)
        widths = (1, WIDE, WIDE, NARROW, NARROW, NARROW, NARROW)
        blocks = [_Block(a, b, first=not at) for at, (a, b) in enumerate(pairwise(widths))]
        self.encoder = nn.Sequential(*(nn.Sequential(block) for block in blocks))
        self.pos_S = nn.Parameter(torch.zeros(1, SPECTRAL_NODES, NARROW))
        self.GAT_layer_S, self.GAT_layer_T = _Attention(NARROW), _Attention(NARROW)
        self.pool_S, self.pool_T = _Pool(NARROW, 0.4), _Pool(NARROW, 0.5)
        for path in (1, 2):
            setattr(self, f"master{path}", nn.Parameter(torch.zeros(1, 1, NARROW)))
            setattr(self, f"HtrgGAT_layer_ST{path}1", _JointAttention(NARROW, LAST))
            setattr(self, f"HtrgGAT_layer_ST{path}2", _JointAttention(LAST, LAST))
            setattr(self, f"pool_hS{path}", _Pool(LAST, 0.7))
            setattr(self, f"pool_hT{path}", _Pool(LAST, 0.7))
        self.out_layer = nn.Linear(5 * LAST, 2)

    def forward(self, waves: Tensor) -> Tensor:
        bands = F.conv1d(waves[:, None], self.bank).abs()[:, None]
        seen = self.encoder(F.selu(self.first_bn(F.max_pool2d(bands, 3)))).abs()
        spectral = self.pool_S(self.GAT_layer_S(seen.amax(3).mT + self.pos_S))
        temporal = self.pool_T(self.GAT_layer_T(seen.amax(2).mT))
        paths = (self._path(number, temporal, spectral) for number in (1, 2))
        temporal, spectral, master = (torch.maximum(*both) for both in zip(*paths, strict=True))
        parts = [part for t in (temporal, spectral) for part in (t.abs().amax(1), t.mean(1))]
        fake, real = self.out_layer(torch.cat([*parts, master[:, 0]], dim=1)).T
        return fake - real

    def _path(self, number: int, temporal: Tensor, spectral: Tensor) -> tuple[Tensor, ...]:
        """One of two ways through the joint graph: temporal nodes, spectral nodes, master node."""
        first, second = (getattr(self, f"HtrgGAT_layer_ST{number}{step}") for step in (1, 2))
        master = getattr(self, f"master{number}").expand(len(temporal), -1, -1)
        temporal, spectral, master = first(temporal, spectral, master)
        temporal = getattr(self, f"pool_hT{number}")(temporal)
        spectral = getattr(self, f"pool_hS{number}")(spectral)
        again = second(temporal, spectral, master)
        return tuple(a + b for a, b in zip((temporal, spectral, master), again, strict=True))


class _Block(nn.Module):
    """Two convolutions beside a shortcut, then a third of the frames."""

    def __init__(self, inside: int, outside: int, first: bool) -> None:
        super().__init__()
        if not first:
            # Its result is not used, in the published network neither: only its weights exist.
            self.bn1 = nn.BatchNorm2d(inside)
        self.conv1 = nn.Conv2d(inside, outside, (2, 3), padding=(1, 1))
        self.bn2 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, (2, 3), padding=(0, 1))
        if inside != outside:
            self.conv_downsample = nn.Conv2d(inside, outside, (1, 3), padding=(0, 1))

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv2(F.selu(self.bn2(self.conv1(x))))
        shortcut = self.conv_downsample(x) if hasattr(self, "conv_downsample") else x
        return F.max_pool2d(y + shortcut, (1, 3))


class _Attention(nn.Module):
    """Every node looks at all: (n, nodes, width) -> the same."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.att_proj = nn.Linear(width, width)
        self.att_weight = nn.Parameter(torch.zeros(width, 1))
        self.proj_with_att = nn.Linear(width, width)
        self.proj_without_att = nn.Linear(width, width)
        self.bn = nn.BatchNorm1d(width)

    def forward(self, nodes: Tensor) -> Tensor:
        weights = (torch.tanh(self.att_proj(_pairs(nodes))) @ self.att_weight)[..., 0] / SOFT
        looked = weights.softmax(dim=-1) @ nodes
        return _normal(self.bn, self.proj_with_att(looked) + self.proj_without_att(nodes))


class _JointAttention(nn.Module):
    """Temporal and spectral nodes in one graph, and a master node that looks at all of them."""

    att_proj: nn.Linear
    att_projM: nn.Linear
    proj_with_att: nn.Linear
    proj_with_attM: nn.Linear
    proj_without_att: nn.Linear
    proj_without_attM: nn.Linear
    att_weight11: Tensor
    att_weight22: Tensor
    att_weight12: Tensor
    att_weightM: Tensor

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.proj_type1, self.proj_type2 = nn.Linear(inside, inside), nn.Linear(inside, inside)
        for kind in ("", "M"):
            setattr(self, f"att_proj{kind}", nn.Linear(inside, outside))
            setattr(self, f"proj_with_att{kind}", nn.Linear(inside, outside))
            setattr(self, f"proj_without_att{kind}", nn.Linear(inside, outside))
        for kind in ("11", "22", "12", "M"):
            setattr(self, f"att_weight{kind}", nn.Parameter(torch.zeros(outside, 1)))
        self.bn = nn.BatchNorm1d(outside)

    def forward(
        self, temporal: Tensor, spectral: Tensor, master: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        nodes = torch.cat([self.proj_type1(temporal), self.proj_type2(spectral)], dim=1)
        weights = self._weights(nodes, temporal.shape[1])
        found = self.proj_with_att(weights @ nodes) + self.proj_without_att(nodes)
        found = _normal(self.bn, found)
        split = temporal.shape[1]
        return found[:, :split], found[:, split:], self._master(nodes, master)

    def _weights(self, nodes: Tensor, split: int) -> Tensor:
        """(n, nodes, nodes), with weights of their own within each kind and between both."""
        seen = torch.tanh(self.att_proj(_pairs(nodes)))
        temporal = torch.arange(nodes.shape[1]) < split
        within = (temporal[:, None] & temporal[None, :])[..., None]
        across = (temporal[:, None] ^ temporal[None, :])[..., None]
        other = torch.where(across, seen @ self.att_weight12, seen @ self.att_weight22)
        found = torch.where(within, seen @ self.att_weight11, other)
        return (found[..., 0] / SOFTEST).softmax(dim=-1)

    def _master(self, nodes: Tensor, master: Tensor) -> Tensor:
        seen = torch.tanh(self.att_projM(nodes * master)) @ self.att_weightM
        looked = (seen / SOFTEST).softmax(dim=1).mT @ nodes
        return self.proj_with_attM(looked) + self.proj_without_attM(master)


class _Pool(nn.Module):
    """The share of nodes with the highest gates, each times its gate, the highest first."""

    def __init__(self, width: int, kept: float) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 1)
        self.kept = kept

    def forward(self, nodes: Tensor) -> Tensor:
        gates = torch.sigmoid(self.proj(nodes))
        best = gates.topk(max(1, int(nodes.shape[1] * self.kept)), dim=1).indices
        return (nodes * gates).gather(1, best.expand(-1, -1, nodes.shape[2]))


def _pairs(nodes: Tensor) -> Tensor:
    """Products of every two nodes, (n, nodes, nodes, width)."""
    return nodes[:, :, None] * nodes[:, None]


def _normal(norm: nn.BatchNorm1d, nodes: Tensor) -> Tensor:
    return F.selu(norm(nodes.mT).mT)


def mel_bank() -> Tensor:
    """Band-pass filters (FILTERS, 1, TAPS): windowed sincs, their edges even on the mel scale."""
    mel = np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), FILTERS + 1)
    edges = 700 * (10 ** (mel / 2595) - 1) * 2 / RATE
    time = np.arange(TAPS) - TAPS // 2
    low_passes = edges[:, None] * np.sinc(edges[:, None] * time)
    bands = np.diff(low_passes, axis=0) * np.hamming(TAPS)
    return torch.from_numpy(bands[:, None].astype(np.float32))
