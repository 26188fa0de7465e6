"""Removes what is not to be kept longer: by the settings, or because it was asked for.

`ASSAY_RETENTION_HOURS` clears upload, report and artefacts so long after the end; the line in the
history stays. An analysis that is not retained loses its upload when it ends, and everything else,
its line included, soon after its report was given, or after a while if nobody has asked for it.
"""

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
from dbos import DBOSClient

from assay.jobs import audit
from assay.jobs.analysis import OPEN, Analysis, find, now_ms
from assay.jobs.database import Database, analyses
from assay.jobs.media_store import MediaStore
from assay.jobs.people import RETENTION, acting
from assay.jobs.removal import after_removal, drop_unused, drop_unused_upload, remove

GIVEN_MS: Final = 60 * 1000
"""How long pictures of a report can still be fetched after it was given."""
UNCLAIMED_MS: Final = 3600 * 1000
"""How long a report waits for whoever did not want it kept."""
HOUR_MS: Final = 3600 * 1000
AT_ONCE: Final = 100
"""Analyses that one sweep handles at most, of each kind."""


class Retention:
    """All functions are blocking.

    Args:
        hours: How long uploads and artefacts are kept after the end; None: until they are deleted.
        now: The clock, milliseconds since the epoch.
    """

    def __init__(
        self,
        hours: float | None,
        database: Database,
        media: MediaStore,
        client: DBOSClient,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._hours = hours
        self._database = database
        self._media = media
        self._client = client
        self._now = now

    def sweep(self) -> None:
        """Remove what is due. Several may sweep at once, and again is fine."""
        token = acting.set(RETENTION)
        try:
            self._sweep(self._now())
        finally:
            acting.reset(token)

    def _sweep(self, now: int) -> None:
        over = analyses.c.state.not_in(OPEN)
        unwanted = sa.and_(analyses.c.retained.is_(sa.false()), over)
        for analysis_id in self._ids(unwanted, analyses.c.claims_upload):
            self._each(analysis_id, self._drop_upload)
        given, finished = analyses.c.given_ms, analyses.c.finished_ms
        until = sa.func.coalesce(given + GIVEN_MS, finished + UNCLAIMED_MS)
        for analysis_id in self._ids(unwanted, until <= now):
            if (analysis := self._each(analysis_id, self._remove)) is not None:
                after_removal(self._database, self._client, analysis)
        if self._hours is not None:
            due = finished <= now - int(self._hours * HOUR_MS)
            for analysis_id in self._ids(over, analyses.c.claims_report, due):
                self._each(analysis_id, self._clear)

    def _ids(self, *where: sa.ColumnElement[bool]) -> list[str]:
        with self._database.reading() as connection:
            query = sa.select(analyses.c.id).where(*where).limit(AT_ONCE)
            return list(connection.execute(query).scalars())

    def _each(
        self, analysis_id: str, do: Callable[[sa.Connection, Analysis], None]
    ) -> Analysis | None:
        """In a transaction; None if somebody else was faster."""
        with self._database.writing() as connection:
            analysis = find(connection, analysis_id, for_update=True)
            if analysis is not None:
                self._database.lock(connection, analysis.sha256)
                do(connection, analysis)
            return analysis

    def _drop_upload(self, connection: sa.Connection, analysis: Analysis) -> None:
        """Nothing examines it any more. Others may have sent the same file, and want it kept."""
        _give_up(connection, analysis, "claims_upload")
        drop_unused_upload(connection, self._media, analysis)

    def _remove(self, connection: sa.Connection, analysis: Analysis) -> None:
        remove(connection, self._database, self._media, analysis)
        audit.record(connection, audit.Action.DELETE, analysis.id)

    def _clear(self, connection: sa.Connection, analysis: Analysis) -> None:
        _give_up(connection, analysis, "claims_upload", "claims_report")
        drop_unused(connection, self._media, analysis)
        audit.record(connection, audit.Action.CLEAR, analysis.id)


def _give_up(connection: sa.Connection, analysis: Analysis, *claims: str) -> None:
    mine = analyses.update().where(analyses.c.id == analysis.id)
    connection.execute(mine.values(dict.fromkeys(claims, False)))
