"""One query for all who ask at once how an analysis stands, however many they are.

Each request on its own would wait for a thread, and most of its time would go into the way there
and back. So whoever asks while a query is under way is answered by the next one.
"""

from collections.abc import Mapping

import anyio
from starlette.concurrency import run_in_threadpool

from assay.api.schemas import AnalysisStatus, status_of
from assay.errors import AssayError
from assay.jobs.service import Service

Answers = Mapping[str, AnalysisStatus | AssayError]


class _Batch:
    """Those who are answered together."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.asked = anyio.Event()
        self.answered = anyio.Event()
        self.answers: Answers = {}
        self.error: Exception | None = None


class Looks:
    """Statuses, asked for by coroutines and fetched by one task."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._next = _Batch()

    async def status(self, analysis_id: str) -> AnalysisStatus:
        """An analysis as it stands now.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
            SQLAlchemyError: As the database does.
        """
        batch = self._next
        batch.ids.add(analysis_id)
        batch.asked.set()
        await batch.answered.wait()
        if batch.error is not None:
            raise batch.error
        answer = batch.answers[analysis_id]
        if isinstance(answer, AssayError):
            raise answer
        return answer

    async def run(self) -> None:
        """Look whenever somebody asks, until cancelled."""
        while True:
            await self._next.asked.wait()
            batch, self._next = self._next, _Batch()
            try:
                batch.answers = await run_in_threadpool(self._look, batch.ids)
            except Exception as error:  # theirs who asked, not ours
                batch.error = error
            batch.answered.set()

    def _look(self, ids: set[str]) -> Answers:
        return {
            analysis_id: look if isinstance(look, AssayError) else status_of(look)
            for analysis_id, look in self._service.looks(ids).items()
        }
