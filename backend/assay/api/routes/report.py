"""The full evidence of an analysis, and the pictures and curves that belong to it."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from assay.api.conditional import NOT_MODIFIED, conditional
from assay.api.deps import AnalysisId, ServiceDep, SignerDep
from assay.api.problems import problems
from assay.errors import AssayError
from assay.evidence import Report
from assay.jobs.media_store import ARTEFACT_NAME, REPORT
from assay.signing import Signature

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
    responses={200: {"model": Report}, **NOT_MODIFIED, **problems(404, 409, 410, 503)},
)
def get_report(request: Request, analysis_id: AnalysisId, service: ServiceDep) -> Response:
    """The report of a complete analysis."""
    return conditional(request, service.report(analysis_id), "application/json", _CACHE)


@router.get("/report/{analysis_id}/signature", responses=problems(404, 409, 410, 503))
def get_signature(analysis_id: AnalysisId, service: ServiceDep, signer: SignerDep) -> Signature:
    """Of the very bytes that /report/{analysis_id} answers; `assay verify` checks it."""
    return signer.sign(service.report(analysis_id))


@router.get(
    "/report/{analysis_id}/{artefact}",
    response_class=Response,
    responses={
        200: {"content": {kind: {} for kind in _TYPES.values()}},
        **NOT_MODIFIED,
        **problems(404, 409, 410, 503),
    },
)
def get_artefact(
    request: Request,
    analysis_id: AnalysisId,
    artefact: Annotated[str, Path(description="A name that the report mentions")],
    service: ServiceDep,
) -> Response:
    """A crop, a heatmap or the peaks of the waveform."""
    if not ARTEFACT_NAME.fullmatch(artefact) or artefact == REPORT:
        raise AssayError("not_found", "There is no such artefact; see the report for names.")
    content = service.artefact(analysis_id, artefact)
    suffix = artefact.rpartition(".")[2]
    return conditional(request, content, _TYPES[suffix], _CACHE)
