"""Strangeness: near one for the edge of the usual, growing with distance."""

import numpy as np
import pytest

from assay.branches.visual.out_of_distribution import ood_score

KNOWN = {
    "centre": np.ones(4, np.float32),
    "whiten": np.eye(4, 2, dtype=np.float32),
    "usual_face": 2.0,
    "usual_clip": 1.0,
}


def test_the_centre_is_not_strange() -> None:
    assert ood_score(np.ones((3, 4), np.float32), KNOWN) == 0


def test_the_edge_of_the_usual_is_one() -> None:
    assert ood_score(np.array([[3, 1, 1, 1]], np.float32), KNOWN) == pytest.approx(1)


def test_directions_that_training_never_varied_do_not_count() -> None:
    assert ood_score(np.array([[1, 1, 90, 1]], np.float32), KNOWN) == 0


def test_a_clip_is_as_strange_as_its_mean_face() -> None:
    """What differs from moment to moment cancels; what stays is measured against other clips."""
    opposite = np.array([[3, 1, 1, 1], [-1, 1, 1, 1]], np.float32)
    alike = np.array([[3, 1, 1, 1], [3, 1, 1, 1]], np.float32)

    assert ood_score(opposite, KNOWN) == 0
    assert ood_score(alike, KNOWN) == pytest.approx(2)
