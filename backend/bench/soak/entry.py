"""What the scenarios start: a server with its worker, or a worker alone, with scripted analyses.

    python -m bench.soak.entry serve PORT | worker

The settings come from the environment, as those of `assay serve`. With SOAK_CLOCK, the clock is
that of the machine plus the seconds in that file: it can be set without setting the machine's.
"""

import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def _offset() -> float:
    try:
        return float(Path(os.environ["SOAK_CLOCK"]).read_text())
    except (OSError, ValueError):  # it is being written
        return 0.0


def _shift_the_clock() -> None:
    """At import, for the worker and its analysis process import this module as well."""
    true: Callable[[], int] = time.time_ns
    time.time_ns = lambda: true() + int(_offset() * 1e9)
    time.time = lambda: time.time_ns() / 1e9


if "SOAK_CLOCK" in os.environ:
    _shift_the_clock()

from assay.api.app import create_app  # noqa: E402, after the clock
from assay.api.server import Server  # noqa: E402
from assay.errors import AssayError  # noqa: E402
from assay.jobs.database import Database  # noqa: E402
from assay.jobs.supervisor import Supervisor  # noqa: E402
from assay.jobs.worker import run_worker  # noqa: E402
from assay.settings import Settings  # noqa: E402
from tests.jobs import scripted  # noqa: E402


def main() -> None:
    """Serve or work until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    settings = Settings()
    try:
        if sys.argv[1] == "worker":
            run_worker(settings, scripted.load)
        Database(settings).prepare()
    except AssayError as error:
        sys.exit(error.message)
    # On PostgreSQL, workers are started apart, as in a cluster.
    alone = settings.database_url is not None
    supervisor = None if alone else Supervisor(settings, scripted.load)
    app = create_app(settings, supervisor, scripted.GRAPH)
    with suppress(KeyboardInterrupt):
        Server(app, "127.0.0.1", int(sys.argv[2]), log_level="warning").run()


if __name__ == "__main__":
    main()
