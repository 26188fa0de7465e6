"""FGSM and PGD against what is known in closed form."""

import pytest
import torch
from torch import Tensor

from assay_lab.core.linf import Budget, Score, fgsm, pgd

WIDE = Budget(0.3, -100.0, 100.0)


def attacked(method: str, x: Tensor, score: Score, budget: Budget, steps: int = 8) -> Tensor:
    return fgsm(x, score, budget) if method == "fgsm" else pgd(x, score, budget, steps)


def linear(weights: Tensor) -> Score:
    return lambda x: (x * weights).flatten(1).sum(dim=1)


@pytest.mark.parametrize("method", ["fgsm", "pgd"])
@pytest.mark.parametrize("shape", [(1, 5), (4, 3, 2)])
def test_a_linear_score_rises_by_epsilon_times_the_sum_of_its_weights(
    method: str, shape: tuple[int, ...]
) -> None:
    torch.manual_seed(0)
    x, weights = torch.randn(shape), torch.randn(shape[1:])
    found = attacked(method, x, linear(weights), WIDE)
    torch.testing.assert_close(found, x + 0.3 * weights.sign().expand(shape))
    gained = linear(weights)(found) - linear(weights)(x)
    torch.testing.assert_close(gained, (0.3 * weights.abs().sum()).expand(shape[0]))


@pytest.mark.parametrize("method", ["fgsm", "pgd"])
def test_logistic_regression_falls_as_its_formula_says(method: str) -> None:
    x, weights = torch.tensor([[0.5, -0.2, 0.1]]), torch.tensor([2.0, -1.0, 0.5])
    found = attacked(method, x, lambda x: -torch.sigmoid(linear(weights)(x)), WIDE)
    wanted = torch.sigmoid(linear(weights)(x) - 0.3 * weights.abs().sum())
    torch.testing.assert_close(torch.sigmoid(linear(weights)(found)), wanted)


@pytest.mark.parametrize("method", ["fgsm", "pgd"])
def test_values_stay_in_the_range_of_files(method: str) -> None:
    x = torch.tensor([[0.0, 255.0, 254.5, 0.5, 128.0]])
    weights = torch.tensor([-1.0, 1.0, 1.0, -1.0, 1.0])
    found = attacked(method, x, linear(weights), Budget(2.0, 0.0, 255.0))
    torch.testing.assert_close(found, torch.tensor([[0.0, 255.0, 255.0, 0.0, 130.0]]))


@pytest.mark.parametrize("method", ["fgsm", "pgd"])
def test_what_does_not_matter_stays_or_stays_in_reach(method: str) -> None:
    x = torch.zeros(1, 2)
    found = attacked(method, x, linear(torch.tensor([1.0, 0.0])), WIDE)
    assert found[0, 0] == pytest.approx(0.3)
    assert abs(float(found[0, 1])) <= 0.3


@pytest.mark.parametrize(("peak", "reached"), [(0.1, 0.1), (5.0, 0.3), (-5.0, -0.3)])
def test_pgd_finds_a_summit_that_one_step_leaps_over(peak: float, reached: float) -> None:
    x = torch.zeros(1, 1)

    def score(x: Tensor) -> Tensor:
        return -(x[:, 0] - peak).square()

    assert float(pgd(x, score, WIDE, steps=60)) == pytest.approx(reached, abs=0.01)
    assert abs(float(fgsm(x, score, WIDE))) == pytest.approx(0.3)


def test_pgd_never_leaves_its_budget_and_is_the_same_again() -> None:
    torch.manual_seed(1)
    x = torch.rand(3, 20)
    mixing = torch.randn(20, 20)

    def score(x: Tensor) -> Tensor:
        return torch.sin(8 * x @ mixing).sum(dim=1)

    budget = Budget(0.05, 0.0, 1.0)
    found = pgd(x, score, budget, steps=15)
    assert float((found - x).abs().max()) <= 0.05 + 1e-6
    assert float(found.min()) >= 0 and float(found.max()) <= 1
    assert (score(found) > score(x)).all()
    assert torch.equal(found, pgd(x, score, budget, steps=15))
    assert not torch.equal(found, pgd(x, score, budget, steps=15, seed=1))


def test_each_of_many_is_attacked_for_itself() -> None:
    torch.manual_seed(2)
    x = torch.rand(2, 4)
    weights = torch.tensor([[1.0, -1.0, 1.0, 1.0], [-1.0, -1.0, 1.0, -1.0]])
    found = pgd(x, lambda x: (x * weights).sum(dim=1), WIDE, steps=5)
    torch.testing.assert_close(found, x + 0.3 * weights)


def test_neither_touches_what_it_was_given() -> None:
    x = torch.rand(1, 4)
    before = x.clone()
    fgsm(x, linear(torch.ones(4)), WIDE)
    pgd(x, linear(torch.ones(4)), WIDE, steps=2)
    assert torch.equal(x, before) and not x.requires_grad
