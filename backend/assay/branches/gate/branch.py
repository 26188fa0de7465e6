"""The gate: Tiny-LaDeDa, 1,297 parameters that judge small patches of native pixels.

After Cavia et al., "Real-Time Deepfake Detection in the Real-World", 2024 (idea; own training).
Generators and blending leave traces in neighbouring pixels that any resize erases, so this branch
sees faces at the resolution of the upload. When every patch of every face is confidently real it
lets the heavy picture branches be skipped; the threshold's miss rate is measured by the lab.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.branches.base import Branch, Finding, Findings, OnProgress, faceless
from assay.branches.gate import BRANCH
from assay.branches.preview import preview
from assay.branches.scores import calibrated, summary, told
from assay.evidence import BranchEvidence, BranchState
from assay.media.material import FaceCrop, Material
from assay.side_by_side import side_by_side
from assay.types import Floats, Image

(NETWORK,) = BRANCH.models


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFinding(Finding):
    """What the gate saw. scores: P(fake) of each crop, (n,)."""

    crops: Sequence[FaceCrop]
    scores: Floats


class Gate(Branch):
    """Scores patches of up to 16 native face crops."""

    def examine(self, material: Material, earlier: Findings, on_progress: OnProgress) -> Finding:
        """Give each native crop a patch map and a score."""
        crops = [
            crop for person in material.persons for crop in person.crops if crop.native is not None
        ]
        if not crops:
            return faceless(BRANCH, material)
        parameters = self.models.parameters(NETWORK)
        maps, logits = [], []
        natives = (crop.native for crop in crops if crop.native is not None)
        for patches in side_by_side(self._run, natives, self.models.threads):
            maps.append(patches)
            logits.append(pooled(patches, parameters["top"]))
            on_progress(100 * len(maps) / len(crops))
        scores = calibrated(np.array(logits, np.float32), parameters)
        clears = [self._clears(patches, parameters["exit_below"]) for patches in maps]
        worst = int(scores.argmax())
        native = crops[worst].native
        assert native is not None
        return GateFinding(
            evidence=BranchEvidence(
                state=BranchState.DONE,
                score=float(scores.mean()),
                sentence=_sentence(scores),
                models=BRANCH.models,
                preview=preview(native, calibrated(maps[worst], parameters)),
                detail={
                    "crops": len(crops),
                    "patches": int(sum(patches.size for patches in maps)),
                    "clean": all(clears),
                },
            ),
            features=summary("tiny", scores)
            | {
                "tiny_num_files": float(len(crops)),
                "tiny_num_patches": float(sum(patches.size for patches in maps)),
            },
            crops=crops,
            scores=scores,
            clears=all(clears),
        )

    def _run(self, native: Image) -> Floats:
        """Patch logits (rows, columns) of a native crop."""
        (patches,) = self.models.session(NETWORK).run(None, {"picture": native[None]})
        return np.asarray(patches[0], np.float32)

    @staticmethod
    def _clears(patches: Floats, exit_below: float) -> bool:
        """Whether even the most suspicious patches lie under the exit threshold.

        The 99th percentile stands for the maximum: single patches on specular dots and block
        edges are noise. The lab calibrates `exit_below` on this very statistic.
        """
        return bool(exit_statistic(patches) < exit_below)


def pooled(patches: Floats, top: float) -> float:
    """A crop's logit: the mean of the highest patches.

    Args:
        patches: Logits of any shape.
        top: Share of the patches that counts, 1 for all.
    """
    highest = np.sort(patches, axis=None)[-max(1, round(top * patches.size)) :]
    return float(highest.mean())


def exit_statistic(patches: Floats) -> float:
    """What the early exit compares with its threshold: the 99th percentile of patch logits."""
    return float(np.percentile(patches, 99))


def _sentence(scores: Floats) -> str:
    return told("The finest pixel structure of the faces", scores, "pictures")
