"""One look for all who wait: what it costs, and that nobody misses anything."""

from collections.abc import Mapping
from typing import cast

import anyio
import pytest
from anyio import to_thread

from assay.api import feed as room
from assay.api.feed import Feed
from assay.errors import AssayError, no_such_analysis
from assay.jobs.analysis import EventKind
from assay.jobs.service import Event, Service
from tests.serving import PATIENCE, until


class Told:
    """Stands in for the service: what it knows of analyses, and how often it was asked."""

    def __init__(self) -> None:
        self.events: dict[str, list[Event]] = {}
        self.looks: list[Mapping[str, int]] = []
        self.error: Exception | None = None

    def tell(self, analysis_id: str, kind: EventKind = EventKind.STAGE) -> None:
        events = self.events.setdefault(analysis_id, [])
        events.append(Event(len(events) + 1, kind, "{}"))

    def news(self, known: Mapping[str, int]) -> dict[str, list[Event] | AssayError]:
        self.looks.append(dict(known))
        if self.error is not None:
            raise self.error
        return {
            each: self.events[each][seq:] if each in self.events else no_such_analysis()
            for each, seq in known.items()
            if each not in self.events or len(self.events[each]) > seq
        }


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def feed(told: Told, monkeypatch: pytest.MonkeyPatch) -> Feed:
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.01)
    return Feed(cast(Service, told))


async def read_all(feed: Feed, analysis_id: str) -> list[int]:
    channel = await feed.channel(analysis_id)
    seen: list[int] = []
    while not (channel.is_over and len(seen) == len(channel.events)):
        seen += [event.seq for event in await channel.after(len(seen), PATIENCE)]
    return seen


@pytest.mark.anyio
async def test_many_readers_of_many_analyses_share_each_look(told: Told, feed: Feed) -> None:
    ids = [str(number) for number in range(20)]
    for analysis_id in ids:
        told.tell(analysis_id, EventKind.QUEUED)
    seen: list[list[int]] = []

    async def read(analysis_id: str) -> None:
        seen.append(await read_all(feed, analysis_id))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(feed.run)
        async with anyio.create_task_group() as readers:
            for analysis_id in ids * 5:
                readers.start_soon(read, analysis_id)
            for _ in range(5):
                await anyio.sleep(0.05)
                for analysis_id in ids:
                    told.tell(analysis_id)
            for analysis_id in ids:
                told.tell(analysis_id, EventKind.END)
        tasks.cancel_scope.cancel()
    assert seen == [[1, 2, 3, 4, 5, 6, 7]] * 100
    shared = [look for look in told.looks if len(look) > 1]
    assert shared, "the task asks for all at once"
    assert all(len(look) <= 20 for look in shared)


@pytest.mark.anyio
async def test_nobody_is_asked_for_when_nobody_waits(told: Told, feed: Feed) -> None:
    told.tell("a", EventKind.QUEUED)
    channel = await feed.channel("a")
    del channel
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(feed.run)
        await anyio.sleep(0.1)
        tasks.cancel_scope.cancel()
    assert told.looks == [{"a": 0}]


@pytest.mark.anyio
async def test_a_database_that_goes_away_and_comes_back_is_waited_for(
    told: Told, feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    told.tell("a", EventKind.QUEUED)
    channel = await feed.channel("a")
    told.error = OSError("gone")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(feed.run)
        await to_thread.run_sync(until, lambda: caplog.records)
        told.error = None
        told.tell("a", EventKind.END)
        await channel.end(PATIENCE)
        tasks.cancel_scope.cancel()
    assert channel.has_ended


@pytest.mark.anyio
async def test_what_is_deleted_is_over_and_what_never_was_is_refused(
    told: Told, feed: Feed
) -> None:
    told.tell("a", EventKind.QUEUED)
    channel = await feed.channel("a")
    del told.events["a"]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(feed.run)
        await channel.end(PATIENCE)
        tasks.cancel_scope.cancel()
    assert channel.error is not None
    assert await channel.after(1, PATIENCE) == []
    with pytest.raises(AssayError):
        await feed.channel("b")


@pytest.mark.anyio
async def test_a_server_that_stops_wakes_all(told: Told, feed: Feed) -> None:
    told.tell("a", EventKind.QUEUED)
    channel = await feed.channel("a")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(channel.end, PATIENCE)
        tasks.start_soon(channel.after, 1, PATIENCE)
        await anyio.wait_all_tasks_blocked()
        feed.stop()
    assert feed.is_stopping
    assert await channel.after(1, 0.0) == []


@pytest.mark.anyio
async def test_two_looks_that_find_the_same_add_it_once(told: Told, feed: Feed) -> None:
    told.tell("a", EventKind.QUEUED)
    channel = await feed.channel("a")
    told.tell("a")
    for _ in range(2):
        channel.add(told.events["a"])
    assert [event.seq for event in channel.events] == [1, 2]
