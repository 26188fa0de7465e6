"""The event stream of an analysis."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse

from assay.api.deps import AnalysisId, FeedDep
from assay.api.feed import Channel, Feed
from assay.api.problems import problems
from assay.jobs.analysis import Ended, EventKind

router = APIRouter(tags=["analyses"])

PING_SECONDS = 15.0
"""A stream that has been silent for so long says that it is still there."""
RETRY_MS: Final = 1000
"""How long a browser waits before it connects again."""
_SEQ: Final = re.compile("[0-9]{1,9}")
_HEADERS: Final = {"X-Accel-Buffering": "no"}  # or nginx would hold events back


class EventStream(StreamingResponse):
    """A response of events, one after another.

    Not FastAPI's own: that one hands them through tasks and memory streams, which fall over each
    other when a client leaves.
    """

    media_type = "text/event-stream"


@router.get("/events/{analysis_id}", response_class=EventStream, responses=problems(404, 410, 503))
async def follow_events(
    analysis_id: AnalysisId,
    feed: FeedDep,
    last_event_id: Annotated[str, Header(description="Resume behind this event")] = "",
) -> EventStream:
    """Everything that happened and happens, as server-sent events; `id` is the sequence number.

    `queued` (data: `Queued`), `started` (`Started`), `stage` (`StageUpdate`), and at last `end`
    (`Ended`), after which the stream closes and a client shall not connect again.
    """
    seq = int(last_event_id) if _SEQ.fullmatch(last_event_id) else 0
    # Before the stream begins: afterwards, there is no status code left to give.
    channel = await feed.channel(analysis_id)
    return EventStream(_told(feed, channel, seq), headers=_HEADERS)


async def _told(feed: Feed, channel: Channel, seq: int) -> AsyncIterator[bytes]:
    yield format_sse_event(comment="assay", retry=RETRY_MS)
    while not feed.is_stopping:
        events = await channel.after(seq, PING_SECONDS)
        for event in events:
            yield format_sse_event(event=event.kind, id=str(event.seq), data_str=event.data)
            if event.kind is EventKind.END:
                return
            seq = event.seq
        if channel.error is not None:  # deleted while we looked on
            end = Ended(status="error", error=channel.error.message, error_code=channel.error.code)
            yield format_sse_event(event=EventKind.END, data_str=end.model_dump_json(by_alias=True))
            return
        if not events:
            yield KEEPALIVE_COMMENT
