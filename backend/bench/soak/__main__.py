"""Runs the scenarios and tells what they have shown."""

import os
import re
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from bench.soak import cluster, crowds, faults
from bench.soak.load import Told
from tests.jobs.postgres import INITDB

TABLE: Final = re.compile(r"(?<=<!-- soak: made by bench.soak -->\n).*?(?=<!-- /soak -->)", re.S)


def main(
    scenarios: Annotated[list[str] | None, typer.Argument(help="All, if none is named.")] = None,
    jobs: Annotated[int, typer.Option(help="In the scenarios of kills and of a cluster.")] = 200,
    strikes: Annotated[int, typer.Option(help="kill -9, at most.")] = 20,
    queue: Annotated[int, typer.Option(help="Length of the long queue.")] = 10_000,
    write: Annotated[Path | None, typer.Option(help="Document whose table is replaced.")] = None,
) -> None:
    """Load and faults, one scenario after another; exit status 1 if anything was lost."""
    known: dict[str, Callable[[Path], Told]] = {
        "kills": lambda folder: faults.kills(folder, jobs, strikes),
        "locked": faults.locked,
        "disk-full": faults.disk_full,
        "read-only": faults.read_only,
        "clock": faults.clock,
        "watchers": crowds.watchers,
        "slow-loris": crowds.slow_loris,
        "long-queue": lambda folder: crowds.long_queue(folder, queue),
        "cluster": lambda folder: cluster.cluster(folder, jobs),
    }
    lines = []
    failed = False
    for name in scenarios or known:
        if name == "cluster" and INITDB is None:
            print("cluster: skipped, there is no PostgreSQL server on this machine")
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="assay-soak-", ignore_cleanup_errors=True) as each:
            told = known[name](Path(each))
        took = f"{time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.0f}"
        lost = "; ".join(told.lost[:5]) + f" ({len(told.lost)})" if told.lost else "nothing"
        lines.append(
            f"| {name} | {told.load} | {told.survived} | {lost} | {told.figures} | {took} |"
        )
        print(lines[-1], flush=True)
        failed |= bool(told.lost)
    if write is not None:
        _put(write, lines)
    raise typer.Exit(int(failed))


def _put(document: Path, lines: list[str]) -> None:
    table = [
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} CPUs:",
        "",
        "| scenario | load held | survived | lost | figures | took, load of the machine |",
        "|---|---|---|---|---|---|",
        *lines,
        "",
    ]
    text = document.read_text("utf-8")
    if not TABLE.search(text):
        raise typer.BadParameter(f"{document} has no place for the table")
    document.write_text(TABLE.sub(lambda _: "\n".join(table), text), "utf-8")


if __name__ == "__main__":
    typer.run(main)
