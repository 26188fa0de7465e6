"""Logits to scores."""

import numpy as np
import pytest
from scipy.special import expit

from assay.branches.scores import combined

PARAMETERS = {"weights": {"first": 0.5, "second": 2.0}, "bias": -1.0}


def test_networks_are_weighed_by_name():
    logits = {"second": np.array([1.0, 0.0], np.float32), "first": np.array([4.0, 2.0], np.float32)}
    np.testing.assert_allclose(combined(logits, PARAMETERS), expit([3.0, 0.0]), rtol=1e-6)


def test_a_network_that_says_nothing_is_an_error():
    with pytest.raises(KeyError):
        combined({"first": np.zeros(2, np.float32)}, PARAMETERS)
