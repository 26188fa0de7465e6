"""Judging by heads that know none of the group."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from assay_lab.fusion import out_of_fold as folds
from assay_lab.fusion.out_of_fold import judged_by_others
from assay_lab.fusion.patterns import columns_of
from tests.lab.examined import HEAD, media


def test_where_nothing_is_known_a_held_out_source_does_not_look_fake() -> None:
    """Real media of one large group, fakes of many: without the group few real ones are left."""
    lines = [
        replace(
            line,
            features=line.features | dict.fromkeys(columns_of(HEAD), 0.5 + int(line.id) % 2 / 100),
            group=line.group if line.fake else str(int(line.id) % 3),
        )
        for line in media(300)
    ]

    assert abs(judged_by_others(lines, HEAD).probabilities - 0.5).max() < 0.1


def test_no_head_that_judges_knows_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    learned: list[set[str]] = []

    def fit(lines, name, false_alarms, misses):
        learned.append({line.group for line in lines})
        return SimpleNamespace(
            authentic_below=0.3,
            deepfake_above=0.7,
            probabilities=lambda some: [len(learned) / 10 for _ in some],
        )

    monkeypatch.setattr(folds, "fit_head", fit)
    lines = media(100)
    judged = judged_by_others(lines, HEAD)

    assert len(learned) == 5
    for line, probability in zip(lines, judged.probabilities, strict=True):
        assert line.group not in learned[round(10 * probability) - 1]
    assert (judged.cleared == (judged.probabilities <= 0.3)).all()
    assert not judged.called.any()


def test_rates_of_heads_that_know_nothing_are_counted_and_not_set() -> None:
    """On its own predictions a band lets through what it was told to, whatever the head knows."""
    lines = [
        replace(line, features=line.features | dict.fromkeys(columns_of(HEAD), value))
        for line, value in zip(media(200), np.random.default_rng(5).random(200), strict=True)
    ]
    judged = judged_by_others(lines, HEAD)

    decided = judged.called | judged.cleared
    assert 0 < decided.mean() < 0.4
