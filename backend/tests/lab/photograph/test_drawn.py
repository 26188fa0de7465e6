"""Manners and treatments: another picture of the same size, the same by the same draw."""

import numpy as np
import pytest
from skimage import data

from assay.types import Image
from assay_lab.photograph.drawn import MANNERS, TREATMENTS, in_a_manner


@pytest.fixture(scope="module")
def portrait() -> Image:
    return np.ascontiguousarray(data.astronaut()[:224, 110:334])


@pytest.mark.parametrize("how", [*MANNERS, *TREATMENTS])
def test_a_manner_changes_the_picture_and_nothing_else(how: str, portrait: Image) -> None:
    before = portrait.copy()
    one, two = (in_a_manner(portrait, how, np.random.default_rng(5)) for _ in range(2))
    assert one.shape == portrait.shape
    assert one.dtype == np.uint8
    assert np.array_equal(one, two)
    assert np.array_equal(portrait, before)
    assert not np.array_equal(one, portrait)
