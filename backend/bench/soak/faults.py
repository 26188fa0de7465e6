"""Scenarios in which something breaks: processes, the database, the disk, the clock."""

import random
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from bench.soak.load import Told, meanwhile, outcomes, submit
from bench.soak.service import Service, kill, running
from tests.serving import until


def kills(folder: Path, jobs: int, strikes: int, seed: int = 1) -> Told:
    """Jobs under random `kill -9` of the server, the worker and the analysis process."""
    chance = random.Random(seed)
    killed: Counter[str] = Counter()
    with running(folder) as service:
        submitted = submit(service, 0)

        def strike() -> None:
            while killed.total() < strikes and (len(submitted.ids) < jobs or _waiting(service)):
                # While nobody is ready, nothing is done that could be lost.
                until(service.is_ready)
                time.sleep(chance.uniform(0, 5))
                processes = service.processes()
                victim = chance.choice(sorted(processes))
                if not kill(processes[victim]):
                    continue
                killed[victim] += 1
                if victim == "server":
                    service.server.wait()
                    time.sleep(chance.uniform(0, 1))
                    service.start()

        def send() -> None:
            for first in range(0, jobs, 10):
                some = submit(service, min(10, jobs - first), first=first, ticks=3, delay=0.05)
                submitted.ids.extend(some.ids)
                submitted.answers.update(some.answers)

        with meanwhile(strike):
            send()
        lost = outcomes(service, submitted.ids)
        missing = jobs - len(set(submitted.ids))
        if missing:
            lost.append(f"{missing} files were never accepted")
        tracebacks = service.log().count("Traceback")
    return Told(
        load=f"{jobs} jobs",
        survived=", ".join(f"{count} x kill -9 of the {name}" for name, count in killed.items()),
        lost=lost,
        figures=f"answers {dict(submitted.answers)}, {tracebacks} tracebacks in the log",
    )


def _waiting(service: Service) -> bool:
    try:
        page = httpx.get(f"{service.address}/analyses", params={"limit": 100}, timeout=30)
        items = page.json()["items"]
    except (httpx.TransportError, KeyError):
        return True
    return any(item["status"] == "processing" for item in items)


def locked(folder: Path, seconds: float = 20.0) -> Told:
    """Somebody else holds the write lock of SQLite."""
    with running(folder) as service:
        before = submit(service, 5, ticks=5, delay=0.2)
        database = service.data / "assay.sqlite"
        looks: list[float] = []
        failed: list[str] = []
        with closing(sqlite3.connect(database, isolation_level=None, timeout=60)) as writer:
            writer.execute("BEGIN IMMEDIATE")

            def look() -> None:
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    looks.extend(_look(service, before.ids[0], failed))
                    time.sleep(0.1)

            with meanwhile(look):
                during = submit(service, 60, crowd=60, first=100, again=False)
            writer.execute("ROLLBACK")
        after = submit(service, 5, first=200)
        accepted = before.ids + during.ids + after.ids
        lost = outcomes(service, accepted) + failed
        odd = set(during.answers) - {"202", "503"}
        if odd:
            lost.append(f"submits were answered {sorted(odd)}")
    return Told(
        load="60 submits and readers at once",
        survived=f"database locked for {seconds:.0f} s",
        lost=lost,
        figures=f"submits {dict(during.answers)}; {len(looks)} looks, longest {max(looks):.2f} s",
    )


def _look(service: Service, analysis_id: str, failed: list[str]) -> list[float]:
    """Ask for what must always be there.

    Returns:
        Seconds of each look. Those that fail are noted.
    """
    seconds = []
    for path in (f"/status/{analysis_id}", "/analyses", "/livez"):
        began = time.monotonic()
        try:
            status = httpx.get(service.address + path, timeout=30).status_code
        except httpx.TransportError as error:
            failed.append(f"{path}: {error!r}")
        else:
            if status != 200:
                failed.append(f"{path}: {status}")
        seconds.append(time.monotonic() - began)
    return seconds


@contextmanager
def _disk(folder: Path, options: str) -> Iterator[Path]:
    """A disk of its own; only root may make one."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def disk_full(folder: Path) -> Told:
    """Uploads until the disk is full, then room again."""
    with _disk(folder / "disk", "size=24m") as disk, running(disk) as service:
        before = submit(service, 3)
        ballast = disk / "ballast"
        _fill(ballast)
        full = submit(service, 20, first=100, again=False)
        failed: list[str] = []
        _look(service, before.ids[0], failed)
        ballast.unlink()
        after = submit(service, 10, first=200)
        lost = outcomes(service, before.ids + full.ids + after.ids) + failed
        odd = set(full.answers) - {"202", "503", "507"}
        if odd:
            lost.append(f"submits to a full disk were answered {sorted(odd)}")
    return Told(
        load="20 submits to a full disk, 13 before and after",
        survived="disk full, then room again",
        lost=lost,
        figures=f"answers while full {dict(full.answers)}",
    )


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue


def read_only(folder: Path) -> Told:
    """A data folder that cannot be written, at start: one sentence, and an exit."""
    with _disk(folder / "disk", "ro") as disk:
        service = Service(folder, ASSAY_DATA_DIR=str(disk / "data"))
        said = service.refuses_to_start()
    lost = [] if len(said.strip().splitlines()) == 1 else [f"it said {said!r}"]
    return Told(load="start", survived="read-only data folder", lost=lost, figures=said.strip())


def clock(folder: Path, jobs: int = 40) -> Told:
    """The clock jumps back a day, ahead a week, and back again, while jobs run."""
    hand = folder / "clock"
    hand.write_text("0")
    ids: list[str] = []
    lost: list[str] = []
    jumps = (0, -86_400, 604_800, 3_600, 0)
    with running(folder, SOAK_CLOCK=str(hand)) as service:
        for number, seconds in enumerate(jumps):
            draft = folder / "clock.new"
            draft.write_text(str(seconds))
            draft.replace(hand)
            each = jobs // len(jumps)
            some = submit(service, each, crowd=1, first=number * 1000, ticks=3, delay=0.05)
            ids += some.ids
        lost += outcomes(service, ids)
        page = httpx.get(f"{service.address}/analyses", params={"limit": 100}, timeout=30).json()
        listed = [item["analysisId"] for item in page["items"]]
        if listed != ids[::-1]:
            lost.append("the list is not in the order of arrival")
        for item in page["items"]:
            if item["finishedAt"] < item["createdAt"]:
                lost.append(f"{item['analysisId']} ended before it began")
        until(lambda: httpx.get(f"{service.address}/readyz", timeout=30).is_success, 60)
    told = ", ".join(f"{seconds:+d} s" for seconds in jumps[1:])
    return Told(load=f"{len(ids)} jobs", survived=f"clock at {told}", lost=lost)
