"""A database that is locked, or away: looks go on, changes are refused for now, nothing breaks."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from assay.api import changes
from tests.jobs.scripted import media
from tests.serving import PATIENCE, read_events, serving, settings_for, upload


@contextmanager
def stuck(folder: Path) -> Iterator[None]:
    """Somebody writes, and does not come to an end."""
    with closing(sqlite3.connect(folder / "data" / "assay.sqlite", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.execute("ROLLBACK")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PATIENCE", 0.5)


def refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready"), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0


def test_one_stuck_writer_holds_up_no_reader(hasty: None, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with serving(settings) as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        analysis_id = upload(client, media())
        with stuck(tmp_path), ThreadPoolExecutor(60) as crowd:
            submits = [
                crowd.submit(
                    httpx.post,
                    f"{address}/analyze",
                    files={"file": ("a.png", media(salt=n))},
                    timeout=PATIENCE,
                )
                for n in range(60)
            ]
            while not all(each.done() for each in submits):
                assert client.get(f"/status/{analysis_id}").json()["state"] == "queued"
                assert len(client.get("/analyses").json()["items"]) == 1
                assert client.get("/livez").status_code == 200
                with client.stream("GET", f"/events/{analysis_id}") as answer:
                    assert next(read_events(answer))[1] == "queued"
            for each in submits:
                refused(each.result())
            refused(client.post(f"/cancel/{analysis_id}"))
            refused(client.delete(f"/analyses/{analysis_id}"))
        assert not list((tmp_path / "data" / "incoming").iterdir())
        upload(client, media(salt="after"))
        assert client.delete(f"/analyses/{analysis_id}").status_code == 204


def test_a_refused_change_has_changed_nothing(hasty: None, tmp_path: Path) -> None:
    with (
        serving(settings_for(tmp_path)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        analysis_id = upload(client, media())
        before = client.get(f"/status/{analysis_id}").json()
        with stuck(tmp_path):
            refused(client.post(f"/cancel/{analysis_id}"))
        assert client.get(f"/status/{analysis_id}").json() == before
        assert client.post(f"/cancel/{analysis_id}").json()["state"] == "cancelled"


def test_a_table_that_lacks_a_column_makes_the_server_unready(tmp_path: Path) -> None:
    with serving(settings_for(tmp_path)) as address:
        assert "worker" in httpx.get(f"{address}/readyz").json()["detail"]
        with closing(sqlite3.connect(tmp_path / "data" / "assay.sqlite")) as somebody:
            somebody.execute("ALTER TABLE analyses DROP COLUMN crashes")
        answer = httpx.get(f"{address}/readyz")
        refused(answer)
        assert "tables" in answer.json()["detail"]
