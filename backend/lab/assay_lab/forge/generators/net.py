"""Small generators that paint a picture anew: what neural synthesis leaves in the pixels.

Whole pictures: a convolutional autoencoder with a Gaussian or a quantised code, as in latent
diffusion (Rombach et al. 2022) and VQGAN (Esser et al. 2021), trained against a patch
discriminator (Isola et al. 2017). Faces: one encoder with a narrow waist, as in the first
deepfake tools. The way a decoder grows its maps is what leaves the best-known traces (Odena et al.
2016; Durall et al. 2020), so it is a choice here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Upsampler = Literal["nearest", "bilinear", "transposed", "shuffle"]
Code = Literal["gaussian", "quantised", "waist"]


@dataclass(frozen=True, slots=True)
class Design:
    """What distinguishes one generator from another.

    stride: pixels for one cell of the code, 4 or 8. code: gaussian and quantised codes are maps
    of `depth` channels; a waist is one vector of `depth` numbers, for faces of one size.
    width: channels of the decoder's finest map. norm: group normalisation or none.
    side: of the face that a waist is made for, pixels; other codes take any multiple of stride.
    """

    upsampler: Upsampler
    stride: int = 8
    code: Code = "gaussian"
    depth: int = 8
    width: int = 12
    norm: bool = True
    side: int = 64


class Painting(nn.Module):
    """(n, 3, h, w) in -1..1 -> the same picture painted anew, and the code's cost (a scalar)."""

    def __init__(self, design: Design) -> None:
        super().__init__()
        self.design = design
        coarse = 8 * design.width
        self.encode = _Encoder(design, coarse)
        self.squeeze = _SQUEEZES[design.code](design, coarse)
        self.decode = _Decoder(design, coarse)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        code, cost = self.squeeze(self.encode(x))
        return self.decode(code), cost


class _Residual(nn.Module):
    def __init__(self, channels: int, norm: bool) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(min(8, channels // 4), channels) if norm else nn.Identity()
        self.conv1 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.silu(self.conv1(F.silu(self.norm(x)))))


class _Encoder(nn.Module):
    """Folds 4 x 4 pixels into channels first: nearly all of the work is left to the decoder."""

    def __init__(self, design: Design, coarse: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.PixelUnshuffle(4),
            nn.Conv2d(48, coarse // 2, 3, 1, 1),
            _Residual(coarse // 2, design.norm),
        ]
        if design.stride == 8:
            layers += [nn.Conv2d(coarse // 2, coarse, 4, 2, 1), _Residual(coarse, design.norm)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


def _encoded(design: Design, coarse: int) -> int:
    return coarse if design.stride == 8 else coarse // 2


class _Gaussian(nn.Module):
    """A map of means and spreads, drawn from in training; its cost is the KL divergence."""

    def __init__(self, design: Design, coarse: int) -> None:
        super().__init__()
        inner = _encoded(design, coarse)
        self.narrow = nn.Conv2d(inner, 2 * design.depth, 1)
        self.widen = nn.Conv2d(design.depth, inner, 1)
        # Starts nearly without noise; else the first thousand steps learn to shout over it.
        assert self.narrow.bias is not None
        nn.init.constant_(self.narrow.bias[design.depth :], -6.0)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, spread = self.narrow(x).chunk(2, dim=1)
        spread = spread.clamp(-12, 4)
        cost = 0.5 * (mean.square() + spread.exp() - spread - 1).mean()
        if self.training:
            mean = mean + torch.randn_like(mean) * (0.5 * spread).exp()
        return self.widen(mean), cost


class _Quantised(nn.Module):
    """Finite scalar quantisation (Mentzer et al. 2023): each channel takes one of LEVELS values."""

    LEVELS = 8

    def __init__(self, design: Design, coarse: int) -> None:
        super().__init__()
        inner = _encoded(design, coarse)
        self.narrow = nn.Conv2d(inner, design.depth, 1)
        self.widen = nn.Conv2d(design.depth, inner, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        half = (self.LEVELS - 1) / 2
        smooth = torch.tanh(self.narrow(x)) * half
        # Rounded forwards, smooth backwards; half steps, since the number of levels is even.
        code = smooth + ((smooth - 0.5).round() + 0.5 - smooth).detach()
        return self.widen(code / half), x.new_zeros(())


class _Waist(nn.Module):
    """The whole picture through one short vector."""

    def __init__(self, design: Design, coarse: int) -> None:
        super().__init__()
        self.shape = (_encoded(design, coarse), *(2 * (design.side // design.stride,)))
        cells = self.shape[0] * self.shape[1] * self.shape[2]
        self.narrow = nn.Linear(cells, design.depth)
        self.widen = nn.Linear(design.depth, cells)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        code = self.narrow(x.flatten(1))
        return self.widen(code).unflatten(1, self.shape), code.square().mean()


_SQUEEZES: Mapping[Code, Callable[[Design, int], nn.Module]] = {
    "gaussian": _Gaussian,
    "quantised": _Quantised,
    "waist": _Waist,
}


class _Decoder(nn.Module):
    def __init__(self, design: Design, coarse: int) -> None:
        super().__init__()
        width, norm, grow = design.width, design.norm, design.upsampler
        layers: list[nn.Module] = []
        if design.stride == 8:
            layers += [_Residual(coarse, norm), upsample(grow, coarse, coarse // 2)]
        layers += [
            _Residual(coarse // 2, norm),
            upsample(grow, coarse // 2, coarse // 4),
            _Residual(coarse // 4, norm),
            upsample(grow, coarse // 4, width),
            nn.SiLU(),
            nn.Conv2d(width, 3, 3, 1, 1),
        ]
        self.layers = nn.Sequential(*layers)

    def forward(self, code: Tensor) -> Tensor:
        return self.layers(code)


def upsample(kind: Upsampler, inputs: int, outputs: int) -> nn.Module:
    """A layer that doubles height and width."""
    if kind == "transposed":
        # A kernel of 3 at stride 2 overlaps unevenly: the classic checkerboard.
        return nn.ConvTranspose2d(inputs, outputs, 3, 2, 1, output_padding=1)
    if kind == "shuffle":
        return nn.Sequential(nn.Conv2d(inputs, 4 * outputs, 3, 1, 1), nn.PixelShuffle(2))
    grow = nn.Upsample(scale_factor=2, mode=kind)
    return nn.Sequential(grow, nn.Conv2d(inputs, outputs, 3, 1, 1))


class PatchCritic(nn.Module):
    """(n, 3, h, w) in -1..1 -> realness of patches (n, 1, h / 8, w / 8), and the maps before it."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            nn.Sequential(nn.utils.parametrizations.spectral_norm(conv), nn.LeakyReLU(0.2))
            for conv in (
                nn.Conv2d(3, width, 4, 2, 1),
                nn.Conv2d(width, 2 * width, 4, 2, 1),
                nn.Conv2d(2 * width, 4 * width, 4, 2, 1),
            )
        )
        self.judge = nn.Conv2d(4 * width, 1, 3, 1, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return self.judge(x), maps
