"""The log of every process of the service: lines for people, or JSON for programs.

Which analysis and which stage a line is about is bound where the work begins, and known in whatever
is called from there; in the process that analyses as well.
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from assay.settings import LogFormat

job: Final[ContextVar[str | None]] = ContextVar("job", default=None)
"""The id of the analysis that is worked on."""
stage: Final[ContextVar[str | None]] = ContextVar("stage", default=None)
"""The stage that it is in, as this thread knows."""

PLAIN: Final = "%(levelname)s:     %(message)s"


class JsonFormatter(logging.Formatter):
    """One JSON object a line. What is bound, and only that, stands under `job` and `stage`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "job": job.get(),
            "stage": stage.get(),
            "process": record.process,
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in fields.items() if value is not None})


def configure(log_format: LogFormat) -> None:
    """Have this process log to standard error, from INFO on; again replaces what was."""
    handler = logging.StreamHandler()
    is_json = log_format is LogFormat.JSON
    handler.setFormatter(JsonFormatter() if is_json else logging.Formatter(PLAIN))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
