"""What a connection may cost: a time limit for its head, a limit to their number, room for health.

uvicorn waits for ever for the rest of a head, and answers 503 to everybody once it is full.
"""

import asyncio
import logging
import resource
from typing import Any, Final, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger(__name__)

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take, from its first byte or the start of the connection."""
SPARE: Final = 32
"""Connections beyond the limit, which are only there to ask for the server's health."""
SPARE_SECONDS: Final = 2.0
"""How long the head of one of these may take."""
CROWDED: Final = "crowded"
"""Key of the request's state that says so; `guard.py` refuses what is not about health."""
FILES_BESIDE: Final = 256
"""Open files of a server that has no connection at all, amply."""


class Connection(H11Protocol):
    """uvicorn's protocol, with limits. `limit_concurrency` is the number of connections here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit, self.limit_concurrency = self.limit_concurrency or 0, None
        self._clock: asyncio.TimerHandle | None = None
        self._made_at = self.loop.time()
        self._is_spare = False

    @property
    def is_idle_spare(self) -> bool:
        """Whether it takes room from health checks, and asks for nothing."""
        return self._is_spare and not self._is_answering

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        if len(self.connections) > self._limit:
            self._is_spare = True
            self.app_state = {**self.app_state, CROWDED: True}
        if len(self.connections) > self._limit + SPARE:
            self._make_room()
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering:
            self._stop_clock()
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        super().connection_lost(exc)

    def _make_room(self) -> None:
        """The oldest that asks for nothing goes; a health check has asked long before that.

        Not who has just come: while all others are being answered, they will be gone in a moment.
        """
        idle = [
            each
            for each in self.connections
            if isinstance(each, Connection) and each is not self and each.is_idle_spare
        ]
        if idle:
            min(idle, key=lambda each: each._made_at).transport.abort()

    def _await_head(self) -> None:
        """Start the clock, unless it is running: a byte now and then does not turn it back."""
        if self._clock is None:
            seconds = SPARE_SECONDS if self._is_spare else HEAD_SECONDS
            self._clock = self.loop.call_later(seconds, self.transport.abort)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None


def room_for(connections: int) -> int:
    """How many of the connections there are descriptors for; the limit of this process is raised.

    Each may have a file beside its socket: the upload that it brings.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * (connections + SPARE) + FILES_BESIDE
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = max(1, min(connections, (soft - FILES_BESIDE) // 2 - SPARE))
    if room < connections:
        log.warning("This process may open %d files: room for %d connections", soft, room)
    return room
