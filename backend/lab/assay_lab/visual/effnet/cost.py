"""`effnet-variants`: what the variants of the EfficientNet cost, side by side.

    python -m assay_lab effnet-variants

Sizes, multiply-additions of one face, and this machine's milliseconds to judge one and seconds to
learn from a batch. Weights are random: cost does not depend on them.
"""

import time
from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

import numpy as np
import torch
import typer
from torch import Tensor, nn

from assay_lab.visual.effnet.net import SIDE, VARIANTS, EfficientNetAutoAtt


class Cost(NamedTuple):
    """judging: milliseconds a face. learning: seconds a batch."""

    parameters: int
    multiply_adds: int
    judging: float
    learning: float


def command(
    faces: Annotated[int, typer.Option(min=2, help="Of a batch that is learned from")] = 8,
    repeats: Annotated[int, typer.Option(min=1, help="Of which the median is told")] = 3,
    threads: Annotated[int, typer.Option(min=1, help="Of the network")] = 1,
) -> None:
    """Compare what the variants of the EfficientNet cost."""
    torch.set_num_threads(threads)
    costs = {name: cost_of(EfficientNetAutoAtt(name), faces, repeats) for name in VARIANTS}
    typer.echo(table(costs, faces))


def cost_of(net: EfficientNetAutoAtt, faces: int, repeats: int) -> Cost:
    """Measure one variant."""
    one, batch = torch.randn(1, 3, SIDE, SIDE), torch.randn(faces, 3, SIDE, SIDE)
    return Cost(
        sum(parameter.numel() for parameter in net.parameters()),
        multiply_adds(net, one),
        1000 * _median(lambda: _judge(net, one), repeats),
        _median(lambda: _learn(net, batch), repeats),
    )


@torch.inference_mode()
def multiply_adds(net: nn.Module, inputs: Tensor) -> int:
    """Of all convolutions and matrices, for these inputs."""
    counts: list[int] = []

    def count(module: nn.Module, _: Any, output: Tensor) -> None:
        weight = module.weight
        assert isinstance(weight, Tensor)
        places = output.numel() // weight.shape[0]
        counts.append(places * weight.numel())

    hooks = [
        module.register_forward_hook(count)
        for module in net.modules()
        if isinstance(module, nn.Conv2d | nn.Linear)
    ]
    net.eval()(inputs)
    for hook in hooks:
        hook.remove()
    return sum(counts)


@torch.inference_mode()
def _judge(net: nn.Module, faces: Tensor) -> None:
    net.eval()(faces)


def _learn(net: nn.Module, faces: Tensor) -> None:
    net.train()(faces)[0].sum().backward()
    net.zero_grad()


def _median(work: Callable[[], None], repeats: int) -> float:
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return float(np.median(times))


HEAD: Final = (
    "| variant | parameters | multiply-adds a face | judging a face | learning from {} faces |"
)


def table(costs: dict[str, Cost], faces: int) -> str:
    """Markdown, with what each costs as a multiple of the first."""
    first = next(iter(costs.values()))
    rows = [HEAD.format(faces), "|---|---|---|---|---|"]
    for name, cost in costs.items():
        rows.append(
            f"| {name} | {cost.parameters / 1e6:.1f} M | {cost.multiply_adds / 1e6:,.0f} M "
            f"({cost.multiply_adds / first.multiply_adds:.1f} x) "
            f"| {cost.judging:.0f} ms ({cost.judging / first.judging:.1f} x) "
            f"| {cost.learning:.1f} s ({cost.learning / first.learning:.1f} x) |"
        )
    return "\n".join(rows)
