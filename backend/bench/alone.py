"""One file in a process of its own, so that its memory is its own: `python -m bench.alone FILE`.

Prints one line of JSON: the best of the warm runs in milliseconds, and the most memory in MB that
the process ever held, code and models included.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from assay.models.sessions import ModelStore
from assay.settings import Settings
from bench.stages import Clock, Run, analysed


class Alone(NamedTuple):
    """What a file cost. Milliseconds, of a first run, which loads the models, and of warm ones."""

    first: float
    wall: float
    cpu: float
    megabytes: float


def alone(path: Path, runs: int) -> Alone:
    """Measure a file in a process of its own."""
    words = [sys.executable, "-m", "bench.alone", str(path), "--runs", str(runs)]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)
    return Alone(**json.loads(answer.stdout.splitlines()[-1]))


def main(
    path: Path, runs: Annotated[int, typer.Option(help="Warm ones, beside the first.")] = 3
) -> None:
    """Analyse a file over and over."""
    settings = Settings()
    models = ModelStore(settings.models_dir, settings.threads)

    def once() -> Run:
        return analysed(path, settings, models, Clock(), full=True)

    first = once()
    warm = [once() for _ in range(runs)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = Alone(
        first=round(first.wall),
        wall=round(min(run.wall for run in warm)),
        cpu=round(min(run.cpu for run in warm)),
        megabytes=round(peak / 1024),
    )
    print(json.dumps(told._asdict()))


if __name__ == "__main__":
    typer.run(main)
