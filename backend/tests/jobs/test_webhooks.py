"""The end of an analysis is told: signed, once more when it fails, and never to our own house."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from assay.errors import AssayError
from assay.jobs import webhooks
from assay.jobs.database import Database
from assay.jobs.media_store import FolderStore
from assay.jobs.service import Service, Upload, dbos_client
from assay.jobs.supervisor import Supervisor
from assay.jobs.webhooks import Webhooks, WebhookState, signed
from assay.settings import Settings
from tests.jobs import scripted
from tests.jobs.scripted import media
from tests.serving import PATIENCE, finished, serving, settings_for, until, upload

KEY = bytes(range(32))
SECRET = SecretStr("whsec_" + base64.b64encode(KEY).decode())


@dataclass
class Receiver:
    """Somebody who wants to know. statuses: what is answered, the last one again and again."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.received.append((dict(self.headers.items()), body))
            statuses = receiver.statuses
            self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/told"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


def check(receiver: Receiver, index: int = 0) -> dict[str, Any]:
    """The message, if its signature is that of the specification."""
    headers, body = receiver.received[index]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(KEY, content, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    message: dict[str, Any] = json.loads(body)
    assert message["data"]["analysisId"] == headers["webhook-id"]
    return message


def test_the_signature_is_that_of_the_specification() -> None:
    """Key, message and signature are the example of the specification."""
    headers = signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["x", "whsec_", "whsec_AAAA", "whsec_%%%", KEY.hex()])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(webhook_secret=SecretStr(secret))
    assert KEY.hex() not in str(caught.value)
    assert Settings(webhook_secret=SecretStr("")).webhook_secret is None


class Bench:
    """A service and its webhooks, without a worker."""

    def __init__(self, settings: Settings) -> None:
        self.database = Database(settings)
        self.database.prepare()
        self.client = dbos_client(self.database)
        media_store = FolderStore(settings.data_dir)
        self.service = Service(settings, self.database, media_store, scripted.GRAPH)
        self.webhooks = Webhooks(settings, self.database, self.client)
        self._folder = settings.data_dir

    def submit(self, url: str) -> str:
        path = self._folder / "incoming" / "upload"
        path.write_bytes(media())
        arrived = Upload(path, "ab" * 32, 1, "a.png", "image/png")
        return self.service.submit(arrived, False, url).id

    def queued(self) -> list[str]:
        """Names of the deliveries that wait in the queue or for their time."""
        waiting = self.client.list_workflows(
            queue_name=webhooks.QUEUE, status=["ENQUEUED", "DELAYED"]
        )
        return [each.workflow_id.partition("-webhook-")[2] for each in waiting]

    def told(self, analysis_id: str) -> tuple[str | None, int, str | None]:
        analysis = self.service.get(analysis_id)
        return analysis.webhook_state, analysis.webhook_attempts, analysis.webhook_error


@contextmanager
def bench_of(folder: Path, **changes: Any) -> Iterator[Bench]:
    changes = {"webhook_secret": SECRET, "webhook_private": True} | changes
    bench = Bench(settings_for(folder, **changes))
    with closing(bench.service), closing(bench.database):
        yield bench
        bench.client.destroy()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with bench_of(tmp_path) as bench:
        yield bench


def test_nothing_is_sent_before_the_end_and_once_after_it(bench: Bench, receiver: Receiver) -> None:
    analysis_id = bench.submit(receiver.url)
    bench.webhooks.queue_ended()
    assert bench.queued() == []
    bench.service.cancel(analysis_id)
    for _ in range(3):
        bench.webhooks.queue_ended()
    assert bench.queued() == ["1"]
    bench.webhooks.deliver(analysis_id, 1)
    message = check(receiver)
    assert message["type"] == "analysis.error"
    assert message["data"]["errorCode"] == "cancelled"
    assert bench.told(analysis_id) == (WebhookState.DELIVERED, 1, None)


def test_what_fails_is_sent_again_later_and_is_the_same_message(
    bench: Bench, receiver: Receiver
) -> None:
    receiver.statuses = [500, 302, 204]
    analysis_id = bench.submit(receiver.url)
    bench.service.cancel(analysis_id)
    bench.webhooks.deliver(analysis_id, 1)
    assert bench.told(analysis_id) == (WebhookState.SENDING, 1, "it answered 500")
    assert bench.queued() == ["2"]
    bench.webhooks.deliver(analysis_id, 2)
    assert bench.told(analysis_id) == (WebhookState.SENDING, 2, "it answered 302")
    bench.webhooks.deliver(analysis_id, 3)
    assert bench.told(analysis_id) == (WebhookState.DELIVERED, 3, None)
    bodies = {body for _, body in receiver.received}
    assert len(bodies) == 1 and len(receiver.received) == 3


def test_after_a_day_it_is_given_up(bench: Bench, receiver: Receiver) -> None:
    receiver.statuses = [500]
    analysis_id = bench.submit(receiver.url)
    bench.service.cancel(analysis_id)
    bench.webhooks.deliver(analysis_id, len(webhooks.DELAYS) + 1)
    assert bench.told(analysis_id)[0] == WebhookState.FAILED
    assert bench.queued() == []
    assert 20 < sum(webhooks.DELAYS) / 3600 < 40


def test_who_says_gone_is_not_asked_again(bench: Bench, receiver: Receiver) -> None:
    receiver.statuses = [410]
    analysis_id = bench.submit(receiver.url)
    bench.service.cancel(analysis_id)
    bench.webhooks.deliver(analysis_id, 1)
    assert bench.told(analysis_id) == (WebhookState.FAILED, 1, "it answered 410")
    assert bench.queued() == []


def test_of_a_deleted_analysis_nothing_is_told(bench: Bench, receiver: Receiver) -> None:
    analysis_id = bench.submit(receiver.url)
    bench.service.cancel(analysis_id)
    bench.service.delete(analysis_id)
    bench.webhooks.queue_ended()
    bench.webhooks.deliver(analysis_id, 1)
    assert receiver.received == bench.queued() == []


def test_private_addresses_are_refused_at_submission(tmp_path: Path) -> None:
    with bench_of(tmp_path, webhook_private=False) as bench:
        for url in ("http://example.com/", "https://127.0.0.1/", "https://[::1]/", "ftp://x/"):
            with pytest.raises(AssayError) as caught:
                bench.submit(url)
            assert caught.value.code == "invalid_request"
        analysis_id = bench.submit("https://localhost/")  # a name is only known when it is asked
        bench.service.cancel(analysis_id)
        bench.webhooks.deliver(analysis_id, 1)
        state, _, error = bench.told(analysis_id)
        assert (state, "not public" in str(error)) == (WebhookState.SENDING, True)


def test_without_a_secret_there_are_none(tmp_path: Path) -> None:
    with (
        bench_of(tmp_path, webhook_secret=None) as bench,
        pytest.raises(AssayError, match="ASSAY_WEBHOOK_SECRET"),
    ):
        bench.submit("https://example.com/")


def test_from_upload_to_message(tmp_path: Path, receiver: Receiver) -> None:
    receiver.statuses = [503, 200]
    settings = settings_for(tmp_path, webhook_secret=SECRET, webhook_private=True)
    with (
        serving(settings, Supervisor(settings, scripted.load)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        odd = {"webhook": "ftp://x/"}
        refused = client.post("/analyze", files={"file": ("a.png", media())}, data=odd)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
        silent = upload(client, media(salt="silent"))
        analysis_id = upload(client, media(), data={"webhook": receiver.url})
        assert finished(client, analysis_id)["status"] == "complete"
        until(lambda: len(receiver.received) == 2)
        first, second = check(receiver), check(receiver, 1)
        assert first == second
        assert first["type"] == "analysis.complete"
        assert first["data"]["result"] == client.get(f"/status/{analysis_id}").json()["result"]

        def state() -> str:
            return str(client.get(f"/status/{analysis_id}").json()["webhook"]["state"])

        until(lambda: state() == "delivered")
        assert client.get(f"/status/{silent}").json()["webhook"] is None
        assert receiver.url not in client.get(f"/status/{analysis_id}").text
