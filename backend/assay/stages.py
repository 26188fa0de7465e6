"""The pipeline as a graph, for those who show it: nothing that runs in a stage is imported."""

from functools import cache

from assay.branches import branches
from assay.evidence import StageInfo
from assay.media.stages import EXTRACTION


@cache
def stages() -> tuple[StageInfo, ...]:
    """Stages of extraction, the registered branches, and two of judgement."""
    examination = tuple(
        StageInfo(
            name=branch.name,
            title=branch.title,
            description=branch.description,
            needs=branch.needs,
            models=branch.models,
        )
        for branch in branches()
    )
    judgement = (
        StageInfo(
            name="fusion",
            title="Fusion",
            description="Weighs the twelve features into one calibrated probability",
            needs=tuple(branch.name for branch in branches()),
            models=("fusion",),
        ),
        StageInfo(
            name="verdict",
            title="Verdict",
            description="Decides, or says that the evidence does not",
            needs=("fusion",),
        ),
    )
    return (*EXTRACTION, *examination, *judgement)
