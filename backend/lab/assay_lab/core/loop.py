"""What every trainer shares: a run folder that survives being killed, and the loop itself."""

import json
import math
import time
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR
from torch.optim.swa_utils import AveragedModel

from assay_lab.core.device import DEVICE, mixed_precision, moved
from assay_lab.core.trackers import LISTENERS

CHECKPOINT = "checkpoint.pt"

Net = TypeVar("Net", bound=nn.Module)
Tensors = tuple[Tensor, ...] | list[Tensor]


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
        if known.exists() and _told_by(known, config) != wanted:
            raise SystemExit(f"{folder} holds a run with another config; choose another folder")
        known.write_text(json.dumps(wanted, indent=2))

    def record(self, **numbers: Any) -> None:
        """Append one line to log.jsonl, show it, and tell whoever listens."""
        line = json.dumps({"at": time.strftime("%F %T"), **numbers})
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(line + "\n")
        print(line, flush=True)
        for listen in LISTENERS:
            listen(self.folder, numbers)

    def save(self, **parts: Any) -> None:
        """Write the checkpoint so that a kill in mid-write loses nothing."""
        partial = self.folder / "checkpoint.part"
        torch.save(parts, partial)
        partial.replace(self.folder / CHECKPOINT)

    def load(self) -> dict[str, Any] | None:
        """The last checkpoint, or None at the start."""
        file = self.folder / CHECKPOINT
        return torch.load(file, map_location="cpu", weights_only=True) if file.exists() else None


def _told_by(file: Path, config: Any) -> dict[str, Any]:
    """The settings of a run; those that an earlier version did not know have their defaults."""
    since = {one.name: one.default for one in fields(config) if one.default is not MISSING}
    defaults: dict[str, Any] = json.loads(json.dumps(since, default=str))
    return defaults | json.loads(file.read_text())


class Average(AveragedModel):
    """Exponential moving average of weights and buffers (Polyak); its module is what is shipped.

    It follows faster during the first steps.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        def follow(averages: Tensors, weights: Tensors, steps: Tensor | int) -> None:
            _move(averages, weights, 1 - min(decay, int(steps) / (9 + int(steps))))

        super().__init__(net, multi_avg_fn=follow, use_buffers=True)
        self.module.eval().requires_grad_(False)
        self.go_on(0)

    def go_on(self, step: int) -> None:
        """Set the steps that were made; at none the average holds what the network began with."""
        self.n_averaged.fill_(step + 1)


@torch.no_grad()
def _move(averages: Iterable[Tensor], weights: Iterable[Tensor], share: float) -> None:
    """Move a share of the way to other weights and buffers; what only counts is taken over."""
    for mine, theirs in zip(averages, weights, strict=True):
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
    net: Net,
    schedule: Schedule,
    batches: Callable[[int], Iterable[Any]],
    loss: Callable[[Net, Any], dict[str, Tensor]],
    judge: Callable[[Net], dict[str, float]],
) -> Net:
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
    rates = cosine_rates(optimiser, schedule.steps, schedule.peak_rate, schedule.warmup, first)
    sums: dict[str, list[float]] = {}
    clock, logged = time.perf_counter(), first
    for step, batch in enumerate(batches(first), first):
        terms = descend(net, optimiser, rates, step, batch, loss)
        average.update_parameters(net)
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
            run.record(step=done, **judge(cast(Net, average.module.eval().cpu())))
            average.to(DEVICE)
            clock = time.perf_counter()
        if done % schedule.save_every == 0 or last:
            run.save(
                step=done,
                net=net.state_dict(),
                average=average.module.state_dict(),
                optimiser=optimiser.state_dict(),
            )
    return cast(Net, average.module.eval().cpu())


def descend(
    net: Net,
    optimiser: torch.optim.Optimizer,
    rates: LambdaLR,
    step: int,
    batch: Any,
    loss: Callable[[Net, Any], dict[str, Tensor]],
) -> dict[str, Tensor]:
    """One step of training: the loss of a batch, its gradient, clipped, and a step against it.

    Returns:
        The terms of the loss.
    """
    # Dropout draws by the step alone, so that a resumed run draws what it would have drawn.
    torch.manual_seed(step)
    net.train()
    with mixed_precision():
        terms = loss(net, moved(batch))
    optimiser.zero_grad(set_to_none=True)
    torch.stack([term.float() for term in terms.values()]).sum().backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()
    rates.step()
    return terms


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
    _move(net.state_dict().values(), own.state_dict().values(), share)


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
    average.module.load_state_dict(saved["average"])
    average.go_on(saved["step"])
    optimiser.load_state_dict(saved["optimiser"])
    return int(saved["step"])


def cosine_rates(
    optimiser: torch.optim.Optimizer, steps: int, peak: float, warmup: int, first: int
) -> LambdaLR:
    """Learning rates from a step on: linear warm-up, then half a cosine down to 1 % of the peak."""

    def share(step: int) -> float:
        if step < warmup:
            return (step + 1) / warmup
        progress = (step - warmup) / max(1, steps - warmup)
        return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress))

    for group in optimiser.param_groups:
        group["initial_lr"] = peak
    return LambdaLR(optimiser, share, last_epoch=first - 1)


def parameter_groups(net: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices and kernels only, not for norms and biases."""
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
