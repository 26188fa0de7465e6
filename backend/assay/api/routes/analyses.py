"""Submit, look up, cancel, delete and list analyses."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.responses import FileResponse

from assay.api.conditional import NOT_MODIFIED, conditional
from assay.api.deps import (
    AnalysisId,
    ChangesDep,
    FeedDep,
    LooksDep,
    ServiceDep,
    SettingsDep,
)
from assay.api.feed import Feed
from assay.api.looks import Looks
from assay.api.prefer import LONGEST_WAIT, wait_of
from assay.api.problems import problems
from assay.api.ranges import ranged
from assay.api.schemas import AnalysisPage, AnalysisStatus, Note, status_of
from assay.api.upload import received
from assay.errors import AssayError
from assay.evidence import Asked, MediaKind
from assay.jobs.listing import Answer, Order, Wanted

router = APIRouter(tags=["analyses"])

_BOOLEAN = TypeAdapter(bool)
MOST_EXAMINATIONS = 50
"""Of one file that are listed."""

FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "full": {"type": "boolean", "description": "Switch the early exit off"},
                    "thorough": {
                        "type": "boolean",
                        "description": "Score all of it as well, beside the sample that decides",
                    },
                    "start": {"type": "number", "description": "Examine nothing before, seconds"},
                    "end": {"type": "number", "description": "Examine nothing from here on"},
                    "webhook": {
                        "type": "string",
                        "format": "uri",
                        "description": "Told when it has ended, as Standard Webhooks say",
                    },
                    "retain": {
                        "type": "boolean",
                        "description": "0: nothing is kept once its report was given",
                    },
                },
            }
        }
    },
}


@router.post(
    "/analyze",
    status_code=202,
    responses={
        200: {"model": AnalysisStatus, "description": "It has ended within what `Prefer` asked"},
        **problems(408, 413, 415, 422, 429, 503),
    },
    openapi_extra={"requestBody": FORM},
)
async def analyze(
    request: Request,
    response: Response,
    service: ServiceDep,
    looks: LooksDep,
    feed: FeedDep,
    changes: ChangesDep,
    settings: SettingsDep,
    full: Annotated[bool, Query(description="Switch the early exit off")] = False,
    thorough: Annotated[
        bool, Query(description="Score all of it as well, beside the sample that decides")
    ] = False,
    start: Annotated[float | None, Query(description="Examine nothing before, seconds")] = None,
    end: Annotated[float | None, Query(description="Examine nothing from here on")] = None,
    retain: Annotated[
        bool, Query(description="0: nothing is kept once its report was given")
    ] = True,
    prefer: Annotated[
        list[str] | None,
        Header(description="`wait=N`: answer when it has ended, or after N seconds, 60 at most"),
    ] = None,
) -> AnalysisStatus:
    """Submit a video, a still or a voice clip. Answers at once; `Location` says where to look.

    What the form says goes before what the address says. With `Prefer: wait=N` the answer waits for
    the end, and is 200 then; what takes longer is answered as without it.
    """
    async with received(request, service.media, settings.max_upload_bytes) as (upload, fields):
        webhook = fields.pop("webhook", None)
        by_address = {"full": full, "thorough": thorough, "start": start, "end": end}
        retained = _boolean("retain", fields.pop("retain", retain))
        asked = _asked(by_address | fields)
        analysis = await changes.make(service.submit, upload, asked, webhook, retained)
    response.headers["Location"] = f"/status/{analysis.id}"
    wait = wait_of(prefer or ())
    if wait:
        response.headers["Preference-Applied"] = f"wait={wait:g}"
    status = await _ended(analysis.id, looks, feed, wait)
    if wait and status.status != "processing":
        response.status_code = 200
    return status


@router.post(
    "/analyses/{analysis_id}/examinations",
    status_code=202,
    responses=problems(404, 410, 422, 429, 503),
)
async def examine_again(
    response: Response,
    analysis_id: AnalysisId,
    asked: Asked,
    service: ServiceDep,
    looks: LooksDep,
    changes: ChangesDep,
) -> AnalysisStatus:
    """Examine a stored file in another way, without sending it again: a new analysis."""
    analysis = await changes.make(service.examine_again, analysis_id, asked)
    response.headers["Location"] = f"/status/{analysis.id}"
    return await looks.status(analysis.id)


@router.get("/analyses/{analysis_id}/examinations", responses=problems(404, 410, 503))
def list_examinations(analysis_id: AnalysisId, service: ServiceDep) -> AnalysisPage:
    """The latest analyses of the same file, this one among them, newest first."""
    found = service.of_same_file(analysis_id, MOST_EXAMINATIONS)
    return AnalysisPage(items=[status_of(look) for look in found])


@router.get(
    "/status/{analysis_id}",
    response_model=AnalysisStatus,
    responses={**NOT_MODIFIED, **problems(404, 410, 503)},
)
async def get_status(
    request: Request,
    analysis_id: AnalysisId,
    looks: LooksDep,
    feed: FeedDep,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for the end, at most")
    ] = 0.0,
) -> Response:
    """Where an analysis stands, and its verdict once it is complete."""
    status = await _ended(analysis_id, looks, feed, wait)
    content = status.model_dump_json(by_alias=True).encode()
    return conditional(request, content, "application/json")


@router.post("/cancel/{analysis_id}", responses=problems(404, 409, 410, 503))
async def cancel(
    analysis_id: AnalysisId, service: ServiceDep, looks: LooksDep, changes: ChangesDep
) -> AnalysisStatus:
    """Stop an analysis that waits or runs. To cancel twice is to cancel."""
    await changes.make(service.cancel, analysis_id)
    return await looks.status(analysis_id)


@router.put("/analyses/{analysis_id}/note", responses=problems(404, 410, 422, 503))
async def write_note(
    analysis_id: AnalysisId,
    note: Note,
    service: ServiceDep,
    looks: LooksDep,
    changes: ChangesDep,
) -> AnalysisStatus:
    """Keep a note beside an analysis, in place of the one before; deleted with it."""
    await changes.make(service.note, analysis_id, note.text)
    return await looks.status(analysis_id)


@router.get("/analyses", responses=problems(503))
def list_analyses(
    service: ServiceDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    q: Annotated[
        str | None,
        # Postgres takes no NUL, and no name has one.
        Query(
            max_length=200,
            pattern=r"^[^\x00]*$",
            description="Part of the file name, of the note, or of a verdict's name",
        ),
    ] = None,
    verdict: Annotated[Answer | None, Query(description="Only what was answered so")] = None,
    kind: Annotated[MediaKind | None, Query(description="Only media of this kind")] = None,
    order: Annotated[Order, Query(description="What comes first")] = Order.NEWEST,
) -> AnalysisPage:
    """Analyses, newest first unless asked otherwise."""
    page = service.page(limit, cursor, Wanted(q, verdict, kind, order))
    return AnalysisPage(
        items=[status_of(look) for look in page.items],
        next_cursor=page.next_cursor,
    )


@router.delete("/analyses/{analysis_id}", status_code=204, responses=problems(404, 410, 503))
async def delete_analysis(
    analysis_id: AnalysisId, service: ServiceDep, changes: ChangesDep
) -> None:
    """Remove an analysis with its upload, report and artefacts, stopping it if it runs."""
    await changes.make(service.delete, analysis_id)


@router.get(
    "/analyses/{analysis_id}/media",
    response_class=FileResponse,
    responses={200: {"content": {"*/*": {}}}, **problems(400, 404, 410, 416, 503)},
)
def get_media(request: Request, analysis_id: AnalysisId, service: ServiceDep) -> Response:
    """The upload, byte for byte, for a player; ranges are supported."""
    analysis = service.uploaded(analysis_id)
    headers = {
        # Whatever the bytes are, opened as a page they do nothing.
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "private, max-age=3600",
    }
    path = service.media.local(analysis.sha256)
    if path is not None:
        return FileResponse(
            path,
            media_type=analysis.media_type,
            filename=analysis.file_name,
            content_disposition_type="inline",
            headers=headers,
        )
    name = quote(analysis.file_name, safe="")
    return ranged(
        request,
        analysis.size_bytes,
        f'"{analysis.sha256}"',
        partial(service.media.read, analysis.sha256),
        headers | {"Content-Disposition": f"inline; filename*=utf-8''{name}"},
        analysis.media_type,
    )


def _boolean(name: str, value: object) -> bool:
    """As the other fields of a form read it.

    Raises:
        AssayError: `invalid_request`.
    """
    try:
        return _BOOLEAN.validate_python(value)
    except ValidationError as error:
        raise AssayError("invalid_request", f"{name}: write 1 or 0.") from error


async def _ended(analysis_id: str, looks: Looks, feed: Feed, wait: float) -> AnalysisStatus:
    """Where an analysis stands once it has ended, or after so many seconds."""
    status = await looks.status(analysis_id)
    if wait and status.status == "processing":
        await (await feed.channel(analysis_id)).end(wait)
        status = await looks.status(analysis_id)
    return status


def _asked(fields: dict[str, Any]) -> Asked:
    """How a file is to be examined, from a form.

    Raises:
        AssayError: `invalid_request`.
    """
    try:
        return Asked.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "start, end"
        raise AssayError("invalid_request", f"{where}: {first['msg']}.") from error
