"""Receives a multipart upload: straight to disk, counted and hashed on the way.

FastAPI's own form parsing would spool to a temporary folder first, which may be memory, and would
start only after all had arrived.
"""

import hashlib
import logging
import time
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import anyio
from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from assay.api.media_type import media_type
from assay.errors import AssayError
from assay.jobs.media_store import MediaStore
from assay.jobs.service import Upload
from assay.media.io.sniff import HEAD_BYTES, not_media, sniff

log = logging.getLogger(__name__)

FLUSH_BYTES = 1024 * 1024
"""Written and hashed at once, in a thread."""
ENVELOPE_BYTES = 64 * 1024
"""What a multipart body may hold beside the file: other fields, headers, what follows the end."""
GRACE_SECONDS = 30.0
MIN_BYTES_PER_SECOND = 4096
"""A body may keep us waiting for the grace, and longer by what it has brought at this rate."""
MAX_PARTS = 8
MOST_SHOWN: Final = 40
"""Characters of a field's name that an error repeats."""
FIELDS: Final = (b"full", b"thorough", b"start", b"end", b"webhook", b"retain")
"""Of the form, beside the file: how it is to be examined, who is told of the end, what is kept."""
MAX_NAME = 120
"""Characters of a file name that are kept for display."""


@asynccontextmanager
async def received(
    request: Request, store: MediaStore, max_bytes: int
) -> AsyncIterator[tuple[Upload, dict[str, str]]]:
    """Receive the field `file`, and those of `FIELDS` that are there, as they were written.

    The file is removed at the end unless the store has taken it.

    Raises:
        AssayError: `too_large`, `too_slow`, `not_media`, `empty_file`, `missing_file`,
            `invalid_request` or `storage_failed`.
    """
    parts = _Parts()
    parser = _parser(request, parts)
    draft: _Draft | None = None
    request.state.unread = True
    try:
        draft = await run_in_threadpool(_Draft, store, max_bytes)
        _refuse_length(request, max_bytes)
        body_bytes = 0
        async for chunk in _paced(request.stream()):
            body_bytes += len(chunk)
            _feed(parser, chunk)
            if body_bytes - parts.file_bytes > ENVELOPE_BYTES:
                raise AssayError(
                    "invalid_request", "The form holds too much beside the file; send one file."
                )
            if len(parts.file) >= FLUSH_BYTES or draft.wants_head(len(parts.file)):
                await run_in_threadpool(draft.write, parts.take())
        request.state.unread = False
        await run_in_threadpool(draft.write, parts.take())
        yield draft.finish(parts), parts.fields()
    except ClientDisconnect as error:
        raise AssayError("invalid_request", "The upload was cut off; send it again.") from error
    except OSError as error:
        log.exception("An upload could not be stored")
        raise AssayError(
            "storage_failed", "The server cannot store files at the moment; try again later."
        ) from error
    finally:
        if draft is not None:
            await run_in_threadpool(draft.discard)


class _Draft:
    """The file on its way to disk. Its methods block."""

    def __init__(self, store: MediaStore, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._file = store.incoming()
        self._path = Path(self._file.name)
        self._hash = hashlib.sha256()
        self._size = 0
        self._media_type: str | None = None

    def wants_head(self, pending: int) -> bool:
        """Whether the first bytes are there and have not been looked at."""
        return self._media_type is None and pending >= HEAD_BYTES

    def write(self, data: bytes) -> None:
        if not data:
            return
        if self._media_type is None:
            family = sniff(data[:HEAD_BYTES])
            if family is None:
                raise not_media(data[:HEAD_BYTES])
            self._media_type = media_type(family)
        self._size += len(data)
        if self._size > self._max_bytes:
            raise _too_large(self._max_bytes)
        self._file.write(data)
        self._hash.update(data)

    def finish(self, parts: "_Parts") -> Upload:
        """All has arrived."""
        if not parts.is_complete:
            raise AssayError("invalid_request", "The upload is incomplete; send it again.")
        if parts.file_name is None:
            raise _missing_file()
        if self._media_type is None:
            raise AssayError("empty_file", "The file is empty; send it again.")
        self._file.flush()
        return Upload(
            path=self._path,
            sha256=self._hash.hexdigest(),
            size_bytes=self._size,
            file_name=display_name(parts.file_name),
            media_type=self._media_type,
        )

    def discard(self) -> None:
        """Remove it, unless the store has taken it."""
        self._path.unlink(missing_ok=True)
        with suppress(OSError):  # a full disk says so once more
            self._file.close()


@dataclass
class _Parts:
    """What the parser has found so far; the bytes of the file wait in `file` to be taken."""

    file: bytearray = field(default_factory=bytearray)
    file_bytes: int = 0
    file_name: str | None = None
    is_complete: bool = False
    _fields: dict[bytes, bytearray] = field(default_factory=dict)
    _count: int = 0
    _header: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _disposition: bytes = b""
    _target: bytearray | None = None
    _refused: str | None = None

    def fields(self) -> dict[str, str]:
        """What stands in the fields beside the file; one that is empty is as good as absent.

        Raises:
            AssayError: `invalid_request` where a field is none of `FIELDS`, or comes twice: what
                somebody asks for is never ignored in silence.
        """
        if self._refused is not None:
            raise AssayError("invalid_request", self._refused)
        words = {
            name.decode(): value.decode("utf-8", "replace").strip()
            for name, value in self._fields.items()
        }
        return {name: word for name, word in words.items() if word}

    def take(self) -> bytes:
        data = bytes(self.file)
        self.file.clear()
        return data

    def begin_part(self) -> None:
        self._count += 1
        if self._count > MAX_PARTS:
            raise AssayError("invalid_request", "The form has too many fields; send one file.")
        self._disposition = b""

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def end_headers(self) -> None:
        """Decide where the part's bytes go."""
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"")
        if name == b"file":
            if self.file_name is not None:
                raise AssayError("invalid_request", "Send one file at a time.")
            self.file_name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._target = self.file if name == b"file" else None
        if name in FIELDS and name not in self._fields:
            self._target = self._fields[name] = bytearray()
        elif name != b"file" and self._refused is None:
            shown = "".join(filter(str.isprintable, name.decode("utf-8", "replace")))[:MOST_SHOWN]
            known = ", ".join(f"`{field.decode()}`" for field in FIELDS)
            self._refused = (
                f"The field `{shown}` comes twice."
                if name in FIELDS
                else f"There is no field `{shown}`. Beside `file` there are {known}."
            )

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._target is None:
            return
        self._target += data[start:end]
        if self._target is self.file:
            self.file_bytes += end - start

    def end(self) -> None:
        self.is_complete = True


def _parser(request: Request, parts: _Parts) -> MultipartParser:
    content_type, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if content_type != b"multipart/form-data" or not boundary:
        raise _missing_file()
    try:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin_part,
                "on_header_field": parts.header_name,
                "on_header_value": parts.header_value,
                "on_header_end": parts.end_header,
                "on_headers_finished": parts.end_headers,
                "on_part_data": parts.data,
                "on_end": parts.end,
            },
        )
    except FormParserError as error:
        raise _malformed() from error


async def _paced(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The body, as long as it does not come too slowly.

    Only what we wait for the sender counts, not what we do with the bytes in between.

    Raises:
        AssayError: `too_slow`.
    """
    allowed = GRACE_SECONDS
    while True:
        began = time.monotonic()
        try:
            with anyio.fail_after(allowed):
                chunk = await anext(body)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise AssayError(
                "too_slow", "The upload came too slowly; send it over a better connection."
            ) from error
        allowed += len(chunk) / MIN_BYTES_PER_SECOND - (time.monotonic() - began)
        yield chunk


def _feed(parser: MultipartParser, chunk: bytes) -> None:
    try:
        parser.write(chunk)
    except FormParserError as error:
        raise _malformed() from error


def _refuse_length(request: Request, max_bytes: int) -> None:
    """What is announced as too large need not be sent; what is not announced is counted."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes + ENVELOPE_BYTES:
        raise _too_large(max_bytes)


def display_name(raw: str) -> str:
    """A name for people: no folders, no control or direction characters, of bounded length."""
    name = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if character.isspace() else character for character in name)
    name = "".join(c for c in name if not unicodedata.category(c).startswith("C"))
    name = " ".join(name.split())
    stem, dot, suffix = name.rpartition(".")
    if len(name) > MAX_NAME and stem and len(suffix) <= 8:
        name = stem[: MAX_NAME - len(suffix) - 2] + "…" + dot + suffix
    return name[:MAX_NAME] or "unnamed"


def _too_large(max_bytes: int) -> AssayError:
    limit = max_bytes / 1024 / 1024
    return AssayError("too_large", f"The file is larger than {limit:g} MB; send a shorter piece.")


def _missing_file() -> AssayError:
    return AssayError(
        "missing_file", "Send the file as multipart/form-data, in a field named `file`."
    )


def _malformed() -> AssayError:
    return AssayError("invalid_request", "The form is malformed; send it again.")
