"""Lines for programs: one JSON object each, with what they are about."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.jobs import logs
from assay.settings import LogFormat

log = logging.getLogger("assay.test")


@pytest.fixture(autouse=True)
def root() -> Iterator[None]:
    """The root logger as it was."""
    logger = logging.getLogger()
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_line_says_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogFormat.JSON)
    log.info('a "quoted"\nline of %s', "two")
    tokens = logs.job.set("some-id"), logs.stage.set("visual")
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        log.exception("It failed")
    finally:
        logs.job.reset(tokens[0])
        logs.stage.reset(tokens[1])
    log.debug("not wanted")
    first, second = lines(capsys.readouterr().err)
    assert first["message"] == 'a "quoted"\nline of two'
    assert (first["level"], first["logger"]) == ("INFO", "assay.test")
    assert {"job", "stage", "exception"} & set(first) == set()
    assert (second["job"], second["stage"]) == ("some-id", "visual")
    assert "ZeroDivisionError" in str(second["exception"])
    assert str(second["time"]).endswith("+00:00")


def test_lines_for_people_are_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogFormat.PLAIN)
    log.warning("Beware")
    assert capsys.readouterr().err == "WARNING:     Beware\n"


PROGRAM = """
import logging
from pathlib import Path
from assay.evidence import StageEvent, StageState
from assay.jobs import logs
from assay.jobs.process import AnalysisProcess
from assay.settings import Settings

def load(settings):
    return analyse

def analyse(path, *, emit, should_continue, save, asked):
    emit(StageEvent(stage="visual", state=StageState.RUNNING))
    logging.getLogger("decoder").warning("odd")
    emit(StageEvent(stage="visual", state=StageState.DONE))
    logging.getLogger("decoder").warning("over")
    raise ZeroDivisionError

if __name__ == "__main__":
    logs.job.set("some-id")
    with AnalysisProcess(Settings(log_format="json"), load) as process:
        try:
            process.analyse(Path("x"), emit=lambda e: None, should_continue=lambda: True, save=None)
        except Exception:
            pass
"""


def test_the_process_that_analyses_says_it_too(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    odd, over, failed = lines(done.stderr)
    assert (odd["message"], odd["job"], odd["stage"]) == ("odd", "some-id", "visual")
    assert (over["job"], over.get("stage")) == ("some-id", None)
    assert failed["job"] == "some-id"
    assert "ZeroDivisionError" in str(failed["exception"])
