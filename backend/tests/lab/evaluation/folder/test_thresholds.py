"""Confusion at a threshold, and choices of it: against counting, and where there is nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_lab.core import metrics
from assay_lab.core.scored import Scored
from assay_lab.evaluation.folder.thresholds import (
    CHOICES,
    Confusion,
    at_false_alarms,
    best_f1,
    chosen_elsewhere,
    confusion,
    threshold_table,
    youden,
)


def scored(labels: list[int], scores: list[float]) -> Scored:
    groups = [str(number) for number in range(len(labels))]
    return Scored(np.array(labels, bool), np.array(scores, np.float64), groups)


MEDIA = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 99)), min_size=2, max_size=40).filter(
    lambda pairs: len({label for label, _ in pairs}) == 2
)


def test_rates_are_those_of_the_counts() -> None:
    found = Confusion(detected=6, missed=2, false_alarms=3, cleared=9)
    assert found.accuracy == 0.75
    assert found.recall == 0.75
    assert found.precision == 6 / 9
    assert found.false_alarm_rate == 0.25
    assert found.balanced_accuracy == 0.75
    assert found.f1 == 12 / 17
    assert found.numbers()["precision"] == 0.6667, "written to four digits"


@pytest.mark.parametrize("name", ["accuracy", "balanced_accuracy", "precision", "recall", "f1"])
def test_of_nothing_there_is_no_rate(name: str) -> None:
    assert Confusion(0, 0, 0, 0).numbers()[name] is None


def test_one_class_alone_has_the_rates_that_it_needs() -> None:
    only_real = Confusion(0, 0, 1, 3)
    assert only_real.false_alarm_rate == 0.25 and only_real.accuracy == 0.75
    assert only_real.recall is None and only_real.balanced_accuracy is None
    assert Confusion(0, 4, 0, 6).precision is None, "nothing was called fake"


def test_what_lies_on_the_threshold_is_not_above_it() -> None:
    assert confusion(scored([0, 1], [0.5, 0.5]), 0.5) == Confusion(0, 1, 0, 1)


@given(MEDIA)
def test_no_threshold_has_a_better_f1_or_more_distance(pairs: list[tuple[int, int]]) -> None:
    media = scored([label for label, _ in pairs], [score / 100 for _, score in pairs])
    everywhere = [confusion(media, (place + 0.5) / 100) for place in range(100)]
    best = confusion(media, best_f1(media)).f1
    assert best == pytest.approx(max(found.f1 or 0.0 for found in everywhere))
    best = confusion(media, youden(media)).balanced_accuracy
    assert best == pytest.approx(max(found.balanced_accuracy or 0.0 for found in everywhere))


@given(MEDIA, st.sampled_from([0.0, 0.01, 0.1, 0.5, 1.0]))
def test_fixed_false_alarms_are_kept_with_as_many_detected_as_can_be(
    pairs: list[tuple[int, int]], share: float
) -> None:
    media = scored([label for label, _ in pairs], [score / 100 for _, score in pairs])
    found = confusion(media, at_false_alarms(share)(media))
    assert found.false_alarms <= share * (found.false_alarms + found.cleared)
    others = (confusion(media, (place + 0.5) / 100) for place in range(100))
    allowed = [each for each in others if each.false_alarms <= share * (media.labels == 0).sum()]
    assert found.detected == max(each.detected for each in allowed)


@given(MEDIA)
def test_the_table_agrees_with_the_metrics(pairs: list[tuple[int, int]]) -> None:
    media = scored([label for label, _ in pairs], [score / 100 for _, score in pairs])
    half = threshold_table(media)["as calibrated"]
    wanted = metrics.balanced_accuracy(media.labels, media.probabilities, 0.5)
    assert half["balanced_accuracy"] == pytest.approx(wanted, abs=1e-4)
    wanted = metrics.false_alarm_rate(media.labels, media.probabilities, 0.5)
    assert half["false_alarm_rate"] == pytest.approx(wanted, abs=1e-4)
    assert all(0 <= row["threshold"] <= 1 for row in threshold_table(media).values())


def test_a_threshold_that_was_chosen_on_noise_does_not_hold_elsewhere() -> None:
    here, elsewhere = [], []
    for seed in range(20):
        noise = np.random.default_rng(seed).uniform(0.1, 0.9, 60)
        media = scored([0, 1] * 30, noise.tolist())
        found = chosen_elsewhere(media, youden)
        assert found is not None and sum(found) == 60, "every medium is judged once"
        here.append(confusion(media, youden(media)).balanced_accuracy or 0.0)
        elsewhere.append(found.balanced_accuracy or 0.0)
    assert np.mean(here) > 0.55
    assert 0.45 < np.mean(elsewhere) < 0.53


def test_a_group_is_never_on_both_sides() -> None:
    media = scored([0, 1] * 10, [0.2, 0.8] * 10)
    assert chosen_elsewhere(media._replace(groups=["one"] * 20), youden) is None


def test_where_half_of_it_lacks_a_class_nothing_is_chosen_elsewhere() -> None:
    table = threshold_table(scored([0, 1], [0.2, 0.8]))
    assert set(table) == set(CHOICES)
    assert all(row["chosen_elsewhere"] is None for row in table.values())
