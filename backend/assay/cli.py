"""The command `assay`: analyze, calibrate, serve, worker, models; `admin.py` has the rest.

Everything beyond the option parser is imported by the command that needs it, so `--help` is quick.
"""

import json
import logging
import os.path
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay import admin
from assay.terminal import read_settings, telling

if TYPE_CHECKING:
    from assay.calibrate import Margins
    from assay.calibration import Calibration
    from assay.errors import AssayError
    from assay.evidence import Asked, Report, StageEvent, Verdict
    from assay.jobs.process import AnalysisProcess
    from assay.progress import Emit
    from assay.settings import Settings

log = logging.getLogger(__name__)

app = typer.Typer(
    name="assay",
    help="Is this video, still or voice clip a deepfake, how sure are we, and what says so?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(admin.keys, name="keys")
for command in (admin.audit, admin.backup, admin.restore):
    app.command()(command)


@app.command()
def analyze(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Files, or folders to look through; in folders, other files are passed over.",
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per file and line, at once.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="All branches, also where the gate is sure already.")
    ] = False,
    thorough: Annotated[
        bool,
        typer.Option(
            "--thorough", help="Score every moment as well, beside the sample that decides."
        ),
    ] = False,
    start: Annotated[
        float | None, typer.Option(help="Examine nothing before this second.", min=0)
    ] = None,
    end: Annotated[
        float | None, typer.Option(help="Examine nothing from this second on.", min=0)
    ] = None,
) -> None:
    """Judge files without a server.

    A file that fails is reported and the others are still judged; the exit status is 1 then.
    """
    from pydantic import ValidationError

    from assay.errors import AssayError
    from assay.evidence import Asked
    from assay.jobs.process import AnalysisProcess

    try:
        asked = Asked(full=full, thorough=thorough, start=start, end=end)
    except ValidationError as error:
        raise typer.BadParameter("--end must lie behind --start, and both be seconds") from error
    failed = False
    with AnalysisProcess(read_settings()) as process, progress_bar(asked) as follow:
        for path in find_media(paths):
            try:
                report = judge(process, path, asked, follow(path))
            except AssayError as error:
                failed = True
                say_error(path, error, as_json)
            else:
                say_report(path, report, as_json)
    raise typer.Exit(int(failed))


@app.command()
def calibrate(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Genuine files of your own cameras, a hundred or more of a kind."),
    ] = None,
    fakes: Annotated[
        Path | None, typer.Option(help="Folder of fakes, if there are some, to set both edges.")
    ] = None,
    name: Annotated[
        str, typer.Option(help="Of whose files they are; every report says it.")
    ] = "own files",
    feedback: Annotated[
        bool,
        typer.Option("--feedback", help="Also the stored files of which people told the truth."),
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="Tell what is stored, and end.")] = False,
    on: Annotated[
        bool | None, typer.Option("--on/--off", help="Use what is stored, or no more, and end.")
    ] = None,
) -> None:
    """Set this installation's edges on files of its own, so that few of them are called fake."""
    from assay import calibration

    settings = read_settings()
    if on is not None and not calibration.switch(settings, on):
        typer.echo("There is no calibration; make one: assay calibrate FOLDER", err=True)
        raise typer.Exit(1)
    if on is not None or show:
        say_calibration(settings)
        return
    folders = [each for each in (folder, fakes) if each is not None]
    if not all(map(_is_folder, folders)) or (folder is None and not feedback):
        raise typer.BadParameter("give a folder of genuine files (and --fakes a folder)")
    with ExitStack() as copies:
        real, fake = told_files(settings, copies) if feedback else ([], [])
        made = calibration_of(
            settings,
            [*find_media([folder] if folder else []), *real],
            [*find_media([fakes] if fakes else []), *fake],
            name[:120],
        )
    if not made.kinds:
        from assay.calibrate import LEAST_REAL

        typer.echo(
            f"Too few: at least {LEAST_REAL} genuine files of a kind with a face or a voice are "
            "needed, and a hundred or more are better. Nothing was changed.",
            err=True,
        )
        raise typer.Exit(1)
    calibration.keep(settings, made)
    say_calibration(settings)


def told_files(settings: "Settings", copies: ExitStack) -> tuple[list[Path], list[Path]]:
    """Stored files that turned out to be real, and those that turned out to be fake.

    Those of a bucket are copied here, until `copies` is closed.
    """
    from assay.jobs.feedback import Truth
    from assay.jobs.media_store import StoreAwayError
    from assay.jobs.service import Service
    from assay.jobs.storage import open_store
    from assay.stages import stages

    real: list[Path] = []
    fake: list[Path] = []
    with admin.opened_database() as database:
        try:
            store = open_store(settings)
            service = Service(settings, database, store, stages())
            # The latest word on a file counts.
            told = {look.analysis.sha256: look.analysis for look in reversed(service.told())}
            service.close()
            for sha256, analysis in told.items():
                if analysis.truth not in (Truth.REAL, Truth.FAKE):
                    continue
                path = copies.enter_context(store.fetched(sha256))
                if path.is_file():
                    (real if analysis.truth == Truth.REAL else fake).append(path)
        except StoreAwayError as error:
            typer.echo("The media store does not answer; check ASSAY_MEDIA_URL.", err=True)
            raise typer.Exit(1) from error
    return real, fake


def calibration_of(
    settings: "Settings", real: Sequence[Path], fake: Sequence[Path], name: str
) -> "Calibration":
    """Judge files without any calibration, and set edges on them."""
    from assay.calibrate import calibrate as fit
    from assay.calibrate import margins_of
    from assay.errors import AssayError
    from assay.evidence import AS_USUAL
    from assay.jobs.process import AnalysisProcess
    from assay.models.manifest import ModelFolder
    from assay.provenance import pipeline_version

    genuine: list[Margins] = []
    forged: list[Margins] = []
    with (
        TemporaryDirectory(prefix="assay-calibrate-") as nowhere,
        # In a data folder without a calibration, the edges are those that ship.
        AnalysisProcess(settings.model_copy(update={"data_dir": Path(nowhere)})) as process,
        progress_bar(AS_USUAL) as follow,
    ):
        for paths, found in ((real, genuine), (fake, forged)):
            for path in paths:
                try:
                    judged = margins_of(judge(process, path, AS_USUAL, follow(path)))
                except AssayError as error:
                    say_error(path, error, as_json=False)
                else:
                    found += [] if judged is None else [judged]
    version = pipeline_version(ModelFolder(settings.models_dir).digest)
    return fit(name, version, genuine, forged)


def say_calibration(settings: "Settings") -> None:
    """What is stored, whether it is in use, and what it does."""
    from assay.calibration import FILE, OFF, in_use, read
    from assay.errors import AssayError
    from assay.models.manifest import ModelFolder
    from assay.provenance import pipeline_version

    files = [path for each in (FILE, OFF) if (path := settings.data_dir / each).is_file()]
    if not files:
        typer.echo("There is no calibration: the edges are those that ship.")
        return
    try:
        stored = read(files[0].read_bytes())
        version = pipeline_version(ModelFolder(settings.models_dir).digest)
        used = in_use(settings, version) is not None
    except AssayError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
    state = "in use" if used else "switched off"
    if files[0].name == FILE and not used:
        state = "not in use: code or models have changed since; make it again"
    lines = [f"{stored.name}, made {stored.made}: {state}"]
    for kind, shift in stored.kinds.items():
        lines.append(f"  {kind}: {shift.real} genuine files, {shift.fake} fakes")
        lines.append(f"    edges move by {shift.deepfake:+.2f} and {shift.authentic:+.2f} log-odds")
        lines += [
            f"    {title}: {100 * before:.1f} % before, {100 * after:.1f} % now"
            for title, before, after in (
                ("genuine called Deepfake", shift.before.false_alarms, shift.after.false_alarms),
                ("genuine with no forgery found", shift.before.cleared, shift.after.cleared),
                ("fakes called Deepfake", shift.before.detected, shift.after.detected),
                ("fakes with no forgery found", shift.before.missed, shift.after.missed),
            )
            if before is not None and after is not None
        ]
    typer.echo("\n".join(lines))


@app.command()
def serve(
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on. Others than loopback need a key (assay keys create) or "
            "ASSAY_OPEN=1; public names only work if ASSAY_ALLOWED_HOSTS lists them."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
) -> None:
    """Serve the API and the page, with one worker. There is nothing else to install."""
    from assay.api.app import create_app
    from assay.api.exposure import refuse_exposed
    from assay.api.server import Server
    from assay.jobs import logs
    from assay.jobs.database import Database
    from assay.jobs.supervisor import Supervisor

    settings = read_settings()
    logs.configure(settings.log_format)
    with telling():
        database = Database(settings)
        database.prepare()
        refuse_exposed(settings, database, host)
        database.close()
    server = Server(create_app(settings, Supervisor(settings)), host, port)
    with suppress(KeyboardInterrupt):  # the usual way to stop it, after it has tidied up
        server.run()
    raise typer.Exit(0 if server.started else 1)


@app.command()
def worker() -> None:
    """Run one more worker. Several need Postgres: set ASSAY_DATABASE_URL."""
    from assay.jobs import logs
    from assay.jobs.worker import run_worker

    settings = read_settings()
    logs.configure(settings.log_format)
    with telling():
        run_worker(settings)


@app.command()
def models() -> None:
    """List the installed models and check every file against the manifest."""
    from rich.console import Console
    from rich.table import Table

    from assay.errors import AssayError
    from assay.models.manifest import ModelFolder

    settings = read_settings()
    table = Table("Model", "Serves", "sha256", "Files")
    failed = False
    try:
        folder = ModelFolder(settings.models_dir)
    except AssayError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
    for name, entry in folder.manifest.models.items():
        try:
            folder.check(name)
            state = "[green]verified[/]"
        except AssayError as error:
            failed, state = True, f"[red]{error.message}[/]"
        table.add_row(name, entry.serve, folder.hash(name, entry.serve)[:12], state)
    Console().print(table)
    raise typer.Exit(int(failed))


@app.command()
def verify(
    report: Annotated[Path, typer.Argument(help="What /report/{id} answered, byte for byte.")],
    signature: Annotated[Path, typer.Argument(help="What /report/{id}/signature answered.")],
    key: Annotated[Path, typer.Option(help="What /signing-key answered, when you trusted it.")],
    media: Annotated[
        Path | None, typer.Option(help="Check as well that the report is about this file.")
    ] = None,
) -> None:
    """Check that a report is the service's, and unchanged since; exit status 1 if not."""
    import hashlib

    from assay import signing

    try:
        content = report.read_bytes()
        wrong = signing.verify(content, signature.read_bytes(), key.read_bytes())
        if wrong is None and media is not None:
            with media.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if json.loads(content)["media"]["sha256"] != digest:
                wrong = "The report is about another file."
    except OSError as error:
        wrong = f"A file cannot be read: {error.strerror}."
    typer.echo(wrong or "The report is as it was signed.", err=wrong is not None)
    raise typer.Exit(int(wrong is not None))


# -------------------------------------------------------------------------------- the files


def find_media(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are named, as they are named, and the media in the folders, sorted.

    A folder without any stands for itself: `judge` says so.
    """
    for path in paths:
        is_empty = True
        if _is_folder(path):
            for file in filter(_is_media, sorted(path.rglob("*"))):
                is_empty = False
                yield file
        if is_empty:
            yield path


def _is_media(path: Path) -> bool:
    from assay.media.io.sniff import HEAD_BYTES, looks_like_media

    if not _is_file(path):  # opening a named pipe would wait for somebody to write
        return False
    try:
        with path.open("rb") as file:
            return looks_like_media(file.read(HEAD_BYTES))
    except OSError:  # `judge` says so
        return True


# Those of pathlib raise, before Python 3.14, where we may not look or a name is too long.
def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112


def judge(process: "AnalysisProcess", path: Path, asked: "Asked", emit: "Emit") -> "Report":
    """Analyse one file; artefacts are for the page and are dropped.

    Raises:
        AssayError: It cannot be judged, or it crashed the analysis process.
    """
    from assay.errors import AssayError, analysis_crashed, analysis_killed, internal_error
    from assay.jobs.process import CrashError

    _refuse_unreadable(path)
    try:
        return process.analyse(
            path.absolute(),
            emit=emit,
            should_continue=lambda: True,
            save=lambda *_: None,
            asked=asked,
        )
    except CrashError as error:
        raise (analysis_killed() if error.was_killed else analysis_crashed()) from error
    except AssayError:
        raise
    except Exception as error:
        log.exception("An analysis failed unexpectedly")
        raise internal_error() from error


def _refuse_unreadable(path: Path) -> None:
    from assay.errors import AssayError

    if _is_folder(path):
        raise AssayError("missing_file", "There is no video, picture or sound in this folder.")
    if not _is_file(path):
        exists = os.path.exists(path)  # noqa: PTH110, as above
        raise AssayError(
            "missing_file", "This is not a regular file." if exists else "There is no such file."
        )
    try:
        path.open("rb").close()
    except OSError as error:
        raise AssayError("missing_file", "This file may not be read.") from error


# ------------------------------------------------------------------------------- the answers


def say_report(path: Path, report: "Report", as_json: bool) -> None:
    """The verdict on a file, for programs or for people."""
    from assay.evidence import NOTHING_TO_JUDGE, Reason

    if as_json:
        _print_json(path, report_json(report))
        return
    answer = f"{report.verdict.words}, nothing was weighed"
    if report.probability is not None:
        answer = _weighed(report.verdict, report.probability)
    elif Reason.NOTHING_TO_JUDGE in report.reasons:
        answer = NOTHING_TO_JUDGE
    lines = [
        f"{_printable(path)}: {answer}",
        f"  {report.summary}",
        *_examined(report),
        *_measured(report),
        *(
            f"  {one.modality} alone: {_weighed(one.verdict, one.probability)}"
            for one in report.modalities
        ),
        *(
            f"  {name}: {branch.sentence}"
            for name, branch in report.branches.items()
            if branch.sentence
        ),
    ]
    if report.reasons:
        lines.append(f"  Weaker because of: {', '.join(report.reasons)}")
    lines += [f"  Note: {warning}" for warning in report.warnings]
    typer.echo("\n".join(lines))


def _weighed(verdict: "Verdict", probability: float) -> str:
    """A verdict in the words that people read, and what it stands on."""
    return f"{verdict.words} (probability of a forgery {100 * probability:.0f} %)"


def _examined(report: "Report") -> list[str]:
    """How much the verdict rests on."""
    from assay.coverage import told

    return [] if report.coverage is None else [f"  Examined: {told(report.coverage)}."]


def _measured(report: "Report") -> list[str]:
    """How often such a verdict was right, where that is known."""
    if report.reliability is None:
        return []
    known = report.reliability
    right = f"{100 * known.right:.0f} % of {known.of} such verdicts were right"
    return [f"  {right}, on media of {known.sources} sources that nothing had learned from."]


def say_error(path: Path, error: "AssayError", as_json: bool) -> None:
    """Why a file has no verdict."""
    if as_json:
        _print_json(path, {"error": {"code": error.code, "message": error.message}})
    else:
        typer.echo(f"{_printable(path)}: {error.message} ({error.code})", err=True)


def report_json(report: "Report") -> dict[str, Any]:
    """The fields of `--json` besides the file; other programs rely on their names."""
    from assay.evidence import FEATURES

    dump = report.model_dump(mode="json", by_alias=True)
    dump["features"] = {name: report.features.get(name) for name in FEATURES}
    names = (
        "verdict",
        "confidence",
        "probability",
        "modalities",
        "decidedBy",
        "reliability",
        "features",
        "branches",
        "stages",
        "warnings",
    )
    return {name: dump[name] for name in names}


def _print_json(path: Path, fields: dict[str, Any]) -> None:
    print(json.dumps({"file": str(path)} | fields), flush=True)


def _printable(path: Path) -> str:
    """A name as it may be shown: escape sequences of a terminal stay inside the name."""
    return "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in str(path)
    )


@contextmanager
def progress_bar(asked: "Asked") -> "Iterator[Callable[[Path], Emit]]":
    """A bar on standard error, if that is a terminal.

    Yields:
        Given a file, what is to be told of its stage events.
    """
    if not sys.stderr.isatty():
        yield lambda path: lambda event: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    from assay.jobs.tracking import Tracker, untouched
    from assay.stages import stages, stages_for

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    # Answers go above the bar if they go to the terminal as well, and past it if they do not.
    redirect = sys.stdout.isatty()
    with Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=redirect
    ) as bar:
        task = bar.add_task("", total=100)

        def follow(path: Path) -> "Emit":
            tracker = Tracker(untouched(stages_for(asked, stages())))
            name = escape(_printable(Path(path.name)))
            bar.reset(task, description=name)

            def show(event: "StageEvent") -> None:
                tracker.apply(event)
                bar.update(
                    task, completed=tracker.percent, description=f"{name}  {tracker.stage_name}"
                )

            return show

        yield follow
