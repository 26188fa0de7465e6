"""`evaluate-folder`: how good the service is on whatever media somebody has.

    python -m assay_lab evaluate-folder ~/my-collection --out ~/report
    python -m assay_lab evaluate-folder ~/FaceForensics++ ~/more --out ~/report --each 200

Folders are those that `build-data` reads: real/ and fake/, a known data set, or one that it built.
The files are judged as uploads are, by the shipped models and their own edges. OUT gets card.md,
metrics.json, answers.csv, thresholds.csv, jpeg-quality.csv and figures; a stopped run goes on, and
nothing else is written.
"""

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from assay.errors import AssayError
from assay.jobs.process import AnalysisProcess
from assay.models.manifest import ModelFolder
from assay.provenance import pipeline_version
from assay.settings import Settings, get_settings
from assay_lab.augment.files import copies, still
from assay_lab.augment.pictures import Corruption
from assay_lab.core.export import describe, leave_alone
from assay_lab.data.build import gather
from assay_lab.data.rows import Row
from assay_lab.evaluation.folder.answers import answer_all, read_answers
from assay_lab.evaluation.folder.card import card
from assay_lab.evaluation.folder.jpeg_sweep import QUALITIES, sweep_table, write_sweep
from assay_lab.evaluation.folder.measure import Judged, Numbers, report_of, scored_of
from assay_lab.fusion.examine import spread


def command(
    folders: Annotated[list[Path], typer.Argument(help="Anything that build-data reads")],
    out: Annotated[Path, typer.Option(help="Folder for the report; a second run continues it")],
    models: Annotated[
        Path | None, typer.Option(help="Models folder; by default the service's own")
    ] = None,
    each: Annotated[
        int, typer.Option(min=0, help="Stills of a source and label for the JPEG sweep")
    ] = 60,
) -> None:
    """Measure the service on folders of real and fake media."""
    settings = get_settings() if models is None else Settings(models_dir=models)
    leave_alone(settings.models_dir, out)
    try:
        rows = rows_of(folders, out / "media")
        pipeline = pipeline_version(ModelFolder(settings.models_dir).digest)
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    except AssayError as error:
        raise SystemExit(error.message) from None
    with AnalysisProcess(settings) as process:
        judge = partial(judge_all, out=out / "answers", process=process, pipeline=pipeline)
        judged = judge(rows, None)
        some = spread(readable_stills(judged), each)
        saved = {quality: judge(some, quality) for quality in QUALITIES} if some else {}
    known = {row.path for row in some}
    untouched = [one for one in judged if one.row.path in known]
    sweep = sweep_table(
        scored_of(untouched), {quality: scored_of(mine) for quality, mine in saved.items()}
    )
    folder_report = {
        "command": f"python -m assay_lab evaluate-folder --each {each}",
        "pipeline": pipeline,
        **report_of(judged),
        "jpeg": sweep,
    }
    write(folder_report, judged, out)
    typer.echo((out / "card.md").read_text())


def rows_of(folders: Sequence[Path], links: Path) -> list[Row]:
    """The media of all folders, under names that are unique.

    Raises:
        ValueError: A folder is none that can be read, or two that were built share names.
        OSError: A file is missing.
    """
    rows = {row.path: row for folder in folders for row in gather(folder, links, None)}
    if len({path.stem for path in rows}) < len(rows):
        raise ValueError("Files of two folders have one name: let build-data make one of both.")
    return list(rows.values())


def judge_all(
    rows: Sequence[Row], quality: int | None, out: Path, process: AnalysisProcess, pipeline: str
) -> list[Judged]:
    """What the service says of rows, or of copies of them; what it has said is not asked again.

    Args:
        rows: Their files' names are unique.
        quality: Of the JPEG that they are saved as first; None as they are.
        out: Folder of the answers.
        process: Judges them.
        pipeline: Its version.
    """
    out.mkdir(parents=True, exist_ok=True)
    name = "as it is" if quality is None else f"jpeg {quality}"
    lines = out / f"{name.replace(' ', '-')}.jsonl"
    known = read_answers(lines, pipeline)
    wanted = [row for row in rows if row.path.stem not in known]
    shown = _shown(wanted, name)
    if quality is not None:
        shown = copies(shown, lambda row: still(Corruption(jpeg=quality)))
    answer_all(shown, lines, process, pipeline)
    answers = read_answers(lines, pipeline)
    return [Judged(row, answers[row.path.stem]) for row in rows if row.path.stem in answers]


def _shown(rows: Sequence[Row], name: str) -> Iterator[Row]:
    """The rows, with a bar of how many are done, on a terminal."""
    print(f"{name}: {len(rows)} files to judge", flush=True)
    console = Console(stderr=True)
    yield from track(rows, name, console=console, transient=True, disable=not console.is_terminal)


def readable_stills(judged: Sequence[Judged]) -> list[Row]:
    """Pictures that have a probability."""
    return [
        row for row, answer in judged if row.modality == "image" and answer.probability is not None
    ]


def write(report: Numbers, judged: Sequence[Judged], out: Path) -> None:
    """The report and its tables."""
    whole = scored_of(judged)
    describe(out, report, card(report), {"all": whole} if whole.has_both else None)
    write_sweep(report["jpeg"], out)
    with (out / "thresholds.csv").open("w", newline="") as file:
        table = csv.writer(file)
        names = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "false_alarm_rate")
        table.writerow(("set", "by", "threshold", *names))
        for name, numbers in report["sets"].items():
            for by, found in numbers["thresholds"].items():
                table.writerow((name, by, found["threshold"], *(found[each] for each in names)))
    with (out / "answers.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ("file", "modality", "label", "generator", "verdict", "probability", "error")
        )
        for row, answer in judged:
            about = (row.path.resolve(), row.modality, row.label, row.generator)
            table.writerow((*about, answer.verdict, answer.probability, answer.error or ""))
