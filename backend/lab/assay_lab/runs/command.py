"""`runs`: what trainers wrote down, side by side.

    python -m assay_lab runs RUNS
    python -m assay_lab runs RUNS/effnet-0 RUNS/effnet-1 --of class --plot class.svg

Lists every run below the folders with the last value of each measure and its range, then the
settings in which they differ. Trainers may still be running.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from assay_lab.core.lines import Axis, draw_lines
from assay_lab.runs.logs import RunLog, differing, find_runs


def command(
    folders: Annotated[list[Path], typer.Argument(help="Run folders, or folders of such")],
    of: Annotated[str | None, typer.Option(help="The one measure to list and to draw")] = None,
    plot: Annotated[Path | None, typer.Option(help="SVG of that measure over the steps")] = None,
) -> None:
    """List runs, compare their settings and numbers, and plot one measure."""
    try:
        runs = find_runs(folders)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    known = list(dict.fromkeys(measure for run in runs for measure in run.series))
    if of is not None and of not in known:
        raise SystemExit(f"No run has the measure {of!r}; there are {', '.join(known)}.")
    typer.echo(
        table(["run", "step", "last line", *([of] if of else known)], _rows(runs, of, known))
    )
    names = differing(runs)
    if names:
        typer.echo("")
        typer.echo(table(["setting", *(run.name for run in runs)], _settings(runs, names)))
    if plot is not None:
        if of is None:
            raise SystemExit("Say with --of which measure to plot.")
        plot.write_text(drawing(runs, of))
        typer.echo(f"\n{of} over the steps: {plot}")


def drawing(runs: Sequence[RunLog], measure: str) -> str:
    """One line a run, over the steps."""
    lines = {run.name: run.series.get(measure, ()) for run in runs}
    steps, values = zip(*(point for points in lines.values() for point in points), strict=True)
    across, up = Axis.around("step", steps), Axis.around(measure, values)
    return draw_lines(f"{measure} over the steps", across, up, lines)


def _rows(runs: Sequence[RunLog], of: str | None, known: Sequence[str]) -> Iterable[list[str]]:
    for run in runs:
        planned = run.settings.get("schedule.steps")
        step = f"{run.step} of {planned}" if planned else str(run.step)
        yield [run.name, step, run.last_at, *(_told(run, name) for name in ([of] if of else known))]


def _told(run: RunLog, measure: str) -> str:
    values = [value for _, value in run.series.get(measure, ())]
    if not values:
        return ""
    return f"{values[-1]:.4g} ({min(values):.4g} to {max(values):.4g})"


def _settings(runs: Sequence[RunLog], names: Sequence[str]) -> Iterable[list[str]]:
    for name in names:
        yield [name, *(run.settings.get(name, "") for run in runs)]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as what stands in them; control characters of names are shown as such."""
    lines = [[_printable(cell) for cell in line] for line in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _printable(cell: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in cell)
