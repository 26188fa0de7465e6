"""What the service would decide, by heads that know nothing of a medium's source."""

from dataclasses import replace

import pytest

from assay.evidence import Verdict
from assay_lab.fusion import decisions
from assay_lab.fusion.decisions import (
    Answer,
    answer_all,
    rates_by_set,
    reliability,
    untouched,
    verdicts_of,
)
from tests.lab.examined import media

CLEAN = "clean"


def test_no_head_judges_a_source_that_it_learned_from(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [replace(line, source=f"site {number // 4}") for number, line in enumerate(media(240))]
    learned: list[set[str]] = []
    judged: list[tuple[str, int]] = []

    def fit(lines):
        learned.append({line.source for line in lines})
        return {}

    def answer(line, store):
        judged.append((line.source, len(learned) - 1))
        return Answer(line, 0.5, Verdict.INCONCLUSIVE, None)

    monkeypatch.setattr(decisions, "fit_heads", fit)
    monkeypatch.setattr(decisions, "answer", answer)
    refused = replace(lines[0], error="no_media")
    answers = answer_all(lines, {CLEAN: [*lines[1:], refused], "muted": lines[:4]})

    assert len(answers[CLEAN]) == len(lines) - 1
    assert len(answers["muted"]) == 4
    assert not any(source in learned[time] for source, time in judged)
    assert all(len(sources) > 40 for sources in learned)


def test_verdicts_are_counted() -> None:
    kinds = [
        (True, Verdict.DEEPFAKE),
        (True, Verdict.AUTHENTIC),
        (True, Verdict.INCONCLUSIVE),
        (False, Verdict.AUTHENTIC),
        (False, Verdict.DEEPFAKE),
    ]
    answers = [
        Answer(replace(one, label="fake" if fake else "real"), 0.5, verdict, "audio")
        for one, (fake, verdict) in zip(media(len(kinds)), kinds, strict=True)
    ]

    assert verdicts_of(answers) == {
        "coverage": 0.8,
        "accuracy_when_decided": 0.5,
        "real_called_deepfake": 0.5,
        "fake_called_authentic": pytest.approx(1 / 3, abs=1e-4),
    }


def said(fake: bool, verdict: Verdict, head: str | None = "audio", source: str = "a") -> Answer:
    about = replace(media(1)[0], label="fake" if fake else "real", source=source)
    return Answer(about, None if head is None else 0.5, verdict, head)


def test_reliability_is_told_by_head_and_verdict() -> None:
    answers = [
        said(True, Verdict.DEEPFAKE),
        said(True, Verdict.DEEPFAKE, source="b"),
        said(False, Verdict.DEEPFAKE, source="b"),
        said(False, Verdict.AUTHENTIC, "tiny+visual"),
        said(True, Verdict.INCONCLUSIVE),
        said(False, Verdict.INCONCLUSIVE, None),
    ]

    assert reliability(answers) == {
        "audio": {"Deepfake": {"right": pytest.approx(2 / 3, abs=1e-4), "of": 3, "sources": 2}},
        "tiny+visual": {"Authentic": {"right": 1.0, "of": 1, "sources": 1}},
    }


def test_the_test_part_is_judged_by_heads_that_learned_from_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known, test = "yangxy/GPEN", "carpedm20/BEGAN-tensorflow"
    lines = [replace(line, source=source) for source in (known, test) for line in media(20)]
    lines += [replace(lines[-1], error="no_media"), replace(lines[-1], corrupted=True)]
    learned: list[str] = []
    monkeypatch.setattr(
        decisions, "fit_heads", lambda some: learned.extend(line.source for line in some) or {}
    )
    monkeypatch.setattr(
        decisions, "answer", lambda line, store: Answer(line, 0.5, Verdict.INCONCLUSIVE, None)
    )

    answers = untouched(lines)

    assert set(learned) == {known}
    assert [one.line for one in answers] == lines[20:40]


def test_sets_are_told_with_their_sources() -> None:
    nothing = said(False, Verdict.INCONCLUSIVE, head=None, source="c")
    told = rates_by_set(
        [said(True, Verdict.DEEPFAKE), said(False, Verdict.INCONCLUSIVE, source="b"), nothing]
    )

    assert list(told) == ["published clips"]
    one = told["published clips"]
    assert (one["sources"], one["real"], one["fake"]) == (2, 1, 1)
    assert (one["coverage"], one["accuracy_when_decided"]) == (0.5, 1.0)
