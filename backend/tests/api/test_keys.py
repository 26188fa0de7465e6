"""Keys over real HTTP: who is let in, what belongs to whom, how often, and for how long."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assay.api import keyring
from assay.jobs import audit
from assay.jobs.database import Database
from assay.jobs.keys import Keys, Scope
from assay.jobs.media_store import REPORT, FolderStore
from assay.jobs.runs import Outcome, Runs
from assay.settings import Settings
from tests.jobs import scripted
from tests.serving import PATIENCE, read_events, serving, settings_for, upload

USUAL = (Scope.READ, Scope.SUBMIT, Scope.DELETE)


class House:
    """A service that asks for keys, without a worker."""

    def __init__(self, settings: Settings, address: str) -> None:
        self.settings, self.address = settings, address
        self.database = Database(settings)
        self.keys = Keys(self.database)

    def client(self, *scopes: Scope, **limits: Any) -> httpx.Client:
        _, secret = self.keys.create("test", scopes or USUAL, **limits)
        return self.with_secret(secret)

    def with_secret(self, secret: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=PATIENCE)

    def complete(self, analysis_id: str) -> None:
        """As a worker would."""
        media = FolderStore(self.settings.data_dir)
        runs = Runs(self.database, media, "test", 2)
        run = runs.begin(analysis_id)
        assert run is not None
        runs.save(run, "crop-0-0.jpg", b"\xff\xd8\xff")
        runs.save(run, REPORT, scripted.report().model_dump_json(by_alias=True).encode())
        runs.publish(analysis_id, Outcome(number=run.number))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(keyring, "REFRESH_SECONDS", 0.0)
    settings = settings_for(tmp_path)
    with serving(settings) as address:
        house = House(settings, address)
        yield house
        house.database.close()


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_without_any_key_the_service_is_open_and_with_the_first_it_is_not(house: House) -> None:
    with httpx.Client(base_url=house.address, timeout=PATIENCE) as anybody:
        assert anybody.get("/analyses").status_code == 200
        assert anybody.get("/session").json() == {"open": True, "key": None}
        house.keys.create("first", USUAL)
        answer = anybody.get("/analyses")
        assert code(answer) == (401, "no_key")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert anybody.get("/session").json() == {"open": False, "key": None}


def test_a_service_whose_keys_are_all_revoked_stays_closed(house: House) -> None:
    key, secret = house.keys.create("only", USUAL)
    house.keys.revoke(key.id)
    with house.with_secret(secret) as client:
        assert code(client.get("/analyses")) == (401, "no_key")


@pytest.mark.parametrize("path", ["/livez", "/signing-key", "/session", "/openapi.json"])
def test_what_needs_no_key(house: House, path: str) -> None:
    house.keys.create("first", USUAL)
    assert httpx.get(house.address + path, timeout=PATIENCE).status_code == 200


def test_every_other_route_needs_one(house: House) -> None:
    house.keys.create("first", USUAL)
    anything = "00000000-0000-4000-8000-000000000000"
    described = httpx.get(f"{house.address}/openapi.json", timeout=PATIENCE).json()["paths"]
    checked = 0
    with httpx.Client(base_url=house.address, timeout=PATIENCE) as client:
        for path, methods in described.items():
            if path in ("/livez", "/readyz", "/session", "/signing-key"):
                continue
            at = path.replace("{analysis_id}", anything).replace("{artefact}", "a.jpg")
            at = at.replace("{name}", "fusion").replace("{figure}", "roc.svg")
            for method in methods:
                assert code(client.request(method, at)) == (401, "no_key"), (method, path)
                checked += 1
    assert checked > 15


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer wrong",
        "Basic {}",
        "Bearer assay_" + "x" * 300,
        "Bearer \u00e9",
    ],
)
def test_what_is_no_key_opens_nothing(house: House, header: str) -> None:
    _, secret = house.keys.create("first", USUAL)
    sent = header.replace("{}", secret).encode("latin-1")
    answer = httpx.get(
        f"{house.address}/analyses", headers=[(b"Authorization", sent)], timeout=PATIENCE
    )
    assert code(answer) == (401, "no_key")


def test_an_upload_without_a_key_is_refused_before_it_is_read(house: House) -> None:
    house.keys.create("first", USUAL)
    answer = httpx.post(
        f"{house.address}/analyze", files={"file": ("a.png", b"x" * 3_000_000)}, timeout=PATIENCE
    )
    assert code(answer) == (401, "no_key")
    assert list((house.settings.data_dir / "incoming").iterdir()) == []


def test_a_key_that_is_over_or_rotated_opens_nothing(house: House) -> None:
    _, old = house.keys.create("old", USUAL, expires_ms=1)
    key, before = house.keys.create("rotated", USUAL)
    after = house.keys.rotate(key.id)
    statuses = []
    for secret in (old, before, after):
        with house.with_secret(secret) as client:
            statuses.append(client.get("/analyses").status_code)
    assert statuses == [401, 401, 200]


def test_a_scope_is_needed_for_each_kind_of_thing(house: House) -> None:
    with (
        house.client(Scope.READ) as reader,
        house.client(Scope.SUBMIT) as sender,
        house.client(Scope.METRICS) as watcher,
        house.client(Scope.ADMIN) as admin,
    ):
        assert reader.get("/analyses").status_code == 200
        assert code(reader.post("/analyze")) == (403, "not_allowed")
        assert code(reader.get("/metrics")) == (403, "not_allowed")
        assert code(sender.get("/analyses")) == (403, "not_allowed")
        analysis_id = upload(sender, scripted.media())
        assert code(sender.delete(f"/analyses/{analysis_id}")) == (403, "not_allowed")
        assert watcher.get("/metrics").status_code == 200
        assert code(watcher.get("/analyses")) == (403, "not_allowed")
        assert admin.get("/metrics").status_code == 200
        assert admin.delete(f"/analyses/{analysis_id}").status_code == 204


def test_an_analysis_belongs_to_the_key_that_sent_it(house: House) -> None:
    with house.client() as mine, house.client() as other, house.client(Scope.ADMIN) as admin:
        analysis_id = upload(mine, scripted.media(salt=1))
        theirs = upload(other, scripted.media(salt=1), "theirs.png")
        house.complete(analysis_id)
        paths = [
            f"/status/{analysis_id}",
            f"/events/{analysis_id}",
            f"/report/{analysis_id}",
            f"/report/{analysis_id}/signature",
            f"/report/{analysis_id}/crop-0-0.jpg",
            f"/analyses/{analysis_id}/media",
            f"/analyses/{analysis_id}/examinations",
        ]
        for path in paths:
            assert mine.get(path).status_code == 200, path
            assert admin.get(path).status_code == 200, path
            assert code(other.get(path)) == (404, "not_found"), path
        note = {"json": {"text": "mine"}}
        assert code(other.put(f"/analyses/{analysis_id}/note", **note)) == (404, "not_found")
        assert code(other.post(f"/cancel/{analysis_id}")) == (404, "not_found")
        assert code(other.delete(f"/analyses/{analysis_id}")) == (404, "not_found")
        told = {"json": {"truth": "fake"}}
        assert code(other.post(f"/feedback/{analysis_id}", **told)) == (404, "not_found")
        assert mine.post(f"/feedback/{analysis_id}", **told).status_code == 200
        listed = [
            [item["analysisId"] for item in client.get(path).json()["items"]]
            for client in (mine, other, admin)
            for path in ("/analyses", "/feedback")
        ]
        assert listed == [
            [analysis_id],
            [analysis_id],
            [theirs],
            [],
            [theirs, analysis_id],
            [analysis_id],
        ]
        same = other.get(f"/analyses/{theirs}/examinations").json()["items"]
        assert [item["analysisId"] for item in same] == [theirs]


def test_what_was_sent_before_there_were_keys_is_for_admins(house: House) -> None:
    with httpx.Client(base_url=house.address, timeout=PATIENCE) as anybody:
        analysis_id = upload(anybody, scripted.media())
    with house.client() as user, house.client(Scope.ADMIN) as admin:
        assert user.get(f"/status/{analysis_id}").status_code == 404
        assert admin.get(f"/status/{analysis_id}").status_code == 200


def test_what_is_deleted_by_others_keeps_what_two_share(house: House) -> None:
    with house.client() as one, house.client() as two:
        first = upload(one, scripted.media(salt=2))
        second = upload(two, scripted.media(salt=2))
        one.delete(f"/analyses/{first}")
        assert two.get(f"/analyses/{second}/media").status_code == 200


def test_requests_a_minute_are_limited_and_told(house: House) -> None:
    with house.client(per_minute=3) as client, house.client() as other:
        answers = [client.get("/analyses") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert code(answers[3]) == (429, "rate_limited")
        assert answers[0].headers["ratelimit-policy"] == '"requests";q=3;w=60'
        assert answers[0].headers["ratelimit"].startswith('"requests";r=2;t=')
        assert answers[3].headers["ratelimit"].startswith('"requests";r=0;t=')
        assert 1 <= int(answers[3].headers["retry-after"]) <= 60
        assert other.get("/analyses").status_code == 200, "each key has its own"


def test_analyses_a_day_are_limited(house: House) -> None:
    with house.client(per_day=2) as client, house.client() as other:
        first = upload(client, scripted.media(salt=1))
        client.delete(f"/analyses/{first}")
        upload(client, scripted.media(salt=2))
        answer = client.post("/analyze", files={"file": ("a.png", scripted.media(salt=3))})
        assert code(answer) == (429, "quota_exceeded"), "to delete gives nothing back"
        assert 86_000 < int(answer.headers["retry-after"]) <= 86_400
        assert '"analyses";q=2;w=86400' in answer.headers["ratelimit-policy"]
        kept = (house.settings.data_dir / "uploads").rglob("*")
        assert len([path for path in kept if path.is_file()]) == 1
        upload(other, scripted.media(salt=3))


def test_the_page_keeps_its_key_in_a_cookie_that_no_script_reads(house: House) -> None:
    _, secret = house.keys.create("page", USUAL)
    with httpx.Client(base_url=house.address, timeout=PATIENCE) as browser:
        assert code(browser.post("/session", json={"key": "assay_wrong"})) == (401, "no_key")
        assert browser.cookies == {}
        answer = browser.post("/session", json={"key": f" {secret}\n"})
        assert answer.json()["key"]["name"] == "page"
        (cookie,) = answer.headers.get_list("set-cookie")
        assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/"))
        assert "Secure" not in cookie
        assert browser.get("/session").json()["key"]["scopes"] == ["delete", "read", "submit"]
        analysis_id = upload(browser, scripted.media())
        house.complete(analysis_id)
        with browser.stream("GET", f"/events/{analysis_id}") as stream:
            assert [kind for _, kind, _ in read_events(stream)][-1] == "end"
        assert browser.get(f"/report/{analysis_id}/crop-0-0.jpg").status_code == 200
        odd = {"Cookie": f'a="; é; b=(1); assay_key={secret}; c'.encode()}
        assert (
            httpx.get(f"{house.address}/analyses", headers=odd, timeout=PATIENCE).status_code == 200
        )
        left = browser.delete("/session")
        assert (left.status_code, left.headers["clear-site-data"]) == (204, '"cache"')
        assert code(browser.get("/analyses")) == (401, "no_key")


def test_behind_encryption_the_cookie_stays_there(house: House) -> None:
    _, secret = house.keys.create("page", USUAL)
    host = house.address.removeprefix("http://")
    headers = {"Origin": f"https://{host}", "Sec-Fetch-Site": "same-origin"}
    answer = httpx.post(
        f"{house.address}/session", json={"key": secret}, headers=headers, timeout=PATIENCE
    )
    assert "Secure" in answer.headers["set-cookie"]


def test_another_site_cannot_sign_anybody_in(house: House) -> None:
    _, secret = house.keys.create("page", USUAL)
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = httpx.post(
        f"{house.address}/session", json={"key": secret}, headers=headers, timeout=PATIENCE
    )
    assert code(answer) == (403, "cross_site")


def test_who_did_what_is_written_down(house: House) -> None:
    key, secret = house.keys.create("audited", USUAL)
    with house.with_secret(secret) as client:
        analysis_id = upload(client, scripted.media(), "secret name.png")
        client.put(f"/analyses/{analysis_id}/note", json={"text": "words"})
        client.post(f"/feedback/{analysis_id}", json={"truth": "real"})
        client.post(f"/cancel/{analysis_id}")
        client.delete(f"/analyses/{analysis_id}")
    entries = audit.latest(house.database, 10)
    assert [(entry.actor, entry.action, entry.subject) for entry in entries] == [
        (key.id, action, analysis_id)
        for action in ("delete", "cancel", "feedback", "note", "submit")
    ] + [("anybody", "create_key", key.id)]
    assert [entry.action for entry in audit.latest(house.database, 10, "anybody")] == ["create_key"]


def test_a_database_that_is_away_lets_nobody_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def away(keys: Keys) -> None:
        raise OperationalError("select", {}, Exception("away"))

    with house.client() as client:
        assert client.get("/stages").status_code == 200
        monkeypatch.setattr(Keys, "all", away)
        assert code(client.get("/stages")) == (503, "not_ready")


def test_a_service_that_is_told_to_be_open_asks_nobody(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, open=True)
    with serving(settings) as address:
        database = Database(settings)
        Keys(database).create("unused", USUAL)
        assert httpx.get(f"{address}/analyses", timeout=PATIENCE).status_code == 200
        database.close()


@pytest.mark.parametrize("said", ["maybe", "2", "x" * 50])
def test_what_retain_cannot_be_is_refused(house: House, said: str) -> None:
    files = {"file": ("a.png", scripted.media())}
    answer = httpx.post(
        f"{house.address}/analyze", files=files, data={"retain": said}, timeout=PATIENCE
    )
    assert code(answer) == (422, "invalid_request")


@pytest.mark.parametrize("said", [{"data": {"retain": "0"}}, {"params": {"retain": "false"}}])
def test_what_is_not_retained_says_so(house: House, said: dict[str, Any]) -> None:
    with httpx.Client(base_url=house.address, timeout=PATIENCE) as client:
        analysis_id = upload(client, scripted.media(), **said)
        assert client.get(f"/status/{analysis_id}").json()["retained"] is False
        assert client.get(f"/status/{upload(client, scripted.media())}").json()["retained"] is True
