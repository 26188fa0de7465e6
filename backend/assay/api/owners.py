"""Whose an analysis is. That never changes, so it is asked once and remembered."""

from collections import OrderedDict
from typing import Final

from starlette.concurrency import run_in_threadpool

from assay.errors import no_such_analysis
from assay.jobs.people import Caller
from assay.jobs.service import Service

MOST: Final = 10_000
"""Analyses whose owner is remembered: some megabytes."""


class Owners:
    """For coroutines."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: OrderedDict[str, str | None] = OrderedDict()

    async def check(self, analysis_id: str, caller: Caller) -> None:
        """See that somebody may know of an analysis.

        Raises:
            AssayError: `not_found` where it belongs to others, as if there were none;
                `not_found` or `gone` where there is none.
            SQLAlchemyError: As the database does.
        """
        if caller.sees_all:
            return
        if analysis_id not in self._known:
            self._known[analysis_id] = await run_in_threadpool(self._service.owner, analysis_id)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        owner = self._known[analysis_id]
        if owner is None or owner != caller.owner:
            raise no_such_analysis()
