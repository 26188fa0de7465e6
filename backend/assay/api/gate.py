"""Who may come in: finds out who asks, by their key, before anything of a request is read.

Where there is a key, all of the API needs one but what is listed here. The page's own files do not:
it asks for the key itself.
"""

from collections.abc import Callable, Iterable
from typing import Final

from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.api.allowance import Allowances
from assay.api.keyring import Keyring, Known
from assay.api.problems import EarlyProblemResponse
from assay.errors import AssayError, database_away
from assay.jobs import keys
from assay.jobs.keys import Key
from assay.jobs.people import ANYBODY, NOBODY, acting

COOKIE: Final = "assay_key"
"""Where the page's browser keeps the key. No script can read it."""
KEY: Final = "key"
"""Of the request's state: the key that came with it, or None."""
OPEN: Final = "open"
"""Of the request's state: whether nobody is asked for one."""
PUBLIC: Final = frozenset({"/livez", "/readyz", "/session", "/signing-key"})
"""Health, the way in, and what those who are handed a report verify it with."""
_METRICS: Final = "/metrics"
_LONGEST_KEY: Final = 200


class Gate:
    """ASGI middleware.

    Args:
        app: What it lets people into.
        keyring: Gives the keys; it is made when the server starts.
        routes: Those of the API.
    """

    def __init__(
        self, app: ASGIApp, keyring: Callable[[], Keyring], routes: Iterable[APIRoute]
    ) -> None:
        self._app = app
        self._keyring = keyring
        self._routes = tuple(routes)
        self._allowances = Allowances()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._is_api(scope):
            await self._app(scope, receive, send)
            return
        try:
            known = await self._keyring().known()
        except SQLAlchemyError:
            await EarlyProblemResponse(database_away())(scope, receive, send)
            return
        key = None if known.is_open else known.find(_secret_of(Headers(scope=scope)))
        scope.setdefault("state", {}).update({KEY: key, OPEN: known.is_open})
        error = _refusal(scope, known, key)
        if error is not None:
            headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
            await EarlyProblemResponse(error, headers=headers)(scope, receive, send)
            return
        if key is not None:
            send = self._counted(key, send)
            if (late := self._allowances.refusal(key)) is not None:
                await EarlyProblemResponse(late)(scope, receive, send)
                return
        caller = ANYBODY if known.is_open else NOBODY if key is None else key.caller
        token = acting.set(caller)
        try:
            await self._app(scope, receive, send)
        finally:
            acting.reset(token)

    def _is_api(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is not Match.NONE for route in self._routes)

    def _counted(self, key: Key, send: Send) -> Send:
        """Answers tell what is left."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = self._allowances.headers(key)
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        return told


def _refusal(scope: Scope, known: Known, key: Key | None) -> AssayError | None:
    if known.is_open or scope["path"] in PUBLIC:
        return None
    if key is None:
        return no_key()
    needed = _needed(scope["method"], scope["path"])
    if key.allows(needed):
        return None
    return AssayError("not_allowed", f"This key lacks the scope `{needed}`; ask for another key.")


def no_key() -> AssayError:
    """Of who has shown none that opens anything."""
    return AssayError(
        "no_key",
        "This service needs a key that is valid: send it as `Authorization: Bearer KEY`.",
    )


def _needed(method: str, path: str) -> keys.Scope:
    """By the method, so that a new route is never open by mistake."""
    if path == _METRICS:
        return keys.Scope.METRICS
    if method in ("GET", "HEAD", "OPTIONS"):
        return keys.Scope.READ
    return keys.Scope.DELETE if method == "DELETE" else keys.Scope.SUBMIT


def _secret_of(headers: Headers) -> str | None:
    """What opens a key; a header goes before a cookie."""
    kind, _, word = headers.get("authorization", "").partition(" ")
    cookies = cookie_parser(headers.get("cookie", ""))
    secret = word.strip() if kind.lower() == "bearer" else cookies.get(COOKIE)
    return secret if secret and len(secret) <= _LONGEST_KEY else None
