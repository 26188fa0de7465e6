"""What an audit says of a smaller model, on cases made by hand."""

import numpy as np
import pytest

from assay_lab.core.metrics import balanced_accuracy
from assay_lab.edge.compare import Answers, Tolerance, are_chosen_on, best_threshold, compare
from assay_lab.edge.samples import Samples

TOLERANCE = Tolerance(auc=0.01, flips=0.02)


def samples(count: int = 200) -> Samples:
    labels = np.arange(count) % 2 == 1
    return Samples(np.zeros((count, 1)), labels, [str(n) for n in range(count)])


def logits(of: Samples, apart: float = 3.0) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(0, 1, len(of.labels)) + apart * of.labels


def test_a_model_is_itself() -> None:
    of = samples()
    same = Answers(logits(of), 2.0, 10)
    found = compare(of, same, same, TOLERANCE)
    assert found["passes"]
    assert found["auc_change"] == found["flips"] == found["largest_score_change"] == 0
    assert found["threshold"] == found["retuned_threshold"]


def test_a_shift_turns_decisions_until_the_threshold_moves_with_it() -> None:
    of = samples()
    whole = logits(of)
    found = compare(of, Answers(whole, 1, 1), Answers(whole + 4, 1, 1), TOLERANCE)
    assert found["auc_change"] == 0
    assert found["flips"] > 0.3
    assert found["flips_retuned"] == 0
    assert found["retuned_threshold"] == pytest.approx(found["threshold"] + 4, abs=1e-3)
    assert found["passes"]


def test_a_model_that_ranks_worse_fails() -> None:
    of = samples()
    rng = np.random.default_rng(1)
    noisy = logits(of) + rng.normal(0, 3, len(of.labels))
    found = compare(of, Answers(logits(of), 1, 1), Answers(noisy, 1, 1), TOLERANCE)
    assert found["auc_change"] < -0.01
    assert not found["passes"]
    assert compare(of, Answers(logits(of), 1, 1), Answers(noisy, 1, 1), Tolerance(1, 1))["passes"]


def test_a_better_ranking_is_no_loss_but_turned_decisions_are() -> None:
    of = samples()
    found = compare(of, Answers(logits(of, 1), 1, 1), Answers(logits(of, 9), 1, 1), TOLERANCE)
    assert found["auc_change"] > 0.1
    assert not found["passes"], "a quarter of the decisions are others"


@pytest.mark.parametrize("seed", range(5))
def test_the_threshold_is_the_best_that_there_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = np.round(rng.normal(0, 1, 30), 1)
    labels = rng.random(30) < 0.5
    best = max(balanced_accuracy(labels, scores, t) for t in np.arange(-4, 4, 0.05))
    assert balanced_accuracy(labels, scores, best_threshold(labels, scores)) == pytest.approx(best)


def test_the_threshold_lies_between_samples() -> None:
    labels = np.array([False, False, True, True])
    assert best_threshold(labels, np.array([0.0, 1.0, 3.0, 4.0])) == 2.0


def test_halves_share_no_group_and_need_both_classes() -> None:
    of = samples()
    chosen = are_chosen_on(of._replace(groups=[str(n // 4) for n in range(200)]))
    assert (chosen.reshape(-1, 4).all(axis=1) | ~chosen.reshape(-1, 4).any(axis=1)).all()
    with pytest.raises(ValueError, match="groups are too few"):
        are_chosen_on(of._replace(groups=["one"] * 200))
