"""The metrics against hand-made cases, their definitions, and their own invariants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay_lab.core import metrics

RANKED = ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])


@st.composite
def labelled(draw):
    """Labels of both classes, and scores with ties."""
    n = draw(st.integers(4, 60))
    labels = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    labels[0], labels[1] = 0, 1
    scores = draw(st.lists(st.integers(0, 20), min_size=n, max_size=n))
    return np.array(labels), np.array(scores) / 20


def test_a_perfect_ranking():
    assert metrics.auc(*RANKED) == 1.0
    assert metrics.eer(*RANKED) == 0.0
    assert metrics.average_precision(*RANKED) == 1.0


def test_a_reversed_ranking():
    labels, scores = RANKED
    assert metrics.auc(labels, scores[::-1]) == 0.0
    assert metrics.eer(labels, scores[::-1]) == 1.0


def test_constant_scores_say_nothing():
    assert metrics.auc([0, 1, 1], [0.5] * 3) == 0.5
    assert metrics.eer([0, 1, 1], [0.5] * 3) == pytest.approx(0.5)


def test_eer_between_two_thresholds():
    # One of four on either side is wrong at any threshold between 0.4 and 0.6.
    labels = [0, 0, 0, 0, 1, 1, 1, 1]
    scores = [0.1, 0.2, 0.3, 0.6, 0.4, 0.7, 0.8, 0.9]
    assert metrics.eer(labels, scores) == pytest.approx(0.25)


@given(labelled())
@settings(deadline=None)
def test_auc_is_the_share_of_pairs_in_order(case):
    labels, scores = case
    lead = scores[labels == 1][:, None] - scores[labels == 0]
    assert metrics.auc(labels, scores) == pytest.approx(((lead > 0) + 0.5 * (lead == 0)).mean())


@given(labelled())
@settings(deadline=None)
def test_average_precision_is_the_mean_precision_at_the_fakes(case):
    labels, scores = case
    above = [labels[scores >= score].mean() for score in scores[labels == 1]]
    assert metrics.average_precision(labels, scores) == pytest.approx(np.mean(above))


@given(labelled())
@settings(deadline=None)
def test_eer_only_depends_on_the_ranking(case):
    labels, scores = case
    value = metrics.eer(labels, scores)
    assert 0 <= value <= 1
    assert metrics.eer(labels, np.exp(3 * scores)) == pytest.approx(value)


def test_error_curve_ends_where_everything_is_accepted_and_rejected():
    thresholds, false_alarms, misses = metrics.error_curve(*RANKED)
    assert (false_alarms[0], misses[0]) == (1.0, 0.0)
    assert (false_alarms[-1], misses[-1]) == (0.0, 1.0)
    assert (np.diff(thresholds) > 0).all()


def test_rates_at_a_threshold():
    labels, scores = [0, 0, 1, 1], [0.2, 0.7, 0.6, 0.4]
    assert metrics.false_alarm_rate(labels, scores, 0.5) == 0.5
    assert metrics.balanced_accuracy(labels, scores) == 0.5
    assert np.isnan(metrics.false_alarm_rate([1], [0.3], 0.5))


def test_calibrated_scores_have_a_small_ece():
    rng = np.random.default_rng(0)
    stated = rng.random(40_000)
    labels = rng.random(40_000) < stated
    assert metrics.ece(labels, stated) < 0.01
    assert metrics.ece(labels, np.clip(stated + 0.2, 0, 1)) == pytest.approx(0.18, abs=0.02)


def test_with_classes_alike_a_balanced_statement_holds_on_any_mixture():
    rng = np.random.default_rng(0)
    stated = rng.random(60_000)
    labels = rng.random(60_000) < stated
    kept = labels | (rng.random(60_000) < 0.25)  # a quarter of the real ones
    some, said = labels[kept], stated[kept]
    assert metrics.ece(some, said) > 0.15
    assert metrics.ece(some, said, even=True) < 0.02
    assert metrics.ece(some, np.clip(said + 0.2, 0, 1), even=True) > 0.1


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_alone_cannot_be_weighed_against_the_other(label):
    assert metrics.ece([label] * 4, [0.5] * 4) == 0.5
    with pytest.raises(ValueError, match="both"):
        metrics.ece([label] * 4, [0.5] * 4, even=True)


@given(labelled())
@settings(deadline=None)
def test_of_as_many_fakes_as_real_ones_classes_alike_change_nothing(case):
    labels, scores = case
    both, twice = np.concatenate([labels, 1 - labels]), np.tile(scores, 2)
    assert metrics.ece(both, twice, even=True) == pytest.approx(metrics.ece(both, twice))


def test_the_error_by_chance_is_what_calibrated_scores_show_and_falls_with_their_number():
    rng = np.random.default_rng(0)
    few, many = rng.random(100), rng.random(10_000)
    shown = [metrics.ece(rng.random(100) < few, few) for _ in range(200)]
    assert metrics.ece_by_chance(few) == pytest.approx(np.mean(shown), rel=0.1)
    assert metrics.ece_by_chance(many) < 0.2 * metrics.ece_by_chance(few)


def test_reliability_bins_hold_equal_mass():
    table = metrics.reliability([0, 1] * 50, np.linspace(0, 1, 100))
    assert [b.size for b in table] == [10] * 10
    assert [b.stated for b in table] == sorted(b.stated for b in table)


def test_proper_scores():
    assert metrics.brier([1, 0], [0.8, 0.4]) == pytest.approx((0.04 + 0.16) / 2)
    assert metrics.nll([1, 0], [0.5, 0.5]) == pytest.approx(np.log(2))
    assert metrics.nll([1, 0], [0.8, 0.4]) == pytest.approx(-np.log([0.8, 0.6]).mean())


@pytest.mark.parametrize("label", [0, 1])
def test_proper_scores_of_one_class_alone(label):
    sure = 1.0 - label
    assert metrics.brier([label] * 3, [sure] * 3) == 1.0
    assert metrics.nll([label] * 3, [sure] * 3) == pytest.approx(-np.log(1e-6))


def test_cllr_of_an_uninformed_and_of_a_good_detector():
    assert metrics.cllr([0, 1], [0.5, 0.5]) == pytest.approx(1.0)
    assert metrics.cllr([0, 1], [0.3, 0.3], prior=0.3) == pytest.approx(1.0)
    assert metrics.cllr([0, 1], [0.01, 0.99]) < 0.05


def test_risk_falls_when_the_unsure_are_left_out():
    labels, probabilities = [0, 1, 0, 1], [0.02, 0.97, 0.6, 0.9]
    coverage, risk = metrics.risk_coverage(labels, probabilities)
    assert list(coverage) == [0.25, 0.5, 0.75, 1.0]
    assert list(risk) == [0, 0, 0, 0.25]
    assert metrics.risk_at(labels, probabilities, 0.75) == 0.0
    assert metrics.risk_at(labels, probabilities, 1.0) == 0.25


def test_bootstrap_of_groups_is_wider_than_of_rows():
    rng = np.random.default_rng(0)
    speakers = np.repeat(np.arange(12), 30)
    labels = speakers % 2
    # What a speaker sounds like dominates: 360 rows are worth hardly more than 12.
    scores = labels * 1.0 + rng.normal(0, 1.5, 12)[speakers] + rng.normal(0, 0.1, 360)
    by_group = metrics.group_bootstrap(metrics.auc, labels, scores, [str(s) for s in speakers])
    by_row = metrics.group_bootstrap(metrics.auc, labels, scores, [str(i) for i in range(360)])
    assert by_group.low <= by_group.value <= by_group.high
    assert by_group.high - by_group.low > 2 * (by_row.high - by_row.low)


@pytest.mark.parametrize(
    ("labels", "scores"),
    [
        ([0, 0], [0.1, 0.2]),
        ([0, 1], [0.1]),
        ([], []),
        ([0, 2], [0.1, 0.2]),
        ([0, 1], [0.1, np.nan]),
    ],
)
def test_unusable_input_is_refused(labels, scores):
    with pytest.raises(ValueError, match=r"needed|must be"):
        metrics.auc(labels, scores)
