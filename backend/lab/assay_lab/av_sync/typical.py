"""Typical offset curves: what lips and voice look like that belong together, and that do not.

People read a curve beside others. These are measured on clips that nothing has learned from, with
the very network that is served, and kept in its metrics, where the page finds them.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer

from assay.branches.av_sync.curve import OFFSETS, Curve
from assay.media.sampling import MOUTH_RATE
from assay.models.sessions import ModelStore
from assay_lab.av_sync.clips import load_all
from assay_lab.av_sync.dataset import is_lesson
from assay_lab.av_sync.release import LEAST_MOTION, NAME
from assay_lab.av_sync.trials import FOREIGN, REAL, trials

KEY: Final = "typical_curves"
"""In the metrics of the model."""


def command(
    clips: Annotated[Path, typer.Argument(help="Cache of clips that nothing has learned from")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
) -> None:
    """Measure the curves of real clips, and of the same clips with foreign voices."""
    towers = ModelStore(models, 1).session(NAME)
    talks = [talk for talk in load_all(clips) if is_lesson(talk)]
    found = trials(talks, towers, (REAL, FOREIGN), LEAST_MOTION)
    file = models / NAME / "metrics.json"
    numbers = json.loads(file.read_text())
    numbers[KEY] = {
        "command": "python -m assay_lab typical-curves",
        "offsets": [round(float(offset) / MOUTH_RATE, 3) for offset in OFFSETS],
        "matching": spread_of(trial.curve for trial in found if trial.kind == REAL),
        "mismatched": spread_of(trial.curve for trial in found if trial.kind == FOREIGN),
        "sources": len({talk.about.source for talk in talks}),
    }
    file.write_text(json.dumps(numbers, indent=2) + "\n")
    typer.echo(json.dumps(numbers[KEY], indent=2))


def spread_of(curves: Iterable[Curve | None]) -> dict[str, Any]:
    """The middle of many curves at every shift, and the tenth to either side.

    Returns:
        `clips`, and `median`, `low`, `high`: distances by shift, null where none was seen.
    """
    known: Sequence[Curve] = [curve for curve in curves if curve is not None]
    if not known:
        raise ValueError("there is no clip whose lips and voice can be compared")
    distances = np.stack([curve.distance for curve in known])
    levels = {"median": 50, "low": 10, "high": 90}
    seen = np.atleast_1d(np.isfinite(distances).any(axis=0))
    return {"clips": len(known)} | {
        name: [
            round(float(np.nanpercentile(distances[:, shift], level)), 4) if seen[shift] else None
            for shift in range(distances.shape[1])
        ]
        for name, level in levels.items()
    }
