"""What files turned out to be, and how verdicts fared."""

from fastapi import APIRouter

from assay.api.deps import AnalysisId, ChangesDep, LooksDep, ServiceDep
from assay.api.problems import problems
from assay.api.schemas import AnalysisStatus, Feedback, FeedbackCount, FeedbackRecord, status_of
from assay.jobs.feedback import fared

router = APIRouter(tags=["feedback"])

MOST_LISTED = 200
"""Analyses that are listed; all are counted."""


@router.post("/feedback/{analysis_id}", responses=problems(404, 410, 422, 503))
async def give_feedback(
    analysis_id: AnalysisId,
    feedback: Feedback,
    service: ServiceDep,
    looks: LooksDep,
    changes: ChangesDep,
) -> AnalysisStatus:
    """Keep what a file turned out to be, in place of what was told before; deleted with it."""
    await changes.make(service.tell, analysis_id, feedback.truth, feedback.note)
    return await looks.status(analysis_id)


@router.get("/feedback", responses=problems(503))
def get_feedback(service: ServiceDep) -> FeedbackRecord:
    """How verdicts fared, by what files turned out to be. Each file counts once."""
    told = service.told()
    return FeedbackRecord(
        counts=[
            FeedbackCount(verdict=verdict, truth=truth, files=files)
            for verdict, truth, files in fared(look.analysis for look in told)
        ],
        items=[status_of(look) for look in told[:MOST_LISTED]],
    )
