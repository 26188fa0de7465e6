"""Worker processes for tests to start and kill."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from assay.jobs.worker import run_worker
from assay.settings import Settings
from tests.jobs import scripted
from tests.serving import PATIENCE


def work(settings: Settings) -> None:
    """A worker whose pipeline is the scripted one."""
    run_worker(settings, scripted.load)


class Workers:
    """Starts worker processes, and ends those that are left."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._all: list[BaseProcess] = []

    def start(self, settings: Settings, entry: Callable[[Settings], None] = work) -> BaseProcess:
        worker = self._context.Process(target=entry, args=(settings,))
        worker.start()
        self._all.append(worker)
        return worker

    def end(self) -> None:
        for worker in self._all:
            worker.kill()
            worker.join()


def stop(worker: BaseProcess, number: int) -> None:
    """Send a signal and see the worker go."""
    assert worker.pid is not None
    os.kill(worker.pid, number)
    worker.join(PATIENCE)
    assert worker.exitcode is not None
