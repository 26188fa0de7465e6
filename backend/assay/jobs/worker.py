"""A worker: dequeues analyses with DBOS, runs each in its analysis process, publishes the outcome.

Two steps, both safe to repeat: analyse, publish the report. DBOS brings a job back after the worker
was killed, at the step it had not finished; `runs.py` counts how often that happened.
"""

import fcntl
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any, NoReturn

from dbos import DBOS, StepOptions
from sqlalchemy.exc import OperationalError

from assay.errors import AssayError, internal_error
from assay.evidence import StageEvent
from assay.jobs import logs, tracing, webhooks
from assay.jobs.database import Database
from assay.jobs.media_store import REPORT, StoreAwayError
from assay.jobs.process import AnalysisProcess, CrashError, Load, load_pipeline
from assay.jobs.retention import Retention
from assay.jobs.runs import Outcome, Run, Runs
from assay.jobs.service import APPLICATION, QUEUE, WORKFLOW, dbos_client
from assay.jobs.storage import open_store
from assay.jobs.tracing import Stages, traced
from assay.settings import Settings

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
"""How soon a job is noticed; idle, a worker spends some 3 % of a core on asking."""
SHARED_POLL_SECONDS = 0.05
"""The same among several workers, which take no job in advance: this is the gap between two jobs.
Idle, it costs such a worker some 7 % of a core, and Postgres 2 %."""
BEAT_SECONDS = 2.0
"""How often a worker says that it lives, and looks for what is to be told or removed."""
WEBHOOKS_AT_ONCE = 8
WEBHOOK_POLL_SECONDS = 1.0
WANTED_SECONDS = 0.25
"""How often a running analysis looks whether it has been cancelled."""
AGAIN_SECONDS = 1.0
"""After an analysis was killed from outside: whoever did it may not be through."""
RETRY_SECONDS = 2.0
"""How often a step that has lost its database tries again."""
AWAY = (OperationalError, StoreAwayError)
"""What a step waits for to come back."""
VERSION = "1"
"""Shape of the workflow. DBOS only resumes jobs of the same shape, so it is no release number."""


def run_worker(settings: Settings, load: Load = load_pipeline) -> NoReturn:
    """Work until told to stop (SIGTERM or SIGINT), or until the process that started it is gone.

    Raises:
        AssayError: `conflict` if this database allows one worker and has it.
    """
    stop = _stop_event()
    tracing.configure()
    database = Database(settings)
    claim = _only_worker(settings.data_dir) if database.is_sqlite else None
    database.prepare()
    worker = Worker(settings, database, load)
    status = 0
    try:
        worker.start()
        stop.wait()
    except Exception:
        log.exception("The worker could not start")
        status = 1
    try:
        worker.leave()
    except Exception:
        log.exception("The worker could not reach its database")
        status = 1
    del claim
    tracing.flush()
    # Threads of DBOS and of the analysis may be anywhere; the database knows all that matters.
    # And Python's own way out would wait for the analysis process, which waits for us.
    os._exit(status)


class Worker:
    """Connects DBOS, the runs and the analysis process."""

    def __init__(self, settings: Settings, database: Database, load: Load) -> None:
        self._id = str(uuid.uuid4())
        self._database = database
        self._media = media = open_store(settings)
        self._runs = Runs(database, media, self._id, settings.max_attempts)
        client = dbos_client(database)
        self._webhooks = webhooks.Webhooks(settings, database, client)
        self._retention = Retention(settings.retention_hours, database, media, client)
        self._process = AnalysisProcess(settings, load)
        # One analysis at a time, however many jobs DBOS hands out.
        self._turn = threading.Lock()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin to dequeue."""
        self._process.start()
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self._database.url,
                "application_version": VERSION,
                # The only worker of an SQLite file takes back at once what it was doing; among
                # several workers, those that live take over from those that do not.
                "executor_id": "only" if self._database.is_sqlite else self._id,
                "log_level": "WARNING",
                "run_migrations": False,
            }
        )

        @DBOS.workflow(name=webhooks.WORKFLOW, max_recovery_attempts=None)
        def deliver_webhook(analysis_id: str, attempt: int) -> None:
            DBOS.run_step(_step("deliver"), self._webhooks.deliver, analysis_id, attempt)

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
        def analyse_media(analysis_id: str) -> None:
            with self._turn:
                outcome = DBOS.run_step(_step("analyse"), self._analyse, analysis_id)
                if outcome is not None:
                    DBOS.run_step(_step("publish"), self._publish, analysis_id, outcome)

        # Before the first job can arrive, or others would take it for one of a lost worker.
        self._runs.beat()
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            # The next job waits here for its turn, and begins at once when the one before is over.
            # Not among several workers: another may have nothing to do.
            worker_concurrency=2 if self._database.is_sqlite else 1,
            polling_interval_sec=POLL_SECONDS if self._database.is_sqlite else SHARED_POLL_SECONDS,
        )
        DBOS.register_queue(
            webhooks.QUEUE,
            worker_concurrency=WEBHOOKS_AT_ONCE,
            polling_interval_sec=WEBHOOK_POLL_SECONDS,
        )
        threading.Thread(target=self._keep_beating, daemon=True).start()
        log.info("Worker %s is ready", self._id)

    def leave(self) -> None:
        """Stop in good order; an interrupted analysis waits for the next worker."""
        self._stopping.set()
        self._runs.leave()

    def _analyse(self, analysis_id: str) -> dict[str, Any] | None:
        """The first step: run the analysis until it ends one way or another.

        Returns:
            An `Outcome` as plain data, or None if there is nothing to publish.
        """
        logs.job.set(analysis_id)
        outcome = None
        while (run := self._next_run(analysis_id)) is not None:
            try:
                outcome = self._attempt(run)
                break
            except CrashError as crash:
                log.warning("Run %d of %s ended: %s", run.number, run.analysis_id, crash)
                self._runs.give_back(run, crash.was_killed)
                if crash.was_killed:
                    self._stopping.wait(AGAIN_SECONDS)
        self._park_if_stopping()
        return None if outcome is None else outcome.model_dump()

    def _publish(self, analysis_id: str, outcome: dict[str, Any]) -> None:
        """The second step."""
        logs.job.set(analysis_id)
        told = Outcome.model_validate(outcome)
        try:
            self._runs.publish(analysis_id, told)
        except AWAY:
            raise
        except Exception:
            log.exception("The report of analysis %s could not be published", analysis_id)
            error = internal_error()
            failed = {"error_code": error.code, "error_message": error.message}
            self._runs.publish(analysis_id, told.model_copy(update=failed))

    def _next_run(self, analysis_id: str) -> Run | None:
        self._park_if_stopping()
        return self._runs.begin(analysis_id)

    def _attempt(self, run: Run) -> Outcome | None:
        """Run once; None if nobody wants the outcome.

        Raises:
            CrashError: The analysis process died.
            OperationalError, StoreAwayError: Of the database, of the media store. That says
                nothing of the file.
        """
        log.info("Run %d of %s begins", run.number, run.analysis_id)
        try:
            with traced(run) as stages, self._media.fetched(run.sha256) as path:
                report = self._process.analyse(
                    path,
                    emit=partial(self._tell, run, stages),
                    should_continue=_at_most_every(
                        WANTED_SECONDS, partial(self._runs.is_wanted, run)
                    ),
                    save=partial(self._runs.save, run),
                    asked=run.asked,
                )
            self._runs.save(run, REPORT, report.model_dump_json(by_alias=True).encode())
            log.info("Run %d of %s is complete", run.number, run.analysis_id)
            return _outcome(run)
        except (CrashError, *AWAY):
            raise
        except AssayError as error:
            return None if error.code == "cancelled" else _outcome(run, error)
        except Exception:
            log.exception("Analysis %s failed unexpectedly", run.analysis_id)
            return _outcome(run, internal_error())

    def _tell(self, run: Run, stages: Stages, event: StageEvent) -> None:
        """What is logged while it is written is about its stage."""
        stages.tell(event)
        token = logs.stage.set(event.stage)
        try:
            self._runs.tell(run, event)
        finally:
            logs.stage.reset(token)

    def _keep_beating(self) -> None:
        while not self._stopping.wait(BEAT_SECONDS):
            try:
                self._runs.beat()
                self._webhooks.queue_ended()
                self._retention.sweep()
                if not self._database.is_sqlite:
                    self._take_over()
            except Exception:
                log.exception("The worker could not reach its database")

    def _take_over(self) -> None:
        """Queue again what workers that are gone had taken.

        DBOS is asked and not our rows: it hands a job out before the run begins, and a worker that
        stops gives back the row but not the job.
        """
        with self._database.writing() as connection:
            # One worker at a time, or the second would queue again what the first has begun.
            self._database.lock(connection, "take over")
            living = self._runs.living(connection)
            for queue in (QUEUE, webhooks.QUEUE):
                taken = DBOS.list_workflows(
                    status="PENDING", queue_name=queue, load_input=False, load_output=False
                )
                for job in taken:
                    if job.executor_id not in living:
                        DBOS.resume_workflow(job.workflow_id, queue_name=queue)

    def _park_if_stopping(self) -> None:
        """To return to DBOS now would end the job; whoever resumes it must find it unfinished."""
        if self._stopping.is_set():
            threading.Event().wait()


def _step(name: str) -> StepOptions:
    """A step waits for database and media store however long it takes.

    DBOS does so between the steps.

    A run that is cut short by it counts as killed: a file cannot use this to loop.
    """
    return {
        "name": name,
        "retries_allowed": True,
        "max_attempts": 1_000_000,
        "interval_seconds": RETRY_SECONDS,
        "backoff_rate": 1.0,
        "should_retry": lambda error: isinstance(error, AWAY),
    }


def _outcome(run: Run, error: AssayError | None = None) -> Outcome:
    return Outcome(
        number=run.number,
        error_code=error and error.code,
        error_message=error and error.message,
    )


def _at_most_every(seconds: float, ask: Callable[[], bool]) -> Callable[[], bool]:
    """Ask rarely, and answer with what was heard last in between."""
    answer, asked_at = True, 0.0

    def should_continue() -> bool:
        nonlocal answer, asked_at
        if time.monotonic() - asked_at >= seconds:
            answer, asked_at = ask(), time.monotonic()
        return answer

    return should_continue


def _stop_event() -> threading.Event:
    """Set when this process shall end."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    parent = multiprocessing.parent_process()
    if parent is None:
        signal.signal(signal.SIGINT, lambda *_: stop.set())
        return stop
    # Ctrl-C reaches every process of a terminal; the one that started us will tell us itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch(sentinel: int = parent.sentinel) -> None:
        multiprocessing.connection.wait([sentinel])
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    return stop


def _only_worker(data_dir: Path) -> IO[str]:
    """A lock that lasts as long as the returned file is open.

    Raises:
        AssayError: `conflict` if another process has it.
    """
    path = data_dir / "worker.lock"
    path.touch(mode=0o600)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise AssayError(
            "conflict",
            "Another worker already serves this data folder; for several workers, "
            "set ASSAY_DATABASE_URL to a Postgres database.",
        ) from error
    return file
