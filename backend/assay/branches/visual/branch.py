"""The visual branch: two networks look at each face as a whole, one at the picture, one score.

A ResNet-18 (He et al. 2016), trained by the lab on real faces beside their own forgeries, with a
second head that paints where a face was altered: the heatmap people see. An EfficientNet with an
attention map (Tan and Le 2019; Bonettini et al. 2020), from ImageNet weights, for what generators
leave in whole faces. Another EfficientNet, untouched, with a linear head for stills and one for
video (Ojha et al. 2023), looks at squares of the whole picture: what makes a face makes what is
around it too. One logistic regression makes one calibrated score a face of all three.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assay.branches.base import Branch, Finding, Findings, OnProgress, faceless
from assay.branches.preview import preview
from assay.branches.scores import calibrated, combined, summary, told
from assay.branches.visual import BRANCH
from assay.branches.visual.out_of_distribution import FILE, ood_score
from assay.evidence import BranchEvidence, BranchState, MediaInfo
from assay.media.faces.crops import is_cropped
from assay.media.material import FaceCrop, Material
from assay.side_by_side import side_by_side
from assay.types import Flags, Floats, Image, Indices

RESNET, EFFNET, PICTURE = BRANCH.models

BATCH = 4
"""Faces or squares per run: as fast as more of them, and what several runs at once hold stays
small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisualFinding(Finding):
    """What the visual branch saw in n faces.

    owner: (n,) numbers of the persons. scores: (n,) P(fake). embeddings: (n, 512), of the ResNet.
    ood_score: of the most suspect person; over 1, the faces are unlike those of training.
    localisations: (n, k, k), P(altered) over each aligned crop.
    """

    crops: Sequence[FaceCrop]
    owner: Indices
    scores: Floats
    embeddings: Floats
    ood_score: float
    localisations: Floats


class _Seen(NamedTuple):
    """What the networks say of n faces.

    resnet, effnet: logits (n,). picture: the mean logit of the picture (n,), neutral for a face
    without a picture around it.
    embeddings: (n, 512) and localisations: (n, k, k) of the ResNet. appearances: embeddings
    (n, 1280) of the EfficientNet.
    """

    resnet: Floats
    embeddings: Floats
    localisations: Floats
    effnet: Floats
    appearances: Floats
    picture: Floats

    @property
    def logits(self) -> dict[str, Floats]:
        """Of each network, by the name that the combination has for it."""
        return {"resnet": self.resnet, "effnet": self.effnet, "picture": self.picture}


class Visual(Branch):
    """Scores every sampled face of every person; the most suspect person speaks for the media."""

    def examine(self, material: Material, earlier: Findings, on_progress: OnProgress) -> Finding:
        """Give each face a score, an embedding and a localisation of what looks altered."""
        crops = [(person.number, crop) for person in material.persons for crop in person.crops]
        if not crops:
            return faceless(BRANCH, material)
        faces = [crop for _, crop in crops]
        seen = self._run(faces, material.patches, material.media, on_progress)
        scores = combined(seen.logits, self.models.parameters(PICTURE)["combination"])
        owner = np.array([number for number, _ in crops])
        means = {int(number): float(scores[owner == number].mean()) for number in set(owner)}
        suspect = max(means, key=lambda number: means[number])
        theirs = owner == suspect
        chosen = scores[theirs]
        worst = int(scores.argmax())
        known = self.models.arrays(EFFNET, FILE)
        return VisualFinding(
            evidence=BranchEvidence(
                state=BranchState.DONE,
                score=means[suspect],
                sentence=_sentence(chosen),
                models=BRANCH.models,
                preview=preview(crops[worst][1].aligned, seen.localisations[worst]),
                detail={
                    "faces": len(crops),
                    "persons": len(means),
                    "suspect": suspect,
                    "networks": self._alone(seen, theirs),
                },
            ),
            features=summary("visual", chosen) | {"visual_num_faces": float(len(chosen))},
            crops=[crop for _, crop in crops],
            owner=owner,
            scores=scores,
            embeddings=seen.embeddings,
            ood_score=ood_score(seen.appearances[theirs], known),
            localisations=seen.localisations,
        )

    def score(self, crops: list[FaceCrop], patches: Sequence[Image], media: MediaInfo) -> Floats:
        """P(fake) of each face, (n,), of a picture of which these are squares."""
        seen = self._run(crops, patches, media, lambda percent: None)
        return combined(seen.logits, self.models.parameters(PICTURE)["combination"])

    def _run(
        self,
        crops: list[FaceCrop],
        patches: Sequence[Image],
        media: MediaInfo,
        on_progress: OnProgress,
    ) -> _Seen:
        """Two networks over all faces, one over the squares of the picture."""
        resnet, effnet = self.models.session(RESNET), self.models.session(EFFNET)
        neutral = self.models.parameters(PICTURE)["combination"]["neutral"]
        whole = self._whole(patches, media.kind)
        picture = np.array(
            [neutral if is_cropped(crop.face, media) else whole for crop in crops], np.float32
        )

        def ask(start: int) -> tuple[Floats, ...]:
            faces = {"faces": np.stack([crop.aligned for crop in crops[start : start + BATCH]])}
            return (*resnet.run(None, faces), *effnet.run(["logit", "embedding"], faces))

        batches = []
        for batch in side_by_side(ask, range(0, len(crops), BATCH), self.models.threads):
            batches.append(batch)
            on_progress(100 * min(1.0, BATCH * len(batches) / len(crops)))
        logits, embeddings, localisations, others, appearances = map(
            np.concatenate, zip(*batches, strict=True)
        )
        return _Seen(logits, embeddings, localisations, others, appearances, picture)

    def _whole(self, patches: Sequence[Image], kind: str) -> float:
        """The mean logit of some squares of a picture, by the head of its kind of media."""
        head = "still" if kind == "image" else "video"
        network = self.models.session(PICTURE)

        def ask(start: int) -> Floats:
            squares = np.stack(patches[start : start + BATCH])
            return np.asarray(network.run([head], {"squares": squares})[0])

        starts = range(0, len(patches), BATCH)
        logits = list(side_by_side(ask, starts, self.models.threads))
        return float(np.concatenate(logits).mean())

    def _alone(self, seen: _Seen, theirs: Flags) -> dict[str, float]:
        """The calibrated score of each network for itself, of one person's faces, by model."""
        logits = dict(zip(BRANCH.models, seen.logits.values(), strict=True))
        return {
            model: round(float(calibrated(some[theirs], self.models.parameters(model)).mean()), 3)
            for model, some in logits.items()
        }


def _sentence(scores: Floats) -> str:
    return told("How face and picture look", scores, "pictures")
