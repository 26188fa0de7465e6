"""Train small vocoders and codecs on real speech; several kinds make several "generators"."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F

from assay.types import Floats
from assay_lab.core.device import DEVICE, moved
from assay_lab.core.loop import Run, cosine_rates
from assay_lab.data.speech import FOLDS, Store, Utterance, learns
from assay_lab.forge.vocoders.net import HOP, Critic, Input, Resynthesiser, Upsampler, magnitudes

STEPS = 3000
REPORT = 100
"""Steps between two lines of the log, and two checkpoints."""
_RESOLUTIONS = ((256, 64), (512, 128), (1024, 256))


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run. folds: whose real speech it may hear. alone: steps before the critic."""

    store: Path
    folds: tuple[int, ...]
    input: Input
    upsampler: Upsampler
    width: int = 128
    steps: int = STEPS
    batch: int = 12
    frames: int = 50
    alone: int = 500
    rate: float = 1e-3
    threads: int = 1
    seed: int = 1


PRESETS: Mapping[str, tuple[Input, Upsampler]] = {
    "mel-repeat": ("mel", "repeat"),
    "mel-shuffle": ("mel", "shuffle"),
    "mel-fourier": ("mel", "fourier"),
    "mel-transposed": ("mel", "transposed"),
    "code-transposed": ("code", "transposed"),
    "code-fourier": ("code", "fourier"),
}
"""What survives, and how samples are made of it."""


def command(
    stores: Annotated[Path, typer.Option(help="WORK/stores of prepare-speech")],
    folder: Annotated[Path, typer.Option(help="Where vocoders live, one folder each")],
    fold: Annotated[int, typer.Option(help="Held-out fold, whose voices none may hear")] = 0,
    only: Annotated[list[str] | None, typer.Option(help="Names; all when absent")] = None,
    steps: Annotated[int, typer.Option(help="Batches of 12 half seconds")] = STEPS,
) -> None:
    """Train the vocoders, one after the other; finished ones are skipped."""
    store = Store(stores / "speech")
    folds = tuple(other for other in range(FOLDS) if other != fold)
    waves = [store.wave(row) for row in speech_of(store, fold)]
    for name in only or PRESETS:
        config = Config(store.folder, folds, *PRESETS[name], steps=steps)
        train(Run(folder / name, config), config, waves)


def spectral_gap(made: Tensor, real: Tensor) -> Tensor:
    """Multi-resolution distance of log and linear magnitudes (Yamamoto et al. 2020)."""
    total = made.new_zeros(())
    for size, hop in _RESOLUTIONS:
        ours, theirs = magnitudes(made, size, hop), magnitudes(real, size, hop)
        total = total + F.l1_loss(ours.log(), theirs.log())
        total = total + torch.linalg.norm(theirs - ours) / torch.linalg.norm(theirs)
    return total / len(_RESOLUTIONS)


def train(run: Run, config: Config, waves: Sequence[Floats]) -> Resynthesiser:
    """Train until config.steps, resuming from the run's checkpoint."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    net = Resynthesiser(config.input, config.upsampler, config.width).to(DEVICE)
    critic = Critic().to(DEVICE)
    for_net = torch.optim.AdamW(net.parameters(), betas=(0.8, 0.99))
    for_critic = torch.optim.AdamW(critic.parameters(), betas=(0.8, 0.99))
    parts: dict[str, nn.Module | torch.optim.Optimizer] = {
        "net": net,
        "critic": critic,
        "for_net": for_net,
        "for_critic": for_critic,
    }
    first = 0
    if saved := run.load():
        first = saved["step"]
        for name, part in parts.items():
            part.load_state_dict(saved[name])
    rates = cosine_rates(for_net, config.steps, config.rate, 50, first)
    clock, sums = time.perf_counter(), np.zeros(2)
    for step in range(first, config.steps):
        real = moved(_excerpts(waves, config, np.random.default_rng((config.seed, step))))
        for group in for_critic.param_groups:
            group["lr"] = rates.get_last_lr()[0]
        made = net(real)
        gap = spectral_gap(made, real)
        loss = gap + (20 * F.l1_loss(made, real) if config.input == "code" else 0)
        if step >= config.alone:
            _teach(critic, for_critic, made.detach(), real)
            loss = loss + 0.3 * _persuade(critic, made, real)
        for_net.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        for_net.step()
        rates.step()
        sums += float(gap.detach()), float(loss.detach())
        done = step + 1
        if done % REPORT == 0:
            pace = REPORT / (time.perf_counter() - clock)
            gap_, loss_ = np.round(sums / REPORT, 3).tolist()
            run.record(step=done, gap=gap_, loss=loss_, steps_per_second=round(pace, 2))
            clock, sums = time.perf_counter(), np.zeros(2)
        if done % REPORT == 0 or done == config.steps:
            run.save(step=done, **{name: part.state_dict() for name, part in parts.items()})
    return net.cpu()


def _excerpts(waves: Sequence[Floats], config: Config, rng: np.random.Generator) -> Tensor:
    samples = config.frames * HOP
    out = np.zeros((config.batch, samples), np.float32)
    for one in out:
        wave = waves[rng.integers(len(waves))]
        start = int(rng.integers(max(1, len(wave) - samples)))
        part = wave[start : start + samples]
        one[: len(part)] = part * rng.uniform(0.5, 1.0)
    return torch.from_numpy(out)


def _teach(critic: Critic, optimiser: torch.optim.Optimizer, made: Tensor, real: Tensor) -> None:
    """One step of least-squares discrimination (Mao et al. 2017)."""
    loss = made.new_zeros(())
    for false, true in zip(critic(made), critic(real), strict=True):
        loss = loss + (false[-1] ** 2).mean() + ((1 - true[-1]) ** 2).mean()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()


def _persuade(critic: Critic, made: Tensor, real: Tensor) -> Tensor:
    """Adversarial and feature-matching terms."""
    loss = made.new_zeros(())
    with torch.no_grad():
        wanted = critic(real)
    for false, true in zip(critic(made), wanted, strict=True):
        loss = loss + ((1 - false[-1]) ** 2).mean()
        loss = loss + 2 * sum(F.l1_loss(a, b) for a, b in zip(false[:-1], true[:-1], strict=True))
    return loss / len(wanted)


def speech_of(store: Store, fold: int) -> list[Utterance]:
    """Real speech that a vocoder may learn from, by the rule of the branch that it forges for."""
    return [r for r in store.rows if not r.fake and learns(r, fold) and r.length > 50 * HOP]
