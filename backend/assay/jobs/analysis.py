"""A row of the analyses table, read; and the steps that both sides of the table share."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field

from assay.evidence import Asked
from assay.jobs.counters import count_outcome
from assay.jobs.database import analyses, events
from assay.jobs.tracking import CLASSIFYING, QUEUED, StageProgress, Told


class State(StrEnum):
    """Life of an analysis. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    ERROR = "error"
    CANCELLED = "cancelled"


OPEN = (State.QUEUED, State.RUNNING)


class EventKind(StrEnum):
    """Types of the event stream: `queued` comes first, `end` last, each once."""

    QUEUED = "queued"
    STARTED = "started"
    STAGE = "stage"
    END = "end"


class Queued(Told):
    """Data of the `queued` event."""

    stage_name: str = QUEUED


class Started(Told):
    """Data of a `started` event. From the second run on, forget the stages seen before."""

    run: int = Field(ge=1, description="Counts up when a crashed analysis is run again")


class Ended(Told):
    """Data of the `end` event. The report can be read when the status is `complete`."""

    status: Literal["complete", "error"]
    error: str | None = None
    error_code: str | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the database knows of one analysis; times in milliseconds since the epoch."""

    id: str
    number: int
    created_ms: int
    finished_ms: int | None
    file_name: str
    note: str
    truth: str | None
    media_type: str
    size_bytes: int
    sha256: str
    work_key: str
    asked: Asked
    cached: bool
    state: State
    percent: float
    stage_name: str
    stages: list[StageProgress]
    result: dict[str, Any] | None
    error_code: str | None
    error_message: str | None
    run: int
    crashes: int
    kills: int
    webhook_url: str | None
    webhook_state: str | None
    webhook_attempts: int
    webhook_error: str | None
    owner: str | None
    retained: bool
    given_ms: int | None

    @classmethod
    def read(cls, row: sa.Row[Any]) -> "Analysis":
        """From a row of the table."""
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        values["state"] = State(row.state)
        values["asked"] = Asked.model_validate(row.asked)
        values["stages"] = [StageProgress.model_validate(stage) for stage in row.stages]
        return cls(**values)

    @property
    def is_open(self) -> bool:
        """Queued or running."""
        return self.state in OPEN


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def find(connection: sa.Connection, analysis_id: str, for_update: bool = False) -> Analysis | None:
    """One analysis by its id; nobody else changes it if it is for update."""
    query = sa.select(analyses).where(analyses.c.id == analysis_id)
    row = connection.execute(query.with_for_update() if for_update else query).first()
    return None if row is None else Analysis.read(row)


def find_complete(connection: sa.Connection, work_key: str) -> Analysis | None:
    """A finished analysis whose answer holds for all work of the same key."""
    row = connection.execute(
        sa.select(analyses)
        .where(analyses.c.work_key == work_key, analyses.c.state == State.COMPLETE)
        .order_by(analyses.c.number)
        .limit(1)
    ).first()
    return None if row is None else Analysis.read(row)


def append_event(
    connection: sa.Connection, analysis_id: str, kind: EventKind, data: Told, **values: Any
) -> None:
    """Write the next event with its time and, in the same breath, other columns of the analysis."""
    created = sa.select(analyses.c.created_ms).where(analyses.c.id == analysis_id)
    at_ms = max(0, now_ms() - connection.execute(created).scalar_one())
    timed = data.model_copy(update={"at_ms": at_ms})
    _append(connection, analysis_id, kind, timed.model_dump_json(by_alias=True), **values)


def _append(
    connection: sa.Connection, analysis_id: str, kind: str, data: str, **values: Any
) -> None:
    seq = connection.execute(
        analyses.update()
        .where(analyses.c.id == analysis_id)
        .values(last_seq=analyses.c.last_seq + 1, **values)
        .returning(analyses.c.last_seq)
    ).scalar_one()
    connection.execute(
        events.insert().values(analysis_id=analysis_id, seq=seq, kind=kind, data=data)
    )


def finish(connection: sa.Connection, analysis_id: str, state: State, **values: Any) -> None:
    """Bring an analysis into a final state: the row, the `end` event and the counter together."""
    cached = values.get("cached", False)
    end = Ended(
        status="complete" if state is State.COMPLETE else "error",
        error=values.get("error_message"),
        error_code=values.get("error_code"),
        cached=cached,
    )
    if state is State.COMPLETE:
        values |= {"percent": 100.0, "stage_name": CLASSIFYING}
    created = sa.select(analyses.c.created_ms).where(analyses.c.id == analysis_id)
    # A clock that was set back in between ends nothing before it began.
    finished_ms = max(now_ms(), connection.execute(created).scalar_one())
    finished = {"state": state, "finished_ms": finished_ms, "worker": None}
    append_event(connection, analysis_id, EventKind.END, end, **finished, **values)
    count_outcome(connection, "cached" if cached else state)


def answer_from(connection: sa.Connection, source: Analysis, analysis_id: str) -> None:
    """Complete an analysis with the answer of another of the same work, its events included."""
    told = connection.execute(
        sa.select(events.c.kind, events.c.data)
        .where(
            events.c.analysis_id == source.id,
            events.c.kind.in_([EventKind.STARTED, EventKind.STAGE]),
        )
        .order_by(events.c.seq)
    ).all()
    for kind, data in told:
        _append(connection, analysis_id, kind, data)
    finish(
        connection,
        analysis_id,
        State.COMPLETE,
        cached=True,
        stages=to_rows(source.stages),
        result=source.result,
    )


def to_rows(stages: list[StageProgress]) -> list[dict[str, Any]]:
    """As the `stages` column stores them."""
    return [stage.model_dump(mode="json", by_alias=True) for stage in stages]
