"""From upload to verdict over HTTP, with a real worker."""

import base64
import hashlib
import json
import re
import shutil
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.jobs.scripted import media
from tests.serving import finished, upload

STAGE_NAMES = ["Queued", "Extracting frames", "Running models", "Final classification"]


def salt() -> str:
    """Makes a file that no other test has sent."""
    return str(uuid.uuid4())


def test_a_file_becomes_a_verdict(client: httpx.Client) -> None:
    answer = client.post("/analyze", files={"file": ("clip.png", media(salt=salt()))})
    assert answer.status_code == 202
    accepted = answer.json()
    assert answer.headers["location"] == f"/status/{accepted['analysisId']}"
    assert accepted["status"] == "processing"
    assert accepted["percent"] == 0
    assert accepted["stageName"] == "Queued"
    assert accepted["result"] is accepted["error"] is None

    status = finished(client, accepted["analysisId"])
    assert status["status"] == "complete"
    assert status["percent"] == 100
    assert status["stageName"] == "Final classification"
    assert status["result"] == {
        "verdict": "Authentic",
        "confidence": 80.0,
        "probability": 0.2,
        "reliability": None,
        "reasons": [],
        "summary": "Probably authentic.",
        "coverage": None,
        "earlyExit": False,
        "kind": "image",
        "thumbnail": None,
    }
    assert [stage["state"] for stage in status["stages"]] == ["done", "done", "done"]
    assert status["fileName"] == "clip.png"
    assert status["queuePosition"] is None


def test_who_prefers_to_wait_is_answered_at_the_end(client: httpx.Client) -> None:
    files = {"file": ("clip.png", media(salt=salt()))}
    answer = client.post("/analyze", files=files, headers={"Prefer": "wait=60"}, timeout=120)
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=60"
    assert answer.headers["location"] == f"/status/{answer.json()['analysisId']}"
    assert answer.json()["result"]["verdict"] == "Authentic"


def test_a_wait_that_is_over_before_the_end_is_answered_as_without_it(client: httpx.Client) -> None:
    files = {"file": ("clip.png", media(ticks=100, delay=0.1, salt=salt()))}
    answer = client.post("/analyze", files=files, headers={"Prefer": "wait=0.2"})
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "wait=0.2"
    assert answer.json()["status"] == "processing"
    client.post(f"/cancel/{answer.json()['analysisId']}")


@pytest.mark.parametrize("preference", ["respond-async", "wait=soon", "wait=-3"])
def test_a_preference_that_means_nothing_changes_nothing(
    client: httpx.Client, preference: str
) -> None:
    files = {"file": ("clip.png", media(salt=salt()))}
    answer = client.post("/analyze", files=files, headers={"Prefer": preference})
    assert answer.status_code == 202
    assert "preference-applied" not in answer.headers


def test_progress_moves_through_the_four_names(client: httpx.Client) -> None:
    analysis_id = upload(client, media(ticks=20, delay=0.05, salt=salt()))
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["status"] == "processing":
        seen.append(client.get(f"/status/{analysis_id}").json())
    names = [STAGE_NAMES.index(status["stageName"]) for status in seen]
    percents = [status["percent"] for status in seen]
    assert names == sorted(names)
    assert percents == sorted(percents)
    assert {0, 2, 3} <= set(names)
    assert len(set(percents)) > 3


def test_the_report_and_its_artefacts(client: httpx.Client) -> None:
    analysis_id = upload(client, media(salt=salt()))
    finished(client, analysis_id)
    report = client.get(f"/report/{analysis_id}")
    assert report.status_code == 200
    assert report.json()["verdict"] == "Authentic"
    crop = client.get(f"/report/{analysis_id}/crop-0-0.jpg")
    assert crop.content == b"\xff\xd8\xff a crop"
    assert crop.headers["content-type"] == "image/jpeg"
    assert crop.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in crop.headers["cache-control"]


@pytest.mark.parametrize(
    "name", ["report.json", "..%2Fassay.sqlite", "crop-0-0.html", "CROP.JPG", "nothing.jpg", "%00"]
)
def test_other_names_are_no_artefacts(client: httpx.Client, name: str) -> None:
    analysis_id = upload(client, media(salt="artefacts"))
    finished(client, analysis_id)
    answer = client.get(f"/report/{analysis_id}/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_report_before_the_end_is_a_conflict(client: httpx.Client) -> None:
    analysis_id = upload(client, media(ticks=100, delay=0.1, salt=salt()))
    answer = client.get(f"/report/{analysis_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    client.post(f"/cancel/{analysis_id}")
    answer = client.get(f"/report/{analysis_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_errors_of_the_media_reach_the_status(client: httpx.Client) -> None:
    status = finished(client, upload(client, media(error="no_frames", salt=salt())))
    assert status["status"] == "error"
    assert status["errorCode"] == "no_frames"
    assert status["error"] == "The test wants it so."
    assert status["result"] is None


def test_our_own_faults_reach_it_without_details(client: httpx.Client) -> None:
    status = finished(client, upload(client, media(bug=True, salt=salt())))
    assert status["errorCode"] == "internal"
    assert "Zero" not in str(status)


# ------------------------------------------------------------------------------------- cache


def test_the_same_content_answers_from_the_cache(client: httpx.Client, tmp_path: Path) -> None:
    content = media(salt=salt(), log=str(tmp_path / "log"))
    first = upload(client, content, "first.png")
    assert finished(client, first)["cached"] is False
    answer = client.post("/analyze", files={"file": ("second.png", content)}).json()
    assert answer["cached"] is True
    assert answer["status"] == "complete"
    assert answer["percent"] == 100
    assert answer["fileName"] == "second.png"
    assert answer["result"]["verdict"] == "Authentic"
    assert (tmp_path / "log").read_text() == "start\nend\n"
    events = client.get(f"/events/{answer['analysisId']}").text
    assert events.count("event: stage") == client.get(f"/events/{first}").text.count("event: stage")
    assert events.rstrip().splitlines()[-3] == "event: end"


def test_without_early_exit_it_is_other_work(client: httpx.Client) -> None:
    content = media(salt=salt())
    finished(client, upload(client, content))
    by_query = client.post("/analyze?full=true", files={"file": ("a.png", content)}).json()
    assert by_query["cached"] is False
    assert by_query["full"] is True
    finished(client, by_query["analysisId"])
    by_field = client.post(
        "/analyze", files={"file": ("a.png", content)}, data={"full": "true"}
    ).json()
    assert by_field["cached"] is True
    assert by_field["full"] is True


def test_a_stored_file_is_examined_again_without_sending_it(client: httpx.Client) -> None:
    first = upload(client, media(salt=salt()), "clip.png")
    finished(client, first)
    answer = client.post(f"/analyses/{first}/examinations", json={"full": True})
    assert answer.status_code == 202
    again = answer.json()
    assert answer.headers["location"] == f"/status/{again['analysisId']}"
    assert (again["fileName"], again["full"], again["cached"]) == ("clip.png", True, False)
    assert finished(client, again["analysisId"])["status"] == "complete"
    listed = client.get(f"/analyses/{first}/examinations").json()["items"]
    assert [each["analysisId"] for each in listed] == [again["analysisId"], first]
    once_more = client.post(f"/analyses/{again['analysisId']}/examinations", json={"full": True})
    assert once_more.json()["cached"] is True


def test_who_was_passed_over_is_other_work(client: httpx.Client) -> None:
    first = upload(client, media(salt=salt()))
    face = {"time": 0.5, "x": 10.0, "y": 20.0}
    again = client.post(f"/analyses/{first}/examinations", json={"face": face}).json()
    assert again["asked"]["face"] == face
    assert again["cached"] is False


@pytest.mark.parametrize(
    "asked",
    [
        {"start": 3, "end": 2},
        {"start": -1},
        {"face": {"time": 0, "x": 1}},
        {"face": {"time": 0, "x": -1, "y": 1}},
        {"fulll": True},
        [],
    ],
)
def test_examinations_that_make_no_sense(client: httpx.Client, asked: object) -> None:
    first = upload(client, media(salt=salt()))
    answer = client.post(f"/analyses/{first}/examinations", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_file_that_is_gone_is_not_examined_again(client: httpx.Client) -> None:
    first = upload(client, media(salt=salt()))
    client.delete(f"/analyses/{first}")
    for answer in (
        client.post(f"/analyses/{first}/examinations", json={}),
        client.get(f"/analyses/{first}/examinations"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "gone")


def test_failures_are_not_cached(client: httpx.Client) -> None:
    content = media(error="unreadable", salt=salt())
    finished(client, upload(client, content))
    again = upload(client, content)
    assert client.get(f"/status/{again}").json()["cached"] is False


def test_uploads_of_the_same_at_the_same_time_are_worked_on_once(
    client: httpx.Client, tmp_path: Path
) -> None:
    content = media(salt=salt(), ticks=5, delay=0.05, log=str(tmp_path / "log"))
    barrier = threading.Barrier(6)

    def submit(number: int) -> str:
        barrier.wait()
        return upload(client, content, f"{number}.png")

    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(submit, range(6)))
    assert len(set(ids)) == 6
    statuses = [finished(client, analysis_id) for analysis_id in ids]
    assert {status["status"] for status in statuses} == {"complete"}
    assert sorted(status["cached"] for status in statuses) == [False] + 5 * [True]
    assert (tmp_path / "log").read_text() == "start\nend\n"


def test_many_different_uploads_at_once(client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: upload(client, media(salt=salt())), range(16)))
    assert {finished(client, analysis_id)["status"] for analysis_id in ids} == {"complete"}


# ---------------------------------------------------------------------------- cancel, delete


def test_cancelling_a_running_analysis(client: httpx.Client, tmp_path: Path) -> None:
    log = tmp_path / "log"
    analysis_id = upload(client, media(ticks=1000, delay=0.05, salt=salt(), log=str(log)))
    while client.get(f"/status/{analysis_id}").json()["stageName"] != "Running models":
        pass
    answer = client.post(f"/cancel/{analysis_id}")
    assert answer.status_code == 200
    status = answer.json()
    assert (status["status"], status["state"]) == ("error", "cancelled")
    assert status["errorCode"] == "cancelled"
    # The worker is free again long before the 50 s that the analysis would have taken.
    assert finished(client, upload(client, media(salt=salt())), 20)["status"] == "complete"
    assert log.read_text() == "start\n"
    assert client.get(f"/status/{analysis_id}").json()["state"] == "cancelled"


def test_cancelling_twice_is_cancelling(alone: httpx.Client) -> None:
    analysis_id = upload(alone, media())
    first, second = (alone.post(f"/cancel/{analysis_id}") for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    events = alone.get(f"/events/{analysis_id}").text
    assert events.count("event: end") == 1


def test_a_finished_analysis_cannot_be_cancelled(client: httpx.Client) -> None:
    analysis_id = upload(client, media(salt=salt()))
    finished(client, analysis_id)
    answer = client.post(f"/cancel/{analysis_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_deleting_removes_everything(
    client: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = media(salt=salt())
    analysis_id = upload(client, content)
    finished(client, analysis_id)
    sha256 = hashlib.sha256(content).hexdigest()
    served = next(tmp_path_factory.getbasetemp().glob("served*")) / "data"
    assert (served / "uploads" / sha256[:2] / sha256).exists()
    folders = {path.parent for path in (served / "artefacts").rglob("report.json")}
    assert client.delete(f"/analyses/{analysis_id}").status_code == 204
    assert not (served / "uploads" / sha256[:2] / sha256).exists()
    left = {path.parent for path in (served / "artefacts").rglob("report.json")}
    assert len(folders - left) == 1
    for path in ("status/{}", "events/{}", "report/{}", "analyses/{}/media", "report/{}/a.jpg"):
        answer = client.get("/" + path.format(analysis_id))
        assert (answer.status_code, answer.json()["code"]) == (410, "gone"), path
    assert client.delete(f"/analyses/{analysis_id}").status_code == 410
    assert client.post(f"/cancel/{analysis_id}").status_code == 410


def test_what_was_cleared_from_the_store_is_gone_until_it_is_analysed_again(
    client: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    served = next(tmp_path_factory.getbasetemp().glob("served*")) / "data"
    before = set((served / "artefacts").glob("*/*"))
    content = media(salt=salt())
    analysis_id = upload(client, content)
    whole = finished(client, analysis_id)
    assert (whole["uploadStored"], whole["reportStored"]) == (True, True)
    sha256 = hashlib.sha256(content).hexdigest()
    (served / "uploads" / sha256[:2] / sha256).unlink()
    for folder in set((served / "artefacts").glob("*/*")) - before:
        shutil.rmtree(folder)

    cleared = client.get(f"/status/{analysis_id}").json()
    assert (cleared["uploadStored"], cleared["reportStored"]) == (False, False)
    assert cleared["result"] == whole["result"], "the verdict is in the database"
    listed = {item["analysisId"]: item for item in client.get("/analyses").json()["items"]}
    assert not listed[analysis_id]["reportStored"]
    for path in ("report/{}", "report/{}/crop-0-0.jpg", "analyses/{}/media"):
        answer = client.get("/" + path.format(analysis_id))
        assert (answer.status_code, answer.json()["code"]) == (410, "gone"), path

    again = finished(client, upload(client, content))
    assert not again["cached"]
    assert client.get(f"/report/{again['analysisId']}").status_code == 200
    assert client.get(f"/status/{analysis_id}").json()["reportStored"], "they share the report"


def test_deleting_one_of_two_leaves_the_other_whole(client: httpx.Client) -> None:
    content = media(salt=salt())
    first = upload(client, content)
    finished(client, first)
    second = upload(client, content)
    client.delete(f"/analyses/{first}")
    assert client.get(f"/report/{second}").status_code == 200
    assert client.get(f"/analyses/{second}/media").content == content
    assert "event: end" in client.get(f"/events/{second}").text


def test_deleting_while_running_stops_it_and_leaves_nothing(
    client: httpx.Client, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    content = media(ticks=1000, delay=0.05, salt=salt(), log=str(log))
    analysis_id = upload(client, content)
    while client.get(f"/status/{analysis_id}").json()["stageName"] != "Running models":
        pass
    assert client.delete(f"/analyses/{analysis_id}").status_code == 204
    assert finished(client, upload(client, media(salt=salt())), 20)["status"] == "complete"
    assert log.read_text() == "start\n"
    assert client.get(f"/status/{analysis_id}").status_code == 410
    sha256 = hashlib.sha256(content).hexdigest()
    served = next(tmp_path_factory.getbasetemp().glob("served*")) / "data"
    assert not (served / "uploads" / sha256[:2] / sha256).exists()


# ----------------------------------------------------------------------------- queue and list


def test_a_full_queue_sends_people_away(alone: httpx.Client) -> None:
    ids = [upload(alone, media(salt=number)) for number in range(3)]
    positions = [alone.get(f"/status/{each}").json()["queuePosition"] for each in ids]
    assert positions == [1, 2, 3]
    answer = alone.post("/analyze", files={"file": ("clip.png", media(salt=4))})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["retry-after"]) > 0
    alone.post(f"/cancel/{ids[0]}")
    upload(alone, media(salt=4))
    assert alone.get(f"/status/{ids[1]}").json()["queuePosition"] == 1


def test_without_models_nothing_is_accepted(alone: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "models" / "manifest.json").unlink()
    answer = alone.post("/analyze", files={"file": ("clip.png", media())})
    assert (answer.status_code, answer.json()["code"]) == (503, "models_missing")
    assert not list((tmp_path / "data" / "incoming").iterdir())


def test_the_list_pages_and_searches(tmp_path: Path) -> None:
    from tests.serving import serving, settings_for

    with (
        serving(settings_for(tmp_path)) as address,
        httpx.Client(base_url=address) as client,
    ):
        names = [f"Übung {number}.PNG" for number in range(7)] + ["100%_sure.png"]
        ids = [upload(client, media(salt=name), name) for name in names]
        seen: list[str] = []
        cursor = None
        while True:
            params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
            page = client.get("/analyses", params=params).json()
            seen += [item["analysisId"] for item in page["items"]]
            if (cursor := page["nextCursor"]) is None:
                break
            upload(client, media(salt=len(seen) + 100), "late.png")  # pages do not shift
        assert seen == ids[::-1]
        found = client.get("/analyses", params={"q": "übung"}).json()["items"]
        assert {item["fileName"] for item in found} == set(names[:7])
        found = client.get("/analyses", params={"q": "%_"}).json()["items"]
        assert [item["fileName"] for item in found] == ["100%_sure.png"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "eA==",
        "L0==",
        "%ff",
        "MS8y/w==",
        "ü",
        base64.urlsafe_b64encode(b"9" * 99 + b"/x").decode(),
        base64.urlsafe_b64encode(b"9" * 19 + b"/00000000-0000-4000-8000-000000000000").decode(),
        base64.urlsafe_b64encode(b"1/x\0").decode(),
        *(
            base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
            for place in (
                ["newest", 1, "no id"],
                ["newest", 1.5, str(uuid.uuid4())],
                ["newest", True, str(uuid.uuid4())],
                ["newest", -1, str(uuid.uuid4())],
                ["newest", 10**30, str(uuid.uuid4())],
                ["newest", 1, None],
                ["name", "a name", 1, str(uuid.uuid4())],
                {"newest": 1},
                "newest",
                7,
            )
        ),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
    ],
)
def test_a_foreign_cursor_is_refused(alone: httpx.Client, cursor: str) -> None:
    answer = alone.get("/analyses", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_query_that_no_database_takes_is_refused(alone: httpx.Client) -> None:
    answer = alone.get("/analyses", params={"q": "a\0"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "q." in answer.json()["detail"]
    assert alone.get("/analyses", params={"q": "two\nlines"}).status_code == 200


# ------------------------------------------------------------------------------ ids and media


@pytest.mark.parametrize(
    "analysis_id",
    [
        "00000000-0000-4000-8000-000000000000",
        "1",
        "..%2f..%2fetc%2fpasswd",
        "x" * 5000,
        "00000000-0000-4000-8000-00000000000G",
        "%F0%9F%98%80",
        "' OR 1=1 --",
    ],
)
def test_unknown_ids_are_not_found(alone: httpx.Client, analysis_id: str) -> None:
    for method, path in (
        ("GET", "/status/{}"),
        ("GET", "/events/{}"),
        ("GET", "/report/{}"),
        ("GET", "/report/{}/a.jpg"),
        ("POST", "/cancel/{}"),
        ("DELETE", "/analyses/{}"),
        ("GET", "/analyses/{}/media"),
    ):
        answer = alone.request(method, path.format(analysis_id))
        assert answer.status_code == 404, path
        assert answer.json()["code"] == "not_found"


def test_ids_cannot_be_guessed(alone: httpx.Client) -> None:
    ids = [uuid.UUID(upload(alone, media(salt=number))) for number in range(3)]
    assert {each.version for each in ids} == {4}


def test_the_upload_can_be_played_but_not_run(client: httpx.Client) -> None:
    content = media(salt=salt())
    name = 'x"; filename=evil.html\r\nSet-Cookie: a=b <script>.png'
    analysis_id = upload(client, content, name)
    answer = client.get(f"/analyses/{analysis_id}/media", headers={"Range": "bytes=2-5"})
    assert answer.status_code == 206
    assert answer.content == content[2:6]
    assert answer.headers["content-range"] == f"bytes 2-5/{len(content)}"
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert "set-cookie" not in answer.headers
    assert re.fullmatch(
        r"inline; filename\*=utf-8''[\w%.-]+", answer.headers["content-disposition"]
    )


@pytest.mark.parametrize(("wanted", "status"), [("bytes=999999-", 416), ("bytes=x", 400)])
def test_a_range_that_cannot_be_served_is_a_problem(
    client: httpx.Client, wanted: str, status: int
) -> None:
    content = media(salt=salt())
    address = f"/analyses/{upload(client, content)}/media"
    answer = client.get(address, headers={"Range": wanted})
    assert (answer.status_code, answer.json()["code"]) == (status, "invalid_request")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("content-range") == (
        f"bytes */{len(content)}" if status == 416 else None
    )
    assert client.head(address, headers={"Range": wanted}).status_code in (status, 405)


# --------------------------------------------------------------------------- what is had already


def test_what_a_client_has_already_is_not_sent_again(client: httpx.Client) -> None:
    analysis_id = upload(client, media(salt=salt()))
    finished(client, analysis_id)
    for path in ("status/{}", "report/{}", "report/{}/crop-0-0.jpg"):
        address = path.format(analysis_id)
        first = client.get(address)
        tag = first.headers["etag"]
        for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = client.get(address, headers={"If-None-Match": sent})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["cache-control"] == first.headers["cache-control"]
        for sent in ('"other"', "", "nonsense, ,"):
            again = client.get(address, headers={"If-None-Match": sent})
            assert (again.status_code, again.content) == (200, first.content)


def test_a_status_that_changed_is_sent(client: httpx.Client) -> None:
    analysis_id = upload(client, media(ticks=50, delay=0.1, salt=salt()))
    tag = client.get(f"/status/{analysis_id}").headers["etag"]
    client.post(f"/cancel/{analysis_id}")
    answer = client.get(f"/status/{analysis_id}", headers={"If-None-Match": tag})
    assert answer.json()["state"] == "cancelled"


def test_a_deleted_analysis_is_gone_for_those_who_have_it(client: httpx.Client) -> None:
    analysis_id = upload(client, media(salt=salt()))
    finished(client, analysis_id)
    tag = client.get(f"/status/{analysis_id}").headers["etag"]
    client.delete(f"/analyses/{analysis_id}")
    answer = client.get(f"/status/{analysis_id}", headers={"If-None-Match": tag})
    assert answer.status_code == 410


def test_a_deleted_name_is_gone_from_the_disk(alone: httpx.Client, tmp_path: Path) -> None:
    name = "a-name-that-is-to-be-forgotten"
    analysis_id = upload(alone, media(), f"{name}.png")

    def written() -> bytes:
        files = (path for path in (tmp_path / "data").rglob("*") if path.is_file())
        return b"".join(file.read_bytes() for file in files)

    assert name.encode() in written()
    alone.delete(f"/analyses/{analysis_id}")
    assert name.encode() not in written()
