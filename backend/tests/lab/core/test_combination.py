"""One score from several networks: no one is read backwards, and no kind outweighs the others."""

import numpy as np
import pytest

from assay.types import Doubles, Flags
from assay_lab.core.combination import by_maker, evened, fit_combination


def said(seed: int, labels: Flags, apart: float) -> Doubles:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, len(labels)) + np.where(labels, apart, -apart) / 2


def test_the_better_network_weighs_more_and_the_worse_is_not_read_backwards() -> None:
    labels = np.arange(800) % 2 == 0
    logits = {"good": said(1, labels, 3.0), "bad": said(2, labels, -1.0)}

    found = fit_combination(labels, logits, np.ones(800))

    assert found.weights["good"] > 5 * found.weights["bad"] > 0
    odds = found.logit(logits)
    assert odds == pytest.approx(
        sum(found.weights[name] * logits[name] for name in logits) + found.bias
    )
    assert 1 / (1 + np.exp(-odds[labels])).mean() < 2


def test_makers_count_as_the_roots_of_their_numbers() -> None:
    weights = by_maker(["a"] * 16 + ["b"])
    assert weights[:16].sum() == pytest.approx(4 * weights[16])


def test_kinds_weigh_the_same_and_within_them_all_stays_as_it_was() -> None:
    weights = evened(np.array([1.0, 3.0, 5.0]), ["a", "a", "b"])
    assert weights == pytest.approx([0.25, 0.75, 1.0])


def test_without_evening_the_many_decide() -> None:
    """Swaps that one network alone can see, and three times as many stills that the other sees."""
    labels = np.arange(800) % 2 == 0
    is_swap = np.arange(800) >= 600
    logits = {
        "blending": np.where(is_swap, said(1, labels, 4.0), said(2, labels, 0.0)),
        "synthesis": np.where(is_swap, said(3, labels, 0.0), said(4, labels, 2.0)),
    }
    plain = np.ones(800)
    kinds = [f"{swap} {fake}" for swap, fake in zip(is_swap, labels, strict=True)]

    alike = fit_combination(labels, logits, evened(plain, kinds))

    assert alike.weights["blending"] > fit_combination(labels, logits, plain).weights["blending"]
