"""The service itself, without what an analysis costs: how many jobs it gets through, and how fast.

Real processes, scripted analyses that end at once.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np

from bench.soak.service import Service
from tests.jobs.postgres import INITDB, postgres
from tests.jobs.scripted import media

CLIENTS: Final = 4
WORKERS: Final = (1, 2, 4)
PATIENCE: Final = 300.0
_QUANTILES: Final = (50, 95, 99)


def serving(jobs: int) -> dict[str, Any]:
    """Figures by how the service runs: on SQLite, and on PostgreSQL with several workers."""
    ways: dict[str, int | None] = {"SQLite, 1 worker": None}
    if INITDB is not None:
        counted = {f"PostgreSQL, {n} worker{'s' * (n > 1)}": n for n in WORKERS}
        ways |= counted
    figures = {}
    for name, workers in ways.items():
        with _service(workers) as service:
            figures[name] = _measured(service, jobs)
    return figures


@contextmanager
def _service(workers: int | None) -> Iterator[Service]:
    """A started service with its workers; None for the one that SQLite has."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="assay-bench-", ignore_cleanup_errors=True)
            )
        )
        more: dict[str, str] = {}
        if workers is not None:
            url = stack.enter_context(postgres()).url
            more["ASSAY_DATABASE_URL"] = url.get_secret_value()
        service = Service(folder, **more)
        stack.callback(service.stop)
        service.start()
        for _ in range(workers or 0):
            service.start_worker()
        yield service


def _measured(service: Service, jobs: int) -> Mapping[str, Any]:
    """Send jobs by several clients at once, each asking for its own until it has ended."""
    _go_through(service, range(10_000, 10_000 + 2 * CLIENTS))  # the workers are there and warm
    started = time.perf_counter()
    spans = _go_through(service, range(jobs))
    seconds = time.perf_counter() - started
    return {
        "jobs_per_second": round(jobs / seconds, 1),
        **{
            name: [round(1000 * float(np.percentile(values, q)), 1) for q in _QUANTILES]
            for name, values in spans.items()
        },
    }


def _go_through(service: Service, numbers: range) -> dict[str, list[float]]:
    """Seconds that each submission, each question and each whole job took."""
    spans: dict[str, list[float]] = {"submit": [], "status": [], "completion": []}
    crowd = [numbers[first::CLIENTS] for first in range(CLIENTS)]

    def go(mine: range) -> None:
        with httpx.Client(base_url=service.address, timeout=60) as client:
            for number in mine:
                files = {"file": ("a.png", media(salt=number))}
                began = time.perf_counter()
                answer = client.post("/analyze", files=files).raise_for_status()
                spans["submit"].append(time.perf_counter() - began)
                where = answer.headers["location"]
                state = "processing"
                while state == "processing":
                    if time.perf_counter() - began > PATIENCE:
                        raise TimeoutError(f"{where} does not end")
                    asked = time.perf_counter()
                    state = client.get(where).raise_for_status().json()["status"]
                    spans["status"].append(time.perf_counter() - asked)
                    time.sleep(0.01)
                spans["completion"].append(time.perf_counter() - began)

    with ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(go, crowd))
    return spans
