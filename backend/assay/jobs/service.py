"""What the API asks: submit, look up, follow, cancel, delete. It never touches media."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOSClient, EnqueueOptions

from assay.calibration import version_with
from assay.errors import AssayError, no_such_analysis
from assay.evidence import AS_USUAL, Asked, StageInfo
from assay.jobs import audit
from assay.jobs.analysis import (
    OPEN,
    Analysis,
    EventKind,
    Queued,
    State,
    answer_from,
    append_event,
    find,
    find_complete,
    finish,
    now_ms,
    to_rows,
)
from assay.jobs.database import Database, analyses, deletions, events, workers
from assay.jobs.feedback import Truth
from assay.jobs.listing import Wanted, page
from assay.jobs.media_store import REPORT, MediaStore
from assay.jobs.metrics import TableCollector
from assay.jobs.people import acting
from assay.jobs.quota import check_quota
from assay.jobs.removal import after_removal, remove, report_is_unused
from assay.jobs.tracking import QUEUED, untouched
from assay.jobs.webhooks import WebhookState
from assay.models.manifest import ModelFolder
from assay.outbound import target_of
from assay.provenance import pipeline_version
from assay.settings import Settings
from assay.stages import stages_for

APPLICATION = "assay"
QUEUE = "analyses"
WORKFLOW = "analyse_media"
WORKER_SEEN_SECONDS = 10
"""A worker that has not been seen for so long is not counted on."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived. `path` is the store's to take; `file_name` is only for display."""

    path: Path
    sha256: str
    size_bytes: int
    file_name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the event stream; `data` is JSON."""

    seq: int
    kind: EventKind
    data: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What the media store still holds of an analysis: whoever runs the service may clear it."""

    upload: bool
    report: bool


@dataclass(frozen=True, slots=True)
class Look:
    """An analysis as it stands.

    queue_position: 1 for the next to be run; None unless it waits.
    """

    analysis: Analysis
    stored: Stored
    queue_position: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of analyses, and where the next one begins."""

    items: list[Look]
    next_cursor: str | None


class Service:
    """All functions are blocking but short; call them from a thread."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        media: MediaStore,
        graph: Iterable[StageInfo],
    ) -> None:
        self.media = media
        self._settings = settings
        self._database = database
        self._metrics = TableCollector(database, settings.models_dir)
        self._graph = tuple(graph)
        self._client = dbos_client(database)

    # ------------------------------------------------------------------------------- changes

    def submit(
        self,
        upload: Upload,
        asked: Asked = AS_USUAL,
        webhook: str | None = None,
        retained: bool = True,
    ) -> Analysis:
        """Queue an analysis, or answer at once if the same work has been done before.

        Args:
            webhook: The URL to tell when it has ended.
            retained: Whether anything is kept once it has ended, see `retention.py`.

        Raises:
            AssayError: `busy`, `quota_exceeded`, `models_missing`, `model_rejected`, or
                `invalid_request` for a webhook that cannot be.
        """
        if webhook is not None:
            self._check_webhook(webhook)
        key = self._key(upload.sha256, asked)
        with self.media.brought(upload.path), self._database.writing() as connection:
            self._database.lock(connection, upload.sha256)
            done = self._done_or_room(connection, key)
            # Inside the transaction, or a deletion of the same content could come between.
            self.media.keep(upload.path, upload.sha256)
            analysis = self._begin(connection, upload, key, asked, done, webhook, retained)
            audit.record(connection, audit.Action.SUBMIT, analysis.id)
            return analysis

    def examine_again(self, analysis_id: str, asked: Asked) -> Analysis:
        """Queue another analysis of a file that is stored already, else as `submit`.

        Raises:
            AssayError: `not_found`; `gone` if it was deleted or its file is no longer stored; and
                as `submit`.
        """
        with self._database.writing() as connection:
            file = self._found(connection, analysis_id)
            self._database.lock(connection, file.sha256)
            if not self.media.has_upload(file.sha256):
                raise _upload_gone()
            key = self._key(file.sha256, asked)
            done = self._done_or_room(connection, key)
            analysis = self._begin(connection, file, key, asked, done, retained=file.retained)
            audit.record(connection, audit.Action.EXAMINE, analysis.id)
            return analysis

    def cancel(self, analysis_id: str) -> Analysis:
        """Stop an analysis, and remove what its run has made unless others share it; again is fine.

        Raises:
            AssayError: `not_found`, `gone`, or `conflict` if it had already ended.
        """
        with self._database.writing() as connection:
            analysis = self._found(connection, analysis_id, for_update=True)
            if analysis.is_open:
                error = AssayError("cancelled", "The analysis was cancelled.")
                finish(
                    connection,
                    analysis_id,
                    State.CANCELLED,
                    error_code=error.code,
                    error_message=error.message,
                )
                self._database.lock(connection, analysis.sha256)
                of_use = analyses.c.state.in_([*OPEN, State.COMPLETE])
                if report_is_unused(connection, analysis, of_use):
                    self.media.drop_artefacts(analysis.work_key)
                audit.record(connection, audit.Action.CANCEL, analysis_id)
            elif analysis.state is not State.CANCELLED:
                raise AssayError(
                    "conflict", "The analysis has already ended; there is nothing to cancel."
                )
            analysis = self._found(connection, analysis_id)
        self._client.cancel_workflow(analysis_id)
        return analysis

    def note(self, analysis_id: str, text: str) -> None:
        """Keep what a person wrote about an analysis, in place of what stood there.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
        """
        self._keep(analysis_id, _noted(text), audit.Action.NOTE)

    def tell(self, analysis_id: str, truth: Truth | None, note: str | None) -> None:
        """Keep what a file turned out to be, in place of what was told; None takes it back.

        Args:
            analysis_id: Of an analysis of the file.
            truth: What it turned out to be.
            note: Kept as by `note`; None leaves the note as it is.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
        """
        kept = {} if note is None else _noted(note)
        self._keep(analysis_id, {"truth": truth, **kept}, audit.Action.FEEDBACK)

    def delete(self, analysis_id: str) -> None:
        """Remove an analysis, and the files that no other analysis shares with it.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
        """
        with self._database.writing() as connection:
            analysis = self._found(connection, analysis_id, for_update=True)
            remove(connection, self._database, self.media, analysis)
            audit.record(connection, audit.Action.DELETE, analysis_id)
        after_removal(self._database, self._client, analysis)

    # --------------------------------------------------------------------------------- looks

    def get(self, analysis_id: str) -> Analysis:
        """One analysis as it stands.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
        """
        with self._database.reading() as connection:
            return self._found(connection, analysis_id)

    def owner(self, analysis_id: str) -> str | None:
        """The key that submitted an analysis; None where nobody had to show one.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
        """
        with self._database.reading() as connection:
            query = sa.select(analyses.c.owner).where(analyses.c.id == analysis_id)
            row = connection.execute(query).first()
            if row is None:
                raise _missing(connection, analysis_id)
            owner: str | None = row.owner
            return owner

    def looks(self, ids: Iterable[str]) -> dict[str, Look | AssayError]:
        """How several analyses stand, in one query; or why one of them stands nowhere."""
        found: dict[str, Look | AssayError] = {}
        with self._database.reading() as connection:
            wanted = sa.select(analyses, _queue_position()).where(analyses.c.id.in_(ids))
            for row in connection.execute(wanted):
                found[row.id] = self._look(row)
            for analysis_id in set(ids) - set(found):
                found[analysis_id] = _missing(connection, analysis_id)
        return found

    def of_same_file(self, analysis_id: str, limit: int) -> list[Look]:
        """All analyses of the content of one, itself among them, newest first.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
        """
        with self._database.reading() as connection:
            sha256 = self._found(connection, analysis_id).sha256
            rows = connection.execute(
                sa.select(analyses, _queue_position())
                .where(analyses.c.sha256 == sha256, _visible())
                .order_by(analyses.c.number.desc())
                .limit(limit)
            )
            return [self._look(row) for row in rows]

    def told(self) -> list[Look]:
        """All analyses of which somebody told what the file turned out to be, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                sa.select(analyses, _queue_position())
                .where(analyses.c.truth.is_not(None), _visible())
                .order_by(analyses.c.number.desc())
            )
            return [self._look(row) for row in rows]

    def news(self, known: Mapping[str, int]) -> dict[str, list[Event] | AssayError]:
        """What has happened of late.

        Args:
            known: Ids of analyses, and the last event of each that is known already.

        Returns:
            For those of which there is any: the events since, or why there will be none.
        """
        news: dict[str, list[Event] | AssayError] = {}
        with self._database.reading() as connection:
            row = sa.select(analyses.c.id, analyses.c.last_seq).where(analyses.c.id.in_(known))
            last = {each.id: each.last_seq for each in connection.execute(row)}
            for analysis_id, seq in known.items():
                if analysis_id not in last:
                    news[analysis_id] = _missing(connection, analysis_id)
                elif last[analysis_id] > seq:
                    news[analysis_id] = _events_after(connection, analysis_id, seq)
        return news

    def page(self, limit: int, cursor: str | None, wanted: Wanted) -> Page:
        """A page of the list.

        Raises:
            AssayError: `invalid_request` for a cursor that is not of this list.
        """
        every = sa.select(analyses, _queue_position()).where(_visible())
        with self._database.reading() as connection:
            rows, following = page(connection, every, limit, cursor, wanted)
        return Page([self._look(row) for row in rows], following)

    def report(self, analysis_id: str) -> bytes:
        """The report of a complete analysis, JSON.

        Raises:
            AssayError: `not_found`, `gone`, or `conflict` if it is not complete.
        """
        analysis = self.get(analysis_id)
        content = self._artefact(analysis, REPORT)
        if not analysis.retained:
            self._note_given(analysis_id)
        return content

    def artefact(self, analysis_id: str, name: str) -> bytes:
        """A file that belongs to the report of a complete analysis.

        Raises:
            AssayError: `not_found`, `gone`, or `conflict` if it is not complete.
        """
        return self._artefact(self.get(analysis_id), name)

    def _artefact(self, analysis: Analysis, name: str) -> bytes:
        """As `artefact`."""
        if analysis.is_open:
            raise AssayError("conflict", "The analysis is not over yet; wait until it is complete.")
        if analysis.state is not State.COMPLETE:
            raise AssayError("conflict", "The analysis ended without a report; see its status.")
        content = self.media.load(analysis.work_key, name)
        if content is not None:
            return content
        if self.media.has(analysis.work_key, REPORT):
            raise AssayError("not_found", "There is no such artefact; see the report for names.")
        raise AssayError(
            "gone", "The report is no longer stored; analyse the file again to get it back."
        )

    def uploaded(self, analysis_id: str) -> Analysis:
        """An analysis whose file is still stored.

        Raises:
            AssayError: `not_found`; `gone` if it or its file is not there any more.
        """
        analysis = self.get(analysis_id)
        if not self.media.has_upload(analysis.sha256):
            raise _upload_gone()
        return analysis

    def stored(self, analysis: Analysis) -> Stored:
        """What can still be asked for besides the status."""
        is_complete = analysis.state is State.COMPLETE
        return Stored(
            upload=self.media.has_upload(analysis.sha256, fresh=False),
            report=is_complete and self.media.has(analysis.work_key, REPORT, fresh=False),
        )

    def check(self) -> None:
        """See whether what is submitted now will be run.

        Raises:
            AssayError: `not_ready`.
            StoreAwayError: The media store does not answer.
        """
        self._database.check()
        self.media.check()
        since = now_ms() - WORKER_SEEN_SECONDS * 1000
        with self._database.reading() as connection:
            seen = sa.select(sa.func.count()).select_from(workers).where(workers.c.seen_ms >= since)
            if not connection.execute(seen).scalar():
                raise AssayError("not_ready", "No worker is running.")

    def metrics(self) -> bytes:
        """What Prometheus scrapes."""
        return self._metrics.text()

    def close(self) -> None:
        self._client.destroy()

    # ------------------------------------------------------------------------------- details

    def _look(self, row: sa.Row[Any]) -> Look:
        analysis = Analysis.read(row)
        return Look(analysis, self.stored(analysis), row.queue_position)

    def _found(
        self, connection: sa.Connection, analysis_id: str, for_update: bool = False
    ) -> Analysis:
        analysis = find(connection, analysis_id, for_update)
        if analysis is None:
            raise _missing(connection, analysis_id)
        return analysis

    def _note_given(self, analysis_id: str) -> None:
        """When the report was given first: what is not retained goes soon after."""
        first = sa.and_(analyses.c.id == analysis_id, analyses.c.given_ms.is_(None))
        with self._database.writing() as connection:
            connection.execute(analyses.update().where(first).values(given_ms=now_ms()))

    def _keep(
        self, analysis_id: str, values: Mapping[str, str | None], action: audit.Action
    ) -> None:
        """Write what a person has told of an analysis.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
        """
        with self._database.writing() as connection:
            self._found(connection, analysis_id, for_update=True)
            told = analyses.update().where(analyses.c.id == analysis_id)
            connection.execute(told.values(**values))
            audit.record(connection, action, analysis_id)

    def _key(self, sha256: str, asked: Asked) -> str:
        digest = ModelFolder(self._settings.models_dir).digest
        version = version_with(self._settings, pipeline_version(digest))
        return work_key(sha256, version, asked)

    def _done_or_room(self, connection: sa.Connection, key: str) -> Analysis | None:
        """An analysis that answers this work already; None if it has to be done, and can be.

        Raises:
            AssayError: `busy` or `quota_exceeded`.
        """
        check_quota(self._database, connection)
        # A report that was cleared from the store answers nobody: it is made once more.
        done = find_complete(connection, key) if self.media.has(key, REPORT) else None
        if done is not None:
            return done
        if _count(connection, analyses.c.state == State.QUEUED) >= self._settings.max_queue:
            raise AssayError("busy", "Too many analyses are waiting; try again in a moment.")
        return None

    def _begin(
        self,
        connection: sa.Connection,
        file: Upload | Analysis,
        key: str,
        asked: Asked,
        done: Analysis | None,
        webhook: str | None = None,
        retained: bool = True,
    ) -> Analysis:
        """Queue an analysis of a stored file, or answer it with one that is done."""
        analysis_id = str(uuid.uuid4())
        self._insert(connection, analysis_id, file, key, asked, webhook, retained)
        if done is None:
            self._enqueue(connection, self._found(connection, analysis_id))
        else:
            answer_from(connection, done, analysis_id)
        return self._found(connection, analysis_id)

    def _check_webhook(self, url: str) -> None:
        if self._settings.webhook_secret is None:
            raise AssayError(
                "invalid_request", "This server sends no webhooks; set ASSAY_WEBHOOK_SECRET."
            )
        target_of(url, self._settings.webhook_private)

    def _insert(
        self,
        connection: sa.Connection,
        analysis_id: str,
        file: Upload | Analysis,
        key: str,
        asked: Asked,
        webhook: str | None,
        retained: bool,
    ) -> None:
        connection.execute(
            analyses.insert().values(
                id=analysis_id,
                number=sa.select(
                    sa.func.coalesce(sa.func.max(analyses.c.number), 0) + 1
                ).scalar_subquery(),
                created_ms=now_ms(),
                file_name=file.file_name,
                name_folded=file.file_name.casefold(),
                media_type=file.media_type,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
                work_key=key,
                asked=asked.model_dump(mode="json"),
                cached=False,
                state=State.QUEUED,
                percent=0.0,
                stage_name=QUEUED,
                stages=to_rows(untouched(stages_for(asked, self._graph))),
                last_seq=0,
                run=0,
                crashes=0,
                webhook_url=webhook,
                webhook_state=None if webhook is None else WebhookState.WAITING,
                owner=acting.get().owner,
                retained=retained,
            )
        )
        append_event(connection, analysis_id, EventKind.QUEUED, Queued())

    def _enqueue(self, connection: sa.Connection, analysis: Analysis) -> None:
        """In the transaction of the row: there is never one without the other."""
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": analysis.id,
            # DBOS would go by its clock.
            "priority": analysis.number,
        }
        self._client.enqueue_in_transaction(connection, options, analysis.id)


def dbos_client(database: Database) -> DBOSClient:
    """What puts work into the queues."""
    return DBOSClient(
        system_database_engine=database.engine,
        application_name=APPLICATION,
        lazy=True,
        retry_connection_errors=False,
    )


def work_key(sha256: str, pipeline: str, asked: Asked) -> str:
    """Equal keys, equal reports: hash of the content, of what judges it, and of what was asked."""
    parts = "\n".join((sha256, pipeline, asked.model_dump_json()))
    return hashlib.sha256(parts.encode()).hexdigest()


def _visible() -> sa.ColumnElement[bool]:
    """What whoever acts may see in lists."""
    caller = acting.get()
    return sa.true() if caller.sees_all else analyses.c.owner == caller.owner


def _upload_gone() -> AssayError:
    return AssayError("gone", "The upload of this analysis is no longer stored.")


def _missing(connection: sa.Connection, analysis_id: str) -> AssayError:
    deleted = sa.select(deletions.c.id).where(deletions.c.id == analysis_id)
    if connection.execute(deleted).first() is not None:
        return AssayError("gone", "This analysis was deleted, with its file and its report.")
    return no_such_analysis()


def _noted(text: str) -> dict[str, str]:
    """A note, and as it is searched."""
    return {"note": text, "note_folded": text.casefold()}


def _events_after(connection: sa.Connection, analysis_id: str, seq: int) -> list[Event]:
    rows = connection.execute(
        sa.select(events)
        .where(events.c.analysis_id == analysis_id, events.c.seq > seq)
        .order_by(events.c.seq)
    )
    return [Event(row.seq, EventKind(row.kind), row.data) for row in rows]


def _queue_position() -> sa.Label[int | None]:
    """A column beside those of an analysis, see `Look`."""
    before = analyses.alias()
    count = (
        sa.select(1 + sa.func.count())
        .where(
            before.c.state == State.QUEUED,
            sa.tuple_(before.c.number, before.c.id) < sa.tuple_(analyses.c.number, analyses.c.id),
        )
        .scalar_subquery()
    )
    return sa.case((analyses.c.state == State.QUEUED, count)).label("queue_position")


def _count(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> int:
    count = sa.select(sa.func.count()).select_from(analyses).where(*where)
    return connection.execute(count).scalar() or 0
