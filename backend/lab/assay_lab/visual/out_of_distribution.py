"""What is usual, and what is not: what `assay.branches.visual.out_of_distribution` looks up."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from assay.branches.visual.out_of_distribution import ood_score
from assay.types import Floats

DIRECTIONS = 48
"""Leading directions of the embeddings in which out-of-distribution score is measured."""
USUAL_FACES, USUAL_CLIPS = 99, 95
"""Per cent of faces, and of clips, that count as usual. Fewer clips: with a few dozen sites among
them, the last per cents are cameras that only one clip was taken with."""


def familiar(faces: Floats, clips: Sequence[Floats]) -> dict[str, Any]:
    """What is stored beside the network.

    Args:
        faces: (n, 512) of single faces not trained on.
        clips: (k, 512) each, of one person, from sources that training knew; without any, clips
            count like single faces.
    """
    centre = faces.mean(axis=0)
    _, spread, directions = np.linalg.svd(faces - centre, full_matrices=False)
    scale = np.sqrt(len(faces)) / spread[:DIRECTIONS]
    whiten = (directions[:DIRECTIONS].T * scale).astype(np.float32)

    def usual(found: Floats, percent: int) -> float:
        return float(np.percentile(np.linalg.norm((found - centre) @ whiten, axis=1), percent))

    of_faces = usual(faces, USUAL_FACES)
    means = [clip.mean(axis=0) for clip in clips]
    of_clips = usual(np.stack(means), USUAL_CLIPS) if means else of_faces
    return {"centre": centre, "whiten": whiten, "usual_face": of_faces, "usual_clip": of_clips}


def shares_strange(
    kinds: Sequence[str], media: Sequence[Floats], known: dict[str, Any]
) -> dict[str, dict[str, float]]:
    """How many media of each kind count as strange.

    Args:
        kinds: Of the media.
        media: (n, 512) each, of one person.
        known: Of `familiar`.
    """
    found: dict[str, list[bool]] = {}
    for kind, faces in zip(kinds, media, strict=True):
        found.setdefault(kind, []).append(ood_score(faces, known) > 1)
    return {
        kind: {"media": len(some), "strange": round(float(np.mean(some)), 4)}
        for kind, some in found.items()
    }
