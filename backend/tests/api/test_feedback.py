"""What files turned out to be, over HTTP."""

import uuid
from typing import Any

import httpx
import pytest

from assay.jobs.feedback import Truth
from tests.jobs.scripted import media
from tests.serving import finished, upload


def judged(client: httpx.Client) -> str:
    """An analysis that ended with `Authentic`."""
    analysis_id = upload(client, media(salt=str(uuid.uuid4())))
    finished(client, analysis_id)
    return analysis_id


def tell(client: httpx.Client, analysis_id: str, told: Any) -> httpx.Response:
    return client.post(f"/feedback/{analysis_id}", json=told)


def counted(client: httpx.Client) -> dict[tuple[str, str], int]:
    counts = client.get("/feedback").json()["counts"]
    return {(each["verdict"], each["truth"]): each["files"] for each in counts}


def test_what_a_file_turned_out_to_be_is_kept_counted_and_taken_back(client: httpx.Client) -> None:
    before = counted(client)
    analysis_id = judged(client)
    answer = tell(client, analysis_id, {"truth": "fake", "note": "The maker told us."})
    assert (answer.json()["truth"], answer.json()["note"]) == ("fake", "The maker told us.")
    assert client.get(f"/status/{analysis_id}").json()["truth"] == "fake"
    wrong = ("Authentic", "fake")
    assert counted(client)[wrong] == before.get(wrong, 0) + 1
    assert client.get("/feedback").json()["items"][0]["analysisId"] == analysis_id

    tell(client, analysis_id, {"truth": "real"})
    assert counted(client).get(wrong, 0) == before.get(wrong, 0)
    assert client.get(f"/status/{analysis_id}").json()["note"] == "The maker told us."

    tell(client, analysis_id, {"truth": None})
    assert counted(client) == before


def test_a_file_counts_once_by_its_latest_analysis(client: httpx.Client) -> None:
    before = counted(client)
    first = judged(client)
    again = client.post(f"/analyses/{first}/examinations", json={"full": True}).json()
    finished(client, again["analysisId"])
    tell(client, first, {"truth": "real"})
    tell(client, again["analysisId"], {"truth": "unsure"})
    after = counted(client)
    assert after[("Authentic", "unsure")] == before.get(("Authentic", "unsure"), 0) + 1
    assert after.get(("Authentic", "real"), 0) == before.get(("Authentic", "real"), 0)


@pytest.mark.parametrize(
    "told", [{}, {"truth": "maybe"}, {"truth": "real", "note": "\x00"}, {"truth": 1}, []]
)
def test_what_is_no_feedback_is_refused(client: httpx.Client, told: Any) -> None:
    answer = tell(client, judged(client), told)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_feedback_on_nothing(client: httpx.Client) -> None:
    assert tell(client, str(uuid.uuid4()), {"truth": "real"}).status_code == 404
    gone = judged(client)
    client.delete(f"/analyses/{gone}")
    assert tell(client, gone, {"truth": "real"}).status_code == 410


def test_what_was_told_goes_with_its_analysis(client: httpx.Client) -> None:
    before = counted(client)
    analysis_id = judged(client)
    tell(client, analysis_id, {"truth": Truth.FAKE})
    client.delete(f"/analyses/{analysis_id}")
    assert counted(client) == before
