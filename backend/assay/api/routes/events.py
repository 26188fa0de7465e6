"""The event stream of an analysis."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from assay.api.deps import AnalysisId, IsStopping, ServiceDep
from assay.api.problems import problems
from assay.errors import AssayError
from assay.jobs.analysis import Ended, EventKind

router = APIRouter(tags=["analyses"])

POLL_SECONDS = 0.1
_SEQ = re.compile("[0-9]{1,9}")
RETRY_MS = 1000
"""How long a browser waits before it connects again."""


async def _existing(analysis_id: AnalysisId, service: ServiceDep) -> str:
    """Checked before the stream begins: afterwards, there is no status code left to give."""
    await run_in_threadpool(service.get, analysis_id)
    return analysis_id


@router.get(
    "/events/{analysis_id}", response_class=EventSourceResponse, responses=problems(404, 410)
)
async def follow_events(
    analysis_id: Annotated[str, Depends(_existing)],
    service: ServiceDep,
    is_stopping: IsStopping,
    last_event_id: Annotated[str, Header(description="Resume behind this event")] = "",
) -> AsyncIterator[ServerSentEvent]:
    """Everything that happened and happens, as server-sent events; `id` is the sequence number.

    `queued` (data: `Queued`), `started` (`Started`), `stage` (`StageUpdate`), and at last `end`
    (`Ended`), after which the stream closes and a client shall not connect again.
    """
    seq = int(last_event_id) if _SEQ.fullmatch(last_event_id) else 0
    yield ServerSentEvent(comment="assay", retry=RETRY_MS)
    while not is_stopping():
        try:
            events = await run_in_threadpool(service.events_after, analysis_id, seq)
        except AssayError as error:  # deleted while we looked on
            end = Ended(status="error", error=error.message, error_code=error.code)
            yield ServerSentEvent(event=EventKind.END, raw_data=end.model_dump_json(by_alias=True))
            return
        for event in events:
            yield ServerSentEvent(event=event.kind, id=str(event.seq), raw_data=event.data)
            if event.kind is EventKind.END:
                return
            seq = event.seq
        if not events:
            await anyio.sleep(POLL_SECONDS)
