"""Weight interpolation of networks that were fine-tuned from one start.

Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy
without increasing inference time", ICML 2022: networks trained on different parts of the data lie
in one basin, and their mean knows all parts.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

State = dict[str, Tensor]


def averaged(states: Sequence[State], weights: Sequence[float] | None = None) -> State:
    """The mean of several state dicts of one network; what only counts is taken from the first.

    Args:
        states: All of one network.
        weights: Of each, alike by default; only their proportions matter.

    Raises:
        ValueError: They are of different networks, there are none, or the weights make no mean.
    """
    shares = [1.0] * len(states) if weights is None else list(weights)
    if not states or any(_kind(state) != _kind(states[0]) for state in states):
        raise ValueError("only networks of one kind can be averaged")
    if len(shares) != len(states) or min(shares) < 0 or not 0 < sum(shares) < math.inf:
        raise ValueError("each network has a weight of 0 or more, and not all are 0")
    return {
        name: _mean([state[name] for state in states], shares)
        if value.dtype.is_floating_point
        else value.clone()
        for name, value in states[0].items()
    }


def _mean(values: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    """In double precision, so that the mean of equal values is that value to the bit."""
    parts = [share * value.double() for value, share in zip(values, shares, strict=True)]
    return (torch.stack(parts).sum(dim=0) / sum(shares)).to(values[0].dtype)


def _kind(state: State) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in state.items()}
