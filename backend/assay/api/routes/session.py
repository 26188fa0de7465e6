"""The way in for the page: its key lies in a cookie that no script can read."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic import Field

from assay.api.deps import KeyringDep
from assay.api.gate import COOKIE, KEY, OPEN, no_key
from assay.api.problems import problems
from assay.evidence import Record
from assay.jobs.keys import Key, Scope

router = APIRouter(tags=["session"])

_MONTH: Final = 30 * 24 * 3600
"""Seconds that a browser keeps the key."""


class KeyInfo(Record):
    """A key, without what opens it."""

    id: str
    name: str
    scopes: list[Scope]
    expires_at: datetime | None = Field(description="null: it does not")
    per_minute: int = Field(description="Requests")
    per_day: int | None = Field(description="Analyses in any 24 hours; null: no limit")


class Session(Record):
    """Who asks."""

    open: bool = Field(description="Nobody needs a key here")
    key: KeyInfo | None = Field(description="null: none was sent, or none that opens anything")


class SignIn(Record):
    """A key, as `assay keys create` printed it."""

    key: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("/session", responses=problems(503))
async def get_session(request: Request) -> Session:
    """Whether a key is needed, and which one was sent."""
    return _session(getattr(request.state, OPEN), getattr(request.state, KEY))


@router.post("/session", responses=problems(401, 422, 503))
async def sign_in(
    request: Request, response: Response, told: SignIn, keyring: KeyringDep
) -> Session:
    """Have a browser keep a key and send it with everything: for the page."""
    known = await keyring.known()
    if known.is_open:
        return _session(True, None)
    key = known.find(told.key.strip())
    if key is None:
        raise no_key()
    response.set_cookie(
        COOKIE,
        told.key.strip(),
        max_age=_MONTH,
        httponly=True,
        samesite="strict",
        secure=_came_encrypted(request),
    )
    return _session(False, key)


@router.delete("/session", status_code=204, responses=problems(503))
async def sign_out(request: Request, response: Response) -> None:
    """Have the browser forget the key, and what it has kept of answers."""
    response.headers["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(
        COOKIE, httponly=True, samesite="strict", secure=_came_encrypted(request)
    )


def _came_encrypted(request: Request) -> bool:
    """A proxy may have taken the encryption off; the page's browser tells what it sees."""
    return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https://")


def _session(is_open: bool, key: Key | None) -> Session:
    return Session(open=is_open, key=None if key is None else _info(key))


def _info(key: Key) -> KeyInfo:
    expires = key.expires_ms
    return KeyInfo(
        id=key.id,
        name=key.name,
        scopes=sorted(key.scopes),
        expires_at=None if expires is None else datetime.fromtimestamp(expires / 1000, UTC),
        per_minute=key.per_minute,
        per_day=key.per_day,
    )
