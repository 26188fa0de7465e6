"""Fitting a head."""

import numpy as np

from assay_lab.fusion.heads import fit_head
from assay_lab.fusion.patterns import columns_of
from tests.lab.examined import HEAD, media


def test_a_head_tells_fakes_that_it_has_not_seen() -> None:
    head = fit_head(media(400), HEAD, 0.02, 0.05)
    others = media(200, seed=1)
    fake = np.array([line.fake for line in others])
    probabilities = head.probabilities(others)

    assert head.columns == columns_of(HEAD)
    assert probabilities[fake].mean() > probabilities[~fake].mean() + 0.2
    assert head.authentic_below <= 0.5 <= head.deepfake_above


def test_a_branch_is_never_read_backwards() -> None:
    head = fit_head(media(400, backwards="audio_prob_fake"), HEAD, 0.02, 0.05)
    weights = dict(zip(head.columns, head.model[-1].coef_[0], strict=True))

    assert weights["audio_prob_fake"] == 0
    assert weights["tiny_prob_mean"] > 0 > weights["sync_prob"]


def test_counts_have_no_vote_even_where_they_would_decide() -> None:
    head = fit_head(media(400), HEAD, 0.02, 0.05)
    weights = dict(zip(head.columns, head.model[-1].coef_[0], strict=True))

    assert weights["tiny_num_files"] == weights["tiny_num_patches"] == 0
