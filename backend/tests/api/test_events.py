"""The event stream: complete, in order, resumable."""

import threading
import uuid
from pathlib import Path

import httpx
import pytest

from assay.api.routes import events as route
from tests.jobs.scripted import media
from tests.serving import PATIENCE, Event, finished, read_events, serving, settings_for, upload


def stream(client: httpx.Client, analysis_id: str, last: int | str = "") -> list[Event]:
    headers = {"Last-Event-ID": str(last).encode("latin-1")}
    with client.stream("GET", f"/events/{analysis_id}", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        return list(read_events(answer))


@pytest.fixture
def finished_id(client: httpx.Client) -> str:
    analysis_id = upload(client, media(ticks=3, salt="events"))
    finished(client, analysis_id)
    return analysis_id


def test_a_live_stream_tells_each_stage_as_it_happens(client: httpx.Client) -> None:
    analysis_id = upload(client, media(ticks=12, delay=0.1, salt=str(uuid.uuid4())))
    seen = stream(client, analysis_id)
    kinds = [kind for _, kind, _ in seen]
    assert kinds[:2] == ["queued", "started"]
    assert kinds[-1] == "end"
    assert set(kinds[2:-1]) == {"stage"}
    assert [seq for seq, _, _ in seen] == list(range(1, len(seen) + 1))
    stages = [data for _, kind, data in seen if kind == "stage"]
    percents = [data["overallPercent"] for data in stages]
    assert percents == sorted(percents)
    assert [(data["stage"], data["state"]) for data in stages][:2] == [
        ("ingest", "running"),
        ("ingest", "done"),
    ]
    assert stages[1]["detail"]["bytes"] > 0
    assert stages[1]["ms"] == 1.0
    visual = [data for data in stages if data["stage"] == "visual"]
    assert 4 <= len(visual) < 12, "updates are coalesced, but not lost"
    times = [data.pop("atMs") for _, _, data in seen]
    assert times == sorted(times)
    assert times[-1] > times[0] >= 0, "milliseconds since the submission, for a replay"
    assert seen[-1][2] == {"status": "complete", "error": None, "errorCode": None, "cached": False}


def test_a_finished_analysis_is_told_again(client: httpx.Client, finished_id: str) -> None:
    first = stream(client, finished_id)
    assert first == stream(client, finished_id)
    assert len(first) > 5


def test_a_stream_resumes_behind_any_event(client: httpx.Client, finished_id: str) -> None:
    whole = stream(client, finished_id)
    for seq in range(len(whole)):
        assert stream(client, finished_id, seq) == whole[seq:]


def test_who_has_seen_the_end_sees_it_once_more(client: httpx.Client, finished_id: str) -> None:
    whole = stream(client, finished_id)
    for last in (len(whole), len(whole) + 100):
        assert stream(client, finished_id, last) == whole[-1:]


@pytest.mark.parametrize("last", ["", "x", "-1", "1.5", "9" * 30, "\xb2"])
def test_strange_ids_do_no_harm(client: httpx.Client, finished_id: str, last: str) -> None:
    assert stream(client, finished_id, last)[-1][1] == "end"


def test_a_cut_stream_continues_without_gap_or_repetition(client: httpx.Client) -> None:
    analysis_id = upload(client, media(ticks=15, delay=0.1, salt=str(uuid.uuid4())))
    pieces: list[Event] = []
    while not pieces or pieces[-1][1] != "end":
        last = pieces[-1][0] if pieces else 0
        headers = {"Last-Event-ID": str(last)}
        with client.stream("GET", f"/events/{analysis_id}", headers=headers) as answer:
            for event in read_events(answer):
                pieces.append(event)
                if len(pieces) % 3 == 0:
                    break  # hang up in the middle
    assert pieces == stream(client, analysis_id)


def test_many_can_watch(client: httpx.Client) -> None:
    analysis_id = upload(client, media(ticks=10, delay=0.1, salt=str(uuid.uuid4())))
    seen: list[list[Event]] = []
    watchers = [
        threading.Thread(target=lambda: seen.append(stream(client, analysis_id))) for _ in range(8)
    ]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()
    assert len(seen) == 8
    assert all(each == seen[0] for each in seen)


def test_cancelling_ends_the_stream(client: httpx.Client) -> None:
    analysis_id = upload(client, media(ticks=1000, delay=0.05, salt=str(uuid.uuid4())))
    with client.stream("GET", f"/events/{analysis_id}") as answer:
        events = read_events(answer)
        assert [next(events)[1], next(events)[1]] == ["queued", "started"]
        client.post(f"/cancel/{analysis_id}")
        *_, (_, kind, data) = events
    assert kind == "end"
    assert (data["status"], data["errorCode"]) == ("error", "cancelled")


def test_deleting_ends_the_stream(client: httpx.Client) -> None:
    analysis_id = upload(client, media(ticks=1000, delay=0.05, salt=str(uuid.uuid4())))
    with client.stream("GET", f"/events/{analysis_id}") as answer:
        events = read_events(answer)
        assert [next(events)[1], next(events)[1]] == ["queued", "started"]
        client.delete(f"/analyses/{analysis_id}")
        *_, (_, kind, data) = events
    assert kind == "end"
    assert data["errorCode"] == "gone"


def test_a_silent_stream_is_kept_alive(
    alone: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.api.routes.events.PING_SECONDS", 0.2)
    analysis_id = upload(alone, media())
    with alone.stream("GET", f"/events/{analysis_id}") as answer:
        lines = (line for line in answer.iter_lines() if line.startswith(":"))
        assert next(lines) == ": assay"
        assert next(lines) == ": ping"


def test_browsers_are_told_how_soon_to_come_back(client: httpx.Client, finished_id: str) -> None:
    text = client.get(f"/events/{finished_id}").text
    assert f"retry: {route.RETRY_MS}" in text


def test_a_server_that_stops_lets_go_of_those_who_watch(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(settings_for(tmp_path)) as address:
        client = httpx.Client(base_url=address, timeout=PATIENCE)
        analysis_id = upload(client, media())
        stream = client.stream("GET", f"/events/{analysis_id}")
        answer = stream.__enter__()
        events = read_events(answer)
        assert next(events)[1] == "queued"
    assert list(events) == [], "it ended, without an end event, and without an error"
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]
    client.close()


def test_clients_that_leave_at_any_moment_cause_no_error(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    analysis_id = upload(client, media(ticks=30, delay=0.05, salt=str(uuid.uuid4())))
    for _ in range(40):
        with client.stream("GET", f"/events/{analysis_id}") as answer:
            next(answer.iter_raw())
    finished(client, analysis_id)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
