"""Who did what, and when: written in the transaction of the change itself.

Changes are recorded, looks are not. An entry names ids only, no file and no content, and stays when
what it names is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from assay.jobs.analysis import now_ms
from assay.jobs.database import Database, audit_log
from assay.jobs.people import acting


class Action(StrEnum):
    """What was done; the subject is an analysis, or a key."""

    SUBMIT = "submit"
    EXAMINE = "examine"
    CANCEL = "cancel"
    NOTE = "note"
    FEEDBACK = "feedback"
    DELETE = "delete"
    CLEAR = "clear"
    CREATE_KEY = "create_key"
    ROTATE_KEY = "rotate_key"
    REVOKE_KEY = "revoke_key"


SUBMISSIONS: Final = (Action.SUBMIT, Action.EXAMINE)
"""What counts against a quota."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change; time in milliseconds since the epoch."""

    at_ms: int
    actor: str
    action: str
    subject: str


def record(connection: sa.Connection, action: Action, subject: str) -> None:
    """Note what whoever acts at the moment has done."""
    connection.execute(
        audit_log.insert().values(
            at_ms=now_ms(), actor=acting.get().actor, action=action, subject=subject
        )
    )


def times_of_submissions(connection: sa.Connection, actor: str, since_ms: int) -> Sequence[int]:
    """When somebody has submitted something since, oldest first."""
    query = (
        sa.select(audit_log.c.at_ms)
        .where(
            audit_log.c.actor == actor,
            audit_log.c.at_ms > since_ms,
            audit_log.c.action.in_(SUBMISSIONS),
        )
        .order_by(audit_log.c.at_ms)
    )
    return connection.execute(query).scalars().all()


def latest(database: Database, limit: int, actor: str | None = None) -> Sequence[Entry]:
    """The last entries, newest first; of one actor, if wanted."""
    query = sa.select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
    if actor is not None:
        query = query.where(audit_log.c.actor == actor)
    with database.reading() as connection:
        return [
            Entry(row.at_ms, row.actor, row.action, row.subject)
            for row in connection.execute(query)
        ]
