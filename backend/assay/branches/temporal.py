"""The temporal branch: a BiLSTM over the visual branch's embeddings at a fixed rate.

Each face may pass on its own and the sequence still flicker, freeze or change identity. Reads
what the visual branch computed, at `sampling.FACE_RATE`, run by run.
"""

from collections.abc import Mapping
from itertools import groupby

import numpy as np

from assay.branches.base import Branch, Finding, OnProgress, faceless, not_applicable
from assay.branches.scores import calibrated, percent
from assay.evidence import BranchEvidence, BranchState, Window
from assay.media.material import Material
from assay.types import Floats

MIN_STEPS = 4
"""One second at FACE_RATE; a shorter run says nothing about time."""


class Temporal(Branch):
    """Scores each person in each unbroken segment of the video."""

    name = "temporal"
    stage = "temporal"
    title = "Faces over time"
    description = "Follows each face through time for flicker, freezes and drift"
    model = "temporal_bilstm"
    needs = ("visual",)
    features = ("temporal_prob_fake",)
    heavy = True

    def examine(
        self, material: Material, earlier: Mapping[str, Finding], on_progress: OnProgress
    ) -> Finding:
        """Score the runs; the most suspect person speaks for the media."""
        if not material.persons:
            return faceless(type(self), material)
        visual = earlier["visual"]
        if visual.evidence.state is not BranchState.DONE:
            return not_applicable(type(self), "There are no face embeddings to follow.")
        sequences = _sequences(visual)
        if not sequences:
            return not_applicable(type(self), "No face stays in view for a second.")
        session = self.models.session(self.model)
        parameters = self.models.parameters(self.model)
        logits: dict[int, list[float]] = {}
        windows = []
        for index, (person, span, steps) in enumerate(sequences):
            (logit,) = session.run(None, {"embeddings": steps[None]})
            logits.setdefault(person, []).append(float(logit[0]))
            score = float(calibrated(logit, parameters)[0])
            windows.append(Window(start=span[0], end=span[1], score=score))
            on_progress(100 * (index + 1) / len(sequences))
        means = {
            person: float(calibrated(np.array([np.mean(found)], np.float32), parameters)[0])
            for person, found in logits.items()
        }
        score = max(means.values())
        return Finding(
            BranchEvidence(
                state=BranchState.DONE,
                score=score,
                sentence=_sentence(score),
                model=self.model,
                windows=windows,
                detail={"segments": len(sequences)},
            ),
            features={"temporal_prob_fake": score},
            series={"persons": means},
        )


def _sequences(visual: Finding) -> list[tuple[int, tuple[float, float], Floats]]:
    """Person, span and embeddings (steps, 512) of every run that is long enough."""
    crops, owner = visual.series["crops"], visual.series["owner"]
    embeddings = visual.series["embeddings"]
    found = []
    order = sorted(range(len(crops)), key=lambda i: (owner[i], crops[i].segment, crops[i].time))
    for (person, _), group in groupby(order, key=lambda i: (owner[i], crops[i].segment)):
        indices = list(group)
        if len(indices) >= MIN_STEPS:
            span = (crops[indices[0]].time, crops[indices[-1]].time)
            found.append((int(person), span, embeddings[indices]))
    return found


def _sentence(score: float) -> str:
    if score < 0.3:
        return "The faces move and change as faces do."
    if score < 0.7:
        return "How the faces change over time is not conclusive."
    return f"The faces change over time in ways that forgeries do ({percent(score)})."
