"""docs/benchmarks.md, its charts, and the table of the README, from what was measured.

Figures are kept in docs/benchmarks/figures.json, so that a run of a few rows leaves the others as
they are; each row says when it was measured, on what, and what else the machine did.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from bench.chart import bars
from bench.rows import B4, DECODING, EXIT, FULL, USUAL

REPOSITORY: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = REPOSITORY / "docs" / "benchmarks"
PAGE: Final = REPOSITORY / "docs" / "benchmarks.md"
README: Final = REPOSITORY / "README.md"
PLACE: Final = re.compile(r"(?<=<!-- bench: made by bench.bench -->\n).*?(?=<!-- /bench -->)", re.S)

Row = Mapping[str, Any]
"""`figures`, and `on`, `machine`, `load`."""

_HEAD: Final = """# Benchmarks

Made by `make bench`; `make bench ROWS="stages stills"` measures these rows again and leaves the
others. All files are made by the command. Times are the best of several warm runs, in
milliseconds: wall time, and processor time of all threads together, which other work on the
machine disturbs least. Every row says what the machine was and its load (runnable processes,
before and after): where that is above the number of CPUs, wall times are too long.
"""


def read() -> dict[str, Row]:
    """All rows that were ever measured."""
    path = FOLDER / "figures.json"
    rows: dict[str, Row] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return rows


def write(rows: Mapping[str, Row]) -> None:
    """Keep the figures, draw the charts, write the page and the table of the README."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "figures.json").write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    PAGE.write_text("\n".join(_page(rows)), "utf-8")
    if "stages" in rows:
        text = README.read_text("utf-8")
        table = "\n".join([*_stages(rows["stages"]), ""])
        README.write_text(PLACE.sub(lambda _: table, text), "utf-8")


def _page(rows: Mapping[str, Row]) -> Iterator[str]:
    yield _HEAD
    if row := rows.get("stages"):
        yield "## A talking head of 10 s, 720p, with sound\n"
        yield from _stages(row)
        yield ""
        spent = {name: way["cpu"] for name, way in row["figures"]["ways"].items()}
        beside = {name: cost["cpu"] for name, cost in row["figures"]["beside"].items()}
        yield _chart("stages", "Processor time", spent | beside)
    for name, title, what in (
        ("lengths", "Length", "720p, H.264 and AAC, somebody speaks all the time"),
        ("sizes", "Size of the picture", "10 s, H.264 and AAC"),
        ("stills", "Stills", "one face of 100 px on a soft ground; JPEG, but for the screenshot"),
        ("sounds", "Sound", "Opus, somebody speaks all the time"),
    ):
        if row := rows.get(name):
            yield f"## {title}\n\nAll branches; {what}.\n"
            yield from _files(row)
            yield ""
            yield _chart(name, "Processor time", _column(row, "cpu"))
            yield _chart(f"{name}-memory", "Most memory", _column(row, "megabytes"), "MB")
    if row := rows.get("service"):
        yield (
            "## The service\n\nWithout what an analysis costs: scripted analyses that end at once, "
            "in real processes. Four clients\nsend a file, ask for its status a hundred times a "
            "second, and send the next when it has ended.\n"
        )
        yield from _service(row)
        yield ""
        speeds = {name: each["jobs_per_second"] for name, each in row["figures"].items()}
        yield _chart("service", "Jobs a second", speeds, "jobs/s")


def _chart(name: str, title: str, values: Mapping[str, float], unit: str = "ms") -> str:
    (FOLDER / f"{name}.svg").write_text(bars(title, values, unit), "utf-8")
    return f"![{title}](benchmarks/{name}.svg)\n"


def _column(row: Row, key: str) -> dict[str, float]:
    return {name: each[key] for name, each in row["figures"].items()}


def _measured(row: Row) -> str:
    return f"Measured on {row['on']}: {row['machine']}; load {row['load']}."


def _stages(row: Row) -> Iterator[str]:
    figures = row["figures"]
    ways, beside = figures["ways"], figures["beside"]
    names = (FULL, USUAL, EXIT)
    yield _measured(row)
    yield f"Best of {figures['runs']} warm runs in turns, {figures['threads']} threads:"
    yield ""
    yield _line("milliseconds", *names)
    yield "|" + "---|" * (len(names) + 1)
    for stage in ways[FULL]["stages"]:
        yield _line(stage, *(_or_skipped(ways[name]["stages"][stage]) for name in names))
    for key in ("decoder at work", "models at work", "neither at work"):
        yield _line(key, *(f"{ways[name][key]:,}" for name in names))
    yield _line("**in all**", *(f"**{ways[name]['wall']:,}**" for name in names))
    yield _line("**processor time**", *(f"**{ways[name]['cpu']:,}**" for name in names))
    plain = beside[DECODING]
    yield _line(
        "in plain decodings of the file, by processor time (by the clock)",
        *(
            f"{ways[name]['cpu'] / plain['cpu']:.1f} ({ways[name]['wall'] / plain['wall']:.1f})"
            for name in names
        ),
    )
    yield ""
    told = [f"FFmpeg decodes the file in {plain['wall']:,} ms ({plain['cpu']:,} of processor time)"]
    if B4 in beside:
        other = beside[B4]
        told.append(
            f"{B4}, as open pipelines have it, takes {other['wall']:,} ms ({other['cpu']:,})"
        )
    yield "Beside it: " + ";\n".join(told) + "."


def _files(row: Row) -> Iterator[str]:
    decoded = any("decoding" in each for each in row["figures"].values())
    yield _measured(row)
    yield ""
    yield _line(
        "file", "MB", "wall, ms", "processor, ms", "first run, ms", "most memory, MB",
        *(["FFmpeg's decoding, wall", "and processor"] if decoded else []),
    )  # fmt: skip
    yield "|" + "---|" * (8 if decoded else 6)
    for name, each in row["figures"].items():
        plain = each.get("decoding")
        yield _line(
            name,
            f"{each['bytes'] / 1e6:,.1f}",
            *(f"{each[key]:,}" for key in ("wall", "cpu", "first", "megabytes")),
            *([f"{plain['wall']:,}", f"{plain['cpu']:,}"] if plain else []),
        )


def _service(row: Row) -> Iterator[str]:
    yield _measured(row)
    yield ""
    spans = ("submit", "status", "completion")
    yield _line("", "jobs/s", *(f"{name}: p50 / p95 / p99, ms" for name in spans))
    yield "|---|---|---|---|---|"
    for name, each in row["figures"].items():
        cells = (" / ".join(f"{value:,.0f}" for value in each[span]) for span in spans)
        yield _line(name, f"{each['jobs_per_second']:g}", *cells)


def _or_skipped(value: float | None) -> str:
    return "skipped" if value is None else f"{value:,}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
