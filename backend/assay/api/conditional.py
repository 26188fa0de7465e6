"""Answers that whoever has them already need not be sent again (RFC 9110, section 13)."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "It is what `If-None-Match` names"}
}
"""For a route's `responses`."""


def conditional(
    request: Request, content: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The content with its ETag; 304 if the request says that this is what it has."""
    tag = f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'
    headers = {**(headers or {}), "ETag": tag}
    if _has(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _has(request: Request, tag: str) -> bool:
    """By weak comparison: a proxy that compresses makes our tags weak."""
    sent = request.headers.get("if-none-match", "")
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in sent.split(","))
