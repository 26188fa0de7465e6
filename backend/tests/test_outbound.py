"""What strangers may have us ask for, and what they may not (SSRF)."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from assay import outbound
from assay.errors import AssayError
from assay.outbound import OutboundError, post, target_of

PRIVATE = (
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "ff02::1",
)
PUBLIC = ("8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8")


def url_of(address: str) -> str:
    return f"https://[{address}]/" if ":" in address else f"https://{address}/"


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_only_we_reach_are_refused(address: str) -> None:
    with pytest.raises(AssayError, match="not public"):
        target_of(url_of(address), private=False)
    assert target_of(url_of(address), private=True).host == address


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_not(address: str) -> None:
    assert target_of(url_of(address), private=False).port == 443


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "http://example.com/",
        "HTTP://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://user:password@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://[::1",
        "https://exa mple.com/",
        "https://example.com/\r\nX: y",
        "https://example.com/\x00",
        "https://exämple.com/",
        "https://example.com/" + "x" * 2000,
    ],
)
def test_odd_urls_are_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(AssayError) as caught:
        target_of(url, private=False)
    assert caught.value.code == "invalid_request"


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Have every name point to these addresses.

    Returns:
        The addresses that are connected to.
    """
    connected: list[str] = []

    def connect(address: tuple[str, int], *_: Any) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    found = [(0, 0, 0, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    return connected


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_points_to_us_is_never_connected_to(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for addresses in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        connected = resolving(monkeypatch, *addresses)
        with pytest.raises(OutboundError, match="not public"):
            post("https://rebind.example/", b"", {}, private=False)
        assert connected == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1", "localhost"])
def test_spellings_of_our_own_address_are_seen_through(host: str) -> None:
    with pytest.raises(OutboundError):
        post(f"https://{host}/", b"", {}, private=False)


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connected = resolving(monkeypatch, "8.8.8.8", "8.8.4.4")
    with pytest.raises(OutboundError, match="connection failed"):
        post("https://example.com/", b"", {}, private=False)
    assert connected == ["8.8.8.8"]


def test_the_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    connected = resolving(monkeypatch, "8.8.8.8")
    with pytest.raises(OutboundError):
        post("https://example.com/", b"", {}, private=False)
    assert connected == ["8.8.8.8"]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener


def answering(listener: socket.socket, answer: bytes, received: list[bytes]) -> str:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            received.append(connection.recv(65536))
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/hook?a=b"


def test_what_is_sent_and_what_is_answered(listener: socket.socket) -> None:
    received: list[bytes] = []
    url = answering(listener, b"HTTP/1.1 204 No Content\r\n\r\n", received)
    assert post(url, b"{}", {"X-Odd": "1"}, private=True) == 204
    head, _, body = received[0].partition(b"\r\n\r\n")
    port = str(listener.getsockname()[1]).encode()
    assert head.startswith(b"POST /hook?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + port + b"\r\n")
    assert b"X-Odd: 1" in head
    assert body == b"{}"


def test_redirects_are_not_followed(listener: socket.socket) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n"
    assert post(answering(listener, answer, []), b"", {}, private=True) == 302


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"x" * 70000]
)
def test_no_answer_or_a_senseless_one_is_told(listener: socket.socket, answer: bytes) -> None:
    with pytest.raises(OutboundError):
        post(answering(listener, answer, []), b"", {}, private=True)


def test_a_server_without_valid_encryption_is_told(listener: socket.socket) -> None:
    url = answering(listener, b"HTTP/1.1 200 OK\r\n\r\n", [])
    with pytest.raises(OutboundError, match="encryption"):
        post(url.replace("http:", "https:"), b"", {}, private=True)


def test_one_that_drips_is_cut_off(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "DEADLINE_SECONDS", 0.5)
    cut_off = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                while True:
                    connection.sendall(b"H")
                    time.sleep(0.1)
            except OSError:
                cut_off.set()

    threading.Thread(target=drip, daemon=True).start()
    with pytest.raises(OutboundError):
        post(f"http://127.0.0.1:{listener.getsockname()[1]}/", b"", {}, private=True)
    assert cut_off.wait(60)
