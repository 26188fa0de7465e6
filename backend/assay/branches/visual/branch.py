"""The visual branch: a ResNet-18 that looks at each face as a whole.

He et al. 2016; trained by the lab on real faces beside their own forgeries, with a second head
that paints where a face was altered. The localisation is the heatmap people see.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.branches.base import Branch, Finding, Findings, OnProgress, faceless
from assay.branches.preview import preview
from assay.branches.scores import calibrated, summary, told
from assay.branches.visual import BRANCH
from assay.branches.visual.out_of_distribution import FILE, ood_score
from assay.evidence import BranchEvidence, BranchState
from assay.media.material import FaceCrop, Material
from assay.types import Floats, Indices

(RESNET,) = BRANCH.models

BATCH = 8
"""Faces per run: enough to fill two cores, small enough to stay cancellable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisualFinding(Finding):
    """What the visual branch saw in n faces.

    owner: (n,) numbers of the persons. scores: (n,) P(fake). embeddings: (n, 512). ood_score: of
    the most suspect person; over 1, the faces are unlike those of training. localisations:
    (n, k, k), P(altered) over each aligned crop.
    """

    crops: Sequence[FaceCrop]
    owner: Indices
    scores: Floats
    embeddings: Floats
    ood_score: float
    localisations: Floats


class Visual(Branch):
    """Scores every sampled face of every person; the most suspect person speaks for the media."""

    def examine(self, material: Material, earlier: Findings, on_progress: OnProgress) -> Finding:
        """Give each face a score, an embedding and a localisation of what looks altered."""
        crops = [(person.number, crop) for person in material.persons for crop in person.crops]
        if not crops:
            return faceless(BRANCH, material)
        logits, embeddings, localisations = self._run([crop for _, crop in crops], on_progress)
        scores = calibrated(logits, self.models.parameters(RESNET))
        owner = np.array([number for number, _ in crops])
        means = {int(number): float(scores[owner == number].mean()) for number in set(owner)}
        suspect = max(means, key=lambda number: means[number])
        theirs = owner == suspect
        chosen = scores[theirs]
        worst = int(scores.argmax())
        known = self.models.bundle(RESNET, FILE)
        return VisualFinding(
            evidence=BranchEvidence(
                state=BranchState.DONE,
                score=means[suspect],
                sentence=_sentence(chosen),
                models=BRANCH.models,
                preview=preview(crops[worst][1].aligned, localisations[worst]),
                detail={"faces": len(crops), "persons": len(means), "suspect": suspect},
            ),
            features=summary("visual", chosen) | {"visual_num_faces": float(len(chosen))},
            crops=[crop for _, crop in crops],
            owner=owner,
            scores=scores,
            embeddings=embeddings,
            ood_score=ood_score(embeddings[theirs], known),
            localisations=localisations,
        )

    def _run(self, crops: list[FaceCrop], on_progress: OnProgress) -> tuple[Floats, Floats, Floats]:
        """Logits (n,), embeddings (n, 512) and altered-probability maps (n, k, k)."""
        session = self.models.session(RESNET)
        logits, embeddings, localisations = [], [], []
        for start in range(0, len(crops), BATCH):
            batch = np.stack([crop.aligned for crop in crops[start : start + BATCH]])
            logit, embedding, localisation = session.run(None, {"faces": batch})
            logits.append(logit)
            embeddings.append(embedding)
            localisations.append(localisation)
            on_progress(100 * min(1.0, (start + BATCH) / len(crops)))
        return np.concatenate(logits), np.concatenate(embeddings), np.concatenate(localisations)


def _sentence(scores: Floats) -> str:
    return told("How the face looks", scores, "pictures")
