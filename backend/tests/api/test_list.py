"""The list of analyses: filters, orders, search; and notes, which it finds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from assay.jobs.database import Database, analyses
from assay.settings import Settings
from tests.jobs.scripted import media
from tests.serving import PATIENCE, serving, settings_for, upload

ANSWERS: dict[str, dict[str, Any]] = {
    "Zebra.mp4": {"verdict": "Deepfake", "probability": 0.97, "reasons": [], "kind": "video"},
    "ärger.png": {"verdict": "Authentic", "probability": 0.03, "reasons": [], "kind": "image"},
    "Mole.wav": {"verdict": "Inconclusive", "probability": 0.5, "reasons": [], "kind": "audio"},
    "wood.jpg": {
        "verdict": "Inconclusive",
        "probability": None,
        "reasons": ["no_face", "nothing_to_judge"],
        "kind": "image",
    },
}
"""By file name, in the order in which they are sent; one more waits without an answer."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("listed")
    settings: Settings = settings_for(folder)
    with serving(settings) as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        ids = {name: upload(client, media(salt=name), name) for name in ANSWERS}
        upload(client, media(salt="waits"), "waits.png")
        database = Database(settings)
        with database.writing() as connection:
            for name, answer in ANSWERS.items():
                whole = {"confidence": 50.0, "summary": "", "earlyExit": False} | answer
                change = sa.update(analyses).where(analyses.c.id == ids[name])
                connection.execute(change.values(state="complete", result=whole))
        database.close()
        yield client


def names(client: httpx.Client, **asked: Any) -> list[str]:
    """All pages of two, one after another."""
    found: list[str] = []
    params = {"limit": 2} | asked
    while True:
        answer = client.get("/analyses", params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [item["fileName"] for item in page["items"]]
        if page["nextCursor"] is None:
            return found
        params["cursor"] = page["nextCursor"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", ["waits.png", "wood.jpg", "Mole.wav", "ärger.png", "Zebra.mp4"]),
        ("oldest", ["Zebra.mp4", "ärger.png", "Mole.wav", "wood.jpg", "waits.png"]),
        ("name", ["Mole.wav", "waits.png", "wood.jpg", "Zebra.mp4", "ärger.png"]),
    ],
)
def test_orders_go_through_all_pages(client: httpx.Client, order: str, expected: list[str]) -> None:
    assert names(client, order=order) == expected


def test_the_most_suspect_come_first_and_what_has_no_probability_last(
    client: httpx.Client,
) -> None:
    found = names(client, order="suspect")
    assert found[:3] == ["Zebra.mp4", "Mole.wav", "ärger.png"]
    assert set(found[3:]) == {"wood.jpg", "waits.png"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"verdict": "Deepfake"}, {"Zebra.mp4"}),
        ({"verdict": "Authentic"}, {"ärger.png"}),
        ({"verdict": "Inconclusive"}, {"Mole.wav"}),
        ({"verdict": "nothing_to_judge"}, {"wood.jpg"}),
        ({"kind": "image"}, {"ärger.png", "wood.jpg"}),
        ({"kind": "image", "verdict": "Authentic"}, {"ärger.png"}),
        ({"kind": "video", "verdict": "Authentic"}, set()),
        ({"q": "deepfake"}, {"Zebra.mp4"}),
        ({"q": "No forgery"}, {"ärger.png"}),
        ({"q": "nothing to"}, {"wood.jpg"}),
        ({"q": "o"}, {"Mole.wav", "wood.jpg"}),
        ({"q": "ÄRGER"}, {"ärger.png"}),
        ({"q": "   "}, set()),
    ],
)
def test_what_is_asked_for_is_found(
    client: httpx.Client, asked: dict[str, str], expected: set[str]
) -> None:
    assert set(names(client, **asked)) == expected


@pytest.mark.parametrize(
    "asked", [{"verdict": "deepfake"}, {"kind": "x"}, {"order": "size"}, {"order": ""}]
)
def test_other_words_are_refused(client: httpx.Client, asked: dict[str, str]) -> None:
    answer = client.get("/analyses", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_cursor_belongs_to_its_order(client: httpx.Client) -> None:
    cursor = client.get("/analyses", params={"limit": 2, "order": "name"}).json()["nextCursor"]
    answer = client.get("/analyses", params={"cursor": cursor, "order": "suspect"})
    assert answer.status_code == 422


def note(client: httpx.Client, name: str, text: Any) -> httpx.Response:
    (found,) = client.get("/analyses", params={"q": name}).json()["items"]
    return client.put(f"/analyses/{found['analysisId']}/note", json={"text": text})


def test_a_note_is_kept_found_and_taken_away(client: httpx.Client) -> None:
    answer = note(client, "Mole.wav", "Straße: from the PRESS office\n<b>100%</b>")
    assert answer.json()["note"] == "Straße: from the PRESS office\n<b>100%</b>"
    for words in ("strasse", "press OFFICE", "100%"):
        assert names(client, q=words) == ["Mole.wav"]
    assert note(client, "Mole.wav", "").json()["note"] == ""
    assert names(client, q="press office") == []


@pytest.mark.parametrize("text", ["x" * 4001, "a\0b", None, 7, ["x"]])
def test_what_is_no_note_is_refused(client: httpx.Client, text: Any) -> None:
    answer = note(client, "Zebra.mp4", text)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_note_on_nothing(client: httpx.Client) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    answer = client.put(f"/analyses/{missing}/note", json={"text": "x"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
