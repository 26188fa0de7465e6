"""Another program's way to a service, typed: `Client`, and `AsyncClient` for coroutines.

    with Client("https://assay.example", key="assay_...") as assay:
        analysis = assay.submit("clip.mp4")
        status = assay.wait(analysis.analysis_id)
        print(status.result.verdict)

Needs httpx: `pip install 'assay[client]'`. Answers are the service's own types; what a later
release adds to them is passed over.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Generic, Self, TypeVar

import anyio
import httpx
from pydantic import BaseModel

from assay.api.schemas import AnalysisPage, AnalysisStatus
from assay.evidence import Asked, Report
from assay.jobs.analysis import Ended, EventKind, Queued, Started
from assay.jobs.tracking import StageUpdate
from assay.signing import Signature

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

LOCAL: Final = "http://127.0.0.1:8000"
POLL_SECONDS: Final = 20
"""How long one request waits for the end of an analysis."""
RETRY_SECONDS: Final = 1.0
"""Before a stream that broke is opened again, and where a busy service names no time."""
TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)

File = str | Path | bytes | BinaryIO
"""A path, the bytes themselves, or something to read them from."""


class ServiceError(Exception):
    """The service has refused, or has failed.

    Attributes:
        code: Stable, as docs/errors.md lists them.
        status: Of HTTP.
        retry_after: Seconds after which the same may succeed, where the service says so.
    """

    def __init__(self, code: str, message: str, status: int, retry_after: int | None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.retry_after = retry_after

    @property
    def is_passing(self) -> bool:
        """Whether the same may succeed in a moment: it was busy, or the key's minute is used up."""
        return self.status == 503 or self.code == "rate_limited"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an analysis. A reader resumes behind its `seq`."""

    seq: int
    kind: EventKind
    data: Queued | Started | StageUpdate | Ended


_DATA: Final[Mapping[str, type[Queued | Started | StageUpdate | Ended]]] = {
    EventKind.QUEUED: Queued,
    EventKind.STARTED: Started,
    EventKind.STAGE: StageUpdate,
    EventKind.END: Ended,
}


# ------------------------------------------------------------------------ what can be asked


@dataclass(frozen=True, slots=True)
class _Call(Generic[T]):
    """A request, and how its answer is read. Both clients send the same."""

    method: str
    path: str
    read: Callable[[bytes], T]
    more: Mapping[str, Any] = field(default_factory=dict)


def _model(kind: type[M]) -> Callable[[bytes], M]:
    return lambda content: kind.model_validate_json(content, extra="ignore")


def _nothing(content: bytes) -> None:
    return None


def _raw(content: bytes) -> bytes:
    return content


_STATUS: Final = _model(AnalysisStatus)


def _submit(file: File, name: str | None, fields: Mapping[str, Any]) -> _Call[AnalysisStatus]:
    """What is None is left to the service. Fields go first, for they are read first."""
    content: bytes | BinaryIO
    if isinstance(file, str | Path):
        path = Path(file)
        content, name = path.open("rb"), name or path.name
    else:
        content = file
    told = {key: _word(value) for key, value in fields.items() if value is not None}
    form = {"data": told, "files": {"file": (name or "unnamed", content)}}
    return _Call("POST", "/analyze", _STATUS, form)


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _examine(analysis_id: str, asked: Asked) -> _Call[AnalysisStatus]:
    body = {"json": asked.model_dump(mode="json", by_alias=True)}
    return _Call("POST", f"/analyses/{analysis_id}/examinations", _STATUS, body)


def _status(analysis_id: str, wait: float = 0.0) -> _Call[AnalysisStatus]:
    more = {"params": {"wait": wait}} if wait else {}
    return _Call("GET", f"/status/{analysis_id}", _STATUS, more)


def _report(analysis_id: str) -> _Call[Report]:
    return _Call("GET", f"/report/{analysis_id}", _model(Report))


def _report_bytes(analysis_id: str) -> _Call[bytes]:
    return _Call("GET", f"/report/{analysis_id}", _raw)


def _signature(analysis_id: str) -> _Call[Signature]:
    return _Call("GET", f"/report/{analysis_id}/signature", _model(Signature))


def _artefact(analysis_id: str, name: str) -> _Call[bytes]:
    return _Call("GET", f"/report/{analysis_id}/{name}", _raw)


def _page(wanted: Mapping[str, str], cursor: str | None) -> _Call[AnalysisPage]:
    params = {**wanted, "limit": "100"} | ({} if cursor is None else {"cursor": cursor})
    return _Call("GET", "/analyses", _model(AnalysisPage), {"params": params})


def _cancel(analysis_id: str) -> _Call[AnalysisStatus]:
    return _Call("POST", f"/cancel/{analysis_id}", _STATUS)


def _delete(analysis_id: str) -> _Call[None]:
    return _Call("DELETE", f"/analyses/{analysis_id}", _nothing)


def _stream(analysis_id: str, after: int) -> _Call[None]:
    headers = {"Accept": "text/event-stream"}
    if after:
        headers["Last-Event-ID"] = str(after)
    return _Call("GET", f"/events/{analysis_id}", _nothing, {"headers": headers})


# ------------------------------------------------------------------------------ the clients


class Client:
    """For programs that wait. Use as a context manager, or `close` it.

    Args:
        address: Where the service is.
        key: As `assay keys create` printed it; None where none is needed.
        http: An httpx client of your own, with proxies or certificates, say.

    All functions raise `ServiceError` where the service refuses, and `httpx.TransportError` where
    it cannot be reached.
    """

    def __init__(
        self, address: str = LOCAL, key: str | None = None, http: httpx.Client | None = None
    ) -> None:
        self._http = http or httpx.Client(timeout=TIMEOUT)
        self._http.base_url = httpx.URL(address)
        self._http.headers.update(_authorised(key))

    def submit(
        self,
        file: File,
        *,
        name: str | None = None,
        full: bool | None = None,
        thorough: bool | None = None,
        start: float | None = None,
        end: float | None = None,
        webhook: str | None = None,
        retain: bool | None = None,
    ) -> AnalysisStatus:
        """Send a file; what comes back has its id. Options are those of POST /analyze."""
        fields = {
            "full": full,
            "thorough": thorough,
            "start": start,
            "end": end,
            "webhook": webhook,
            "retain": retain,
        }
        return self._ask(_submit(file, name, fields))

    def examine_again(self, analysis_id: str, asked: Asked) -> AnalysisStatus:
        """Examine a stored file in another way: a new analysis."""
        return self._ask(_examine(analysis_id, asked))

    def status(self, analysis_id: str) -> AnalysisStatus:
        """Where an analysis stands now."""
        return self._ask(_status(analysis_id))

    def wait(self, analysis_id: str, seconds: float | None = None) -> AnalysisStatus:
        """Where it stands once it has ended, in whichever way.

        Raises:
            TimeoutError: It has not ended in so many seconds. It goes on.
        """
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            rest = POLL_SECONDS if until is None else until - time.monotonic()
            pause = 0.0
            try:
                status = self._ask(_status(analysis_id, min(POLL_SECONDS, max(rest, 0.0))))
                if status.status != "processing":
                    return status
            except ServiceError as error:
                pause = _pause(error)
            if rest <= 0:
                raise TimeoutError("The analysis has not ended yet.")
            time.sleep(min(pause, rest))

    def events(self, analysis_id: str, after: int = 0) -> Iterator[Event]:
        """All that happened and happens to it, to the end, through lost connections.

        Args:
            after: The `seq` of the last event that is known already.
        """
        while True:
            with suppress(httpx.TransportError):
                call = _stream(analysis_id, after)
                with self._http.stream(call.method, call.path, **call.more) as answer:
                    if not answer.is_success:
                        answer.read()
                        raise _error(answer)
                    parser = _Parser()
                    for line in answer.iter_lines():
                        event = parser.feed(line)
                        if event is not None:
                            yield event
                            after = max(after, event.seq)
                            if event.kind is EventKind.END:
                                return
            time.sleep(RETRY_SECONDS)

    def report(self, analysis_id: str) -> Report:
        """The full evidence of a complete analysis."""
        return self._ask(_report(analysis_id))

    def signed_report(self, analysis_id: str) -> tuple[bytes, Signature]:
        """The report byte for byte, and the signature over these bytes: for `assay verify`."""
        return self._ask(_report_bytes(analysis_id)), self._ask(_signature(analysis_id))

    def artefact(self, analysis_id: str, name: str) -> bytes:
        """A picture or curve that the report names."""
        return self._ask(_artefact(analysis_id, name))

    def list(self, **wanted: str) -> Iterator[AnalysisStatus]:
        """Analyses, page by page. Wanted: `q`, `verdict`, `kind`, `order`, as GET /analyses."""
        cursor = None
        while True:
            page = self._ask(_page(wanted, cursor))
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def cancel(self, analysis_id: str) -> AnalysisStatus:
        """Stop an analysis that waits or runs."""
        return self._ask(_cancel(analysis_id))

    def delete(self, analysis_id: str) -> None:
        """Remove an analysis with its file and its report."""
        self._ask(_delete(analysis_id))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _ask(self, call: _Call[T]) -> T:
        answer = self._http.request(call.method, call.path, **call.more)
        if not answer.is_success:
            raise _error(answer)
        return call.read(answer.content)


class AsyncClient:
    """As `Client`, for coroutines of asyncio or trio."""

    def __init__(
        self, address: str = LOCAL, key: str | None = None, http: httpx.AsyncClient | None = None
    ) -> None:
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT)
        self._http.base_url = httpx.URL(address)
        self._http.headers.update(_authorised(key))

    async def submit(
        self,
        file: File,
        *,
        name: str | None = None,
        full: bool | None = None,
        thorough: bool | None = None,
        start: float | None = None,
        end: float | None = None,
        webhook: str | None = None,
        retain: bool | None = None,
    ) -> AnalysisStatus:
        """As `Client.submit`. The file is read in between, piece by piece."""
        fields = {
            "full": full,
            "thorough": thorough,
            "start": start,
            "end": end,
            "webhook": webhook,
            "retain": retain,
        }
        return await self._ask(_submit(file, name, fields))

    async def examine_again(self, analysis_id: str, asked: Asked) -> AnalysisStatus:
        """As `Client.examine_again`."""
        return await self._ask(_examine(analysis_id, asked))

    async def status(self, analysis_id: str) -> AnalysisStatus:
        """As `Client.status`."""
        return await self._ask(_status(analysis_id))

    async def wait(self, analysis_id: str, seconds: float | None = None) -> AnalysisStatus:
        """As `Client.wait`."""
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            rest = POLL_SECONDS if until is None else until - time.monotonic()
            pause = 0.0
            try:
                status = await self._ask(_status(analysis_id, min(POLL_SECONDS, max(rest, 0.0))))
                if status.status != "processing":
                    return status
            except ServiceError as error:
                pause = _pause(error)
            if rest <= 0:
                raise TimeoutError("The analysis has not ended yet.")
            await anyio.sleep(min(pause, rest))

    async def events(self, analysis_id: str, after: int = 0) -> AsyncIterator[Event]:
        """As `Client.events`."""
        while True:
            with suppress(httpx.TransportError):
                call = _stream(analysis_id, after)
                async with self._http.stream(call.method, call.path, **call.more) as answer:
                    if not answer.is_success:
                        await answer.aread()
                        raise _error(answer)
                    parser = _Parser()
                    async for line in answer.aiter_lines():
                        event = parser.feed(line)
                        if event is not None:
                            yield event
                            after = max(after, event.seq)
                            if event.kind is EventKind.END:
                                return
            await anyio.sleep(RETRY_SECONDS)

    async def report(self, analysis_id: str) -> Report:
        """As `Client.report`."""
        return await self._ask(_report(analysis_id))

    async def signed_report(self, analysis_id: str) -> tuple[bytes, Signature]:
        """As `Client.signed_report`."""
        return (
            await self._ask(_report_bytes(analysis_id)),
            await self._ask(_signature(analysis_id)),
        )

    async def artefact(self, analysis_id: str, name: str) -> bytes:
        """As `Client.artefact`."""
        return await self._ask(_artefact(analysis_id, name))

    async def list(self, **wanted: str) -> AsyncIterator[AnalysisStatus]:
        """As `Client.list`."""
        cursor = None
        while True:
            page = await self._ask(_page(wanted, cursor))
            for item in page.items:
                yield item
            cursor = page.next_cursor
            if cursor is None:
                return

    async def cancel(self, analysis_id: str) -> AnalysisStatus:
        """As `Client.cancel`."""
        return await self._ask(_cancel(analysis_id))

    async def delete(self, analysis_id: str) -> None:
        """As `Client.delete`."""
        await self._ask(_delete(analysis_id))

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _ask(self, call: _Call[T]) -> T:
        answer = await self._http.request(call.method, call.path, **call.more)
        if not answer.is_success:
            raise _error(answer)
        return call.read(answer.content)


# ------------------------------------------------------------------------------ what is read


class _Parser:
    """Server-sent events, line by line. Kinds of a later release are passed over."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}

    def feed(self, line: str) -> Event | None:
        """An event, if this line ends one."""
        if line:
            name, _, value = line.partition(":")
            self._fields[name] = value.removeprefix(" ")
            return None
        fields, self._fields = self._fields, {}
        kind = _DATA.get(fields.get("event", ""))
        if kind is None or "data" not in fields:
            return None
        data = kind.model_validate_json(fields["data"], extra="ignore")
        # Only the end may come without a number: when the analysis was deleted meanwhile.
        return Event(int(fields.get("id", 0)), EventKind(fields["event"]), data)


def _authorised(key: str | None) -> dict[str, str]:
    return {} if key is None else {"Authorization": f"Bearer {key}"}


def _pause(error: ServiceError) -> float:
    """How long to wait before the same again; raises what will not pass."""
    if not error.is_passing:
        raise error
    return RETRY_SECONDS if error.retry_after is None else float(error.retry_after)


def _error(answer: httpx.Response) -> ServiceError:
    """From a problem, or whatever else has answered: a proxy, say."""
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        problem = {}
    after = answer.headers.get("Retry-After", "")
    return ServiceError(
        str(problem.get("code", "internal")),
        str(problem.get("detail", f"The service answered with status {answer.status_code}.")),
        answer.status_code,
        int(after) if after.isdecimal() else None,
    )
