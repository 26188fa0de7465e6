"""A run as its folder tells it: settings, and every number over the steps."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay_lab.core import json_lines
from assay_lab.core.lines import Point

LOG, CONFIG = "log.jsonl", "config.json"


@dataclass(frozen=True, slots=True)
class RunLog:
    """settings: by dotted name. series: (step, value) by measure, each step once, rising."""

    name: str
    settings: Mapping[str, str]
    series: Mapping[str, Sequence[Point]]
    last_at: str

    @property
    def step(self) -> int:
        """The last one that was written down."""
        return int(max((points[-1][0] for points in self.series.values()), default=0))


def find_runs(folders: Sequence[Path]) -> list[RunLog]:
    """All runs in some folders, however deep, in order of their names.

    Raises:
        ValueError: A folder holds none, or a line of a log cannot be read.
    """
    found: dict[Path, RunLog] = {}
    for folder in folders:
        logs = sorted(folder.rglob(LOG))
        if not logs:
            raise ValueError(f"{folder} holds no run: none of its folders has a {LOG}.")
        for log in logs:
            found.setdefault(log.resolve(), read_run(log.parent, _name(log.parent, folder)))
    return list(found.values())


def _name(run: Path, folder: Path) -> str:
    return folder.resolve().name if run == folder else str(run.relative_to(folder))


def read_run(folder: Path, name: str) -> RunLog:
    """One run. Of a step that a resumed run did again, the later line counts.

    Raises:
        ValueError: A line cannot be read.
    """
    values: dict[str, dict[float, float]] = {}
    last_at = ""
    try:
        for line in json_lines.read(folder / LOG):
            last_at = str(line.get("at", ""))
            for measure, value in _numbers(line):
                values.setdefault(measure, {})[float(line["step"])] = value
        config = folder / CONFIG
        settings = json.loads(config.read_text()) if config.exists() else {}
    except (ValueError, AttributeError) as error:
        raise ValueError(f"{folder} holds a log or a config that cannot be read: {error}") from None
    series = {measure: sorted(points.items()) for measure, points in values.items()}
    return RunLog(name, dict(_flat(settings)), series, last_at)


def _numbers(line: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """What a line says of its step; a loss that is infinite or no number cannot be drawn."""
    if not isinstance(line.get("step"), int | float):
        return
    for name, value in line.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if name != "step" and is_number and math.isfinite(value):
            yield name, float(value)


def _flat(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, value if isinstance(value, str) else json.dumps(value)


def differing(runs: Sequence[RunLog]) -> list[str]:
    """Settings that are not the same in all runs, in order of their first appearance."""
    names = dict.fromkeys(name for run in runs for name in run.settings)
    return [name for name in names if len({run.settings.get(name) for run in runs}) > 1]
