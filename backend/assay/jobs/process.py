"""One analysis at a time in a child process, which hostile media may crash or hang without harm.

The command line and the worker both run the pipeline this way. Messages are JSON, never pickles:
whatever a broken decoder makes of the child, it cannot run code in the parent.
"""

import json
import logging
import multiprocessing
import os
import queue
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Protocol, Self

from threadpoolctl import threadpool_limits

from assay.errors import AssayError, internal_error
from assay.evidence import AS_USUAL, Asked, Report, StageEvent, StageState
from assay.jobs import logs
from assay.progress import Emit, ShouldContinue
from assay.settings import LogFormat, Settings

log = logging.getLogger(__name__)

Save = Callable[[str, bytes], None]

POLL_SECONDS = 0.1
"""How soon a cancellation is noticed here."""
STOP_SECONDS = 5.0
"""How long a cancelled analysis may take to notice before its process is ended."""
BEAT_SECONDS = 1.0
"""How often a busy child says that it lives."""


class Analyse(Protocol):
    """`pipeline.analyse` with settings and models filled in."""

    def __call__(
        self, path: Path, *, emit: Emit, should_continue: ShouldContinue, save: Save, asked: Asked
    ) -> Report: ...


Load = Callable[[Settings], Analyse]
"""Called in the child, so that the parent imports no decoder and no model runtime."""


def load_pipeline(settings: Settings) -> Analyse:
    """The real analysis."""
    from assay.models.sessions import ModelStore
    from assay.pipeline import analyse

    # Branches run side by side already. Where others want the cores too, the threads of several
    # matrix products wait for each other: one thread each is three times as fast then.
    threadpool_limits(1, user_api="blas")
    models = ModelStore(settings.models_dir, settings.threads)
    return partial(analyse, settings=settings, models=models)


class CrashError(Exception):
    """The child process ended in the middle of an analysis.

    Attributes:
        was_killed: Somebody outside ended it, and not for want of memory: the file is innocent.
    """

    def __init__(self, exit_code: int | None, out_of_memory: bool) -> None:
        super().__init__(f"exit code {exit_code}" + ", out of memory" * out_of_memory)
        self.was_killed = exit_code == -signal.SIGKILL and not out_of_memory


class HangUpError(Exception):
    """Nobody is at the other end of the pipe any more."""


class AnalysisProcess:
    """The parent's end. Use as a context manager, from one thread."""

    def __init__(self, settings: Settings, load: Load = load_pipeline) -> None:
        self._settings = settings
        self._load = load
        self._context = multiprocessing.get_context("spawn")
        self._child: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._scratch: Path | None = None
        self._memory_kills = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.end()

    def analyse(
        self,
        path: Path,
        *,
        emit: Emit,
        should_continue: ShouldContinue,
        save: Save,
        asked: Asked = AS_USUAL,
    ) -> Report:
        """Analyse a file.

        Args:
            path: A local file.
            emit: Called here with every stage event.
            should_continue: Asked here every tenth of a second.
            save: Called here with every artefact, name and content.
            asked: What is to be examined of it, and how.

        Raises:
            CrashError: The process died. The next call starts another.
            AssayError: What the pipeline raised; `cancelled` when it was not wanted any more;
                `analysis_stalled` when it gave no sign of life for `stall_seconds`.
        """
        pipe = self.start()
        over = False
        try:
            request = {
                "kind": "analyse",
                "job": logs.job.get(),
                "path": str(path),
                "asked": asked.model_dump(mode="json"),
            }
            _send(pipe, request)
            last = self._follow(pipe, emit, should_continue, save)
            over = True
        except HangUpError as error:
            raise self._crash() from error
        finally:
            if not over:
                # It died, or is in the middle of something that nobody listens to any more.
                self.end()
        if last["kind"] == "error":
            raise AssayError(last["code"], last["message"])
        return Report.model_validate_json(last["report"])

    def start(self) -> Connection:
        """Have a process ready; it loads code and models in the background."""
        if self._pipe is not None and self._child is not None and self._child.is_alive():
            return self._pipe
        self.end()
        self._pipe, theirs = self._context.Pipe()
        self._scratch = Path(tempfile.mkdtemp(prefix="assay-"))
        self._memory_kills = _memory_kills()
        self._child = self._context.Process(
            target=_child, args=(theirs, self._scratch, self._settings, self._load), daemon=True
        )
        self._child.start()
        theirs.close()
        return self._pipe

    def end(self) -> None:
        """Kill the process, if there is one, with the programs that it started.

        What it left in its scratch folder is removed.
        """
        if self._child is not None and self._child.pid is not None:  # else it did not even start
            with suppress(ProcessLookupError):  # it has no group yet, or nobody is left in it
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.kill()
            self._child.join()
            self._child.close()
        if self._pipe is not None:
            self._pipe.close()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
        self._child = self._pipe = self._scratch = None

    def _crash(self) -> CrashError:
        """How the process died."""
        assert self._child is not None
        self._child.join(STOP_SECONDS)
        return CrashError(self._child.exitcode, _memory_kills() > self._memory_kills)

    def _follow(
        self, pipe: Connection, emit: Emit, should_continue: ShouldContinue, save: Save
    ) -> dict[str, Any]:
        """Pass on what the child says, up to its last message of this analysis."""
        alive_at = time.monotonic()
        stop_at: float | None = None
        while True:
            if pipe.poll(POLL_SECONDS):
                message, content = _receive(pipe)
                alive_at = time.monotonic()
                if stop_at is None and message["kind"] == "event":
                    emit(StageEvent.model_validate(message["event"]))
                if stop_at is None and message["kind"] == "artefact":
                    save(message["name"], content)
                if message["kind"] in ("report", "error"):
                    return message if stop_at is None else _CANCELLED
            if time.monotonic() - alive_at > self._settings.stall_seconds:
                raise AssayError(
                    "analysis_stalled",
                    "The analysis of this file got stuck; re-encode it and try again.",
                )
            if stop_at is None and not should_continue():
                stop_at = time.monotonic()
                _send(pipe, {"kind": "stop"})
            if stop_at is not None and time.monotonic() - stop_at > STOP_SECONDS:
                raise AssayError(_CANCELLED["code"], _CANCELLED["message"])


def _memory_kills(counters: Path = Path("/proc/vmstat")) -> int:
    """How many processes this machine has ended for want of memory; 0 where it does not say."""
    with suppress(OSError):
        for line in counters.read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


_CANCELLED: dict[str, Any] = {
    "kind": "error",
    "code": "cancelled",
    "message": "The analysis was cancelled.",
}


def _send(pipe: Connection, message: dict[str, Any], content: bytes = b"") -> None:
    """A message is its JSON and then a second packet, empty but for artefacts."""
    try:
        pipe.send_bytes(json.dumps(message).encode())
        pipe.send_bytes(content)
    except OSError as error:
        raise HangUpError from error


def _receive(pipe: Connection) -> tuple[dict[str, Any], bytes]:
    try:
        return json.loads(pipe.recv_bytes()), pipe.recv_bytes()
    except (EOFError, OSError) as error:
        raise HangUpError from error


# ---------------------------------------------------------------------------- the child's end


def _child(pipe: Connection, scratch: Path, settings: Settings, load: Load) -> None:
    """Serve analyses until the parent goes away."""
    # A group of its own: the programs that repair media end when it is ended, and not without it.
    os.setsid()
    # The parent decides when to stop, also when a terminal or a service manager signals us all.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Standard output may be the parent's JSON lines, and decoders print when they like.
    os.dup2(2, 1)
    # Copies that repair makes lie where they are found, however this process ends.
    tempfile.tempdir = str(scratch)
    if settings.log_format is LogFormat.JSON:  # else warnings alone, as Python shows them
        logs.configure(settings.log_format)
    line = _Line(pipe, scratch)
    analyse: Analyse | None = None
    with suppress(Exception):  # raised again, and told, at the first request
        analyse = load(settings)
    while True:
        request = line.requests.get()
        logs.job.set(request["job"])
        try:
            analyse = analyse or load(settings)
            report = analyse(
                Path(request["path"]),
                emit=line.emit,
                should_continue=line.should_continue,
                save=line.save,
                asked=Asked.model_validate(request["asked"]),
            )
            line.say({"kind": "report", "report": report.model_dump_json(by_alias=True)})
        except AssayError as error:
            line.fail(error)
        except Exception:
            log.exception("The analysis failed unexpectedly")
            line.fail(internal_error())


class _Line:
    """The child's end of the pipe. Branches may run in several threads, so it takes turns."""

    def __init__(self, pipe: Connection, scratch: Path) -> None:
        self.requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._pipe, self._scratch = pipe, scratch
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._said_at = 0.0
        threading.Thread(target=self._listen, daemon=True).start()

    def say(self, message: dict[str, Any], content: bytes = b"") -> None:
        with self._turn:
            _send(self._pipe, message, content)
            self._said_at = time.monotonic()

    def fail(self, error: AssayError) -> None:
        self.say({"kind": "error", "code": error.code, "message": error.message})

    def emit(self, event: StageEvent) -> None:
        logs.stage.set(event.stage if event.state is StageState.RUNNING else None)
        self.say({"kind": "event", "event": event.model_dump(mode="json")})

    def save(self, name: str, content: bytes) -> None:
        self.say({"kind": "artefact", "name": name}, content)

    def should_continue(self) -> bool:
        """Asked often by the pipeline; the parent takes it as a sign of life."""
        if time.monotonic() - self._said_at > BEAT_SECONDS:
            self.say({"kind": "alive"})
        return not self._stop.is_set()

    def _listen(self) -> None:
        while True:
            try:
                message, _ = _receive(self._pipe)
            except HangUpError:
                # The parent is gone, and the main thread may be deep in a decoder.
                shutil.rmtree(self._scratch, ignore_errors=True)
                os.killpg(0, signal.SIGKILL)  # ourselves, and the programs that we started
            if message["kind"] == "stop":
                self._stop.set()
            else:
                self._stop.clear()
                self.requests.put(message)
