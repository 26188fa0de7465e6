"""Scenarios of many clients: watchers, clients that never finish a request, a long queue."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import httpx

from bench.soak.load import Told, outcomes, percentiles, submit
from bench.soak.service import Service, cpu_seconds, running

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def watchers(folder: Path, seconds: float = 30.0, pollers: int = 500, streams: int = 50) -> Told:
    """Pollers of /status, one look every two seconds each, and open event streams."""
    with running(folder, ASSAY_MAX_CONNECTIONS="2000") as service:
        done = submit(service, 5)
        lost = outcomes(service, done.ids)
        # They report progress all the time: their statuses change, their streams speak.
        busy = submit(service, 5, first=100, ticks=int(seconds * 10), delay=0.1)
        used = cpu_seconds(service.server.pid)
        began = time.monotonic()
        looks, alive, events = asyncio.run(
            _watch(service, done.ids + busy.ids, seconds, pollers, streams)
        )
        took = time.monotonic() - began
        used = cpu_seconds(service.server.pid) - used
    asked = len(looks) / took
    return Told(
        load=f"{pollers} pollers, {streams} event streams, {asked:.0f} looks a second",
        survived=f"{seconds:.0f} s of it",
        lost=lost,
        figures=f"/status {percentiles(looks)}; /livez {percentiles(alive)}; "
        f"{events} events sent; server {1000 * used / len(looks):.2f} ms of CPU a look",
    )


async def _watch(
    service: Service, ids: list[str], seconds: float, pollers: int, streams: int
) -> tuple[list[float], list[float], int]:
    looks: list[float] = []
    alive: list[float] = []
    events = 0
    end = time.monotonic() + seconds

    async def poll(number: int, path: str, told: list[float], every: float) -> None:
        reader, writer = await _connect(service)
        await asyncio.sleep(every * (number % 100) / 100)
        while time.monotonic() < end:
            began = time.monotonic()
            await _get(reader, writer, path)
            told.append(time.monotonic() - began)
            await asyncio.sleep(every)
        writer.close()

    async def follow(number: int) -> None:
        nonlocal events
        reader, writer = await _connect(service)
        writer.write(_request(f"/events/{ids[number % len(ids)]}"))
        with suppress(TimeoutError):
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + seconds):
                while line := await reader.readline():
                    events += line.startswith(b"event:")
        writer.close()

    await asyncio.gather(
        *(poll(n, f"/status/{ids[n % len(ids)]}", looks, 2.0) for n in range(pollers)),
        *(follow(number) for number in range(streams)),
        poll(0, "/livez", alive, 0.1),
    )
    return looks, alive, events


async def _connect(service: Service) -> Streams:
    return await asyncio.open_connection("127.0.0.1", service.port)


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
    """One request on a connection that stays open. httpx would cost more than the server does."""
    writer.write(_request(path))
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))


def slow_loris(folder: Path, connections: int = 1100, seconds: float = 20.0) -> Told:
    """Clients that begin a request and never finish it, half in the head, half in the body."""
    with running(folder) as service:
        alive, refused = asyncio.run(_crawl(service, connections, seconds))
        after = submit(service, 5)
        lost = outcomes(service, after.ids)
        if any(each is None for each in alive):
            lost.append("/livez failed")
    return Told(
        load=f"{connections} half requests",
        survived=f"{seconds:.0f} s of them; then 5 jobs",
        lost=lost,
        figures=f"/livez {percentiles([each for each in alive if each is not None])}; "
        f"{refused} of them were cut off or refused by then",
    )


async def _crawl(
    service: Service, connections: int, seconds: float
) -> tuple[list[float | None], int]:
    head = b"POST /analyze HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    body = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n"
    held: list[Streams] = []
    for number in range(connections):
        with suppress(OSError):
            streams = await _connect(service)
            streams[1].write(head + body if number % 2 else head)
            held.append(streams)
    alive: list[float | None] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        try:
            reader, writer = await _connect(service)
            await _get(reader, writer, "/livez")
            writer.close()
            alive.append(time.monotonic() - began)
        except (OSError, AssertionError, asyncio.IncompleteReadError):
            alive.append(None)
        await asyncio.sleep(0.1)
    ended = sum(reader.at_eof() or writer.is_closing() for reader, writer in held)
    for _, writer in held:
        writer.close()
    return alive, ended


def long_queue(folder: Path, jobs: int = 10_000, seconds: float = 60.0) -> Told:
    """A queue of thousands: what it costs to join it, to look, and how fast it drains."""
    with running(folder) as service:
        began = time.monotonic()
        sent = submit(service, jobs, crowd=8)
        took = time.monotonic() - began
        with httpx.Client(base_url=service.address, timeout=60) as client:
            looks = []
            for analysis_id in sent.ids[:: max(1, jobs // 200)]:
                asked = time.monotonic()
                client.get(f"/status/{analysis_id}").raise_for_status()
                looks.append(time.monotonic() - asked)
            left = _queued(client)
            time.sleep(seconds)
            drained = left - _queued(client)
        lost = [] if len(sent.ids) == len(set(sent.ids)) == jobs else ["some were not accepted"]
        lost += outcomes(service, sent.ids[:100])
    return Told(
        load=f"{jobs} jobs submitted at {jobs / took:.0f} a second while the worker runs",
        survived=f"{left} waiting",
        lost=lost,
        figures=f"submit {percentiles(sent.seconds)}; /status {percentiles(looks)}; "
        f"{drained / seconds:.1f} jobs a second drained",
    )


def _queued(client: httpx.Client) -> int:
    metrics = client.get("/metrics").text.splitlines()
    (line,) = (each for each in metrics if each.startswith("assay_queued "))
    return int(float(line.rpartition(" ")[2]))
