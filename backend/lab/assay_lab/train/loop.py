"""What every trainer shares: a run folder that survives being killed, and averaged weights."""

import json
import math
import time
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn


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
        partial.replace(self.folder / "checkpoint.pt")

    def load(self) -> dict[str, Any] | None:
        """The last checkpoint, or None at the start."""
        file = self.folder / "checkpoint.pt"
        return torch.load(file, map_location="cpu", weights_only=True) if file.exists() else None


class Average:
    """Exponential moving average of weights and buffers (Polyak); the model that is shipped."""

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.net = deepcopy(net).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, net: nn.Module, step: int) -> None:
        """Move towards `net`; faster during the first steps."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for mine, theirs in zip(
            self.net.state_dict().values(), net.state_dict().values(), strict=True
        ):
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs, 1 - decay)
            else:
                mine.copy_(theirs)


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
