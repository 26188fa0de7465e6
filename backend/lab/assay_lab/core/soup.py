"""Weight interpolation of networks that were fine-tuned from one start.

Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy
without increasing inference time", ICML 2022: networks trained on different parts of the data lie
in one basin, and their mean knows all parts.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

State = dict[str, Tensor]


def averaged(states: Sequence[State]) -> State:
    """The mean of several state dicts of one network; what only counts is taken from the first.

    Raises:
        ValueError: They are of different networks, or there are none.
    """
    if not states or any(state.keys() != states[0].keys() for state in states):
        raise ValueError("only networks of one kind can be averaged")
    return {
        name: torch.stack([state[name] for state in states]).mean(dim=0)
        if value.dtype.is_floating_point
        else value.clone()
        for name, value in states[0].items()
    }
