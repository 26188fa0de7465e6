"""Answers with a stored upload, or the range of it that a player asks for."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from fastapi import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def ranged(
    request: Request,
    size: int,
    etag: str,
    read: Callable[[int, int], Iterator[bytes]],
    headers: Mapping[str, str],
    media_type: str,
) -> Response:
    """All of it, or the range that was asked for; 416 if nothing lies there.

    Several ranges at once are answered with all, as RFC 9110 allows.

    Args:
        request: Its headers Range and If-Range are heeded.
        size: Of all, bytes.
        etag: Names the content, with quotes.
        read: Gives the bytes from a place up to and without another.
        headers: Sent as well.
        media_type: Of the content.
    """
    wanted = request.headers.get("range", "")
    if request.headers.get("if-range", etag) != etag:
        wanted = ""
    span = _span(wanted, size)
    start, end = span or (0, size)
    if start >= end:
        # As Starlette refuses those of files; `guard.py` makes a problem of it.
        return PlainTextResponse("", 416, {"Content-Range": f"bytes */{size}"})
    more = {"Accept-Ranges": "bytes", "ETag": etag, "Content-Length": str(end - start)}
    if span is not None:
        more["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return StreamingResponse(
        read(start, end),
        status_code=200 if span is None else 206,
        headers={**headers, **more},
        media_type=media_type,
    )


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """Begin and end of the range; None if there is none that can be read, which means all."""
    match = _RANGE.fullmatch(wanted.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2] or size) + 1)
        if match[2] and int(match[2]) < start:
            return None
    return start, end
