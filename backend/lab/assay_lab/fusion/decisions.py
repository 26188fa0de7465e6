"""What the service would decide of media, never by a head that learned from their source.

No branch has learned from held-out media, but the released heads have. So the heads are fitted
anew, exactly as they are for release, once for each fold of sources on the other folds; the
service's own verdict is then made with them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.evidence import Verdict
from assay.verdict import judge
from assay_lab.core.scored import Scored, auc_interval, verdict_rates
from assay_lab.data.split import cross_fold
from assay_lab.fusion.examine import Examined
from assay_lab.fusion.heads import Head, fit_heads, settings_of
from assay_lab.fusion.out_of_fold import folds_of
from assay_lab.fusion.sets import set_of


@dataclass(frozen=True, slots=True)
class Answer:
    """probability: fused P(fake), None where no head applies. head: what decided."""

    line: Examined
    probability: float | None
    verdict: Verdict
    head: str | None


class FittedHeads:
    """Heads that were never released, in the shape in which `fuse` asks the model store."""

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self._settings = settings_of(heads)
        self._bundles = {
            self._settings["heads"][name]["file"]: head.bundle(head.temperature)
            for name, head in heads.items()
        }

    def parameters(self, name: str) -> dict[str, Any]:
        """As of `ModelStore`."""
        return self._settings

    def bundle(self, name: str, file: str) -> dict[str, Any]:
        """As of `ModelStore`."""
        return self._bundles[file]


def answer_all(
    learn: Sequence[Examined], asked: Mapping[str, Sequence[Examined]]
) -> dict[str, list[Answer]]:
    """Judge media that may be in `learn`, under the same or another condition.

    Args:
        learn: What the heads are fitted on.
        asked: Media by condition, of sources in `learn`; those that the service refused are
            passed over.
    """
    answers: dict[str, list[Answer]] = {name: [] for name in asked}
    for _, judged in folds_of(learn):
        units = {learn[place].unit for place in judged}
        store = FittedHeads(fit_heads([line for line in learn if line.unit not in units]))
        for name, lines in asked.items():
            answers[name] += [
                answer(line, store) for line in lines if line.unit in units and not line.error
            ]
    return answers


def answer(line: Examined, store: Any) -> Answer:
    """What the service says of a medium with the heads of a store."""
    judged = judge(line.features, store, line.ood_score)
    head = None if judged.fused is None else judged.fused.head
    return Answer(line, judged.probability, judged.verdict, head)


def untouched(lines: Sequence[Examined]) -> list[Answer]:
    """What is said of the test part, by heads that were fitted on the rest alone.

    No choice knows anything of it. Media that the service refused are passed over.
    """
    test = [line for line in lines if _is_test(line)]
    store = FittedHeads(fit_heads([line for line in lines if not _is_test(line)]))
    return [answer(line, store) for line in test if not line.error and not line.corrupted]


def _is_test(line: Examined) -> bool:
    return cross_fold(line.source, line.group) == "test"


def reliability(answers: Sequence[Answer]) -> dict[str, dict[str, dict[str, Any]]]:
    """How often each verdict of each head was right, of so many media of so many sources."""
    found: dict[str, dict[str, list[Answer]]] = {}
    for one in answers:
        if one.head is not None and one.verdict is not Verdict.INCONCLUSIVE:
            found.setdefault(one.head, {}).setdefault(one.verdict.value, []).append(one)
    return {
        head: {
            verdict: {
                "right": round(
                    sum(one.line.fake == (verdict == Verdict.DEEPFAKE) for one in some) / len(some),
                    4,
                ),
                "of": len(some),
                "sources": len({one.line.unit for one in some}),
            }
            for verdict, some in sorted(verdicts.items())
        }
        for head, verdicts in sorted(found.items())
    }


def weighed(answers: Iterable[Answer]) -> list[Answer]:
    """Those of media in which there was something to judge."""
    return [one for one in answers if one.probability is not None]


def by_set(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Those of media in which there was something to judge, by the sets that they belong to."""
    sets: dict[str, list[Answer]] = {}
    for one in weighed(answers):
        for name in set_of(one.line):
            sets.setdefault(name, []).append(one)
    return sets


def rates_by_set(answers: Iterable[Answer]) -> dict[str, dict[str, Any]]:
    """Of each set: media of both classes, what was decided of them, and how often rightly."""
    return {
        name: {
            "sources": len({one.line.unit for one in some}),
            "real": sum(not one.line.fake for one in some),
            "fake": sum(one.line.fake for one in some),
            "auc": auc_interval(scored) if (scored := scored_by(some)).has_both else None,
            **verdicts_of(some),
        }
        for name, some in by_set(answers).items()
    }


def scored_by(answers: Sequence[Answer], branch: str | None = None) -> Scored:
    """Scores of the fusion, or of a branch on the media that it applies to."""
    found = [
        (answer.line, answer.probability if branch is None else answer.line.scores[branch])
        for answer in answers
    ]
    have = [(line, score) for line, score in found if score is not None]
    return Scored(
        np.array([line.fake for line, _ in have], bool),
        np.array([score for _, score in have], np.float64),
        [line.unit for line, _ in have],
    )


def verdicts_of(answers: Sequence[Answer]) -> dict[str, float | None]:
    """How often the service would decide, and how often it would be right when it does."""
    fakes = np.array([answer.line.fake for answer in answers], bool)
    called = np.array([answer.verdict is Verdict.DEEPFAKE for answer in answers], bool)
    cleared = np.array([answer.verdict is Verdict.AUTHENTIC for answer in answers], bool)
    return verdict_rates(fakes, called, cleared)
