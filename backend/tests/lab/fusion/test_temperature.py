"""One temperature for a head."""

import numpy as np
import pytest

from assay_lab.fusion.temperature import fit_temperature


def test_temperature_undoes_overconfidence_and_refuses_noise() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 2, 4000)
    labels = rng.random(4000) < 1 / (1 + np.exp(-logits))
    even = np.ones(4000)

    assert fit_temperature(labels, 3 * logits, even) == pytest.approx(3, rel=0.15)
    with pytest.raises(ValueError, match="bound"):
        fit_temperature(~labels, logits, even)
