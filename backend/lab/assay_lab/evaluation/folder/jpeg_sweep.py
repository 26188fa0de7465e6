"""Stills saved once more as JPEG, coarser and coarser: how far the service follows."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from assay_lab.core.lines import Axis, draw_lines
from assay_lab.core.scored import Scored
from assay_lab.evaluation.folder.measure import measure

QUALITIES: Final = (95, 90, 80, 70, 60, 50, 40, 30)
COLUMNS: Final = (
    "quality",
    "real",
    "fake",
    "auc",
    "eer",
    "accuracy",
    "balanced_accuracy",
    "recall",
    "false_alarm_rate",
)
DRAWN: Final = {
    "auc": "AUC",
    "recall": "detected fakes at 0.5",
    "false_alarm_rate": "false alarms at 0.5",
}


def sweep_table(untouched: Scored, saved: Mapping[int, Scored]) -> list[dict[str, Any]]:
    """Numbers of the same stills as they are (quality None), then by falling quality."""
    falling = sorted(saved.items(), reverse=True)
    sets: dict[int | None, Scored] = {None: untouched, **dict(falling)}
    return [
        {"quality": quality, **measure(scored)}
        for quality, scored in sets.items()
        if len(scored.labels)
    ]


def write_sweep(table: Sequence[Mapping[str, Any]], out: Path) -> None:
    """jpeg-quality.csv and jpeg-quality.svg."""
    with (out / "jpeg-quality.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for line in table:
            named = {**line} | {
                "quality": "as it is" if line["quality"] is None else line["quality"]
            }
            rows.writerow([named[column] for column in COLUMNS])
    lines = {
        told: [
            (float(line["quality"]), line[name])
            for line in table
            if line["quality"] is not None and line[name] is not None
        ]
        for name, told in DRAWN.items()
    }
    (out / "jpeg-quality.svg").write_text(
        draw_lines(
            "Saved once more as JPEG",
            Axis("quality", QUALITIES[0], QUALITIES[-1]),
            Axis("share", 0, 1),
            lines,
        )
    )
