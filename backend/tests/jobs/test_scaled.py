"""Machines that share nothing but PostgreSQL and a bucket. Skipped without a database server."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assay.settings import Settings
from tests.jobs.postgres import INITDB, POSTGRES, postgres
from tests.jobs.processes import Workers, stop
from tests.jobs.s3 import Bucket, bucket
from tests.jobs.scripted import media
from tests.jobs.test_postgres import work_hastily
from tests.serving import PATIENCE, finished, serving, settings_for, until, upload

pytestmark = pytest.mark.skipif(
    INITDB is None or POSTGRES is None, reason="no PostgreSQL server on this machine"
)


@dataclass
class Machines:
    """Each has a data folder of its own."""

    settings: list[Settings]
    clients: list[httpx.Client]
    bucket: Bucket


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with postgres() as database, bucket() as store:
        settings = []
        for number in range(3):
            folder = tmp_path / str(number)
            folder.mkdir()
            shared = {"database_url": database.url, "media_url": "s3://media/assay"}
            settings.append(settings_for(folder, **shared))
        with (
            serving(settings[0]) as first,
            serving(settings[1]) as second,
            httpx.Client(base_url=first, timeout=PATIENCE) as one,
            httpx.Client(base_url=second, timeout=PATIENCE) as two,
        ):
            yield Machines(settings, [one, two], store)


def test_from_upload_to_deletion(machines: Machines, workers: Workers) -> None:
    workers.start(machines.settings[2])
    one, two = machines.clients
    content = media(salt="scaled")
    analysis_id = upload(one, content)
    assert finished(two, analysis_id)["result"]["verdict"] == "Authentic"
    assert two.get("/readyz").status_code == 200
    assert two.get(f"/report/{analysis_id}").content == one.get(f"/report/{analysis_id}").content
    address = f"/analyses/{analysis_id}/media"
    whole = two.get(address)
    assert (whole.content, whole.headers["content-type"]) == (content, "image/png")
    assert whole.headers["content-security-policy"].startswith("sandbox;")
    size, tag = len(content), whole.headers["etag"]
    for wanted, span in {
        "bytes=2-5": (2, 6),
        "bytes=7-": (7, size),
        "bytes=-3": (size - 3, size),
        "bytes=3-999999": (3, size),
    }.items():
        part = two.get(address, headers={"Range": wanted, "If-Range": tag})
        assert (part.status_code, part.content) == (206, content[slice(*span)])
        assert part.headers["content-range"] == f"bytes {span[0]}-{span[1] - 1}/{size}"
    for wanted in ("bytes=1-2,4-5", "bytes=x", "bytes=5-2", "bytes=-", "lines=1-2"):
        assert two.get(address, headers={"Range": wanted}).content == content
    assert two.get(address, headers={"Range": "bytes=1-2", "If-Range": '"x"'}).content == content
    beyond = two.get(address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "invalid_request")
    assert beyond.headers["content-range"] == f"bytes */{size}"
    again = upload(two, content)
    assert one.get(f"/status/{again}").json()["cached"] is True
    for each in (analysis_id, again):
        assert two.delete(f"/analyses/{each}").status_code == 204
    assert machines.bucket.names() == []
    assert one.get(address).status_code == 410
    for settings in machines.settings:
        assert not list((settings.data_dir / "incoming").iterdir())


def test_a_worker_on_another_machine_takes_over(
    machines: Machines, workers: Workers, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    first = workers.start(machines.settings[1], work_hastily)
    ids = [
        upload(client, media(ticks=100, delay=0.1, salt=f"scaled {number}", log=str(log)))
        for number, client in enumerate(machines.clients)
    ]
    until(log.exists)
    stop(first, signal.SIGKILL)
    assert log.read_text() == "start\n"
    workers.start(machines.settings[2], work_hastily)
    states = [finished(machines.clients[1 - n], each)["status"] for n, each in enumerate(ids)]
    assert states == ["complete", "complete"]


def test_while_the_bucket_is_away_everything_can_be_tried_again(machines: Machines) -> None:
    one = machines.clients[0]
    analysis_id = upload(one, media(salt="away"))
    machines.bucket.stop()
    for answer in (
        one.post("/analyze", files={"file": ("clip.png", media(salt="more"))}),
        one.get(f"/analyses/{analysis_id}/media"),
        one.get("/readyz"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_failed")
        assert int(answer.headers["retry-after"]) > 0
    assert one.get("/livez").status_code == 200
