"""The full evidence of an analysis, and the pictures and curves that belong to it."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import Response

from assay.api.deps import AnalysisId, ServiceDep
from assay.api.problems import problems
from assay.errors import AssayError
from assay.evidence import Report
from assay.jobs.media_store import ARTEFACT_NAME, REPORT

router = APIRouter(tags=["analyses"])

_TYPES: Final = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "json": "application/json",
}
_CACHE: Final = {"Cache-Control": "private, max-age=3600"}
"""Evidence does not change; but who deletes an analysis wants it gone before long."""


@router.get(
    "/report/{analysis_id}",
    response_class=Response,
    responses={200: {"model": Report}, **problems(404, 409, 410)},
)
def get_report(analysis_id: AnalysisId, service: ServiceDep) -> Response:
    """The report of a complete analysis."""
    return Response(service.report(analysis_id), media_type="application/json", headers=_CACHE)


@router.get(
    "/report/{analysis_id}/{artefact}",
    response_class=Response,
    responses={
        200: {"content": {kind: {} for kind in _TYPES.values()}},
        **problems(404, 409, 410),
    },
)
def get_artefact(
    analysis_id: AnalysisId,
    artefact: Annotated[str, Path(description="A name that the report mentions")],
    service: ServiceDep,
) -> Response:
    """A crop, a heatmap or the peaks of the waveform."""
    if not ARTEFACT_NAME.fullmatch(artefact) or artefact == REPORT:
        raise AssayError("not_found", "There is no such artefact; see the report for names.")
    content = service.artefact(analysis_id, artefact)
    suffix = artefact.rpartition(".")[2]
    return Response(content, media_type=_TYPES[suffix], headers=_CACHE)
