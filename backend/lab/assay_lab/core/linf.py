"""FGSM and PGD: the two standard attacks that change no value by more than epsilon.

Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples", ICLR 2015; Madry
et al., "Towards Deep Learning Models Resistant to Adversarial Attacks", ICLR 2018.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import torch
from torch import Tensor

Score = Callable[[Tensor], Tensor]
"""(n, ...) -> (n,), each its own: what the attacker wants high."""

REACH: Final = 2.5
"""Madry et al.: all steps of PGD together go so many times epsilon, so that it can turn back."""


class Budget(NamedTuple):
    """What the attacker may do: epsilon, and the range that values have in files.

    epsilon: for all, or (n, 1, ...) for each.
    """

    epsilon: float | Tensor
    low: float
    high: float

    def hold(self, changed: Tensor, x: Tensor) -> Tensor:
        """The nearest allowed values."""
        near = torch.clamp(changed, x - self.epsilon, x + self.epsilon)
        return near.clamp(self.low, self.high)


def fgsm(x: Tensor, score: Score, budget: Budget) -> Tensor:
    """One step of epsilon along the sign of the gradient; exact where the score is linear."""
    _, gradient = _look(x, score)
    return budget.hold(x + budget.epsilon * gradient.sign(), x)


def pgd(x: Tensor, score: Score, budget: Budget, steps: int, seed: int = 0) -> Tensor:
    """Small steps from a random start, each held to the budget; the best of all places is kept.

    Args:
        x: (n, ...).
        score: To be raised.
        budget: How far.
        steps: How many gradients are taken.
        seed: Of the start.
    """
    random = torch.Generator().manual_seed(seed)
    start = (2 * torch.rand(x.shape, generator=random).to(x.device) - 1) * budget.epsilon
    place = budget.hold(x + start, x)
    best, highest = x.clone(), torch.full((len(x),), float("-inf"), device=x.device)
    step = REACH * budget.epsilon / steps
    for _ in range(steps):
        reached, gradient = _look(place, score)
        _keep(place, reached, best, highest)
        place = budget.hold(place + step * gradient.sign(), x)
    with torch.no_grad():
        _keep(place, score(place), best, highest)
    return best


def _keep(place: Tensor, reached: Tensor, best: Tensor, highest: Tensor) -> None:
    """Note, in place, where it is better than ever."""
    better = reached > highest
    best[better], highest[better] = place[better], reached[better]


def _look(x: Tensor, score: Score) -> tuple[Tensor, Tensor]:
    """The score at a place and its gradient there."""
    x = x.detach().requires_grad_()
    reached = score(x)
    return reached.detach(), torch.autograd.grad(reached.sum(), x)[0]
