"""Attacks of growing strength on media, and what networks and service say of them.

One JSON line a medium, target, method and epsilon, appended as it comes, so that a stopped run
goes on where it stood.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor

from assay.detector import Detector
from assay.errors import AssayError
from assay.evidence import Verdict
from assay_lab.core import json_lines
from assay_lab.core.linf import fgsm, pgd
from assay_lab.data.rows import Row
from assay_lab.robustness.victims import Victim

UNTOUCHED: Final = "untouched"
FGSM: Final = "fgsm"
PGD: Final = "pgd"


class Trial(NamedTuple):
    """What is done. steps: gradients that are taken. Of an untouched medium, both numbers are 0."""

    target: str
    method: str
    epsilon: float
    steps: int


@dataclass(frozen=True, slots=True)
class Said:
    """Of a file, by the whole service; verdict None where it was refused."""

    verdict: Verdict | None
    probability: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one trial on one medium. logit: the target's. said: by format of the file."""

    id: str
    fake: bool
    group: str
    target: str
    method: str
    epsilon: float
    steps: int
    logit: float
    said: Mapping[str, Said]
    pipeline: str

    @property
    def trial(self) -> Trial:
        """What was done."""
        return Trial(self.target, self.method, self.epsilon, self.steps)


def trials(targets: Sequence[str], epsilons: Sequence[float], steps: int) -> list[Trial]:
    """Every target untouched, then attacked by each method, ever stronger.

    Args:
        targets: Of a medium.
        epsilons: In its unit.
        steps: Of PGD.
    """
    return [
        trial
        for target in targets
        for trial in (
            Trial(target, UNTOUCHED, 0.0, 0),
            *(Trial(target, FGSM, epsilon, 1) for epsilon in epsilons),
            *(Trial(target, PGD, epsilon, steps) for epsilon in epsilons),
        )
    ]


def attack(
    row: Row,
    victim: Victim,
    wanted: Sequence[Trial],
    detector: Detector,
    pipeline: str,
) -> Iterator[Outcome]:
    """Do the trials on one medium: real ones are to look fake, fakes real."""
    towards = -1.0 if row.fake else 1.0
    with TemporaryDirectory(prefix="assay-") as folder:
        for trial in wanted:
            values = _attacked(victim, trial, towards)
            with torch.no_grad():
                logit = float(victim.score(trial.target, 1.0)(values))
            files = victim.save(values, Path(folder))
            said = {name: _ask(detector, file) for name, file in files.items()}
            yield Outcome(row.path.stem, row.fake, row.group, *trial, logit, said, pipeline)


def _attacked(victim: Victim, trial: Trial, towards: float) -> Tensor:
    if trial.method == UNTOUCHED:
        return victim.values
    score, budget = victim.score(trial.target, towards), victim.budget(trial.epsilon)
    if trial.method == FGSM:
        return fgsm(victim.values, score, budget)
    return pgd(victim.values, score, budget, trial.steps)


def _ask(detector: Detector, file: Path) -> Said:
    try:
        report = detector.analyze(file, full=True)
    except AssayError:
        return Said(None, None)
    return Said(report.verdict, report.probability)


def read_outcomes(out: Path, pipeline: str) -> list[Outcome]:
    """What was kept of this version, in order."""
    outcomes = (_restored(line) for line in json_lines.read(out))
    return [outcome for outcome in outcomes if outcome.pipeline == pipeline]


def _restored(line: dict[str, Any]) -> Outcome:
    said = {
        name: Said(Verdict(of["verdict"]) if of["verdict"] else None, of["probability"])
        for name, of in line["said"].items()
    }
    return Outcome(**line | {"said": said})
