"""Changes take turns, apart from looks.

SQLite has one writer at a time. Whatever waits for it waits in a thread, and if every thread of the
server waited there, nobody could even look.
"""

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

import anyio
from starlette.concurrency import run_in_threadpool

from assay.errors import database_away

P = ParamSpec("P")
T = TypeVar("T")

THREADS: Final = 4
"""Of the forty that the server has."""
PATIENCE: Final = 4.0
"""Seconds that a change waits for its turn, and then for the database, before it is refused."""


class Changes:
    """The turns of this process."""

    def __init__(self) -> None:
        self._turns = anyio.Semaphore(THREADS)

    async def make(self, change: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function that writes, in a thread, when it is its turn.

        Raises:
            AssayError: `not_ready` if the turn has not come in time.
        """
        try:
            with anyio.fail_after(PATIENCE):
                await self._turns.acquire()
        except TimeoutError as error:
            raise database_away() from error
        try:
            return await run_in_threadpool(change, *args, **kwargs)
        finally:
            self._turns.release()
