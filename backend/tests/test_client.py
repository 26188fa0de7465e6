"""The typed client against the real service, and against its description."""

import io
import re
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from assay import signing
from assay.api.openapi import FILE
from assay.client import AsyncClient, Client, Event, ServiceError
from assay.evidence import Asked, Verdict
from assay.jobs.analysis import EventKind
from assay.jobs.supervisor import Supervisor
from tests.jobs import scripted
from tests.serving import serving, settings_for

ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = settings_for(tmp_path_factory.mktemp("served"))
    with serving(settings, Supervisor(settings, scripted.load)) as address:
        yield address


def test_from_a_file_to_its_report_and_away(address: str, tmp_path: Path) -> None:
    path = tmp_path / "clip.png"
    path.write_bytes(scripted.media(salt=1))
    with Client(address) as assay:
        analysis_id = assay.submit(path, full=True, start=0.5, retain=True).analysis_id
        events = list(assay.events(analysis_id))
        status = assay.wait(analysis_id)
        assert (status.file_name, status.asked.full, status.asked.start) == ("clip.png", True, 0.5)
        assert status.result is not None
        assert status.result.verdict is Verdict.AUTHENTIC
        assert events[0].kind is EventKind.QUEUED
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert list(assay.events(analysis_id, after=events[-2].seq)) == events[-1:]
        assert assay.report(analysis_id).verdict is Verdict.AUTHENTIC
        assert assay.artefact(analysis_id, "crop-0-0.jpg").startswith(b"\xff\xd8")
        report, signature = assay.signed_report(analysis_id)
        key = httpx.get(f"{address}/signing-key").content
        assert (
            signing.verify(report, signature.model_dump_json(by_alias=True).encode(), key) is None
        )
        again = assay.examine_again(analysis_id, Asked(end=2.0)).analysis_id
        assert {each.analysis_id for each in assay.list(q="clip")} == {analysis_id, again}
        assay.wait(again)
        assay.delete(analysis_id)
        with pytest.raises(ServiceError) as gone:
            assay.status(analysis_id)
        assert (gone.value.code, gone.value.status) == ("gone", 410)


def test_the_same_for_coroutines(address: str) -> None:
    async def use() -> list[Event]:
        async with AsyncClient(address) as assay:
            media = io.BytesIO(scripted.media(salt=2))
            analysis_id = (await assay.submit(media, name="b.png")).analysis_id
            events = [event async for event in assay.events(analysis_id)]
            assert (await assay.wait(analysis_id)).status == "complete"
            assert (await assay.report(analysis_id)).early_exit is False
            assert await assay.artefact(analysis_id, "crop-0-0.jpg")
            assert [each.file_name async for each in assay.list(q="b.png")] == ["b.png"]
            with pytest.raises(ServiceError, match="already ended"):
                await assay.cancel(analysis_id)
            await assay.delete(analysis_id)
            return events

    assert anyio.run(use)[-1].kind is EventKind.END


def test_who_does_not_want_to_wait_longer(address: str) -> None:
    with Client(address) as assay:
        analysis_id = assay.submit(scripted.media(hang=True)).analysis_id
        with pytest.raises(TimeoutError):
            assay.wait(analysis_id, seconds=0.3)
        assert assay.cancel(analysis_id).state == "cancelled"
        assert assay.wait(analysis_id).error_code == "cancelled"


def scripted_service(*answers: httpx.Response) -> tuple[Client, list[httpx.Request]]:
    """A client whose service gives these answers, one after another."""
    sent: list[httpx.Request] = []
    waiting = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        sent.append(request)
        return waiting.pop(0)

    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Client("http://localhost", key="assay_x", http=http), sent


def described(request: httpx.Request) -> dict[str, Any]:
    """The operation of the description that a request is meant for."""
    import json

    operations = []
    for path, methods in json.loads(FILE.read_text("utf-8"))["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.url.path):
            operations.append((path.count("{"), methods.get(request.method.lower())))
    operations = [each for each in operations if each[1]]
    assert operations, f"{request.method} {request.url.path} is not described"
    return min(operations, key=lambda each: each[0])[1]


def test_all_that_it_asks_is_described() -> None:
    client, sent = scripted_service(*[httpx.Response(418) for _ in range(11)])
    calls = [
        lambda: client.submit(
            b"x",
            full=True,
            thorough=True,
            start=1,
            end=2,
            webhook="https://a.example",
            retain=False,
        ),
        lambda: client.examine_again(ID, Asked()),
        lambda: client.status(ID),
        lambda: client.wait(ID),
        lambda: client.report(ID),
        lambda: client.signed_report(ID),
        lambda: client.artefact(ID, "crop-0-0.jpg"),
        lambda: list(client.list(q="a", verdict="Deepfake", kind="video", order="newest")),
        lambda: client.cancel(ID),
        lambda: client.delete(ID),
        lambda: list(client.events(ID, after=3)),
    ]
    for call in calls:
        with pytest.raises(ServiceError):
            call()
    assert len(sent) == len(calls)
    for request in sent:
        operation = described(request)
        known = {each["name"] for each in operation.get("parameters", [])}
        assert set(request.url.params) <= known, request.url
        assert request.headers["authorization"] == "Bearer assay_x"
    form = described(sent[0])["requestBody"]["content"]["multipart/form-data"]["schema"]
    named = set(re.findall(rb' name="(\w+)"', sent[0].content))
    assert {name.decode() for name in named} <= set(form["properties"])
    public = {name for name in vars(Client) if not name.startswith("_")} - {"close"}
    assert public == {name for name in vars(AsyncClient) if not name.startswith("_")} - {"close"}
    assert len(public) == len(calls), "a function that this test does not know"


def status(**values: Any) -> dict[str, Any]:
    """As a later release may answer."""
    with_more = {
        "analysisId": ID,
        "status": "complete",
        "percent": 100.0,
        "stageName": "Final classification",
        "state": "complete",
        "stages": [],
        "fileName": "a.png",
        "truth": None,
        "note": "",
        "sizeBytes": 1,
        "createdAt": "2026-11-28T00:00:00Z",
        "full": False,
        "asked": {},
        "cached": False,
        "uploadStored": True,
        "reportStored": True,
        "retained": True,
        "links": {"status": "", "events": "", "report": "", "media": "", "cancel": "", "x": ""},
        "fromTheFuture": {"a": 1},
    }
    return with_more | values


def test_what_a_later_release_adds_is_passed_over() -> None:
    client, _ = scripted_service(httpx.Response(200, json=status()))
    assert client.status(ID).file_name == "a.png"


def test_a_busy_service_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    busy = httpx.Response(
        503, json={"code": "busy", "detail": "Full."}, headers={"Retry-After": "7"}
    )
    limited = httpx.Response(429, json={"code": "rate_limited", "detail": "Slower."})
    client, sent = scripted_service(busy, limited, httpx.Response(200, json=status()))
    assert client.wait(ID).status == "complete"
    assert slept == [7.0, 1.0]
    assert len(sent) == 3


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(502, text="<html>Bad gateway"),
        httpx.Response(500, json=["no", "problem"]),
        httpx.Response(404, json={"code": "not_found", "detail": "There is none."}),
        httpx.Response(429, json={"code": "quota_exceeded", "detail": "Tomorrow."}),
    ],
)
def test_what_will_not_pass_is_told(answer: httpx.Response) -> None:
    client, _ = scripted_service(answer)
    with pytest.raises(ServiceError) as told:
        client.wait(ID)
    assert told.value.status == answer.status_code
    assert str(told.value)


def test_a_stream_that_breaks_is_resumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    first = 'retry: 1\n\nevent: queued\nid: 1\ndata: {"atMs":0}\n\nevent: new\nid: 2\ndata: {}\n\n'
    last = ': ping\n\nevent: end\nid: 3\ndata: {"atMs":0,"status":"complete"}\n\n'
    client, sent = scripted_service(httpx.Response(200, text=first), httpx.Response(200, text=last))
    assert [event.seq for event in client.events(ID)] == [1, 3]
    assert [request.headers.get("last-event-id") for request in sent] == [None, "1"]
