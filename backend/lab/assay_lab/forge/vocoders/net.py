"""Small neural vocoders and codecs: makers of forgeries, not of beautiful sound.

Each kind leaves the trace of how it makes samples out of frames: transposed convolutions
(MelGAN, Kumar et al. 2019), repetition or shuffled channels before a convolution, or an inverse
Fourier transform (iSTFTNet, Kaneko et al. 2022; Vocos, Siuzdak 2023). Fed with mel spectra they
are vocoders; fed with a quantised code of the wave they are codecs (SoundStream, Zeghidour et
al. 2021).
"""

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from assay.branches.audio.cqcc import RATE
from assay_lab.forge.speech.spectra import mel_matrix

Upsampler = Literal["transposed", "repeat", "shuffle", "fourier"]
Input = Literal["mel", "code"]
HOP = 160
MELS = 80
_MEL_SIZE = 1024


class Resynthesiser(nn.Module):
    """(n, samples) -> (n, samples): a voice taken apart and made anew.

    Args:
        input: What survives the bottleneck: a mel spectrum, or a quantised code of 100 frames/s.
        upsampler: How frames become samples.
        width: Channels at the frame rate.
    """

    mel: Tensor

    def __init__(self, input: Input, upsampler: Upsampler, width: int = 128) -> None:
        super().__init__()
        self.input = input
        self.register_buffer("mel", torch.from_numpy(mel_matrix(MELS, _MEL_SIZE)))
        self.encode = _encoder(width) if input == "code" else nn.Identity()
        channels = _CODE if input == "code" else MELS
        self.decode = (
            _Fourier(channels, width)
            if upsampler == "fourier"
            else _Stack(channels, width, upsampler)
        )

    def forward(self, wave: Tensor) -> Tensor:
        return self.synthesise(self.features(wave))[:, : wave.shape[1]]

    def features(self, wave: Tensor) -> Tensor:
        """(n, channels, frames) of a wave whose length is a multiple of HOP."""
        if self.input == "code":
            return _quantised(self.encode(wave[:, None]))
        return torch.log(self.mel @ magnitudes(wave, _MEL_SIZE, HOP)[:, :, :-1] + 1e-4)

    def synthesise(self, features: Tensor) -> Tensor:
        """(n, frames * HOP)."""
        out: Tensor = self.decode(features)
        return out


def magnitudes(wave: Tensor, size: int, hop: int) -> Tensor:
    """Short-time magnitudes, (n, size // 2 + 1, 1 + samples // hop)."""
    window = torch.hann_window(size, device=wave.device)
    spectrum = torch.stft(wave, size, hop, window=window, return_complex=True)
    return torch.sqrt(spectrum.real**2 + spectrum.imag**2 + 1e-7)


_CODE, _LEVELS = 12, 7
"""Numbers a frame of code has, and values each may take: 12 * log2(7) * 100 = 3.4 kbit/s."""


def _quantised(code: Tensor) -> Tensor:
    """Finite scalar quantisation (Mentzer et al. 2024), straight-through."""
    bounded = torch.tanh(code) * (_LEVELS - 1) / 2
    return bounded + (bounded.round() - bounded).detach()


def _encoder(width: int) -> nn.Module:
    layers: list[nn.Module] = [nn.Conv1d(1, 16, 7, padding=3)]
    channels = 16
    for stride in (4, 5, 8):
        wider = min(width, channels * 2)
        layers += [
            nn.LeakyReLU(0.1),
            nn.Conv1d(channels, wider, 2 * stride + stride % 2, stride, (stride + 1) // 2),
        ]
        channels = wider
    return nn.Sequential(*layers, nn.LeakyReLU(0.1), nn.Conv1d(channels, _CODE, 3, padding=1))


class _Stack(nn.Module):
    """Three upsamplings by 8, 5 and 4, each followed by a dilated residual pair."""

    def __init__(self, channels: int, width: int, upsampler: Upsampler) -> None:
        super().__init__()
        layers: list[nn.Module] = [weight_norm(nn.Conv1d(channels, width, 7, padding=3))]
        for factor in (8, 5, 4):
            layers += [nn.LeakyReLU(0.1), _grown(width, width // 2, factor, upsampler)]
            width //= 2
            layers += [_Residual(width, 1), _Residual(width, 3)]
        layers += [nn.LeakyReLU(0.1), weight_norm(nn.Conv1d(width, 1, 7, padding=3)), nn.Tanh()]
        self.layers = nn.Sequential(*layers)

    def forward(self, features: Tensor) -> Tensor:
        out: Tensor = self.layers(features)
        return out.squeeze(1)


def _grown(inputs: int, outputs: int, factor: int, upsampler: Upsampler) -> nn.Module:
    if upsampler == "transposed":
        odd = factor % 2
        return weight_norm(
            nn.ConvTranspose1d(
                inputs, outputs, 2 * factor, factor, factor // 2 + odd, output_padding=odd
            )
        )
    if upsampler == "repeat":
        return nn.Sequential(
            nn.Upsample(scale_factor=factor, mode="nearest"),
            weight_norm(nn.Conv1d(inputs, outputs, 5, padding=2)),
        )
    return nn.Sequential(
        weight_norm(nn.Conv1d(inputs, outputs * factor, 3, padding=1)), _Shuffle(factor)
    )


class _Shuffle(nn.Module):
    """(n, channels * factor, frames) -> (n, channels, frames * factor)."""

    def __init__(self, factor: int) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        n, channels, frames = x.shape
        parts = x.view(n, channels // self.factor, self.factor, frames)
        return parts.transpose(2, 3).reshape(n, channels // self.factor, frames * self.factor)


class _Residual(nn.Module):
    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.conv1 = weight_norm(
            nn.Conv1d(width, width, 5, padding=2 * dilation, dilation=dilation)
        )
        self.conv2 = weight_norm(nn.Conv1d(width, width, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.leaky_relu(self.conv1(F.leaky_relu(x, 0.1)), 0.1))


class _Fourier(nn.Module):
    """ConvNeXt-like blocks at the frame rate, then magnitude and phase of a 640-point transform."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.size = 4 * HOP
        self.first = nn.Conv1d(channels, width, 7, padding=3)
        self.blocks = nn.ModuleList(_Wide(width) for _ in range(5))
        self.last = nn.Conv1d(width, self.size + 2, 1)

    def forward(self, features: Tensor) -> Tensor:
        x = self.first(features)
        for block in self.blocks:
            x = block(x)
        x = F.pad(self.last(x), (0, 1), mode="replicate")
        logs, phase = x.chunk(2, dim=1)
        spectrum = torch.polar(torch.exp(logs.clamp(max=5.0)), phase)
        window = torch.hann_window(self.size, device=phase.device)
        return torch.istft(spectrum, self.size, HOP, window=window)


class _Wide(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = nn.Conv1d(width, width, 7, padding=3, groups=width)
        self.norm = nn.GroupNorm(1, width)
        self.wide = nn.Conv1d(width, 3 * width, 1)
        self.back = nn.Conv1d(3 * width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.back(F.gelu(self.wide(self.norm(self.mix(x)))))


class Critic(nn.Module):
    """Multi-period discriminator (HiFi-GAN, Kong et al. 2020), narrow.

    (n, samples) -> per period the layers' activations, the last of them being the judgement.
    """

    def __init__(self, periods: tuple[int, ...] = (2, 3, 7)) -> None:
        super().__init__()
        self.periods = periods
        self.nets = nn.ModuleList(self._net() for _ in periods)

    @staticmethod
    def _net() -> nn.ModuleList:
        widths = (1, 12, 24, 48, 64)
        layers = [weight_norm(nn.Conv2d(a, b, (5, 1), (3, 1), (2, 0))) for a, b in pairwise(widths)]
        return nn.ModuleList([*layers, weight_norm(nn.Conv2d(widths[-1], 1, (3, 1), 1, (1, 0)))])

    def forward(self, wave: Tensor) -> list[list[Tensor]]:
        found = []
        for period, net in zip(self.periods, self.nets, strict=True):
            x = F.pad(wave, (0, -wave.shape[1] % period), mode="reflect")
            x = x.view(len(wave), 1, -1, period)
            assert isinstance(net, nn.ModuleList)
            layers = []
            for i, layer in enumerate(net):
                x = layer(x)
                if i < len(net) - 1:
                    x = F.leaky_relu(x, 0.1)
                layers.append(x)
            found.append(layers)
        return found


assert RATE == 100 * HOP
