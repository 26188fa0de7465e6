"""The pipeline as a graph, for those who show it: nothing that runs in a stage is imported."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from assay.branches import branches
from assay.evidence import Asked, StageInfo
from assay.media.stages import EXTRACTION, FACE_DETECTOR, VAD

SWEEP: Final = "sweep"
"""The stage that runs only where all of a file is asked for."""


def stages_for(asked: Asked, graph: Iterable[StageInfo]) -> tuple[StageInfo, ...]:
    """The stages of one analysis: those of the graph, and what was asked for besides."""
    known = tuple(graph)
    if not asked.thorough:
        return known
    index = next((n for n, stage in enumerate(known) if stage.name == "fusion"), len(known))
    return (*known[:index], _sweep(), *known[index:])


def _sweep() -> StageInfo:
    asked = {branch.name: branch.models for branch in branches()}
    return StageInfo(
        name=SWEEP,
        title="All of it",
        description="Goes through the whole file for a score at every moment; it decides nothing",
        needs=("faces",),
        models=(FACE_DETECTOR, VAD, *asked["visual"], *asked["audio"]),
    )


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
