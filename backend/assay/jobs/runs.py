"""What a worker writes: begin a run, tell its events, publish its outcome.

Every run has a number. Writes carry it and are refused once the row has another one, so a worker
that was taken for dead, or whose analysis was cancelled or deleted, cannot disturb anything.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import ConfigDict

from assay.errors import AssayError, analysis_crashed, analysis_killed, internal_error
from assay.evidence import Asked, Record, Report, StageEvent
from assay.jobs.analysis import (
    OPEN,
    Analysis,
    EventKind,
    Started,
    State,
    answer_from,
    append_event,
    find,
    find_complete,
    finish,
    now_ms,
    to_rows,
)
from assay.jobs.counters import observe_score, observe_stages
from assay.jobs.database import Database, analyses, workers
from assay.jobs.media_store import REPORT, MediaStore
from assay.jobs.tracking import QUEUED, Tracker, untouched_again

MAX_KILLS = 8
"""Runs of one analysis that may be ended from outside. Some file must be the last to be tried when
a machine goes down over and over, and it may yet be the cause."""
WORKER_LOST_SECONDS = 20
"""A worker unseen for so long has lost its runs to the others."""


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at one analysis."""

    analysis_id: str
    number: int
    work_key: str
    asked: Asked
    sha256: str
    tracker: Tracker


class Outcome(Record):
    """How a run ended, small enough for DBOS to remember. Without a code: a report is stored."""

    # What the release before remembered of a run may be more.
    model_config = ConfigDict(extra="ignore")

    number: int
    error_code: str | None = None
    error_message: str | None = None


class Runs:
    """All functions are blocking."""

    def __init__(
        self, database: Database, media: MediaStore, worker_id: str, max_crashes: int
    ) -> None:
        self._database = database
        self._media = media
        self._worker_id = worker_id
        self._max_crashes = max_crashes

    def begin(self, analysis_id: str) -> Run | None:
        """Start the next run; None if there is nothing to do (any more).

        A row that still says `running` belongs to a run whose worker ended without a word, and a
        worker opens no file: somebody outside has killed it.
        """
        with self._database.writing() as connection:
            analysis = find(connection, analysis_id, for_update=True)
            if analysis is None or not analysis.is_open:
                return None
            done = find_complete(connection, analysis.work_key)
            if done is not None and self._media.has(analysis.work_key, REPORT):
                answer_from(connection, done, analysis_id)
                return None
            kills = analysis.kills + (analysis.state is State.RUNNING)
            if analysis.crashes >= self._max_crashes:
                _fail(connection, analysis_id, analysis_crashed())
                return None
            if kills >= MAX_KILLS:
                _fail(connection, analysis_id, analysis_killed())
                return None
            return self._start(connection, analysis, kills)

    def _start(self, connection: sa.Connection, analysis: Analysis, kills: int) -> Run:
        number = analysis.run + 1
        stages = untouched_again(analysis.stages)
        append_event(
            connection,
            analysis.id,
            EventKind.STARTED,
            Started(run=number),
            state=State.RUNNING,
            run=number,
            kills=kills,
            worker=self._worker_id,
            stages=to_rows(stages),
        )
        return Run(
            analysis_id=analysis.id,
            number=number,
            work_key=analysis.work_key,
            asked=analysis.asked,
            sha256=analysis.sha256,
            tracker=Tracker(stages, analysis.percent),
        )

    def tell(self, run: Run, event: StageEvent) -> None:
        """Write a stage event. One of a run that is not wanted any more is dropped."""
        update = run.tracker.apply(event)
        if update is None:
            return
        with self._database.writing() as connection:
            if _is_current(connection, run.analysis_id, run.number, (State.RUNNING,)):
                append_event(
                    connection,
                    run.analysis_id,
                    EventKind.STAGE,
                    update,
                    percent=update.overall_percent,
                    stage_name=update.stage_name,
                    stages=to_rows(run.tracker.stages),
                )

    def give_back(self, run: Run, was_killed: bool) -> None:
        """Note that a run has ended without an outcome; its analysis waits for the next one."""
        count = analyses.c.kills if was_killed else analyses.c.crashes
        with self._database.writing() as connection:
            if _is_current(connection, run.analysis_id, run.number, (State.RUNNING,)):
                connection.execute(
                    analyses.update()
                    .where(analyses.c.id == run.analysis_id)
                    .values({count: count + 1, analyses.c.state: State.QUEUED})
                )

    def is_wanted(self, run: Run) -> bool:
        """False once the analysis is cancelled, deleted, or run by another worker."""
        with self._database.reading() as connection:
            row = _current(run.analysis_id, run.number, (State.RUNNING,))
            return connection.execute(row).first() is not None

    def save(self, run: Run, name: str, content: bytes) -> None:
        """Keep an artefact of the run. One of a run that is not wanted any more is dropped.

        In a transaction: whoever cancels or deletes clears all that was saved before, and nothing
        comes after.
        """
        with self._database.writing() as connection:
            if _is_current(connection, run.analysis_id, run.number, (State.RUNNING,)):
                self._media.save(run.work_key, name, content)

    def publish(self, analysis_id: str, outcome: Outcome) -> None:
        """Make the outcome of a run the outcome of its analysis; again is fine."""
        with self._database.writing() as connection:
            if not _is_current(connection, analysis_id, outcome.number, OPEN):
                return
            if outcome.error_code is not None:
                error = AssayError(outcome.error_code, outcome.error_message or "")
                _fail(connection, analysis_id, error)
                return
            analysis = find(connection, analysis_id)
            assert analysis is not None
            content = self._media.load(analysis.work_key, REPORT)
            if content is None:
                _fail(connection, analysis_id, internal_error())
                return
            report = Report.model_validate_json(content)
            finish(connection, analysis_id, State.COMPLETE, result=_result(report))
            observe_stages(connection, report.stages)
            if report.fusion is not None:
                observe_score(connection, report.fusion)

    # ------------------------------------------------------------------------------- workers

    def beat(self) -> None:
        """Say that this worker is alive, and forget those that have not been for an hour."""
        with self._database.writing() as connection:
            row = workers.c.id == self._worker_id
            seen = connection.execute(workers.update().where(row).values(seen_ms=now_ms()))
            if seen.rowcount == 0:
                connection.execute(workers.insert().values(id=self._worker_id, seen_ms=now_ms()))
            connection.execute(workers.delete().where(workers.c.seen_ms < now_ms() - 3_600_000))

    def living(self, connection: sa.Connection) -> set[str]:
        """The workers that are not taken for dead."""
        since = now_ms() - WORKER_LOST_SECONDS * 1000
        seen = sa.select(workers.c.id).where(workers.c.seen_ms >= since)
        return set(connection.execute(seen).scalars())

    def leave(self) -> None:
        """Stop in good order: what was running waits again and has not crashed."""
        with self._database.writing() as connection:
            connection.execute(
                analyses.update()
                .where(analyses.c.state == State.RUNNING, analyses.c.worker == self._worker_id)
                .values(state=State.QUEUED, stage_name=QUEUED)
            )
            connection.execute(workers.delete().where(workers.c.id == self._worker_id))


def _current(analysis_id: str, number: int, states: tuple[State, ...]) -> sa.Select[tuple[str]]:
    """The analysis, if it still belongs to this run."""
    return sa.select(analyses.c.id).where(
        analyses.c.id == analysis_id, analyses.c.run == number, analyses.c.state.in_(states)
    )


def _is_current(
    connection: sa.Connection, analysis_id: str, number: int, states: tuple[State, ...]
) -> bool:
    """Whether the analysis belongs to this run still, and until the transaction ends."""
    row = _current(analysis_id, number, states).with_for_update()
    return connection.execute(row).first() is not None


def _fail(connection: sa.Connection, analysis_id: str, error: AssayError) -> None:
    finish(
        connection,
        analysis_id,
        State.ERROR,
        error_code=error.code,
        error_message=error.message,
    )


def _result(report: Report) -> dict[str, object]:
    """The head of the report, for those who only poll the status."""
    head = report.model_dump(
        mode="json",
        by_alias=True,
        include={
            "verdict",
            "confidence",
            "probability",
            "reasons",
            "summary",
            "reliability",
            "coverage",
            "early_exit",
            "thumbnail",
        },
    )
    return head | {"kind": report.media.kind}
