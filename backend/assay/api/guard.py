"""Outermost of all: refuses what there is no room for, and answers every exception.

Refuses what other sites' pages send too. Every response leaves with security headers.
"""

import ipaddress
import logging
from collections.abc import Set
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.api.connections import CROWDED
from assay.api.problems import EarlyProblemResponse, ProblemResponse
from assay.errors import AssayError, internal_error

log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""For a dashboard that is served from here and loads nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""Unless a route has set its own."""

CLOSE: Final = {"Connection": "close"}
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
HEALTH: Final = ("/livez", "/readyz", "/metrics")
"""What is answered when there is no room for anything else."""
PRIVATE_DOMAINS: Final = ("localhost", "local", "internal")
"""Nobody can register a name under these (RFC 6761, RFC 6762, ICANN 2024)."""


class _Reply:
    """One response on its way out.

    started: nothing else can be said from here on.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._replaced = False
        self.started = False

    async def secured(self, message: Message) -> None:
        """Send with the security headers."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def explained(self, message: Message) -> None:
        """Send, but a problem in place of a plain error."""
        if self._replaced:
            return
        if message["type"] == "http.response.start" and _is_plain_error(message):
            self._replaced = True
            await _as_problem(message)(self._scope, self._receive, self.secured)
        else:
            await self.secured(message)


class Guard:
    """ASGI middleware.

    Args:
        app: What it guards.
        allowed_hosts: Names that we go by besides addresses and private ones; `*` stands for any.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Set[str] = frozenset()) -> None:
        self._app = app
        self._allowed_hosts = allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reply = _Reply(scope, receive, send)
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        try:
            if _is_crowded_out(scope):
                # At once and for good: to see a body through to its end would take the room.
                await ProblemResponse(_crowded(), headers=CLOSE)(scope, receive, reply.secured)
            elif refusal is not None:
                await EarlyProblemResponse(refusal)(scope, receive, reply.secured)
            else:
                await self._app(scope, receive, reply.explained)
        except Exception:
            if reply.started:
                raise
            log.exception("A request failed unexpectedly")
            await ProblemResponse(internal_error())(scope, receive, reply.secured)

    def _refusal(self, method: str, headers: Headers) -> AssayError | None:
        """Why a page of another site must have sent this; None if it need not have."""
        if not self._is_ours(headers.get("host", "")):
            return AssayError(
                "unknown_host",
                "The server does not go by this name; add it to ASSAY_ALLOWED_HOSTS.",
            )
        if method not in SAFE_METHODS and self._is_cross_site(headers):
            return AssayError(
                "cross_site", "Pages of other sites may not send this; use the page of this server."
            )
        return None

    def _is_ours(self, host: str) -> bool:
        """Whether no other site can have this name.

        It can point a name of its own at our address (DNS rebinding), but not an address, nor a
        name without a dot such as localhost or a container's. Browsers always send a name; who
        sends none is no browser.
        """
        name = _name(host)
        if not host or _is_address(name) or self._is_allowed(name):
            return True
        return bool(name) and ("." not in name or name.rpartition(".")[2] in PRIVATE_DOMAINS)

    def _is_cross_site(self, headers: Headers) -> bool:
        """By the word of the browser; without encryption it only names where the page is from.

        A page of another port or subdomain is of the same site, yet not ours: its origin tells.
        """
        site = headers.get("sec-fetch-site", "same-site")
        if site != "same-site":
            return site == "cross-site"
        origin = headers.get("origin")
        if origin is None:
            return False
        host = origin.partition("://")[2]
        return host != headers.get("host") and not self._is_allowed(_name(host))

    def _is_allowed(self, name: str) -> bool:
        return "*" in self._allowed_hosts or name in self._allowed_hosts


def _is_crowded_out(scope: Scope) -> bool:
    return CROWDED in scope.get("state", ()) and scope["path"] not in HEALTH


def _crowded() -> AssayError:
    return AssayError("busy", "Too many connections are open; try again in a moment.")


def _is_plain_error(start: Message) -> bool:
    """Files are sent by Starlette, which refuses ranges in a way of its own."""
    kind = MutableHeaders(scope=start).get("content-type", "")
    return start["status"] >= 400 and kind.startswith("text/plain")


def _as_problem(start: Message) -> ProblemResponse:
    size = MutableHeaders(scope=start).get("content-range")
    return ProblemResponse(
        AssayError("invalid_request", "The file has no such bytes; check the header `Range`."),
        start["status"],
        None if size is None else {"Content-Range": size},
    )


def _name(host: str) -> str:
    """What stands before the port, without brackets; empty if it makes no sense."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
    return name.removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
