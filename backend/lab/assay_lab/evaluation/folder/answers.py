"""What the service says of files, one JSON line each, appended as it comes.

Files are judged as uploads are: in a process of their own, so that one that crashes it costs its
own answer alone, and a run that was stopped goes on where it stood.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assay.errors import AssayError, analysis_crashed
from assay.evidence import Report, Verdict
from assay.jobs.process import AnalysisProcess, CrashError
from assay_lab.core import json_lines
from assay_lab.data.rows import Row


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of a file.

    probability: P(fake), None where nothing was weighed. scores: P(fake) by branch, None unless it
    was done. error: code of why there is no answer, else None; then the rest is empty. pipeline:
    version of what judged.
    """

    id: str
    verdict: Verdict
    probability: float | None
    scores: dict[str, float | None]
    error: str | None
    pipeline: str


def answer_all(rows: Iterable[Row], out: Path, process: AnalysisProcess, pipeline: str) -> None:
    """Append what the service says of each row.

    Args:
        rows: Their files' names are unique.
        out: JSON lines; may exist.
        process: Judges them.
        pipeline: Its version.
    """
    for row in rows:
        json_lines.append(out, asdict(_answer(row, process, pipeline)))


def read_answers(out: Path, pipeline: str) -> dict[str, Answer]:
    """What this version said, by the file's id; the last word counts."""
    answers = (_restored(line) for line in json_lines.read(out))
    return {answer.id: answer for answer in answers if answer.pipeline == pipeline}


def _restored(line: dict[str, Any]) -> Answer:
    return Answer(**line | {"verdict": Verdict(line["verdict"])})


def _answer(row: Row, process: AnalysisProcess, pipeline: str) -> Answer:
    try:
        report = _report(row, process)
    except AssayError as error:
        return Answer(row.path.stem, Verdict.INCONCLUSIVE, None, {}, error.code, pipeline)
    scores = {name: branch.score for name, branch in report.branches.items()}
    return Answer(row.path.stem, report.verdict, report.probability, scores, None, pipeline)


def _report(row: Row, process: AnalysisProcess) -> Report:
    try:
        return process.analyse(
            row.path.absolute(),
            emit=lambda event: None,
            should_continue=lambda: True,
            save=lambda name, content: None,
        )
    except CrashError as error:
        raise analysis_crashed() from error
