"""The temporal branch: a BiLSTM over the visual branch's embeddings at a fixed rate.

Each face may pass on its own and the sequence still flicker, freeze or change identity. Reads
what the visual branch computed, at `sampling.FACE_RATE`, run by run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from assay.branches.base import (
    Branch,
    Finding,
    Findings,
    OnProgress,
    faceless,
    found,
    not_applicable,
)
from assay.branches.scores import calibrated, percent
from assay.branches.temporal import BRANCH
from assay.branches.visual.branch import VisualFinding
from assay.evidence import BranchEvidence, BranchState, Window
from assay.media.material import Material
from assay.types import Floats

(NETWORK,) = BRANCH.models

MIN_STEPS = 4
"""One second at FACE_RATE; a shorter run says nothing about time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalFinding(Finding):
    """How faces change. persons: P(fake) by number."""

    persons: Mapping[int, float]


class Temporal(Branch):
    """Scores each person in each unbroken segment of the video."""

    def examine(self, material: Material, earlier: Findings, on_progress: OnProgress) -> Finding:
        """Score the runs; the most suspect person speaks for the media."""
        if not material.persons:
            return faceless(BRANCH, material)
        visual = found(earlier, VisualFinding)
        if visual is None:
            return not_applicable(BRANCH, "There are no face embeddings to follow.")
        sequences = _sequences(visual)
        if not sequences:
            return not_applicable(BRANCH, "No face stays in view for a second.")
        session = self.models.session(NETWORK)
        parameters = self.models.parameters(NETWORK)
        logits: dict[int, list[float]] = {}
        windows = []
        for index, (person, span, steps) in enumerate(sequences):
            (logit,) = session.run(None, {"embeddings": steps[None]})
            logits.setdefault(person, []).append(float(logit[0]))
            score = float(calibrated(logit, parameters)[0])
            windows.append(Window(start=span[0], end=span[1], score=score))
            on_progress(100 * (index + 1) / len(sequences))
        means = {
            person: float(calibrated(np.array([np.mean(theirs)], np.float32), parameters)[0])
            for person, theirs in logits.items()
        }
        score = max(means.values())
        return TemporalFinding(
            evidence=BranchEvidence(
                state=BranchState.DONE,
                score=score,
                sentence=_sentence(score),
                models=BRANCH.models,
                windows=windows,
                detail={"segments": len(sequences)},
            ),
            features={"temporal_prob_fake": score},
            persons=means,
        )


def _sequences(visual: VisualFinding) -> list[tuple[int, tuple[float, float], Floats]]:
    """Person, span and embeddings (steps, 512) of every run that is long enough."""
    crops, owner, embeddings = visual.crops, visual.owner, visual.embeddings
    sequences = []
    order = sorted(range(len(crops)), key=lambda i: (owner[i], crops[i].segment, crops[i].time))
    for (person, _), group in groupby(order, key=lambda i: (owner[i], crops[i].segment)):
        indices = list(group)
        if len(indices) >= MIN_STEPS:
            span = (crops[indices[0]].time, crops[indices[-1]].time)
            sequences.append((int(person), span, embeddings[indices]))
    return sequences


def _sentence(score: float) -> str:
    return f"How the face changes over time scores {percent(score)}."
