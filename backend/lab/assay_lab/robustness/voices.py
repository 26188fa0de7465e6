"""A recording under attack: the audio branch as a function of its samples, with gradients.

The two front-ends of the service are repeated here in torch, digit for digit but for rounding.
Which windows are heard stays as it was in the untouched recording.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import soundfile
import torch
from torch import Tensor
from torch.nn import functional as F

from assay.branches.audio import log_mel as mel
from assay.branches.audio.branch import CQCC_CNN, ENCODER
from assay.branches.audio.cqcc import DELTA_REACH, RATE, Cqcc
from assay.branches.audio.windows import FRONT_END, cut
from assay.models.sessions import ModelStore
from assay.pipeline import extract
from assay.progress import Progress
from assay.settings import Settings
from assay_lab.augment.codec import Codec, through
from assay_lab.core.linf import Budget, Score
from assay_lab.data.speech import read_sound
from assay_lab.robustness.onnx_graph import OnnxGraph
from assay_lab.robustness.victims import TOGETHER

LONGEST: Final = 8.0
"""Seconds of a recording that are attacked."""
PER_MILLE: Final = 1e-3
MP3: Final = Codec("libmp3lame", "mp3", 44_100, 128_000)


class VoiceNetworks:
    """Both networks of the audio branch and how they are weighed.

    Args:
        models: Whose files are read, verified.
    """

    def __init__(self, models: ModelStore) -> None:
        self._cnn, self._encoder = (
            OnnxGraph(models.read(name, models.entry(name).serve)) for name in (CQCC_CNN, ENCODER)
        )
        self._weights = models.parameters(ENCODER)["combination"]["weights"]

    @property
    def targets(self) -> list[str]:
        """Each network, and both together."""
        return [CQCC_CNN, ENCODER, TOGETHER]

    def logit(self, target: str, waves: Sequence[Tensor]) -> Tensor:
        """What a network says of windows (samples,), or both together as the branch weighs them."""
        said: Mapping[str, Callable[[Tensor], Tensor]] = {
            CQCC_CNN: lambda wave: self._cnn(cqcc=cqcc(wave, FRONT_END)[None])["logit"],
            ENCODER: lambda wave: self._encoder(spectra=log_mel(levelled(wave))[None])["logit"],
        }
        if target != TOGETHER:
            return torch.cat([said[target](wave) for wave in waves]).mean()
        parts = (
            self._weights["cnn"] * self.logit(CQCC_CNN, waves),
            self._weights["encoder"] * self.logit(ENCODER, waves),
        )
        return sum(parts, torch.zeros(()))


@dataclass(frozen=True, slots=True)
class Voice:
    """A recording at 16 kHz whose loudest sample is 0.9. Epsilon is in thousandths of full scale.

    windows: (start, end) of what is heard, samples.
    """

    wave: Tensor
    windows: Sequence[tuple[int, int]]
    networks: VoiceNetworks

    @property
    def values(self) -> Tensor:
        """(1, samples), -1..1."""
        return self.wave[None]

    @property
    def targets(self) -> list[str]:
        """Each network, and both together."""
        return self.networks.targets

    def budget(self, epsilon: float) -> Budget:
        """Thousandths of full scale: 1 is 60 dB below it."""
        return Budget(PER_MILLE * epsilon, -1.0, 1.0)

    def score(self, target: str, towards: float) -> Score:
        """The target's mean logit over the windows."""

        def score(waves: Tensor) -> Tensor:
            heard = [
                self.networks.logit(target, [wave[start:end] for start, end in self.windows])
                for wave in waves
            ]
            return towards * torch.stack(heard)

        return score

    def save(self, values: Tensor, folder: Path) -> dict[str, Path]:
        """A FLAC of 16 bits, and a FLAC of what an MP3 leaves of it."""
        wave = values[0].numpy()
        coded = np.clip(through(wave, MP3), -1, 1)
        files = {"flac": folder / "attacked.flac", "mp3 128k": folder / "attacked-mp3.flac"}
        for file, samples in zip(files.values(), (wave, coded), strict=True):
            soundfile.write(file, samples, RATE)
        return files


def find_voice(
    path: Path, networks: VoiceNetworks, settings: Settings, models: ModelStore
) -> Voice | None:
    """The first seconds of a recording as the service hears them; None if there is no speech.

    Raises:
        AssayError: It cannot be read.
        FFmpegError, ValueError: Likewise.
    """
    wave = read_sound(path, longest=LONGEST)
    if not wave.any():
        return None
    wave = mel.levelled(wave)
    progress = Progress(emit=lambda event: None, should_continue=lambda: True)
    with TemporaryDirectory(prefix="assay-") as folder:
        file = Path(folder) / "voice.flac"
        soundfile.write(file, wave, RATE)
        material, _ = extract(file, settings, models, progress)
    if material.speech is None:
        return None
    windows = [
        (first, first + len(window))
        for start, window in cut(material.speech)
        if (first := round(start * RATE)) + len(window) <= len(wave)
    ]
    return Voice(torch.from_numpy(wave), windows, networks) if windows else None


def levelled(wave: Tensor) -> Tensor:
    """As `log_mel.levelled`, of at least two spectra."""
    return wave * (mel.PEAK / wave.abs().max().clamp(min=1e-6))


def log_mel(wave: Tensor) -> Tensor:
    """As `log_mel.log_mel`: (samples,) to (80, samples // 160)."""
    padded = F.pad(wave[None], (mel.SPECTRUM // 2,) * 2, mode="reflect")[0]
    frames = padded.unfold(0, mel.SPECTRUM, mel.HOP)[: len(wave) // mel.HOP]
    power = torch.fft.rfft(frames.double() * torch.from_numpy(mel._taper())).abs().square()
    decades = (torch.from_numpy(mel._filters()) @ power.T).clamp(min=1e-10).log10()
    decades = torch.maximum(decades, decades.max() - mel._DEPTH)
    return ((decades + 4.0) / 4.0).float()


def cqcc(wave: Tensor, front_end: Cqcc) -> Tensor:
    """As `Cqcc`: (samples,) to (3, coefficients, frames)."""
    power = _power(wave, front_end)
    loudness = power.mean().clamp(min=1e-20)
    to_cepstrum = torch.from_numpy(front_end._to_cepstrum)
    static = to_cepstrum @ torch.log(power / loudness + front_end.floor)
    first = _deltas(static)
    return torch.stack([static, first, _deltas(first)])


def _power(wave: Tensor, front_end: Cqcc) -> Tensor:
    """(bins, frames); see `Cqcc.power`."""
    frames = 1 + len(wave) // front_end.hop
    rows = []
    for kernel, parts in front_end._kernels:
        waves = torch.from_numpy(kernel)
        size, step = waves.shape[2], front_end.hop // parts
        first = -((parts - 1) * step) // 2
        before, count = size // 2 - first, frames * parts
        after = max(0, (count - 1) * step + first - len(wave)) + size
        padded = F.pad(wave, (before, after))
        centred = padded.unfold(0, size, step)[:count]
        spread = (centred @ waves[0].T).square() + (centred @ waves[1].T).square()
        rows.append(spread.view(frames, parts, -1).mean(dim=1).T)
    return torch.cat(rows)


def _deltas(static: Tensor) -> Tensor:
    """See `cqcc.deltas`."""
    reach, frames = DELTA_REACH, static.shape[1]
    padded = F.pad(static[None], (reach, reach), mode="replicate")[0]
    slope = sum(
        (
            n * (padded[:, reach + n :][:, :frames] - padded[:, reach - n :][:, :frames])
            for n in range(1, reach + 1)
        ),
        torch.zeros_like(static),
    )
    return slope / (2 * sum(n * n for n in range(1, reach + 1)))
