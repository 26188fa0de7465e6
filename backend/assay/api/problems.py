"""Every error leaves as RFC 9457 problem+json. Nothing of the request is echoed."""

import logging
import uuid
from http import HTTPStatus
from typing import Any, Final

import anyio
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from assay.errors import AssayError, database_away
from assay.jobs.media_store import StoreAwayError

log = logging.getLogger(__name__)

RETRY_AFTER: Final = {503: "15"}
"""Seconds that a refused client should wait."""
LINGER_SECONDS = 10.0
"""How long the rest of a refused upload is read, so that its sender gets to see the answer."""


class Problem(BaseModel):
    """An error, RFC 9457. `docs/errors.md` explains every code."""

    type: str = Field(description="urn:assay:error: and the code")
    title: str = Field(description="The HTTP status in words")
    status: int
    detail: str = Field(description="What happened and what to do, one sentence for a person")
    instance: str = Field(description="Names this occurrence in the server's log")
    code: str = Field(description="Stable and machine-readable")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the errors that a client should expect from it."""
    return {status: {"model": Problem} for status in statuses}


class ProblemResponse(JSONResponse):
    """A problem as a response. `status` differs from the code's own only for odd HTTP errors."""

    media_type = "application/problem+json"

    def __init__(
        self,
        error: AssayError,
        status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        status = status or error.status
        problem = Problem(
            type=f"urn:assay:error:{error.code}",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=error.message,
            instance=uuid.uuid4().urn,
            code=error.code,
        )
        log.log(_level(status), "%s %s %s", problem.instance, error.code, error.message)
        headers = dict(headers or {})
        if error.retry_after is not None:
            headers["Retry-After"] = str(error.retry_after)
        elif status in RETRY_AFTER:
            headers["Retry-After"] = RETRY_AFTER[status]
        super().__init__(problem.model_dump(), status, headers)


def _level(status: int) -> int:
    """All are shown by `assay serve`, for `instance` to be found."""
    if status == 500:
        return logging.ERROR
    return logging.WARNING if status > 500 else logging.INFO


class EarlyProblemResponse(ProblemResponse):
    """Answers a request whose body has not been read to its end.

    Closing a connection with unread data resets it, and the sender would see a broken pipe in
    place of the reason. So the answer goes out first, and the rest of the body into the void.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [*self.raw_headers, (b"connection", b"close")]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        with anyio.move_on_after(LINGER_SECONDS):
            while (message := await receive())["type"] == "http.request":
                if not message.get("more_body", False):
                    break
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def install(app: FastAPI) -> None:
    """Register the handlers. What none of them knows is `guard.py`'s."""
    app.add_exception_handler(AssayError, _assay_error)
    for kind in (OperationalError, InterfaceError, TimeoutError):
        app.add_exception_handler(kind, _database_error)
    app.add_exception_handler(StoreAwayError, _store_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)


async def _assay_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, AssayError)
    unread = getattr(request.state, "unread", False)
    return EarlyProblemResponse(error) if unread else ProblemResponse(error)


async def _database_error(request: Request, error: Exception) -> ProblemResponse:
    """It is locked for too long, or away; whatever the request was, it can be sent again."""
    log.warning("The database does not answer: %s", error.__cause__ or error)
    return await _assay_error(request, database_away())


async def _store_error(request: Request, error: Exception) -> ProblemResponse:
    """The media store is away, and comes back."""
    log.warning("The media store does not answer: %s", error)
    return await _assay_error(
        request, AssayError("storage_failed", "The media store does not answer; try again later.")
    )


async def _validation_error(request: Request, error: Exception) -> ProblemResponse:
    """The names are those of our own parameters; the values stay where they are."""
    assert isinstance(error, RequestValidationError)
    names = sorted({str(each["loc"][-1]) for each in error.errors()})
    sentence = f"Check these parameters of the request: {', '.join(names)}."
    return ProblemResponse(AssayError("invalid_request", sentence))


async def _http_error(request: Request, error: Exception) -> ProblemResponse:
    """What Starlette itself raises: no such route, wrong method, odd requests."""
    assert isinstance(error, HTTPException)
    known = {
        404: AssayError("not_found", "There is nothing at this address; see /openapi.json."),
        405: AssayError("method_not_allowed", "This address does not support that method."),
    }
    other = AssayError("invalid_request", "The server cannot make sense of this request.")
    problem = known.get(error.status_code, other)
    return ProblemResponse(problem, error.status_code, dict(error.headers or {}))
