"""What a network costs, on networks whose cost is known."""

import torch
from torch import nn

from assay_lab.visual.effnet.cost import Cost, multiply_adds, table


def test_multiply_adds_are_those_of_a_calculation_by_hand() -> None:
    conv = nn.Conv2d(3, 8, 3, padding=1)
    assert multiply_adds(conv, torch.zeros(1, 3, 10, 10)) == 10 * 10 * 8 * 3 * 9
    depthwise = nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8)
    assert multiply_adds(depthwise, torch.zeros(1, 8, 10, 10)) == 5 * 5 * 8 * 9
    both = nn.Sequential(conv, nn.Flatten(), nn.Linear(800, 2))
    assert multiply_adds(both, torch.zeros(1, 3, 10, 10)) == 21_600 + 1600


def test_counting_leaves_nothing_behind() -> None:
    conv = nn.Conv2d(1, 1, 1)
    multiply_adds(conv, torch.zeros(1, 1, 2, 2))
    assert not conv._forward_hooks


def test_costs_stand_as_multiples_of_the_first() -> None:
    costs = {
        "a": Cost(2_000_000, 10_000_000, 5.0, 0.5),
        "b": Cost(4_000_000, 40_000_000, 15.0, 5.0),
    }
    told = table(costs, 8)
    assert "| b | 4.0 M | 40 M (4.0 x) | 15 ms (3.0 x) | 5.0 s (10.0 x) |" in told
    assert "learning from 8 faces" in told
