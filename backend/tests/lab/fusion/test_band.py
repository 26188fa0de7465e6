"""The Inconclusive band keeps its promise."""

import numpy as np
import pytest

from assay_lab.fusion.band import conformal_band


def test_the_band_keeps_its_promise_on_fresh_media() -> None:
    rng = np.random.default_rng(5)

    def draw(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.random(count) < 0.5
        return labels, np.clip(rng.normal(np.where(labels, 0.65, 0.35), 0.15), 0.01, 0.99)

    low, high = conformal_band(*draw(4000), np.ones(4000), 0.02, 0.05)
    labels, probabilities = draw(20000)

    assert (probabilities[~labels] > high).mean() == pytest.approx(0.02, abs=0.01)
    assert (probabilities[labels] < low).mean() == pytest.approx(0.05, abs=0.015)


def test_the_upper_edge_keeps_its_promise_for_a_camera_with_few_clips() -> None:
    """Of 1,000 clips 50 are of a camera whose clips score high; it weighs as much as the other."""
    rng = np.random.default_rng(1)
    labels = np.arange(2000) % 2 == 0
    rare = ~labels & (np.arange(2000) % 40 == 1)
    probabilities = np.where(labels, 0.7, 0.2) + rng.uniform(-0.1, 0.1, 2000)
    probabilities[rare] = rng.uniform(0.55, 0.95, rare.sum())
    weights = np.where(rare, 19.0, 1.0)

    _, by_clip = conformal_band(labels, probabilities, np.ones(2000), 0.05, 0.05)
    _, by_camera = conformal_band(labels, probabilities, weights, 0.05, 0.05)

    assert (probabilities[rare] > by_clip).mean() > 0.9
    assert (probabilities[rare] > by_camera).mean() == pytest.approx(0.1, abs=0.03)


def test_the_lower_edge_keeps_its_promise_for_a_generator_with_few_fakes() -> None:
    rng = np.random.default_rng(1)
    labels = np.arange(2000) % 2 == 0
    rare = labels & (np.arange(2000) % 40 == 0)
    probabilities = np.where(labels, 0.8, 0.2) + rng.uniform(-0.1, 0.1, 2000)
    probabilities[rare] = rng.uniform(0.05, 0.45, rare.sum())
    weights = np.where(rare, 19.0, 1.0)

    by_clip, _ = conformal_band(labels, probabilities, np.ones(2000), 0.05, 0.05)
    by_generator, _ = conformal_band(labels, probabilities, weights, 0.05, 0.05)

    assert (probabilities[rare] < by_clip).mean() > 0.7
    assert (probabilities[rare] < by_generator).mean() == pytest.approx(0.1, abs=0.03)


def test_the_band_is_wide_where_no_number_of_media_could_keep_the_promise() -> None:
    labels = np.array([True] * 30 + [False] * 30)
    _, high = conformal_band(labels, np.full(60, 0.5), np.ones(60), 0.02, 0.05)

    assert high > 0.98


def test_media_that_lie_on_an_edge_together_stay_undecided() -> None:
    """As of a head that knows nothing: it says one of a few numbers of all media."""
    labels = np.arange(1000) % 2 == 0
    probabilities = np.where(np.arange(1000) % 5 < 2, 0.6, 0.4)

    low, high = conformal_band(labels, probabilities, np.ones(1000), 0.02, 0.05)

    # The service decides on the edge itself.
    assert not (probabilities >= high).any()
    assert not (probabilities <= low).any()
