"""One look at the database for everybody who waits in this process: event streams and long polls.

Postgres could announce changes (LISTEN and NOTIFY), but whoever announces takes a lock that all
commits share; one small query for all readers costs less, and is the same on both databases.
"""

import logging
from collections.abc import Mapping
from typing import Final
from weakref import WeakValueDictionary

import anyio
from starlette.concurrency import run_in_threadpool

from assay.errors import AssayError
from assay.jobs.analysis import EventKind
from assay.jobs.service import Event, Service

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.1
"""Between two looks."""
RETRY_SECONDS: Final = 2.0
"""Between two looks while the database is away."""


class Channel:
    """The events of one analysis up to now, without a gap. Lives as long as somebody holds it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.error: AssayError | None = None
        """Why there will be no more: it was deleted."""
        self._news = anyio.Event()

    @property
    def has_ended(self) -> bool:
        """Whether the last event is there."""
        return bool(self.events) and self.events[-1].kind is EventKind.END

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to wait for."""
        return self.has_ended or self.error is not None

    async def after(self, seq: int, seconds: float) -> list[Event]:
        """The events behind a sequence number, or the last one again once all is over.

        Waits for the first of them, but not longer than told: empty if it has not come.
        """
        if len(self.events) <= seq and not self.is_over:
            with anyio.move_on_after(seconds):
                await self._news.wait()
        return self.events[seq:] or (self.events[-1:] if self.has_ended else [])

    async def end(self, seconds: float) -> None:
        """Wait until all is over, or somebody wakes us, but not longer than told."""
        with anyio.move_on_after(seconds):
            while not self.is_over:
                news = self._news
                await news.wait()
                if news is self._news:  # nothing new: the server stops
                    return

    def add(self, news: list[Event] | AssayError) -> None:
        """Take what a look has found. Two looks may find the same."""
        if isinstance(news, AssayError):
            self.error = news
        else:
            self.events += [event for event in news if event.seq > len(self.events)]
        woken, self._news = self._news, anyio.Event()
        woken.set()

    def wake(self) -> None:
        """Let everybody look up, though there is nothing new."""
        self._news.set()


class Feed:
    """The channels that somebody holds, kept up to date by one task."""

    def __init__(self, service: Service) -> None:
        self.is_stopping = False
        self._service = service
        self._channels: WeakValueDictionary[str, Channel] = WeakValueDictionary()

    async def channel(self, analysis_id: str) -> Channel:
        """What is known of an analysis, and will be.

        Raises:
            AssayError: `not_found`, or `gone` if it was deleted.
        """
        channel = self._channels.get(analysis_id)
        if channel is None:
            channel = self._channels[analysis_id] = Channel()
        if not channel.events:
            await self._look({analysis_id: channel})
        if channel.error is not None:
            raise channel.error
        return channel

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await anyio.sleep(LOOK_SECONDS)
            channels = {
                analysis_id: channel
                for analysis_id, channel in self._channels.items()
                if not channel.is_over
            }
            try:
                await self._look(channels)
            except Exception:
                log.exception("Nobody who waits can be told the news")
                await anyio.sleep(RETRY_SECONDS)

    def stop(self) -> None:
        """Let go of everybody."""
        self.is_stopping = True
        for channel in self._channels.values():
            channel.wake()

    async def _look(self, channels: Mapping[str, Channel]) -> None:
        if not channels:
            return
        known = {analysis_id: len(channel.events) for analysis_id, channel in channels.items()}
        found = await run_in_threadpool(self._service.news, known)
        for analysis_id, news in found.items():
            channels[analysis_id].add(news)
