"""Which way features may vote, and how much."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from assay.evidence import FEATURES
from assay_lab.fusion.regression import Votes, signed_regression, votes_of


def test_without_limits_the_regression_is_scikit_learns() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(300, 2))
    labels = values @ [1.0, 0.5] + rng.normal(size=300) > 0
    weights = rng.uniform(0.5, 2, 300)
    theirs = LogisticRegression(C=0.3).fit(values, labels, sample_weight=weights)

    ours = signed_regression(values, labels, weights, 0.3, Votes(np.ones(2), np.ones(2)))

    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-3)
    np.testing.assert_allclose(ours.predict_proba(values), theirs.predict_proba(values), atol=2e-3)


def test_signs_follow_the_meaning_of_the_features() -> None:
    signs = dict(zip(FEATURES, votes_of(FEATURES).signs, strict=True))

    assert signs["sync_prob"] == -1
    assert signs["visual_num_faces"] == 0
    assert signs["temporal_prob_fake"] == 1


def test_a_feature_said_three_times_has_no_more_votes_than_one_said_once() -> None:
    rng = np.random.default_rng(5)
    labels = rng.random(2000) < 0.5
    seen, heard = (rng.normal(np.where(labels, 0.5, -0.5), 1) for _ in range(2))
    names = ["visual_prob_mean", "visual_prob_max", "visual_prob_p90", "temporal_prob_fake"]
    values = np.stack([seen, seen, seen, heard], axis=1)

    model = signed_regression(values, labels, np.ones(2000), 0.0005, votes_of(names))
    evenly = Votes(np.ones(4), np.ones(4))
    partial = signed_regression(values, labels, np.ones(2000), 0.0005, evenly)

    assert model.coef_[0, :3].sum() == pytest.approx(model.coef_[0, 3], rel=0.1)
    assert partial.coef_[0, :3].sum() > 1.3 * partial.coef_[0, 3]
