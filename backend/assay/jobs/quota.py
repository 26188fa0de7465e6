"""How many analyses somebody may submit in a day."""

import math
from typing import Final

import sqlalchemy as sa

from assay.errors import AssayError
from assay.jobs import audit
from assay.jobs.analysis import now_ms
from assay.jobs.database import Database
from assay.jobs.people import acting

DAY_MS: Final = 24 * 3600 * 1000


def check_quota(database: Database, connection: sa.Connection) -> None:
    """See whether whoever acts may submit one more; it counts once `audit.record` notes it.

    Raises:
        AssayError: `quota_exceeded`.
    """
    caller = acting.get()
    if caller.per_day is None:
        return
    # Others with the same key wait here, or two could be the last one.
    database.lock(connection, f"quota of {caller.actor}")
    now = now_ms()
    times = audit.times_of_submissions(connection, caller.actor, now - DAY_MS)
    if len(times) < caller.per_day:
        return
    # Room again once so many are older than a day that one less than the quota is left.
    wait_ms = times[len(times) - caller.per_day] + DAY_MS - now
    raise AssayError(
        "quota_exceeded",
        f"This key may submit {caller.per_day} analyses a day, and has; try again later.",
        retry_after=max(1, math.ceil(wait_ms / 1000)),
    )
