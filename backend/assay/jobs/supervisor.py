"""Keeps one worker process alive beside the API, and starts another when it dies."""

import logging
import multiprocessing
import signal
import sys
import threading
import time
from typing import Final

from assay.errors import AssayError
from assay.jobs import logs
from assay.jobs.process import Load, load_pipeline
from assay.jobs.worker import run_worker
from assay.settings import Settings

log = logging.getLogger(__name__)

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
KILLS: Final = (-signal.SIGKILL, -signal.SIGTERM)
"""Exit codes of a worker that somebody outside has ended: the next one need not wait."""
HEALTHY_SECONDS = 60.0
"""A worker that lived so long did not die of its start: the delay begins anew."""
STOP_SECONDS = 10.0


class Supervisor:
    """Use `start` and `stop`; the rest happens in a thread."""

    def __init__(self, settings: Settings, load: Load = load_pipeline) -> None:
        self._settings = settings
        self._load = load
        self._context = multiprocessing.get_context("spawn")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._supervise, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop the worker, in good order if it can, and wait for it."""
        self._stopping.set()
        self._thread.join()

    def _supervise(self) -> None:
        delay = FIRST_DELAY
        while not self._stopping.is_set():
            started = time.monotonic()
            exit_code = None
            try:
                exit_code = self._run_one_worker()
            except OSError:  # no memory, no process left
                log.exception("A worker could not be started")
            if exit_code in KILLS or time.monotonic() - started > HEALTHY_SECONDS:
                delay = FIRST_DELAY
            if not self._stopping.wait(delay):
                log.warning("The worker ended (exit code %s); starting another", exit_code)
            delay = min(2 * delay, LONGEST_DELAY)

    def _run_one_worker(self) -> int | None:
        """Until it dies, or shall stop.

        Returns:
            Its exit code; negative is the signal that ended it.
        """
        worker = self._context.Process(target=_work, args=(self._settings, self._load))
        worker.start()
        while worker.is_alive() and not self._stopping.is_set():
            worker.join(0.2)
        exit_code = worker.exitcode
        worker.terminate()
        worker.join(STOP_SECONDS)
        worker.kill()
        worker.join()
        worker.close()
        return exit_code


def _work(settings: Settings, load: Load) -> None:
    """The worker process."""
    logs.configure(settings.log_format)
    try:
        run_worker(settings, load)
    except AssayError as error:
        log.error(error.message)
        sys.exit(1)
