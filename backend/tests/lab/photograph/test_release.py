"""The photograph check: its threshold keeps photographs, and its card tells what passes."""

import numpy as np
import pytest

from assay_lab.photograph.examples import Measured, from_bank, shares
from assay_lab.photograph.release import LOST, card, fitted, out_of_fold, threshold, told
from tests.lab.visual.faces import face, write_bank


def measured(apart: float, seed: int = 0) -> Measured:
    """Two hundred photographs of twenty sources and as many drawn faces, some way apart."""
    rng = np.random.default_rng(seed)
    is_photograph = np.arange(400) < 200
    statistics = rng.standard_normal((400, 6)).astype(np.float32)
    statistics[:, 0] += apart * is_photograph
    sources = [f"site{number % 20} {'fake' if number % 3 else 'real'}" for number in range(400)]
    return Measured(
        statistics, is_photograph, sources, ["as it is"] * 200 + ["oil"] * 100 + ["pencil"] * 100
    )


def test_the_threshold_loses_few_photographs() -> None:
    every = measured(3.0)
    logits = out_of_fold(every)
    lost = (logits < threshold(logits, every))[every.is_photograph].mean()
    assert lost <= LOST + 0.01
    assert (logits >= threshold(logits, every))[~every.is_photograph].mean() < 0.7


def test_a_source_with_many_faces_weighs_as_much_as_one_with_few() -> None:
    photographs = np.full(200, True)
    sources = ["large"] * 190 + [f"small{number}" for number in range(10)]
    logits = np.concatenate([np.linspace(-2, -1, 190), np.linspace(1, 2, 10)]).astype(np.float32)
    every = Measured(logits[:, None], photographs, sources, ["as it is"] * 200)
    # By faces it would be the second of them; the large source weighs a tenth of that.
    assert (logits < threshold(logits, every)).sum() == pytest.approx(LOST * 11 * 190, abs=2)


def test_the_head_is_that_of_the_regression() -> None:
    every = measured(3.0)
    weights, bias = fitted(every)
    logits = every.statistics @ weights.numpy() + bias
    assert ((logits > 0) == every.is_photograph).mean() > 0.9


def test_the_card_tells_every_manner() -> None:
    every = measured(6.0)
    passed = every.is_photograph.copy()
    passed[np.array(every.how) == "oil"] = True
    text = card(told(passed, every))
    assert "| oil | 100 | 100.0 % |" in text
    assert "| pencil | 100 | 0.0 % |" in text


def test_shares_are_counted_by_key() -> None:
    assert shares([True, False, True], ["b", "b", "a"]) == {"a": [1, 1.0], "b": [2, 0.5]}


def test_a_bank_gives_photographs_and_drawn_ones_of_every_source(tmp_path) -> None:
    bank = write_bank(tmp_path, [face(number, fake=number % 2 == 1) for number in range(8)])
    examples = list(from_bank(bank, np.random.default_rng(0)))
    assert {example.is_photograph for example in examples} == {True, False}
    assert len({example.source for example in examples}) == 2
    assert all(example.face.shape == (224, 224, 3) for example in examples)
    assert all(example.face.dtype == np.uint8 for example in examples)
