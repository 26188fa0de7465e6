"""Requests to addresses that strangers have chosen. They must not reach what only we can reach.

A name is resolved once and the connection goes to that very address, so that a name which points
elsewhere a moment later (DNS rebinding) gains nothing. Redirects are not followed, proxies of the
environment are not asked, and nothing of the answer is read but its status.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from assay.errors import AssayError

LONGEST_URL: Final = 2000
SILENCE_SECONDS: Final = 10.0
"""How long the other side may say nothing."""
DEADLINE_SECONDS: Final = 20.0
"""How long all of it may take."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class OutboundError(Exception):
    """The request came to nothing; the sentence says why, and holds nothing of the other side."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked, taken apart. path: with the query."""

    is_encrypted: bool
    host: str
    port: int
    path: str


def target_of(url: str, private: bool) -> Target:
    """Take a URL apart.

    Args:
        private: Whether addresses of private networks may be asked, and by plain http.

    Raises:
        AssayError: `invalid_request` if it may not be asked, whatever its name points to.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused("it is malformed") from error
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused("it is malformed")
    if parts.scheme not in ("https", *["http"] * private):
        raise _refused("it must begin with https://")
    if not host or parts.username is not None or parts.password is not None:
        raise _refused("it needs a host, and takes no user or password")
    literal = _literal(host)
    if literal is not None and not private and not _is_public(literal):
        raise _refused("its address is not public")
    is_encrypted = parts.scheme == "https"
    return Target(
        is_encrypted=is_encrypted,
        host=host,
        port=port or (443 if is_encrypted else 80),
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def post(url: str, body: bytes, headers: Mapping[str, str], private: bool) -> int:
    """Send a body to an address.

    Args:
        private: As for `target_of`.

    Returns:
        The status of the answer.

    Raises:
        AssayError: As `target_of`.
        OutboundError: There was no answer.
    """
    target = target_of(url, private)
    connection = _Pinned(target, _resolve(target, private))
    clock = threading.Timer(DEADLINE_SECONDS, connection.abort)
    clock.daemon = True
    clock.start()
    try:
        connection.request("POST", target.path, body, dict(headers))
        return connection.getresponse().status
    except ssl.SSLError as error:
        raise OutboundError("its certificate or its encryption is not valid") from error
    except TimeoutError as error:
        raise OutboundError("it did not answer in time") from error
    except (OSError, http.client.HTTPException) as error:
        raise OutboundError("the connection failed") from error
    finally:
        clock.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Goes to one address, whatever the name points to by now."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=SILENCE_SECONDS)
        # Or the header `Host` would name the port of http.
        self.default_port = 443 if target.is_encrypted else 80
        self._target, self._address = target, address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._target.is_encrypted:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """From another thread; whoever waits for the other side gets an error."""
        with suppress(OSError, AttributeError):  # it is not connected, or not any more
            self.sock.shutdown(socket.SHUT_RDWR)


def _resolve(target: Target, private: bool) -> str:
    """The address to connect to. One that is not public among several spoils them all."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutboundError("its name is not known") from error
    addresses = [str(each[4][0]) for each in found]
    if not private and not all(_is_public(_literal(each)) for each in addresses):
        raise OutboundError("its name points to an address that is not public")
    return addresses[0]


def _literal(host: str) -> Address | None:
    """The address that a host is; None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_public(address: Address | None) -> bool:
    """Whether it is in the open internet, also where an IPv4 address is wrapped in another."""
    if address is None:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            wrapped.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if not all(_is_public(inner) for inner in wrapped if inner is not None):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast


def _refused(reason: str) -> AssayError:
    return AssayError("invalid_request", f"This URL cannot be used: {reason}.")
