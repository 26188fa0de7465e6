"""What the service says of files, one JSON line each, appended as it comes.

Files are judged as uploads are: in a process of their own, so that one that crashes it costs its
own answer alone, and a run that was stopped goes on where it stood.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from assay.errors import AssayError, analysis_crashed
from assay.evidence import Report, Verdict
from assay.jobs.process import AnalysisProcess, CrashError
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
    _mend(out)
    with out.open("a") as file:
        for row in rows:
            file.write(json.dumps(asdict(_answer(row, process, pipeline))) + "\n")
            file.flush()


def read_answers(out: Path, pipeline: str) -> dict[str, Answer]:
    """What this version said, by the file's id; the last word counts."""
    return {answer.id: answer for answer in _lines(out) if answer.pipeline == pipeline}


def _lines(out: Path) -> Iterator[Answer]:
    if not out.exists():
        return
    with out.open() as file:
        for line in file:
            if line.endswith("\n"):
                told = json.loads(line)
                yield Answer(**told | {"verdict": Verdict(told["verdict"])})


def _mend(out: Path) -> None:
    """Cut off the line in whose middle an earlier run was killed."""
    if out.exists():
        content = out.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            with out.open("r+b") as file:
                file.truncate(whole)


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
