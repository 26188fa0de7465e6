"""Removes an analysis, and the files that no other analysis has a claim to."""

import sqlalchemy as sa
from dbos import DBOSClient

from assay.jobs.analysis import Analysis, now_ms
from assay.jobs.database import Database, analyses, deletions, events
from assay.jobs.media_store import MediaStore


def remove(
    connection: sa.Connection, database: Database, media: MediaStore, analysis: Analysis
) -> None:
    """All of it that the database and the media store hold. The caller has locked its row."""
    database.lock(connection, analysis.sha256)
    connection.execute(events.delete().where(events.c.analysis_id == analysis.id))
    connection.execute(analyses.delete().where(analyses.c.id == analysis.id))
    connection.execute(deletions.insert().values(id=analysis.id, deleted_ms=now_ms()))
    drop_unused(connection, media, analysis)


def drop_unused(connection: sa.Connection, media: MediaStore, analysis: Analysis) -> None:
    """Drop upload, report and artefacts of an analysis, unless others have a claim to them."""
    drop_unused_upload(connection, media, analysis)
    if report_is_unused(connection, analysis):
        media.drop_artefacts(analysis.work_key)


def drop_unused_upload(connection: sa.Connection, media: MediaStore, analysis: Analysis) -> None:
    """Drop the upload alone."""
    if _none(connection, analyses.c.claims_upload, analyses.c.sha256 == analysis.sha256):
        media.drop_upload(analysis.sha256)


def report_is_unused(
    connection: sa.Connection, analysis: Analysis, *where: sa.ColumnElement[bool]
) -> bool:
    """Whether no such analysis has a claim to the report of the same work."""
    same = analyses.c.work_key == analysis.work_key
    return _none(connection, analyses.c.claims_report, same, *where)


def after_removal(database: Database, client: DBOSClient, analysis: Analysis) -> None:
    """What can only be done once the removal is committed."""
    if analysis.is_open:
        client.cancel_workflow(analysis.id)
    else:
        client.delete_workflow(analysis.id)
    database.forget()


def _none(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> bool:
    return connection.execute(sa.select(analyses.c.id).where(*where).limit(1)).first() is None
