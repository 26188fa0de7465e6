"""The command `assay`: analyze, serve, worker, models.

Everything beyond the option parser is imported by the command that needs it, so `--help` is quick.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from assay.errors import AssayError
    from assay.evidence import Report, StageEvent
    from assay.jobs.process import AnalysisProcess
    from assay.progress import Emit

LOG_FORMAT = "%(levelname)s:     %(message)s"

app = typer.Typer(
    name="assay",
    help="Is this video, still or voice clip a deepfake, how sure are we, and what says so?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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
) -> None:
    """Judge files without a server.

    A file that fails is reported and the others are still judged; the exit status is 1 then.
    """
    from assay.errors import AssayError
    from assay.jobs.process import AnalysisProcess
    from assay.settings import get_settings

    failed = False
    with AnalysisProcess(get_settings()) as process, progress_bar() as follow:
        for path in find_media(paths):
            try:
                report = judge(process, path, full, follow(path))
            except AssayError as error:
                failed = True
                say_error(path, error, as_json)
            else:
                say_report(path, report, as_json)
    raise typer.Exit(int(failed))


@app.command()
def serve(
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on. Who reaches it can read every analysis; under a name other "
            "than localhost only if ASSAY_ALLOWED_HOSTS lists it."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
) -> None:
    """Serve the API and the page, with one worker. There is nothing else to install."""
    from assay.api.app import create_app
    from assay.api.server import Server
    from assay.jobs.supervisor import Supervisor
    from assay.settings import get_settings

    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    settings = get_settings()
    server = Server(create_app(settings, Supervisor(settings)), host, port)
    with suppress(KeyboardInterrupt):  # the usual way to stop it, after it has tidied up
        server.run()
    raise typer.Exit(0 if server.started else 1)


@app.command()
def worker() -> None:
    """Run one more worker. Several need Postgres: set ASSAY_DATABASE_URL."""
    from assay.errors import AssayError
    from assay.jobs.worker import run_worker
    from assay.settings import get_settings

    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    try:
        run_worker(get_settings())
    except AssayError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error


@app.command()
def models() -> None:
    """List the installed models and check every file against the manifest."""
    from rich.console import Console
    from rich.table import Table

    from assay.errors import AssayError
    from assay.models import ModelStore
    from assay.settings import get_settings

    settings = get_settings()
    table = Table("Model", "Serves", "sha256", "Files")
    failed = False
    try:
        store = ModelStore(settings.models_dir, settings.threads)
    except AssayError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
    for name, entry in store.manifest.models.items():
        try:
            store.check(name)
            state = "[green]verified[/]"
        except AssayError as error:
            failed, state = True, f"[red]{error.message}[/]"
        table.add_row(name, entry.serve, store.hash(name)[:12], state)
    Console().print(table)
    raise typer.Exit(int(failed))


# -------------------------------------------------------------------------------- the files


def find_media(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are named, as they are named, and the media in the folders, sorted."""
    for path in paths:
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if _is_media(file))
        else:
            yield path


def _is_media(path: Path) -> bool:
    from assay.media.sniff import HEAD_BYTES, looks_like_media

    if not path.is_file():  # opening a named pipe would wait for somebody to write
        return False
    try:
        with path.open("rb") as file:
            return looks_like_media(file.read(HEAD_BYTES))
    except OSError:
        return False


def judge(process: "AnalysisProcess", path: Path, full: bool, emit: "Emit") -> "Report":
    """Analyse one file; artefacts are for the page and are dropped.

    Raises:
        AssayError: It cannot be judged, or it crashed the analysis process.
    """
    from assay.errors import AssayError, analysis_crashed
    from assay.jobs.process import CrashError

    if not path.is_file():
        raise AssayError("missing_file", "There is no such file.")
    try:
        return process.analyse(
            path.absolute(), emit=emit, wanted=lambda: True, save=lambda *_: None, full=full
        )
    except CrashError as error:
        raise analysis_crashed() from error


# ------------------------------------------------------------------------------- the answers


def say_report(path: Path, report: "Report", as_json: bool) -> None:
    """The verdict on a file, for programs or for people."""
    if as_json:
        _print_json(path, report_json(report))
        return
    lines = [
        f"{_printable(path)}: {report.verdict}, {report.confidence:.0f} % sure "
        f"(probability of a fake {report.probability:.2f})",
        f"  {report.summary}",
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
def progress_bar() -> "Iterator[Callable[[Path], Emit]]":
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
    from assay.pipeline import stages

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    # Answers go above the bar if they go to the terminal as well, and past it if they do not.
    redirect = sys.stdout.isatty()
    with Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=redirect
    ) as bar:
        task = bar.add_task("", total=100)

        def follow(path: Path) -> "Emit":
            tracker = Tracker(untouched(stages()))
            name = escape(_printable(Path(path.name)))
            bar.reset(task, description=name)

            def show(event: "StageEvent") -> None:
                tracker.apply(event)
                bar.update(
                    task, completed=tracker.percent, description=f"{name}  {tracker.stage_name}"
                )

            return show

        yield follow
