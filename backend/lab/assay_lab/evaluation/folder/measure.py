"""All numbers of a set of judged media, also of one that lacks a class or is small."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from assay.evidence import Verdict
from assay_lab.core import metrics
from assay_lab.core.scored import THRESHOLD, Scored, numbers_of, verdict_rates
from assay_lab.data.rows import Row
from assay_lab.evaluation.folder.answers import Answer
from assay_lab.evaluation.folder.thresholds import confusion, threshold_table

Numbers = dict[str, Any]

PART = "given part "
"""How the notes of a row begin whose folder named its part of a split."""


class Judged(NamedTuple):
    """A file, and what was said of it."""

    row: Row
    answer: Answer


def scored_of(judged: Iterable[Judged], branch: str | None = None) -> Scored:
    """Scores of the whole, or of a branch, of the media that have one."""
    found = [
        (row, answer.probability if branch is None else answer.scores.get(branch))
        for row, answer in judged
    ]
    have = [(row, score) for row, score in found if score is not None]
    return Scored(
        np.array([row.fake for row, _ in have], bool),
        np.array([score for _, score in have], np.float64),
        [row.group for row, _ in have],
    )


def report_of(judged: Sequence[Judged]) -> Numbers:
    """Everything that follows from the answers."""
    answered = [each for each in judged if each.answer.error is None]
    errors = sorted({each.answer.error for each in judged if each.answer.error is not None})
    modalities = by(answered, lambda row: row.modality)
    sets = {"all": answered, **(modalities if len(modalities) > 1 else {})}
    return {
        "media": len(judged),
        "refused": {code: sum(each.answer.error == code for each in judged) for code in errors},
        "nothing_to_judge": sum(each.answer.probability is None for each in answered),
        "sets": {name: in_full(mine) for name, mine in sets.items()},
        "branches": {name: branches(mine) for name, mine in modalities.items()},
        "by_part": {name: in_short(mine) for name, mine in by(answered, _part).items()},
        "by_source": {
            name: in_short(mine) for name, mine in by(answered, lambda row: row.source).items()
        },
        "by_generator": generators(answered),
    }


def in_full(judged: Sequence[Judged]) -> Numbers:
    """Ranking, calibration, thresholds and verdicts of a set."""
    scored = scored_of(judged)
    thresholds = threshold_table(scored) if scored.has_both else {}
    return {**measure(scored), **_verdicts(judged), "thresholds": thresholds}


def in_short(judged: Sequence[Judged]) -> Numbers:
    """What a row of a table needs; the AUC has no interval."""
    scored = scored_of(judged)
    auc = metrics.auc(scored.labels, scored.probabilities) if scored.has_both else None
    return {
        "real": int((~scored.labels).sum()),
        "fake": int(scored.labels.sum()),
        "auc": None if auc is None else round(auc, 4),
        **confusion(scored, THRESHOLD).numbers(),
        **_verdicts(judged),
    }


def measure(scored: Scored) -> Numbers:
    """Numbers at the calibrated threshold, and those that need both classes or are None."""
    at_half = confusion(scored, THRESHOLD).numbers()
    counts = {"real": int((~scored.labels).sum()), "fake": int(scored.labels.sum())}
    if not scored.has_both:
        lacking = dict.fromkeys(("auc", "auc_interval", "eer", "average_precision", "ece"))
        return {**counts, **lacking, **at_half}
    ranked = numbers_of(scored)
    auc = ranked.pop("auc")
    ranked.pop("false_alarms")  # as `false_alarm_rate`
    return {
        **ranked,
        "auc": auc["value"],
        "auc_interval": [auc["low"], auc["high"]],
        **at_half,
    }


def branches(judged: Sequence[Judged]) -> dict[str, Numbers]:
    """How well each branch ranks the media that it applies to."""
    names = dict.fromkeys(name for each in judged for name in each.answer.scores)
    found = {name: scored_of(judged, name) for name in names}
    return {
        name: {
            "real": int((~scored.labels).sum()),
            "fake": int(scored.labels.sum()),
            "auc": round(metrics.auc(scored.labels, scored.probabilities), 4),
            **confusion(scored, THRESHOLD).numbers(),
        }
        for name, scored in found.items()
        if scored.has_both
    }


def generators(judged: Sequence[Judged]) -> dict[str, Numbers]:
    """Each generator's fakes against all real media of their modality."""
    real = by([each for each in judged if not each.row.fake], lambda row: row.modality)
    fakes = by(
        [each for each in judged if each.row.fake], lambda row: f"{row.modality}: {row.generator}"
    )
    return {
        name: in_short([*real.get(mine[0].row.modality, []), *mine]) for name, mine in fakes.items()
    }


def by(judged: Iterable[Judged], key: Callable[[Row], str | None]) -> dict[str, list[Judged]]:
    """Media by what the key says of their rows, sorted; those of which it is not known left out."""
    found: dict[str, list[Judged]] = {}
    for each in judged:
        name = key(each.row)
        if name:
            found.setdefault(name, []).append(each)
    return dict(sorted(found.items()))


def _part(row: Row) -> str | None:
    return row.notes.removeprefix(PART) if row.notes.startswith(PART) else None


def _verdicts(judged: Sequence[Judged]) -> Mapping[str, float | None]:
    """Shares of the service's own verdicts, at its own edges."""
    fakes = np.array([each.row.fake for each in judged], bool)
    verdicts = [each.answer.verdict for each in judged]
    called = np.array([verdict is Verdict.DEEPFAKE for verdict in verdicts], bool)
    cleared = np.array([verdict is Verdict.AUTHENTIC for verdict in verdicts], bool)
    return verdict_rates(fakes, called, cleared)
