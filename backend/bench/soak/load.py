"""What the scenarios do to a service, and how they see whether anything was lost."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import numpy as np

from bench.soak.service import Service
from tests.jobs.scripted import media
from tests.serving import read_events

PATIENCE = 600.0
"""Seconds after which what has not ended is taken for lost."""


@dataclass
class Told:
    """What a scenario has shown."""

    load: str
    survived: str
    lost: list[str] = field(default_factory=list)
    """What should not have happened, a sentence each; empty is good."""
    figures: str = ""


@dataclass
class Submitted:
    """What a crowd that submits was answered."""

    ids: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def submit(
    service: Service, jobs: int, crowd: int = 4, first: int = 0, again: bool = True, **script: float
) -> Submitted:
    """Send files by several clients at once.

    Args:
        first: Number of the first file; equal numbers are equal files.
        again: Send once more what was refused for now, or whose connection broke.
        script: What the scripted analysis does.
    """
    told = Submitted()

    def send(number: int) -> None:
        content = media(salt=number, **script)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            began = time.monotonic()
            try:
                answer = httpx.post(
                    f"{service.address}/analyze", files={"file": ("a.png", content)}, timeout=60
                )
            except httpx.TransportError:
                told.answers["connection broke"] += 1
            else:
                told.answers[str(answer.status_code)] += 1
                if answer.status_code == 202:
                    told.seconds.append(time.monotonic() - began)
                    told.ids.append(answer.json()["analysisId"])
                    return
            if not again:
                return
            time.sleep(0.5)

    with ThreadPoolExecutor(crowd) as threads:
        list(threads.map(send, range(first, first + jobs)))
    return told


def outcomes(service: Service, ids: Iterable[str]) -> list[str]:
    """Wait for the end of all, and say what is wrong with any: the list is empty if nothing is."""
    wrong = []
    with httpx.Client(base_url=service.address, timeout=90) as client:
        for analysis_id in ids:
            status = _ended(client, analysis_id)
            if status != "complete":
                wrong.append(f"{analysis_id}: {status}")
                continue
            if client.get(f"/report/{analysis_id}").status_code != 200:
                wrong.append(f"{analysis_id}: no report")
            with client.stream("GET", f"/events/{analysis_id}") as answer:
                events = list(read_events(answer))
            numbers = [number for number, _, _ in events]
            kinds = [kind for _, kind, _ in events]
            if numbers != list(range(1, len(numbers) + 1)) or kinds.count("end") != 1:
                wrong.append(f"{analysis_id}: events {numbers} {kinds}")
    return wrong


def _ended(client: httpx.Client, analysis_id: str) -> str:
    deadline = time.monotonic() + PATIENCE
    state = "never answered"
    while time.monotonic() < deadline:
        try:
            answer = client.get(f"/status/{analysis_id}", params={"wait": 5})
        except httpx.TransportError:
            time.sleep(0.5)
            continue
        if answer.status_code == 503:
            time.sleep(0.5)
            continue
        if not answer.is_success:
            return f"status answered {answer.status_code}"
        state = answer.json()["state"]
        if state not in ("queued", "running"):
            return str(state)
    return str(state)


@contextmanager
def meanwhile(task: Callable[[], None]) -> Iterator[None]:
    """Have a function run beside the block, and wait for it at the end."""
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(task)
        yield
        running.result()


def percentiles(seconds: Sequence[float]) -> str:
    """Median, p95, p99 and the longest, in words."""
    if not seconds:
        return "none"
    p50, p95, p99, most = (1000 * value for value in np.percentile(seconds, (50, 95, 99, 100)))
    return f"p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f}, max {most:.0f} ms"
