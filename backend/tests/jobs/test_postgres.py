"""The same code on Postgres, where several workers share the queue. Skipped without a server."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import DBAPIError

from assay.errors import AssayError
from assay.jobs import audit, runs
from assay.jobs.analysis import find
from assay.jobs.database import workers as workers_table
from assay.jobs.keys import Keys, Scope
from assay.jobs.people import acting
from assay.jobs.retention import UNCLAIMED_MS
from assay.settings import Settings
from tests.jobs.postgres import INITDB, POSTGRES, Server, postgres
from tests.jobs.processes import Workers, stop, work
from tests.jobs.scripted import media
from tests.jobs.test_retention import World
from tests.jobs.test_runs import Bench
from tests.serving import PATIENCE, finished, read_events, serving, settings_for, until, upload

pytestmark = pytest.mark.skipif(
    INITDB is None or POSTGRES is None, reason="no PostgreSQL server on this machine"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as server:
        yield server


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Settings:
    return settings_for(tmp_path, database_url=server.url)


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    with serving(settings) as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        yield client


def work_hastily(settings: Settings) -> None:
    """A worker that does not wait long before it takes over from others."""
    runs.WORKER_LOST_SECONDS = 4
    work(settings)


def work_lost_at_the_first_job(settings: Settings) -> None:
    """A worker that is killed after it has taken a job and before the run has begun."""
    runs.Runs.begin = lambda *_: os._exit(9)  # type: ignore[assignment,method-assign]
    work(settings)


def test_from_upload_to_report(client: httpx.Client, settings: Settings, workers: Workers) -> None:
    workers.start(settings)
    content = media(salt="postgres")
    first = upload(client, content, "Übung.png")
    assert finished(client, first)["result"]["verdict"] == "Authentic"
    second = upload(client, content)
    assert client.get(f"/status/{second}").json()["cached"] is True
    assert client.get("/analyses", params={"q": "übung"}).json()["items"][0]["analysisId"] == first
    assert client.get(f"/report/{second}").status_code == 200
    assert 'outcome="cached"} 1.0' in client.get("/metrics").text
    assert client.get("/readyz").status_code == 200

    endless = upload(client, media(ticks=1000, delay=0.1))
    until(lambda: client.get(f"/status/{endless}").json()["stageName"] == "Running models")
    assert client.post(f"/cancel/{endless}").json()["state"] == "cancelled"
    for analysis_id in (first, second, endless):
        assert client.delete(f"/analyses/{analysis_id}").status_code == 204
    assert finished(client, upload(client, media(salt="after")))["status"] == "complete"
    assert not list((settings.data_dir / "uploads").rglob("*.png"))


def test_looks_take_no_lock_and_wait_for_none(settings: Settings) -> None:
    bench = Bench(settings)
    run = bench.begin(bench.submit())
    with bench.database.writing() as connection:
        assert find(connection, run.analysis_id, for_update=True) is not None
        assert bench.runs.is_wanted(run), "whoever wants to lock the row has to wait, and gives up"
        with bench.database.reading() as view, pytest.raises(DBAPIError, match="read-only"):
            view.execute(workers_table.delete())
    bench.service.close()
    bench.database.close()


def test_two_workers_share_and_one_takes_over_from_the_other(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    both = [workers.start(settings, work_hastily) for _ in range(2)]
    ids = [upload(client, media(ticks=60, delay=0.1, salt=n, log=str(log))) for n in range(2)]
    until(lambda: log.exists() and log.read_text() == "start\nstart\n")
    stop(both[0], signal.SIGKILL)
    assert [finished(client, each)["status"] for each in ids] == ["complete", "complete"]
    assert sorted(log.read_text().split()) == ["end", "end", "start", "start", "start"]
    runs_of = []
    for analysis_id in ids:
        with client.stream("GET", f"/events/{analysis_id}") as answer:
            told = list(read_events(answer))
        assert [seq for seq, _, _ in told] == list(range(1, len(told) + 1))
        runs_of.append(sum(kind == "started" for _, kind, _ in told))
    assert sorted(runs_of) == [1, 2]


def test_a_worker_that_is_told_to_stop_hands_its_work_on(
    client: httpx.Client, settings: Settings, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    first = workers.start(settings)
    analysis_id = upload(client, media(ticks=30, delay=0.1, log=str(log)))
    until(log.exists)
    workers.start(settings)
    stop(first, signal.SIGTERM)
    assert first.exitcode == 0
    assert finished(client, analysis_id)["status"] == "complete"
    assert log.read_text().split() == ["start", "start", "end"]


def test_a_job_whose_worker_died_before_it_began_is_run_by_another(
    client: httpx.Client, settings: Settings, workers: Workers
) -> None:
    lost = workers.start(settings, work_lost_at_the_first_job)
    analysis_id = upload(client, media(salt="lost"))
    lost.join(PATIENCE)
    assert lost.exitcode == 9
    workers.start(settings, work_hastily)
    assert finished(client, analysis_id)["status"] == "complete"


def test_while_the_database_is_away_everything_can_be_tried_again(
    client: httpx.Client, settings: Settings, workers: Workers, server: Server
) -> None:
    analysis_id = upload(client, media(salt="away"))
    server.stop()
    answers = [
        client.get(f"/status/{analysis_id}"),
        client.get(f"/events/{analysis_id}"),
        client.get("/analyses"),
        client.get("/readyz"),
        client.get("/metrics"),
        client.post("/analyze", files={"file": ("clip.png", media(salt="more"))}),
        client.post(f"/cancel/{analysis_id}"),
        client.delete(f"/analyses/{analysis_id}"),
    ]
    server.start()
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
        assert int(answer.headers["retry-after"]) > 0
    workers.start(settings)
    assert finished(client, analysis_id)["status"] == "complete"


def test_keys_quotas_and_what_is_kept(settings: Settings) -> None:
    world = World(settings)
    key, _ = Keys(world.database).create("one a day", [Scope.SUBMIT], per_day=1)
    token = acting.set(key.caller)
    try:
        passing = world.submit(b"mine", retained=False)
        with pytest.raises(AssayError) as refused:
            world.submit(b"mine as well")
        assert refused.value.code == "quota_exceeded"
        mine = [look.analysis.id for look in world.all()]
        assert mine == [passing]
    finally:
        acting.reset(token)
    staying = world.submit(b"kept")
    world.complete(passing)
    world.complete(staying)
    world.sweep()
    assert world.kept(passing) == (False, True)
    world.later = UNCLAIMED_MS
    world.sweep(hours=1)
    assert world.is_gone(passing)
    assert world.kept(staying) == (False, False)
    # Others have finished analyses in this database, which are cleared as well.
    told = [
        (entry.actor, entry.action)
        for entry in audit.latest(world.database, 100, actor="retention")
        if entry.subject in (passing, staying)
    ]
    assert sorted(told) == [("retention", "clear"), ("retention", "delete")]
    Keys(world.database).revoke(key.id)
    world.database.close()
