"""What every trainer shares: a run folder that survives being killed, and the loop itself."""

import json
import math
import time
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
from torch import Tensor, nn

from assay_lab.core.device import DEVICE, mixed_precision, moved

CHECKPOINT = "checkpoint.pt"


class Run:
    """A folder outside the repository: config.json, log.jsonl and one checkpoint.

    Args:
        folder: Created if absent.
        config: A dataclass with the trainer's settings; a folder of other settings is refused,
            so that a resumed run is the run that was started.
    """

    def __init__(self, folder: Path, config: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        wanted = json.loads(json.dumps(asdict(config), default=str))
        known = folder / "config.json"
        if known.exists() and json.loads(known.read_text()) != wanted:
            raise SystemExit(f"{folder} holds a run with another config; choose another folder")
        known.write_text(json.dumps(wanted, indent=2))

    def record(self, **numbers: Any) -> None:
        """Append one line to log.jsonl and show it."""
        line = json.dumps({"at": time.strftime("%F %T"), **numbers})
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(line + "\n")
        print(line, flush=True)

    def save(self, **parts: Any) -> None:
        """Write the checkpoint so that a kill in mid-write loses nothing."""
        partial = self.folder / "checkpoint.part"
        torch.save(parts, partial)
        partial.replace(self.folder / CHECKPOINT)

    def load(self) -> dict[str, Any] | None:
        """The last checkpoint, or None at the start."""
        file = self.folder / CHECKPOINT
        return torch.load(file, map_location="cpu", weights_only=True) if file.exists() else None


class Average:
    """Exponential moving average of weights and buffers (Polyak); the model that is shipped."""

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.net = deepcopy(net).eval().requires_grad_(False)
        self.decay = decay

    def update(self, net: nn.Module, step: int) -> None:
        """Move towards `net`; faster during the first steps."""
        decay = min(self.decay, (1 + step) / (10 + step))
        _move(self.net, net, 1 - decay)


@torch.no_grad()
def _move(net: nn.Module, towards: nn.Module, share: float) -> None:
    """Move weights and buffers a share of the way to another's; what only counts is taken over."""
    for mine, theirs in zip(net.state_dict().values(), towards.state_dict().values(), strict=True):
        if mine.dtype.is_floating_point:
            mine.lerp_(theirs, share)
        else:
            mine.copy_(theirs)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a run goes: AdamW under one cosine.

    average: decay of the averaged weights. save_every: steps between checkpoints.
    """

    steps: int
    peak_rate: float = 1e-3
    warmup: int = 300
    weight_decay: float = 0.05
    average: float = 0.999
    validate_every: int = 1000
    save_every: int = 200
    log_every: int = 100


def fit(
    run: Run,
    net: nn.Module,
    schedule: Schedule,
    batches: Callable[[int], Iterable[Any]],
    loss: Callable[[nn.Module, Any], dict[str, Tensor]],
    judge: Callable[[nn.Module], dict[str, float]],
) -> nn.Module:
    """Train, or go on where a killed run stopped: the result is the same.

    Args:
        run: Where checkpoint and log live.
        net: Fresh or pre-trained; replaced by the checkpoint where there is one.
        schedule: Steps, rates, intervals.
        batches: From the step to start at, the remaining batches.
        loss: Weighted terms of a batch, which is on the net's device; their sum is minimised.
        judge: Numbers on data not trained on, given the averaged net on the CPU.

    Returns:
        The averaged net, on the CPU: the result.
    """
    net = net.to(DEVICE)
    average = Average(net, schedule.average)
    optimiser = torch.optim.AdamW(parameter_groups(net, schedule.weight_decay))
    first = _resume(run, net, average, optimiser)
    sums: dict[str, list[float]] = {}
    clock, logged = time.perf_counter(), first
    for step, batch in enumerate(batches(first), first):
        # Dropout draws by the step alone, so that a resumed run draws what it would have drawn.
        torch.manual_seed(step)
        net.train()
        for group in optimiser.param_groups:
            group["lr"] = cosine(step, schedule.steps, schedule.peak_rate, schedule.warmup)
        with mixed_precision():
            terms = loss(net, moved(batch))
        optimiser.zero_grad(set_to_none=True)
        torch.stack([term.float() for term in terms.values()]).sum().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        average.update(net, step)
        for name, term in terms.items():
            sums.setdefault(name, []).append(term.item())
        done = step + 1
        last = done == schedule.steps
        if done % schedule.log_every == 0:
            means = {name: round(fmean(values), 4) for name, values in sums.items()}
            seconds = (time.perf_counter() - clock) / (done - logged)
            run.record(step=done, seconds=round(seconds, 3), **means)
            sums, clock, logged = {}, time.perf_counter(), done
        if done % schedule.validate_every == 0 or last:
            run.record(step=done, **judge(average.net.eval().cpu()))
            average.net.to(DEVICE)
            clock = time.perf_counter()
        if done % schedule.save_every == 0 or last:
            run.save(
                step=done,
                net=net.state_dict(),
                average=average.net.state_dict(),
                optimiser=optimiser.state_dict(),
            )
    return average.net.eval().cpu()


def load_average(folder: Path, net: nn.Module) -> int:
    """Put the averaged weights of a run's last checkpoint into `net`.

    Returns:
        Steps that the run had made.

    Raises:
        FileNotFoundError: The run has not saved a checkpoint yet.
    """
    saved = torch.load(folder / CHECKPOINT, map_location="cpu", weights_only=True)
    net.load_state_dict(saved["average"])
    return int(saved["step"])


def mix_with_start(folder: Path, net: nn.Module, share: float) -> None:
    """Average a run's weights, in `net`, with those of the run that it went on from.

    What the later run learned is kept in part, and what it forgot comes back in part: Wortsman et
    al., "Robust fine-tuning of zero-shot models", CVPR 2022.

    Args:
        folder: Of the later run.
        net: Holds its averaged weights; gets the mean.
        share: Of its own weights, 0..1.

    Raises:
        SystemExit: The run did not go on from another run.
    """
    start = json.loads((folder / "config.json").read_text()).get("start")
    if start is None or not (Path(start) / CHECKPOINT).exists():
        raise SystemExit(f"{folder} went on from no run whose checkpoint is still there")
    own = deepcopy(net)
    load_average(Path(start), net)
    _move(net, own, share)


def read_config(folder: Path) -> dict[str, Any]:
    """The settings of a run as a card tells them: of folders the name, not where they lie.

    A folder is told by its leading slash or dot, for sources have slashes in their names too.
    """
    config = json.loads((folder / "config.json").read_text())
    return {name: _without_path(value) for name, value in config.items()}


def _without_path(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_path(part) for part in value]
    return Path(value).name if isinstance(value, str) and value.startswith(("/", ".")) else value


def _resume(run: Run, net: nn.Module, average: Average, optimiser: torch.optim.Optimizer) -> int:
    saved = run.load()
    if saved is None:
        return 0
    net.load_state_dict(saved["net"])
    average.net.load_state_dict(saved["average"])
    optimiser.load_state_dict(saved["optimiser"])
    return int(saved["step"])


def cosine(step: int, steps: int, peak: float, warmup: int) -> float:
    """Learning rate at a step: linear warm-up, then half a cosine down to 1 % of the peak."""
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = (step - warmup) / max(1, steps - warmup)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


def parameter_groups(net: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices and kernels only, not for norms and biases."""
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
