"""Uploads as they should not be."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from assay.api.media_type import media_type
from assay.api.upload import ENVELOPE_BYTES, MAX_NAME, _Draft, _feed, _parser, _Parts, display_name
from assay.errors import AssayError
from assay.jobs.media_store import FolderStore
from tests.jobs.scripted import MAGIC, media
from tests.serving import PATIENCE, serving, settings_for, until, upload

MB = 1024 * 1024


@pytest.fixture
def small(tmp_path: Path) -> Iterator[httpx.Client]:
    """An API that takes one megabyte."""
    with (
        serving(settings_for(tmp_path, max_upload_bytes=MB)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        yield client


def post(client: httpx.Client, content: bytes, name: str = "clip.png") -> httpx.Response:
    return client.post("/analyze", files={"file": (name, content)})


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def left_over(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "data" / "incoming").iterdir())


# -------------------------------------------------------------------------------------- size


def test_exactly_the_limit_is_taken(small: httpx.Client) -> None:
    assert post(small, MAGIC.ljust(MB, b"x")).status_code == 202


@pytest.mark.parametrize("size", [MB + 1, MB + 100_000, 30 * MB])
def test_more_is_too_large(small: httpx.Client, tmp_path: Path, size: int) -> None:
    answer = post(small, MAGIC.ljust(size, b"x"))
    refused(answer, 413, "too_large")
    assert "1 MB" in answer.json()["detail"]
    assert not left_over(tmp_path)


def chunked(size: int, boundary: bytes = b"limit") -> Iterator[bytes]:
    """A body without a Content-Length."""
    yield b'--%b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' % boundary
    yield MAGIC
    for _ in range(size // 65536):
        yield b"x" * 65536
    yield b"\r\n--%b--\r\n" % boundary


def test_the_limit_holds_without_a_content_length(small: httpx.Client, tmp_path: Path) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=limit"}
    answer = small.post("/analyze", content=chunked(MB // 2), headers=headers)
    assert answer.status_code == 202
    answer = small.post("/analyze", content=chunked(20 * MB), headers=headers)
    refused(answer, 413, "too_large")
    assert not left_over(tmp_path)


def test_fields_beside_the_file_count_as_well(small: httpx.Client) -> None:
    answer = small.post("/analyze", files={"noise": b"x" * 2 * MB, "file": ("clip.png", media())})
    refused(answer, 413, "too_large")


@pytest.mark.parametrize("name", ["full", "noise"])
def test_beside_the_file_there_is_room_for_little(
    small: httpx.Client, tmp_path: Path, name: str
) -> None:
    def form() -> Iterator[bytes]:
        yield b'--limit\r\nContent-Disposition: form-data; name="%b"\r\n\r\n' % name.encode()
        for _ in range(2 * ENVELOPE_BYTES // 1024):
            yield b"x" * 1024
        yield b"\r\n"
        yield from chunked(0)

    headers = {"Content-Type": "multipart/form-data; boundary=limit"}
    refused(small.post("/analyze", content=form(), headers=headers), 422, "invalid_request")
    assert not left_over(tmp_path)


def test_what_follows_the_form_counts_as_well(small: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=limit"}
    body = b"".join(chunked(0)) + b"\r\n" * ENVELOPE_BYTES
    refused(small.post("/analyze", content=body, headers=headers), 422, "invalid_request")


def test_what_is_announced_as_too_large_is_not_waited_for(small: httpx.Client) -> None:
    with _connection(small) as wire:
        wire.sendall(
            b"POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\nExpect: 100-continue\r\n\r\n"
        )
        assert wire.recv(65536).startswith(b"HTTP/1.1 413 ")


# ----------------------------------------------------------------------------- wrong requests


def test_an_empty_file(small: httpx.Client) -> None:
    refused(post(small, b""), 422, "empty_file")


@pytest.mark.parametrize(
    "content",
    [
        b"just text",
        b"#EXTM3U\nhttp://example.invalid/a.ts",
        b"PK\x03\x04zip",
        b"<html>",
        b"x",
        b"\0" * 9999,
    ],
)
def test_what_is_no_media(small: httpx.Client, tmp_path: Path, content: bytes) -> None:
    refused(post(small, content, "clip.mp4"), 415, "not_media")
    assert not left_over(tmp_path)


def test_what_is_no_media_is_known_before_all_has_arrived(small: httpx.Client) -> None:
    head = b"--b\r\nContent-Disposition: form-data; name=file; filename=a.mp4\r\n\r\n"
    with _connection(small) as wire:
        wire.sendall(
            b"POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + head + b"text " * 14_000
        )
        assert wire.recv(65536).startswith(b"HTTP/1.1 415 ")


def test_the_wrong_field(small: httpx.Client) -> None:
    answer = small.post("/analyze", files={"video": ("clip.png", media())})
    refused(answer, 422, "missing_file")
    assert "`file`" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["thorugh", "FULL", "", "x" * 500, "a\tb"])
def test_a_field_that_is_not_known_is_not_ignored(
    small: httpx.Client, tmp_path: Path, name: str
) -> None:
    parts = {"file": ("a.png", media()), name: (None, b"true")}
    answer = small.post("/analyze", files=parts)
    refused(answer, 422, "invalid_request")
    assert "`thorough`" in answer.json()["detail"]
    assert len(answer.json()["detail"]) < 200
    assert not left_over(tmp_path)


def test_a_field_that_comes_twice_is_not_ignored(small: httpx.Client) -> None:
    parts = [("file", ("a.png", media())), ("full", (None, b"true")), ("full", (None, b"false"))]
    answer = small.post("/analyze", files=parts)
    refused(answer, 422, "invalid_request")
    assert "twice" in answer.json()["detail"]


@pytest.mark.parametrize(
    "send",
    [
        lambda client: client.post("/analyze"),
        lambda client: client.post("/analyze", json={"file": "x"}),
        lambda client: client.post("/analyze", content=media()),
        lambda client: client.post("/analyze", data={"file": "x"}),
        lambda client: client.post(
            "/analyze", content=b"", headers={"Content-Type": "multipart/form-data"}
        ),
    ],
)
def test_no_form_at_all(
    small: httpx.Client, send: Callable[[httpx.Client], httpx.Response]
) -> None:
    refused(send(small), 422, "missing_file")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"--b\r\n\r\n",
        b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n" + MAGIC,
        b"--b\r\n" + b"A: b\r\n" * 1000 + b"\r\nx\r\n--b--\r\n",
        b"--b\r\n" + b"A" * 60_000 + b": b\r\n\r\nx\r\n--b--\r\n",
        b"".join(
            b"--b\r\nContent-Disposition: form-data; name=f%d\r\n\r\nx\r\n" % n for n in range(50)
        ),
    ],
)
def test_malformed_forms(small: httpx.Client, tmp_path: Path, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    refused(small.post("/analyze", content=body, headers=headers), 422, "invalid_request")
    assert not left_over(tmp_path)


def test_an_endless_boundary(small: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=" + "b" * 5000}
    refused(small.post("/analyze", content=b"x", headers=headers), 422, "invalid_request")


def test_two_files(small: httpx.Client) -> None:
    two = [("file", ("a.png", media())), ("file", ("b.png", media()))]
    refused(small.post("/analyze", files=two), 422, "invalid_request")


def test_a_flag_that_is_none(small: httpx.Client) -> None:
    answer = small.post("/analyze?full=<script>", files={"file": ("a.png", media())})
    refused(answer, 422, "invalid_request")
    assert "script" not in answer.text


def parse(pieces: list[bytes]) -> _Parts:
    """Feed the parser as the network would."""
    parts = _Parts()
    parser = _parser(_Form(), parts)
    for piece in pieces:
        _feed(parser, piece)
    return parts


class _Form(Request):
    """A request of which only the content type matters."""

    def __init__(self) -> None:
        kind = (b"content-type", b"multipart/form-data; boundary=b")
        super().__init__({"type": "http", "headers": [kind]})


def cut(body: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[start:end] for start, end in pairwise(edges)]


@given(st.binary(max_size=2000), st.lists(st.integers(0, 10_000), max_size=20))
def test_the_file_arrives_however_it_is_cut(content: bytes, places: list[int]) -> None:
    content = content.replace(b"\r\n--b", b"")
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    flag = b'\r\n--b\r\nContent-Disposition: form-data; name="full"\r\n\r\non\r\n--b--\r\n'
    parts = parse(cut(head + content + flag, places))
    assert parts.take() == content
    assert (parts.file_name, parts.fields(), parts.is_complete) == ("a.png", {"full": "on"}, True)


@pytest.mark.parametrize(
    ("word", "is_full"), [(b"", False), (b"0", False), (b"No", False), (b" TRUE ", True)]
)
def test_full_is_yes_or_no(small: httpx.Client, word: bytes, is_full: bool) -> None:
    answer = small.post("/analyze", files={"file": ("a.png", media())}, data={"full": word})
    assert answer.json()["full"] is is_full


@pytest.mark.parametrize(
    "fields",
    [
        *({"full": word} for word in (b"maybe", b"2", b"\xff", b"true;false")),
        *({"start": word} for word in (b"-1", b"nan", b"inf", b"soon", b"1e99")),
        {"start": b"2", "end": b"2"},
        {"end": b"0"},
    ],
)
def test_fields_that_make_no_sense(small: httpx.Client, fields: dict[str, bytes]) -> None:
    answer = small.post("/analyze", files={"file": ("a.png", media())}, data=fields)
    refused(answer, 422, "invalid_request")
    assert "start" in answer.json()["detail"] or "full" in answer.json()["detail"]


def test_a_range_by_form_goes_before_one_by_address(small: httpx.Client) -> None:
    answer = small.post(
        "/analyze?start=1&end=2", files={"file": ("a.png", media())}, data={"end": "4.5"}
    )
    asked = answer.json()["asked"]
    assert (asked["start"], asked["end"]) == (1.0, 4.5)


@given(st.lists(st.sampled_from([b"--b", b"\r\n", b"--", b":", b"name=file", b"\0", b"x" * 70])))
def test_rubbish_is_refused_or_passed_over(pieces: list[bytes]) -> None:
    try:
        parse(pieces)
    except AssayError as error:
        assert error.code == "invalid_request"


# ------------------------------------------------------------------------------ cut and slow


def test_a_cut_connection_leaves_nothing(small: httpx.Client, tmp_path: Path) -> None:
    head = b"--b\r\nContent-Disposition: form-data; name=file; filename=a.png\r\n\r\n"
    with _connection(small) as wire:
        wire.sendall(
            b"POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + head + MAGIC + b"x" * 100_000
        )
        until(lambda: left_over(tmp_path))
    until(lambda: not left_over(tmp_path))
    assert small.get("/analyses").json()["items"] == []


def test_a_slow_upload_does_not_hold_up_the_others(small: httpx.Client) -> None:
    def trickle() -> Iterator[bytes]:
        for chunk in chunked(0):
            yield chunk
            time.sleep(0.3)

    headers = {"Content-Type": "multipart/form-data; boundary=limit"}
    answers: list[httpx.Response] = []
    slow = threading.Thread(
        target=lambda: answers.append(small.post("/analyze", content=trickle(), headers=headers))
    )
    slow.start()
    assert post(small, media()).status_code == 202
    assert not answers
    slow.join()
    assert answers[0].status_code == 202


# ------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("clip.mp4", "clip.mp4"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/", "unnamed"),
        ("", "unnamed"),
        ("..", ".."),
        ("a\x00b\x1b[31m.mp4", "ab[31m.mp4"),
        ("gpj.\u202e4pm.mp4", "gpj.4pm.mp4"),
        ("  two \t\n spaces .mp4", "two spaces .mp4"),
        ("u\u0308bung.mp4", "übung.mp4"),
    ],
)
def test_names_are_for_display(sent: str, shown: str) -> None:
    assert display_name(sent) == shown


def test_long_names_keep_their_suffix(small: httpx.Client) -> None:
    analysis_id = upload(small, media(), "n" * 300 + ".mp4")
    name = small.get(f"/status/{analysis_id}").json()["fileName"]
    assert len(name) == MAX_NAME
    assert name.endswith("n….mp4")


def test_names_never_become_paths(small: httpx.Client, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if "data" not in path.parts}
    for number, name in enumerate(["../../../evil.png", "/tmp/evil.png", "C:\\evil.png"]):
        analysis_id = upload(small, media(salt=number), name)
        assert small.get(f"/status/{analysis_id}").json()["fileName"] == "evil.png"
        small.post(f"/cancel/{analysis_id}")
    assert {path for path in tmp_path.rglob("*") if "data" not in path.parts} == before
    assert not list(tmp_path.rglob("*evil*"))


@given(st.text(max_size=400))
def test_any_name_is_shown_safely(raw: str) -> None:
    name = display_name(raw)
    assert 0 < len(name) <= MAX_NAME
    assert name.isprintable()
    assert "/" not in name
    assert "\\" not in name


@given(st.text())
def test_no_media_type_runs_script(family: str) -> None:
    assert media_type(family).split("/")[0] in ("image", "video", "audio", "application")
    assert media_type(family) not in ("image/svg+xml", "application/xml", "application/pdf")


def _connection(client: httpx.Client) -> socket.socket:
    address = urlsplit(str(client.base_url))
    return socket.create_connection((address.hostname, address.port), timeout=10)


def test_a_cleared_folder_is_made_again(small: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "data" / "incoming").rmdir()
    assert post(small, media()).status_code == 202


def test_a_folder_that_cannot_be_used_is_said_plainly(small: httpx.Client, tmp_path: Path) -> None:
    incoming = tmp_path / "data" / "incoming"
    incoming.rmdir()
    incoming.touch()
    refused(post(small, media()), 503, "storage_failed")


@pytest.mark.parametrize("method", ["write", "finish"])
def test_a_full_disk_is_said_plainly(
    small: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device: /secret/path")

    monkeypatch.setattr(f"assay.api.upload._Draft.{method}", fail)
    answer = post(small, media())
    refused(answer, 503, "storage_failed")
    assert "secret" not in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert not left_over(tmp_path)


def test_a_disk_that_is_full_up_to_the_end_leaves_nothing(tmp_path: Path) -> None:
    draft = _Draft(FolderStore(tmp_path), MB)
    draft._file.close()
    draft._file = _FullFile()  # type: ignore[assignment]
    draft.discard()
    assert not list((tmp_path / "incoming").iterdir())


class _FullFile:
    def close(self) -> None:
        raise OSError(28, "No space left on device")
