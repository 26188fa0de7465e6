"""EfficientNetAutoAtt: an EfficientNet with one attention map over its last 28 x 28 stage.

Tan and Le 2019 (EfficientNet) and the 2020 "lite" variants (no squeeze-and-excitation, ReLU6,
fixed stem and head); the attention after Bonettini et al., "Video Face Manipulation Detection
Through Ensemble of CNNs", 2020: a 1 x 1 convolution, a sigmoid, and a product. Names follow
that paper's published `EfficientNetAutoAttB4`, so that its state dict loads as it is.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE: Final = 224
"""Pixels of a face's side. The stages below stand at 112, 56, 28, 14 and 7 pixels."""
MEAN: Final = (0.485, 0.456, 0.406)
DEVIATION: Final = (0.229, 0.224, 0.225)
"""Of ImageNet, per channel of RGB in 0..1; what every published weight expects."""

_STAGES: Final = (
    # repeats, kernel, stride, expansion, channels of the B0 variant
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_ATTENTION_STAGE: Final = 2
"""The last stage whose map is 28 x 28."""


@dataclass(frozen=True, slots=True)
class Variant:
    """How a member of the family differs from B0.

    width and depth multiply channels and repeats; a lite variant keeps stem, head, and the
    repeats of its first and last stage, and has neither squeeze-and-excitation nor swish.
    """

    width: float
    depth: float
    dropout: float
    lite: bool

    def channels(self, base: int) -> int:
        """Channels of a scaled layer: the nearest multiple of 8, never under nine tenths."""
        scaled = base * self.width
        rounded = max(8, int(scaled + 4) // 8 * 8)
        return rounded + 8 if rounded < 0.9 * scaled else rounded

    def repeats(self, stage: int) -> int:
        """Blocks of a stage."""
        base = _STAGES[stage][0]
        if self.lite and stage in (0, len(_STAGES) - 1):
            return base
        return math.ceil(base * self.depth)


VARIANTS: Final = {
    "lite0": Variant(width=1.0, depth=1.0, dropout=0.2, lite=True),
    "b0": Variant(width=1.0, depth=1.0, dropout=0.2, lite=False),
    "b4": Variant(width=1.4, depth=1.8, dropout=0.4, lite=False),
}


class EfficientNetAutoAtt(nn.Module):
    """A logit for a face, the embedding behind it, and the map of where the network looked."""

    def __init__(self, variant: str = "lite0") -> None:
        super().__init__()
        self.variant = variant
        settings = VARIANTS[variant]
        self.efficientnet = _Trunk(settings)
        self.dropout = nn.Dropout(settings.dropout)
        self.classifier = nn.Linear(self.efficientnet.out_channels, 1)

    @property
    def embedding_size(self) -> int:
        """Values of an embedding: 1,280 for lite0, 1,792 for b4."""
        return self.efficientnet.out_channels

    def train(self, mode: bool = True) -> "EfficientNetAutoAtt":
        """Train everything but the normalisation: its statistics stay those of ImageNet.

        Batches mix sources of unlike light and compression; statistics taken from them would let
        one face's score depend on its neighbours in the batch.
        """
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def freeze(self, blocks: int) -> None:
        """Keep the stem and the first blocks as they are: the largest maps, the least to learn."""
        trunk = self.efficientnet
        for part in (trunk._conv_stem, trunk._bn0, *trunk._blocks[:blocks]):
            part.requires_grad_(False)

    def load_pretrained(self, weights: Mapping[str, Tensor]) -> None:
        """Take ImageNet weights of the plain network, in the layout of `efficientnet_pytorch`.

        Raises:
            RuntimeError: They are of another variant.
        """
        trunk = {name: value for name, value in weights.items() if not name.startswith("_fc.")}
        missing, unexpected = self.efficientnet.load_state_dict(trunk, strict=False)
        if unexpected or any(not name.startswith("attconv.") for name in missing):
            raise RuntimeError(f"weights of another variant: {[*missing, *unexpected][:5]}")

    def load_published(self, weights: Mapping[str, Any]) -> None:
        """Take a published detector, or ImageNet weights, by the names in them.

        Args:
            weights: Of `EfficientNetAutoAtt` as Bonettini et al. publish it, bare or as the `net`
                of a training's snapshot; or of the plain network, see `load_pretrained`.

        Raises:
            RuntimeError: They are of another variant or another network.
        """
        state = weights.get("net", weights)
        if any(name.startswith("efficientnet.") for name in state):
            self.load_state_dict(state)
        else:
            self.load_pretrained(state)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Judge faces.

        Args:
            faces: (n, 3, 224, 224), normalised with MEAN and DEVIATION.

        Returns:
            Logits (n,), embeddings (n, embedding_size), attention (n, 28, 28) in 0..1.
        """
        features, attention = self.efficientnet(faces)
        embeddings = features.mean(dim=(2, 3))
        return self.classifier(self.dropout(embeddings))[:, 0], embeddings, attention[:, 0]


class _Trunk(nn.Module):
    def __init__(self, variant: Variant) -> None:
        super().__init__()
        stem = 32 if variant.lite else variant.channels(32)
        self._activation = nn.ReLU6(inplace=True) if variant.lite else nn.SiLU(inplace=True)
        self._conv_stem = _SameConv(3, stem, 3, 2)
        self._bn0 = _norm(stem)
        self._blocks = nn.ModuleList()
        channels = stem
        for stage, (_, kernel, stride, expansion, base) in enumerate(_STAGES):
            out = variant.channels(base)
            for number in range(variant.repeats(stage)):
                step = stride if number == 0 else 1
                self._blocks.append(
                    _Block(channels, out, kernel, step, expansion, self._activation, variant.lite)
                )
                channels = out
            if stage == _ATTENTION_STAGE:
                self._attention_block = len(self._blocks) - 1
                self.attconv = nn.Conv2d(channels, 1, 1)
        self.out_channels = 1280 if variant.lite else variant.channels(1280)
        self._conv_head = nn.Conv2d(channels, self.out_channels, 1, bias=False)
        self._bn1 = _norm(self.out_channels)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, out_channels, 7, 7) and attention (n, 1, 28, 28)."""
        x = self._activation(self._bn0(self._conv_stem(faces)))
        attention = x
        for number, block in enumerate(self._blocks):
            x = block(x)
            if number == self._attention_block:
                attention = torch.sigmoid(self.attconv(x))
                x = x * attention
        return self._activation(self._bn1(self._conv_head(x))), attention


class _Block(nn.Module):
    """An inverted residual: widen, filter each channel, weigh channels, narrow."""

    def __init__(
        self,
        channels: int,
        out: int,
        kernel: int,
        stride: int,
        expansion: int,
        activation: nn.Module,
        lite: bool,
    ) -> None:
        super().__init__()
        wide = channels * expansion
        self._activation = activation
        self._expands, self._weighs = expansion != 1, not lite
        self._keeps = stride == 1 and channels == out
        if self._expands:
            self._expand_conv = nn.Conv2d(channels, wide, 1, bias=False)
            self._bn0 = _norm(wide)
        self._depthwise_conv = _SameConv(wide, wide, kernel, stride, groups=wide)
        self._bn1 = _norm(wide)
        if self._weighs:
            squeezed = max(1, channels // 4)
            self._se_reduce = nn.Conv2d(wide, squeezed, 1)
            self._se_expand = nn.Conv2d(squeezed, wide, 1)
        self._project_conv = nn.Conv2d(wide, out, 1, bias=False)
        self._bn2 = _norm(out)

    def forward(self, x: Tensor) -> Tensor:
        before = x
        if self._expands:
            x = self._activation(self._bn0(self._expand_conv(x)))
        x = self._activation(self._bn1(self._depthwise_conv(x)))
        if self._weighs:
            weights = self._activation(self._se_reduce(x.mean(dim=(2, 3), keepdim=True)))
            x = x * torch.sigmoid(self._se_expand(weights))
        x = self._bn2(self._project_conv(x))
        return x + before if self._keeps else x


class _SameConv(nn.Conv2d):
    """TensorFlow's "same" padding: what is odd goes to the right and the bottom."""

    def __init__(self, channels: int, out: int, kernel: int, stride: int, groups: int = 1) -> None:
        symmetric = kernel // 2 if stride == 1 else 0
        super().__init__(channels, out, kernel, stride, symmetric, groups=groups, bias=False)
        self._excess = kernel - stride

    def forward(self, x: Tensor) -> Tensor:
        if self.stride[0] > 1:
            # For even sizes, which all stages of a 224 px face have.
            before, after = self._excess // 2, self._excess - self._excess // 2
            x = F.pad(x, (before, after, before, after))
        if self.groups == 1 or not torch.is_autocast_enabled(x.device.type):
            return super().forward(x)
        # The gradients of depthwise kernels take oneDNN five times as long in bf16 as in fp32.
        with torch.autocast(x.device.type, enabled=False):
            return super().forward(x.float())


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)
