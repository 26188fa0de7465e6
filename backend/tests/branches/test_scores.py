"""Logits to scores."""

import numpy as np
import pytest
from scipy.special import expit

from assay.branches.scores import combined, percent, told

PARAMETERS = {"weights": {"first": 0.5, "second": 2.0}, "bias": -1.0}


def test_networks_are_weighed_by_name():
    logits = {"second": np.array([1.0, 0.0], np.float32), "first": np.array([4.0, 2.0], np.float32)}
    np.testing.assert_allclose(combined(logits, PARAMETERS), expit([3.0, 0.0]), rtol=1e-6)


def test_a_network_that_says_nothing_is_an_error():
    with pytest.raises(KeyError):
        combined({"first": np.zeros(2, np.float32)}, PARAMETERS)


@pytest.mark.parametrize(
    ("score", "words"),
    [(0.0, "0 %"), (0.001, "1 %"), (0.315, "32 %"), (0.999, "99 %"), (1.0, "100 %")],
)
def test_only_certainty_is_told_as_certain(score, words):
    assert percent(score) == words


def test_one_score_is_told_as_it_is_and_several_by_mean_and_highest():
    assert told("It", np.array([0.4], np.float32), "pictures") == "It scores 40 %."
    several = told("It", np.array([0.2, 0.9], np.float32), "pictures")
    assert several == "It scores 55 % on average over 2 pictures, 90 % at most."
