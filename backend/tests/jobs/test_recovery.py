"""Workers that die, in earnest: SIGKILL in mid-analysis, and files that do the same."""

import fcntl
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
import sqlalchemy as sa
from dbos import DBOS

from assay.errors import AssayError
from assay.jobs import runs
from assay.jobs.database import Database
from assay.jobs.runs import Runs
from assay.jobs.supervisor import Supervisor
from assay.jobs.worker import run_worker
from assay.settings import Settings
from tests.jobs import scripted
from tests.jobs.processes import Workers, stop, work
from tests.jobs.scripted import media
from tests.serving import (
    PATIENCE,
    Event,
    finished,
    read_events,
    serving,
    settings_for,
    until,
    upload,
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    """The API alone; tests start and kill workers."""
    with serving(settings) as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        yield client


def is_running(client: httpx.Client, analysis_id: str) -> bool:
    return bool(client.get(f"/status/{analysis_id}").json()["stageName"] == "Running models")


def events(client: httpx.Client, analysis_id: str, first: int | None = None) -> list[Event]:
    """All events up to the end, or the first few."""
    with client.stream("GET", f"/events/{analysis_id}") as answer:
        return list(islice(read_events(answer), first))


def test_a_killed_worker_loses_nothing(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    analysis_id = upload(client, media(ticks=30, delay=0.1, log=str(log)))
    behind_it = upload(client, media())
    first = workers.start(settings)
    until(lambda: is_running(client, analysis_id))
    stop(first, signal.SIGKILL)
    before = events(client, analysis_id, first=5)
    percent = client.get(f"/status/{analysis_id}").json()["percent"]
    assert client.get(f"/status/{analysis_id}").json()["status"] == "processing"

    workers.start(settings)
    assert finished(client, analysis_id)["status"] == "complete"
    assert finished(client, behind_it)["status"] == "complete"

    assert log.read_text().splitlines() == ["start", "start", "end"]
    told = events(client, analysis_id)
    assert told[: len(before)] == before
    assert [seq for seq, _, _ in told] == list(range(1, len(told) + 1))
    assert [data["run"] for _, kind, data in told if kind == "started"] == [1, 2]
    assert [kind for _, kind, _ in told].count("end") == 1
    overall = [data["overallPercent"] for _, kind, data in told if kind == "stage"]
    assert overall == sorted(overall)
    assert percent > 0


def test_a_worker_that_is_told_to_stop_hands_its_work_on(
    client: httpx.Client, settings: Settings, workers: Workers
) -> None:
    analysis_id = upload(client, media(ticks=30, delay=0.1))
    worker = workers.start(settings)
    until(lambda: is_running(client, analysis_id))
    stop(worker, signal.SIGTERM)
    assert worker.exitcode == 0
    assert client.get(f"/status/{analysis_id}").json()["stageName"] == "Queued"
    workers.start(settings)
    assert finished(client, analysis_id)["status"] == "complete"


def test_a_file_that_crashes_once_is_forgiven(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    analysis_id = upload(client, media(crash=str(tmp_path / "mark")))
    workers.start(settings)
    assert finished(client, analysis_id)["status"] == "complete"


def test_a_file_that_kills_every_time_ends_as_an_error(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    poison = upload(client, media(crash=True, log=str(log)))
    behind_it = upload(client, media())
    workers.start(settings)
    status = finished(client, poison)
    assert (status["status"], status["errorCode"]) == ("error", "analysis_crashed")
    assert log.read_text() == "start\n" * settings.max_attempts
    assert finished(client, behind_it)["status"] == "complete"
    told = events(client, poison)
    assert [seq for seq, _, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][2]["errorCode"] == "analysis_crashed"


def test_an_innocent_file_survives_what_kills_its_process_and_its_worker(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    """More often than a file may crash."""
    log, marks = tmp_path / "log", tmp_path / "marks"
    impatient = settings.model_copy(update={"max_attempts": 1})
    analysis_id = upload(
        client, media(killed=str(marks), kills=3, ticks=20, delay=0.1, log=str(log))
    )
    worker = workers.start(impatient)
    until(lambda: log.exists() and log.read_text() == "start\n" * 4)
    stop(worker, signal.SIGKILL)
    workers.start(impatient)
    assert finished(client, analysis_id)["status"] == "complete"


def work_for_few_kills(settings: Settings) -> None:
    """A worker that gives a file up sooner."""
    runs.MAX_KILLS = 2
    work(settings)


def test_a_file_that_is_killed_every_time_ends_as_an_error(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    analysis_id = upload(client, media(killed=str(tmp_path / "marks"), kills=99, log=str(log)))
    workers.start(settings, work_for_few_kills)
    assert finished(client, analysis_id)["errorCode"] == "analysis_killed"
    assert log.read_text() == "start\n" * 2


def test_cancelled_and_deleted_while_no_worker_ran(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    cancelled = upload(client, media(log=str(log), salt=1))
    deleted = upload(client, media(log=str(log), salt=2))
    client.post(f"/cancel/{cancelled}")
    client.delete(f"/analyses/{deleted}")
    last = upload(client, media())
    workers.start(settings)
    assert finished(client, last)["status"] == "complete"
    assert not log.exists()
    assert client.get(f"/status/{cancelled}").json()["state"] == "cancelled"


def test_two_workers_on_one_sqlite_file_are_refused(
    settings: Settings, workers: Workers, capfd: pytest.CaptureFixture[str]
) -> None:
    Database(settings).prepare()
    lock = settings.data_dir / "worker.lock"
    workers.start(settings)
    until(lambda: lock.exists() and _is_locked(lock))
    with pytest.raises(AssayError, match="ASSAY_DATABASE_URL") as error:
        run_worker(settings, scripted.load)
    assert error.value.code == "conflict"


def _is_locked(lock: Path) -> bool:
    with lock.open() as file:
        return not _try_lock(file)


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def work_while_the_database_goes_away(settings: Settings) -> None:
    """A worker that loses it once at the begin, once in the middle and once at the end."""
    gone = sa.exc.OperationalError("SELECT 1", None, OSError("server closed the connection"))
    for name in ("begin", "tell", "publish"):
        setattr(Runs, name, _failing_once(getattr(Runs, name), gone))
    work(settings)


def work_and_fail_to_publish(settings: Settings) -> None:
    """A worker that finds something wrong with its first report."""
    Runs.publish = _failing_once(Runs.publish, OSError("no such disk"))  # type: ignore[method-assign]
    work(settings)


def _failing_once(function: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    errors = [error]

    def failing(*args: Any) -> Any:
        if errors:
            raise errors.pop()
        return function(*args)

    return failing


def test_a_database_that_goes_away_ends_nothing(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    analysis_id = upload(client, media(log=str(log), ticks=3, delay=0.3))
    workers.start(settings, work_while_the_database_goes_away)
    assert finished(client, analysis_id)["status"] == "complete"
    numbers = [data["run"] for _, kind, data in events(client, analysis_id) if kind == "started"]
    assert numbers == [1, 2]


def test_a_report_that_cannot_be_published_is_an_error_of_ours(
    client: httpx.Client, settings: Settings, workers: Workers
) -> None:
    analysis_id = upload(client, media())
    workers.start(settings, work_and_fail_to_publish)
    assert finished(client, analysis_id)["errorCode"] == "internal"


def work_on_all_at_once(settings: Settings) -> None:
    """A worker to which DBOS hands everything that waits."""
    register = DBOS.register_queue

    def register_without_limit(name: str, **options: Any) -> Any:
        return register(name, **options | {"worker_concurrency": None})

    DBOS.register_queue = register_without_limit  # type: ignore[method-assign,assignment]
    work(settings)


def test_jobs_that_are_handed_out_together_are_run_one_by_one(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    ids = [upload(client, media(log=str(log), ticks=3, delay=0.1, salt=n)) for n in range(4)]
    workers.start(settings, work_on_all_at_once)
    assert [finished(client, each)["status"] for each in ids] == ["complete"] * 4
    assert log.read_text().splitlines() == ["start", "end"] * 4


def work_without_dbos(settings: Settings) -> None:
    """A worker that fails after it has started its analysis process."""
    DBOS.launch = _failing_once(DBOS.launch, OSError("no such host"))  # type: ignore[method-assign]
    work(settings)


def test_a_worker_that_fails_to_start_ends(settings: Settings, workers: Workers) -> None:
    worker = workers.start(settings, work_without_dbos)
    worker.join(PATIENCE)
    assert worker.exitcode == 1


# -------------------------------------------------------------------------------- supervisor


def readiness(client: httpx.Client) -> int:
    return client.get("/readyz").status_code


def test_the_supervisor_replaces_a_worker_that_died(settings: Settings) -> None:
    others = set(multiprocessing.active_children())
    supervisor = Supervisor(settings, scripted.load)
    with (
        serving(settings, supervisor) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        until(lambda: readiness(client) == 200)
        (worker,) = set(multiprocessing.active_children()) - others
        os.kill(worker.pid or 0, signal.SIGKILL)
        assert finished(client, upload(client, media()))["status"] == "complete"
    assert set(multiprocessing.active_children()) <= others


def test_the_supervisor_outlives_a_machine_that_has_no_process_left(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = _failing_once(SpawnProcess.start, BlockingIOError("no process left"))
    monkeypatch.setattr(SpawnProcess, "start", lambda process: start(process))
    with (
        serving(settings, Supervisor(settings, scripted.load)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        until(lambda: readiness(client) == 200)


def test_readiness_turns_red_when_no_worker_can_be_kept_alive(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.jobs.service.WORKER_SEEN_SECONDS", 3)
    others = set(multiprocessing.active_children())
    with (
        serving(settings, Supervisor(settings, scripted.load)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        until(lambda: readiness(client) == 200)
        # From now on, every worker finds the place taken.
        (worker,) = set(multiprocessing.active_children()) - others
        with (settings.data_dir / "worker.lock").open() as file:
            os.kill(worker.pid or 0, signal.SIGKILL)
            until(lambda: _try_lock(file))
            until(lambda: readiness(client) == 503)
            assert client.get("/livez").status_code == 200
        until(lambda: readiness(client) == 200)
