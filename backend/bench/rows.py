"""What is measured, row by row: each gives figures that go into a document as they are."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from assay.settings import Settings
from assay.stages import stages
from bench.alone import alone
from bench.beside import Cost, EfficientNetB4, decoding
from bench.media import LENGTHS, SIZES, SOUNDS, STILLS, Make, talking
from bench.serving import serving
from bench.stages import Clock, Run, TimedStore, analysed, time_decoding

Figures = dict[str, Any]
"""Numbers by name, as JSON has them. Milliseconds, unless they say otherwise."""

FULL: Final = "all branches"
USUAL: Final = "as served"
EXIT: Final = "early exit, forced"
DECODING: Final = "FFmpeg decodes it"
B4: Final = "an EfficientNet-B4 on 32 faces"
JOBS: Final = 200
_FEW: Final = 3
"""Runs of what takes long."""


def stages_row(runs: int) -> Figures:
    """The talking head: every stage, in turns with plain decoding and another network.

    In turns, because whatever else the machine does then weighs on all of them alike; and the best
    of several runs, because that weighs least on it.
    """
    settings, clock = Settings(), Clock()
    time_decoding(clock)
    models = TimedStore(settings, clock)
    exiting = TimedStore(settings, clock)
    exiting.always_exit()
    others = _others(settings)
    found: dict[str, list[Run]] = {FULL: [], USUAL: [], EXIT: []}
    costs: dict[str, list[Cost]] = {DECODING: [], **{name: [] for name in others}}
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        path = talking(Path(folder))
        for number in range(runs + 1):
            costs[DECODING].append(decoding(path, settings.threads))
            for name, full, store in (
                (FULL, True, models),
                (USUAL, False, models),
                (EXIT, False, exiting),
            ):
                run = analysed(path, settings, store, clock, full)
                if number:  # the first one loads and warms up
                    found[name].append(run)
            for name, other in others.items():
                if number <= _FEW:
                    costs[name].append(other())
    return {
        "runs": runs,
        "threads": settings.threads,
        "ways": {name: _summary(some) for name, some in found.items()},
        "beside": {name: _best(some) for name, some in costs.items()},
    }


def _others(settings: Settings) -> dict[str, Callable[[], Cost]]:
    try:
        network = EfficientNetB4(settings.threads)
    except ImportError:
        return {}
    return {B4: network.run}


def _best(costs: list[Cost]) -> Figures:
    return {
        "wall": round(min(cost.wall for cost in costs)),
        "cpu": round(min(cost.cpu for cost in costs)),
    }


def _summary(runs: list[Run]) -> Figures:
    """The best of several runs, each figure for itself."""
    best = min(runs, key=lambda run: run.wall)
    least = {
        info.title: [ms for run in runs if (ms := run.stage(info.name)) is not None]
        for info in stages()
    }
    return {
        "wall": round(best.wall),
        "cpu": round(min(run.cpu for run in runs)),
        "decoder at work": round(best.decoding),
        "models at work": round(best.models),
        "neither at work": round(best.outside),
        "stages": {title: round(min(some)) if some else None for title, some in least.items()},
    }


def _files(makers: Mapping[str, Make], decoded: bool = False) -> Callable[[int], Figures]:
    """A row that analyses files with all branches, each in a process of its own.

    Args:
        makers: Who writes each file, by its name.
        decoded: Have FFmpeg decode each as well.
    """

    def row(runs: int) -> Figures:
        figures: Figures = {}
        for name, make in makers.items():
            with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
                path = make(Path(folder))
                few = min(runs, _FEW)
                figures[name] = {"bytes": path.stat().st_size, **alone(path, few)._asdict()}
                if decoded:
                    threads = Settings().threads
                    costs = [decoding(path, threads) for _ in range(few)]
                    figures[name]["decoding"] = _best(costs)
        return figures

    return row


ROWS: Final[Mapping[str, Callable[[int], Figures]]] = {
    "stages": stages_row,
    "lengths": _files(LENGTHS),
    "sizes": _files(SIZES, decoded=True),
    "stills": _files(STILLS),
    "sounds": _files(SOUNDS),
    "service": lambda runs: serving(JOBS),
}
"""By the name that ROWS of `make bench` chooses; given the number of runs."""
