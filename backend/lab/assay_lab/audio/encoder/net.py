"""The audio encoder: the first blocks of Whisper base, and a head that pools them over time.

What a vocoder leaves is heard in early layers: the first blocks, frozen, tell real from synthetic
speech better than later ones (LOG.md). Weights: OpenAI Whisper base (MIT), Radford et al. 2022.
Attentive statistics pooling after Okabe et al., Interspeech 2018.
"""

import math
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assay.branches.audio.log_mel import BANDS

WIDTH: Final = 512
HEADS: Final = 8
BLOCKS: Final = 3
MOST_STEPS: Final = 1500
"""Positions that Whisper knows: 30 s at 50 a second."""


class Encoder(nn.Module):
    """Log-mel spectra to the outputs of the convolutions and of each block, 50 a second."""

    positions: Tensor

    def __init__(self, blocks: int = BLOCKS) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(BANDS, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.blocks = nn.ModuleList(_Block() for _ in range(blocks))
        self.register_buffer("positions", _sinusoids(MOST_STEPS, WIDTH), persistent=False)

    def forward(self, spectra: Tensor, padding: Tensor | None = None) -> list[Tensor]:
        """All layers.

        Args:
            spectra: (n, 80, frames).
            padding: (n, steps), True where a shorter voice was filled up; None if none was.

        Returns:
            blocks + 1 times (n, steps, 512); steps is frames / 2, rounded up.
        """
        x = F.gelu(self.conv1(spectra))
        x = F.gelu(self.conv2(x)).transpose(1, 2)
        x = x + self.positions[: x.shape[1]]
        layers = [x]
        for block in self.blocks:
            x = block(x, padding)
            layers.append(x)
        return layers

    def load_whisper(self, file: Path) -> None:
        """Take the weights of whisper-base-encoder-3.npz, which are named as in its state dict."""
        with np.load(file) as stored:
            weights = {name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored}
        kept = {name: value for name, value in weights.items() if name in self.state_dict()}
        self.load_state_dict(kept)


class _Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attn_ln = nn.LayerNorm(WIDTH)
        self.attn = _Attention()
        self.mlp_ln = nn.LayerNorm(WIDTH)
        wide = 4 * WIDTH
        self.mlp = nn.Sequential(nn.Linear(WIDTH, wide), nn.GELU(), nn.Linear(wide, WIDTH))

    def forward(self, x: Tensor, padding: Tensor | None) -> Tensor:
        x = x + self.attn(self.attn_ln(x), padding)
        return x + self.mlp(self.mlp_ln(x))


class _Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor, padding: Tensor | None) -> Tensor:
        count, steps, _ = x.shape

        def split(values: Tensor) -> Tensor:
            return values.view(count, steps, HEADS, WIDTH // HEADS).transpose(1, 2)

        mask = None if padding is None else ~padding[:, None, None, :]
        mixed = F.scaled_dot_product_attention(
            split(self.query(x)), split(self.key(x)), split(self.value(x)), attn_mask=mask
        )
        return self.out(mixed.transpose(1, 2).reshape(count, steps, WIDTH))


class EncoderDetector(nn.Module):
    """A logit for a voice: every layer pooled over time, then weighed together."""

    def __init__(self, blocks: int = BLOCKS, hidden: int = 64, dropout: float = 0.3) -> None:
        super().__init__()
        self.encoder = Encoder(blocks)
        self.pools = nn.ModuleList(_AttentivePool() for _ in range(blocks + 1))
        self.reduce = nn.ModuleList(nn.Linear(2 * WIDTH, hidden) for _ in range(blocks + 1))
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(hidden * (blocks + 1), 1)

    def forward(self, spectra: Tensor, padding: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Judge voices.

        Args:
            spectra: (n, 80, frames) of `log_mel`.
            padding: (n, frames), True where a shorter voice was filled up.

        Returns:
            Logits (n,), and the embeddings behind them (n, hidden * (blocks + 1)).
        """
        hidden = None if padding is None else padding[:, ::2]
        layers = self.encoder(spectra, hidden)
        parts = [
            F.gelu(reduce(self.dropout(pool(layer, hidden))))
            for layer, pool, reduce in zip(layers, self.pools, self.reduce, strict=True)
        ]
        embedding = torch.cat(parts, dim=1)
        return self.classify(self.dropout(embedding))[:, 0], embedding


class _AttentivePool(nn.Module):
    """Mean and deviation over time, steps weighed by a small network: to (n, 1024)."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.score = nn.Sequential(nn.Linear(WIDTH, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, x: Tensor, padding: Tensor | None) -> Tensor:
        x = self.norm(x)
        scores = self.score(x)[..., 0]
        if padding is not None:
            scores = scores.masked_fill(padding, -1e4)
        weights = torch.softmax(scores.float(), dim=1).to(x.dtype)[..., None]
        mean = (weights * x).sum(dim=1)
        spread = (weights * (x - mean[:, None]).square()).sum(dim=1).clamp(min=1e-6).sqrt()
        return torch.cat([mean, spread], dim=1)


def _sinusoids(length: int, width: int) -> Tensor:
    """Whisper's positions: sines of falling frequency, then their cosines."""
    step = math.log(10_000) / (width // 2 - 1)
    frequencies = torch.exp(-step * torch.arange(width // 2))
    angles = torch.arange(length)[:, None] * frequencies[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)
