"""What the fusion would say of media, never by a head that learned from their group.

No branch has learned from held-out media, but the released heads have. So the heads are fitted
anew, exactly as they are for release, once for each fold of groups on the other folds; the
service's own fusion then decides with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.evidence import Verdict
from assay.fusion import decide, fuse
from assay_lab.core.scored import Scored, verdict_rates
from assay_lab.fusion.examine import Examined
from assay_lab.fusion.heads import Head, fit_heads, settings_of
from assay_lab.fusion.out_of_fold import folds_of


@dataclass(frozen=True, slots=True)
class Answer:
    """probability: fused P(fake), 0.5 where no head applies."""

    line: Examined
    probability: float
    verdict: Verdict


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
        asked: Media by condition, of groups in `learn`; those that the service refused are
            passed over.
    """
    answers: dict[str, list[Answer]] = {name: [] for name in asked}
    for _, judged in folds_of(learn):
        groups = {learn[place].group for place in judged}
        store = FittedHeads(fit_heads([line for line in learn if line.group not in groups]))
        for name, lines in asked.items():
            answers[name] += [
                _answer(line, store) for line in lines if line.group in groups and not line.error
            ]
    return answers


def _answer(line: Examined, store: Any) -> Answer:
    verdict, _, probability = decide(fuse(line.features, store, line.ood_score))
    return Answer(line, 0.5 if probability is None else probability, verdict)


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
        [line.group for line, _ in have],
    )


def verdicts_of(answers: Sequence[Answer]) -> dict[str, float | None]:
    """How often the service would decide, and how often it would be right when it does."""
    fakes = np.array([answer.line.fake for answer in answers], bool)
    called = np.array([answer.verdict is Verdict.DEEPFAKE for answer in answers], bool)
    cleared = np.array([answer.verdict is Verdict.AUTHENTIC for answer in answers], bool)
    return verdict_rates(fakes, called, cleared)
