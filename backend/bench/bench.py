"""`make bench`: what analyses and the service cost, written into docs/benchmarks.md.

`python -m bench.bench stages stills` in backend/ measures these rows; without a name, all of them.
"""

import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assay.errors import AssayError
from bench import document
from bench.rows import ROWS


def main(
    rows: Annotated[list[str] | None, typer.Argument(help="All, if none is named.")] = None,
    runs: Annotated[int, typer.Option(help="Warm runs of which the best counts.", min=1)] = 7,
) -> None:
    """Measure, and write what was measured."""
    unknown = set(rows or ()) - set(ROWS)
    if unknown:
        raise typer.BadParameter(f"rows are {', '.join(ROWS)}")
    known = document.read()
    for name in rows or ROWS:
        began, before = time.monotonic(), os.getloadavg()[0]
        figures = ROWS[name](runs)
        known[name] = {
            "on": f"{datetime.now(UTC):%Y-%m-%d}",
            "machine": _machine(),
            "load": f"{before:.1f} to {os.getloadavg()[0]:.1f}",
            "figures": figures,
        }
        document.write({row: known[row] for row in ROWS if row in known})
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    print(document.PAGE.read_text("utf-8"))


def _machine() -> str:
    """Processor and system."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    python = platform.python_version()
    return f"{os.cpu_count()} CPUs ({name}), {platform.system()}, Python {python}, no GPU"


if __name__ == "__main__":
    try:
        typer.run(main)
    except AssayError as error:
        raise SystemExit(error.message) from error
