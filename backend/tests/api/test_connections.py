"""Connections that come to stay: half a head, half a body, and too many of them."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock
from urllib.parse import urlsplit

import httpx
import pytest

from assay.api import connections, upload
from assay.api.connections import SPARE, Connection, room_for
from tests.jobs.scripted import MAGIC, media
from tests.serving import PATIENCE, serving, settings_for, until

LIMIT = 20
HEAD = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n"
BODY = (
    b"POST /analyze HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    b"--b\r\nContent-Disposition: form-data; name=file; filename=a.png\r\n\r\n" + MAGIC
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serving(settings_for(tmp_path, max_connections=LIMIT)) as address:
        yield address


def connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)


def crowd(address: str, size: int, sent: bytes, stack: ExitStack) -> list[socket.socket]:
    wires = [stack.enter_context(connect(address)) for _ in range(size)]
    for wire in wires:
        wire.sendall(sent)
    return wires


def is_closed(wire: socket.socket) -> bool:
    try:
        return wire.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("sent", [b"", b"G", HEAD])
def test_half_a_head_is_not_waited_for(
    address: str, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    with connect(address) as wire:
        wire.sendall(sent)
        assert is_closed(wire)


def test_a_byte_now_and_then_does_not_help(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1.0)
    with connect(address) as wire:
        wire.settimeout(0.1)

        def trickle() -> bool:
            try:
                wire.sendall(b"X")
                return wire.recv(1) == b""
            except TimeoutError:
                return False
            except (BrokenPipeError, ConnectionResetError):
                return True

        wire.sendall(HEAD + b"X-Long: ")
        until(trickle)


def test_half_a_second_head_is_not_waited_for_either(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    with connect(address) as wire:
        wire.sendall(HEAD + b"\r\n")
        assert wire.recv(65536).startswith(b"HTTP/1.1 200 ")
        wire.sendall(HEAD)
        while wire.recv(65536):
            pass


def test_a_head_that_is_whole_may_be_answered_slowly(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        answer = client.post("/analyze", files={"file": ("a.png", media())})
        analysis_id = answer.json()["analysisId"]
        assert client.get(f"/status/{analysis_id}", params={"wait": 1}).status_code == 200
        assert client.get("/livez").status_code == 200, "over the same connection"


def test_a_body_that_stops_coming_is_told_so(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(upload, "GRACE_SECONDS", 0.5)
    with connect(address) as wire:
        wire.sendall(BODY)
        assert wire.recv(65536).startswith(b"HTTP/1.1 408 ")
        wire.shutdown(socket.SHUT_WR)
        rest = b""
        while piece := wire.recv(65536):
            rest += piece
        assert b"too_slow" in rest or rest == b""
    until(lambda: not list((tmp_path / "data" / "incoming").iterdir()))


def test_a_body_that_comes_fast_enough_may_take_its_time(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than the grace, by what it has brought."""
    monkeypatch.setattr(upload, "GRACE_SECONDS", 0.3)
    monkeypatch.setattr(upload, "MIN_BYTES_PER_SECOND", 10)
    with connect(address) as wire:
        wire.sendall(BODY)
        wire.settimeout(1.0)
        with pytest.raises(TimeoutError):
            wire.recv(65536)


@pytest.mark.parametrize("sent", [b"", HEAD, BODY])
def test_a_crowd_that_stays_leaves_room_for_health(address: str, sent: bytes) -> None:
    with ExitStack() as stack:
        crowd(address, LIMIT + 3 * SPARE, sent, stack)
        for path, status in (("/livez", 200), ("/metrics", 200), ("/readyz", 503)):
            assert httpx.get(f"{address}{path}", timeout=PATIENCE).status_code == status
        answer = httpx.get(f"{address}/analyses", timeout=PATIENCE)
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["x-content-type-options"] == "nosniff"
    until(lambda: httpx.get(f"{address}/analyses").status_code == 200)


def spare(made_at: float, answering: bool) -> Connection:
    """A connection beyond the limit, without a server around it."""
    made = object.__new__(Connection)
    made._is_spare, made._made_at = True, made_at
    made.cycle = SimpleNamespace(response_complete=False) if answering else None
    made.transport = Mock()
    return made


@pytest.mark.parametrize("idle", [[], [2], [3, 2, 5]])
def test_the_oldest_that_asks_for_nothing_makes_room_and_never_who_comes(idle: list[int]) -> None:
    others = [spare(time, answering=time not in idle) for time in range(1, 8)]
    newcomer = spare(0.5, answering=False)
    newcomer.connections = {*others, newcomer}
    newcomer._make_room()
    gone = [each._made_at for each in newcomer.connections if each.transport.abort.called]
    assert gone == [min(idle)] if idle else gone == []


def test_a_crowd_is_shown_out(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    with ExitStack() as stack:
        wires = crowd(address, LIMIT + 3 * SPARE, HEAD, stack)
        until(lambda: httpx.get(f"{address}/analyses").status_code == 200)
        assert all(is_closed(wire) for wire in wires)


def test_descriptors_are_asked_for_and_else_connections_are_fewer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    limits = [(256, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: limits.append(pair))
    assert room_for(1000) == 1000
    assert 2000 < limits[-1][0] < 4096
    assert room_for(1000) == 1000
    assert not caplog.records
    limits[:] = [(256, 512)]
    assert 1 <= room_for(1000) < 128
    assert "room for" in caplog.text
