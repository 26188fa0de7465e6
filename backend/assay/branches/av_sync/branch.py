"""The sync branch: do these lips speak these words? Two towers and a curve of offsets.

For each person, windows of the mouth are compared with the sound at the same moment and at all
shifts up to 0.6 s. What a voice does to its own mouth shows as one clear trough of the distance
near no shift, the same throughout. Foreign sound has no such trough; moved sound has it elsewhere.
Whoever fits best is taken to be the one who speaks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.special import expit

from assay.branches.av_sync import BRANCH
from assay.branches.av_sync.curve import OFFSETS, Curve, curve_of, similarities
from assay.branches.av_sync.windows import Stretch, pair
from assay.branches.base import (
    Branch,
    Finding,
    Findings,
    OnProgress,
    faceless,
    not_applicable,
    soundless,
)
from assay.branches.scores import percent
from assay.evidence import BranchEvidence, BranchState, OffsetCurve
from assay.media.material import Material, MouthSegment, Speech
from assay.media.sampling import MOUTH_RATE
from assay.types import Floats

(TOWERS,) = BRANCH.models

LEAST_WINDOWS = 16
"""Mouth windows during speech under which nothing is said: 0.8 s of pictures."""
CLEAR = 0.1
"""Confidence from which the trough of a curve is taken to be the voice's own moment."""
AT_ONCE = 0.05
"""Seconds of shift below which nobody would see one: a picture's length and a little."""


class Session(Protocol):
    """What runs the two towers: an onnxruntime session of `models/av_sync_head`."""

    def run(self, output_names: None, feed: Mapping[str, Any]) -> Any:
        """`lips` (n, 5, 48, 48) uint8 and `voice` (m, 20, 40) to unit vectors (n, d), (m, d)."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What the towers say of one person. starts: seconds, centre of each mouth window."""

    curve: Curve
    starts: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class AvSyncFinding(Finding):
    """How lips and voice agree.

    persons: P(in sync) by number. offsets: the best shift around each moment of the one who
    speaks, (start, offset) in seconds.
    """

    persons: Mapping[int, float]
    offsets: Sequence[tuple[float, float]]


class AvSync(Branch):
    """Scores each person whose mouth moves while somebody speaks."""

    def examine(self, material: Material, earlier: Findings, on_progress: OnProgress) -> Finding:
        """Read the offset curve of every person; the one who fits best speaks for the media."""
        speech = material.speech
        if speech is None:
            return soundless(BRANCH, material)
        if not material.persons:
            return faceless(BRANCH, material)
        if not any(person.mouths for person in material.persons):
            return not_applicable(BRANCH, "No mouth is in view for long enough.")
        parameters = self.models.parameters(TOWERS)
        candidates = {
            person.number: stretches
            for person in material.persons
            if _windows(stretches := spoken(person.mouths, speech)) >= LEAST_WINDOWS
        }
        if not candidates:
            return not_applicable(BRANCH, "Hardly anybody speaks while a mouth is in view.")
        moving = {
            number: stretches
            for number, stretches in candidates.items()
            if motion(stretches) >= parameters["least_motion"]
        }
        if not moving:
            return not_applicable(BRANCH, "No mouth moves while somebody speaks.")
        session = self.models.session(TOWERS)
        readings: dict[int, Reading] = {}
        for done, (number, stretches) in enumerate(moving.items(), 1):
            reading = read(stretches, session)
            if reading is not None:
                readings[number] = reading
            on_progress(100 * done / len(moving))
        if not readings:
            return not_applicable(BRANCH, "Too little of the sound can be compared with lips.")
        return _finding(readings, parameters)


def spoken(mouths: list[MouthSegment], speech: Speech) -> list[Stretch]:
    """One person's mouth runs with the sound around them."""
    stretches = (pair(run, speech) for run in mouths)
    return [stretch for stretch in stretches if stretch is not None]


def _windows(stretches: list[Stretch]) -> int:
    """Mouth windows during which somebody speaks."""
    return sum(int(stretch.spoken.sum()) for stretch in stretches)


def motion(stretches: list[Stretch]) -> float:
    """How much a mouth moves while somebody speaks, in units of its picture's contrast.

    The spread of each pixel over a window's five pictures, averaged: about 0.1 for a mouth that
    speaks, under 0.05 for one that is shut or a still.
    """
    windows = np.concatenate([stretch.lips[stretch.spoken] for stretch in stretches])
    lips = windows.astype(np.float32)
    lips -= lips.mean(axis=(2, 3), keepdims=True)
    contrast = lips.std(axis=(1, 2, 3)) + 4.0
    return float((lips.std(axis=1).mean(axis=(1, 2)) / contrast).mean())


def read(stretches: list[Stretch], session: Session) -> Reading | None:
    """Run the towers over one person.

    Returns:
        None if too few pairs of windows can be compared.
    """
    found, starts = [], []
    for stretch in stretches:
        lips, voice = session.run(None, {"lips": stretch.lips, "voice": stretch.voice})
        found.append(similarities(lips, voice, stretch.voiced))
        starts.append(stretch.start + np.arange(len(lips)) / MOUTH_RATE)
    curve = curve_of(found)
    return None if curve is None else Reading(curve, np.concatenate(starts).astype(np.float32))


def probability(curve: Curve, parameters: Mapping[str, Any]) -> float:
    """P(in sync) of a curve: a logistic regression on its statistics."""
    weights = np.array(parameters["weights"])
    return float(expit(weights @ curve.statistics() + parameters["bias"]))


def _finding(readings: Mapping[int, Reading], parameters: Mapping[str, Any]) -> AvSyncFinding:
    persons = {
        number: probability(reading.curve, parameters) for number, reading in readings.items()
    }
    speaker = max(persons, key=lambda number: persons[number])
    curve, in_sync = readings[speaker].curve, persons[speaker]
    return AvSyncFinding(
        evidence=BranchEvidence(
            state=BranchState.DONE,
            score=1 - in_sync,
            sentence=_sentence(in_sync, curve),
            models=BRANCH.models,
            offset_curve=_offset_curve(curve),
            detail={"persons": len(persons), "speaker": speaker},
        ),
        features={"sync_prob": in_sync},
        persons=persons,
        offsets=_offsets(readings[speaker]),
    )


def _offset_curve(curve: Curve) -> OffsetCurve:
    """Shifts that were not seen are left out."""
    seen = np.isfinite(curve.similarity)
    return OffsetCurve(
        offsets=(OFFSETS[seen] / MOUTH_RATE).round(3).tolist(),
        distances=curve.distance[seen].round(4).tolist(),
        best_offset=curve.best / MOUTH_RATE,
        confidence=curve.confidence,
        spread=curve.spread / MOUTH_RATE,
    )


def _offsets(reading: Reading) -> list[tuple[float, float]]:
    """The best shift around each moment, (start, offset) in seconds."""
    local = reading.curve.local
    known = np.isfinite(local)
    return [
        (round(float(start), 3), round(float(shift) / MOUTH_RATE, 3))
        for start, shift in zip(reading.starts[known], local[known], strict=True)
    ]


def _sentence(in_sync: float, curve: Curve) -> str:
    return f"The misfit of lips and voice scores {percent(1 - in_sync)}; they {_fit(curve)}."


def _fit(curve: Curve) -> str:
    """At which shift of the sound they fit, if there is one."""
    if curve.confidence < CLEAR:
        return "fit at no shift of the sound more than at the others"
    shift = curve.best / MOUTH_RATE
    if abs(shift) < AT_ONCE:
        return "fit best at the same moment"
    return (
        f"fit best with the voice {abs(shift):.2f} s {'after' if shift > 0 else 'before'} the lips"
    )
