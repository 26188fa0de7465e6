"""Set an installation's own edges on its own files, by conformal prediction.

A genuine file is called Deepfake when its strongest evidence passes an edge. How far it stays
below, in log-odds, is its margin. Whatever a camera does to scores, of exchangeable genuine files
at most the allowed share will have a smaller margin than the edges are moved to (Vovk 2012).
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

import numpy as np
from scipy.special import logit

from assay.calibration import Calibration, Rates, Shift
from assay.evidence import MediaKind, Report, Verdict
from assay.types import Doubles

FALSE_ALARMS: Final = 0.02
MISSES: Final = 0.05
"""Shares of genuine files called Deepfake, and of fakes without a finding, that are allowed."""
LEAST_REAL: Final = math.ceil(1 / FALSE_ALARMS) - 1
"""Genuine files of a kind under which no edge can promise that: 49."""
LEAST_FAKE: Final = math.ceil(1 / MISSES) - 1
"""Fakes of a kind under which the other edge stays: 19."""
_BEYOND: Final = 1e-6


class Margins(NamedTuple):
    """How one file lies to the edges that ship, in log-odds.

    up: of its strongest evidence above the edge of Deepfake; from 0 on it is called that. down: of
    the whole above the edge of Authentic; up to 0, and without a suspect modality, it is called so.
    """

    kind: MediaKind
    up: float
    down: float
    suspect: bool


def margins_of(report: Report) -> Margins | None:
    """None where nothing was weighed."""
    fused = report.fusion
    if fused is None:
        return None
    ups = [_above(fused.probability, fused.deepfake_above)]
    ups += [_above(one.probability, one.decisive_above) for one in report.modalities]
    return Margins(
        kind=report.media.kind,
        up=max(ups),
        down=_above(fused.probability, fused.authentic_below),
        suspect=any(one.verdict is Verdict.DEEPFAKE for one in report.modalities),
    )


def _above(probability: float, edge: float) -> float:
    return float(logit(probability) - logit(edge))


def calibrate(
    name: str, pipeline: str, real: Sequence[Margins], fake: Sequence[Margins]
) -> Calibration:
    """Edges for each kind of which there are enough genuine files.

    Args:
        name: Of whose files they are, for reports.
        pipeline: What judged them.
        real: Genuine files, without any calibration.
        fake: Fakes, likewise; may be none.
    """
    kinds: dict[MediaKind, Shift] = {}
    for kind in sorted({each.kind for each in real}):
        genuine = [each for each in real if each.kind == kind]
        forged = [each for each in fake if each.kind == kind]
        if len(genuine) >= LEAST_REAL:
            kinds[kind] = _shift(genuine, forged)
    return Calibration(
        name=name,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        pipeline=pipeline,
        kinds=kinds,
    )


def _shift(real: Sequence[Margins], fake: Sequence[Margins]) -> Shift:
    ups, downs = np.array([each.up for each in real]), np.array([each.down for each in fake])
    upper, lower = upper_shift(ups), lower_shift(downs)
    return Shift(
        deepfake=upper,
        authentic=lower,
        real=len(real),
        fake=len(fake),
        before=_rates(real, fake, np.zeros(len(real)), np.zeros(len(fake)), 0.0, 0.0),
        # A file is measured with edges that were set without it.
        after=_rates(
            real, fake, _left_out(ups, upper_shift), _left_out(downs, lower_shift), upper, lower
        ),
    )


def upper_shift(ups: Doubles) -> float:
    """How far the edge of Deepfake moves: at most `FALSE_ALARMS` of genuine files pass it."""
    place = math.ceil((len(ups) + 1) * (1 - FALSE_ALARMS))
    return float(np.sort(ups)[min(place, len(ups)) - 1]) + _BEYOND


def lower_shift(downs: Doubles) -> float:
    """How far the edge of Authentic moves: at most `MISSES` of fakes lie under it."""
    place = math.floor((len(downs) + 1) * MISSES)
    return 0.0 if place < 1 else float(np.sort(downs)[place - 1]) - _BEYOND


def _left_out(values: Doubles, shift: Callable[[Doubles], float]) -> Doubles:
    """For each of the values, the shift by all others."""
    return np.array([shift(np.delete(values, index)) for index in range(len(values))])


def _rates(
    real: Sequence[Margins],
    fake: Sequence[Margins],
    uppers: Doubles,
    lowers: Doubles,
    upper: float,
    lower: float,
) -> Rates:
    """How often the service errs and decides.

    Args:
        real: Genuine files. fake: Fakes.
        uppers: The edge of Deepfake for each genuine file. lowers: Of Authentic for each fake.
        upper: The edge of Deepfake for fakes. lower: Of Authentic for genuine files.
    """
    alarms = [each.up >= edge for each, edge in zip(real, uppers, strict=True)]
    cleared = [
        each.down <= lower and not each.suspect and not alarm
        for each, alarm in zip(real, alarms, strict=True)
    ]
    missed = [
        each.down <= edge and not each.suspect and each.up < upper
        for each, edge in zip(fake, lowers, strict=True)
    ]
    return Rates(
        false_alarms=float(np.mean(alarms)),
        cleared=float(np.mean(cleared)),
        detected=float(np.mean([each.up >= upper for each in fake])) if fake else None,
        missed=float(np.mean(missed)) if fake else None,
    )
