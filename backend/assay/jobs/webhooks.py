"""Tells whoever wants to know that an analysis has ended, as Standard Webhooks say.

Each attempt is a workflow of DBOS, small and repeatable: what could not be delivered is queued
again with a delay, in the transaction that notes the failure, and waits in nobody's way. A worker
that dies in between sends the same message twice; its id tells the receiver so.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import logging
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from dbos import DBOSClient, EnqueueOptions
from pydantic import Field

from assay import __version__
from assay.errors import AssayError
from assay.evidence import Record
from assay.jobs.analysis import OPEN, Analysis, State, find
from assay.jobs.database import Database, analyses
from assay.outbound import OutboundError, post
from assay.settings import WEBHOOK_PREFIX, Settings

log = logging.getLogger(__name__)

QUEUE: Final = "webhooks"
WORKFLOW: Final = "deliver_webhook"
DELAYS: Final = (5, 60, 300, 1800, 7200, 18_000, 36_000, 36_000)
"""Seconds before each further attempt: the last one comes a day later."""
AT_ONCE: Final = 100
"""Ended analyses that are queued in one transaction."""


class WebhookState(StrEnum):
    """Of the message about one analysis. The last two are final."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Ended(Record):
    """What the message says of an analysis: as its status, the rest is in the report."""

    analysis_id: str
    status: str
    file_name: str
    result: dict[str, Any] | None
    error: str | None
    error_code: str | None


class Message(Record):
    """The body of a webhook."""

    type: str = Field(description="analysis.complete or analysis.error")
    timestamp: datetime
    data: Ended


class Webhooks:
    """All functions are blocking."""

    def __init__(self, settings: Settings, database: Database, client: DBOSClient) -> None:
        self._settings = settings
        self._database = database
        self._client = client

    def queue_ended(self) -> None:
        """Queue the messages of analyses that have ended since the last look."""
        due = (
            sa.select(analyses.c.id)
            .where(analyses.c.webhook_state == WebhookState.WAITING, analyses.c.state.not_in(OPEN))
            .limit(AT_ONCE)
        )
        with self._database.reading() as connection:
            if connection.execute(due).first() is None:
                return
        with self._database.writing() as connection:
            for analysis_id in connection.execute(due.with_for_update()).scalars().all():
                self._queue(connection, analysis_id, attempt=1, delay=0)
                _note(connection, analysis_id, webhook_state=WebhookState.SENDING)

    def deliver(self, analysis_id: str, attempt: int) -> None:
        """Send the message once; if that fails, see that it is sent again."""
        with self._database.reading() as connection:
            analysis = find(connection, analysis_id)
        if analysis is None or analysis.webhook_url is None:  # it was deleted
            return
        error, is_hopeless = self._send(analysis)
        is_last = is_hopeless or attempt > len(DELAYS)
        with self._database.writing() as connection:
            if error is None:
                state = WebhookState.DELIVERED
            elif is_last:
                state = WebhookState.FAILED
                log.warning("The webhook of analysis %s is given up: %s", analysis_id, error)
            else:
                state = WebhookState.SENDING
                self._queue(connection, analysis_id, attempt + 1, DELAYS[attempt - 1])
            _note(
                connection,
                analysis_id,
                webhook_state=state,
                webhook_attempts=attempt,
                webhook_error=error,
            )

    def _send(self, analysis: Analysis) -> tuple[str | None, bool]:
        """Why it was not delivered, None if it was; and whether it never will be."""
        assert analysis.webhook_url is not None
        secret = self._settings.webhook_secret
        if secret is None:
            return "webhooks are switched off", True
        body = message_of(analysis)
        headers = signed(secret.get_secret_value(), analysis.id, int(time.time()), body)
        try:
            status = post(analysis.webhook_url, body, headers, self._settings.webhook_private)
        except AssayError as error:  # the settings have changed since it was accepted
            return error.message, True
        except OutboundError as error:
            return str(error), False
        return (None if 200 <= status < 300 else f"it answered {status}"), status == 410

    def _queue(self, connection: sa.Connection, analysis_id: str, attempt: int, delay: int) -> None:
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": f"{analysis_id}-webhook-{attempt}",
        }
        if delay:
            options["delay_seconds"] = delay
        self._client.enqueue_in_transaction(connection, options, analysis_id, attempt)


def message_of(analysis: Analysis) -> bytes:
    """The body; the same whenever it is sent again."""
    assert analysis.finished_ms is not None
    status = "complete" if analysis.state is State.COMPLETE else "error"
    message = Message(
        type=f"analysis.{status}",
        timestamp=datetime.fromtimestamp(analysis.finished_ms / 1000, UTC),
        data=Ended(
            analysis_id=analysis.id,
            status=status,
            file_name=analysis.file_name,
            result=analysis.result,
            error=analysis.error_message,
            error_code=analysis.error_code,
        ),
    )
    return message.model_dump_json(by_alias=True).encode()


def signed(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that show who sends this, and when.

    Args:
        secret: As the settings have it: `whsec_` and base64.
        timestamp: Seconds since the epoch.
    """
    key = base64.b64decode(secret.removeprefix(WEBHOOK_PREFIX))
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Assay/{__version__}",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{digest}",
    }


def _note(connection: sa.Connection, analysis_id: str, **values: Any) -> None:
    connection.execute(analyses.update().where(analyses.c.id == analysis_id).values(values))
