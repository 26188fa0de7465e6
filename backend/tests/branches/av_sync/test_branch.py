"""The sync branch: whom it judges, which way a shift is told, what it leaves out."""

import re
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from assay.branches.av_sync.branch import AvSync
from assay.errors import AssayError
from assay.evidence import BranchState, FaceCounters, Hints, MediaInfo
from assay.media.material import Material, MouthSegment, Person, Speech
from assay.models.sessions import ModelStore
from tests.branches.av_sync.sync_media import LoudnessTowers, lips, sound

MEDIA = MediaInfo(kind="video", container="mp4", size_bytes=1, sha256="0" * 64)
SYLLABLES = [(start, start + 0.04) for start in np.arange(0.2, 4.8, 0.24)]
"""Voiced moments so short that no shift of the sound can be compared."""
PARAMETERS = {"weights": [0.0, 10.0, 0.0, 0.0, 0.0], "bias": -5.0, "least_motion": 0.01}


class Store:
    """A model store whose session needs no training."""

    def session(self, name: str) -> LoudnessTowers:
        assert name == "av_sync_head"
        return LoudnessTowers()

    def parameters(self, name: str) -> dict[str, Any]:
        return PARAMETERS


def material(speech: Speech | None, *mouths: Sequence[MouthSegment]) -> Material:
    persons = [Person(number, mouths=list(runs)) for number, runs in enumerate(mouths, 1)]
    return Material(
        media=MEDIA, hints=Hints(), persons=persons, faces=FaceCounters(), speech=speech
    )


def examine(what: Material, on_progress: Any = lambda _: None) -> Any:
    return AvSync(cast(ModelStore, Store())).examine(what, {}, on_progress)


def still(seconds: float) -> MouthSegment:
    run = lips(seconds)
    return MouthSegment(0.0, np.repeat(run.pictures[:1], len(run.pictures), axis=0))


def test_a_mouth_that_moves_with_the_voice_is_in_sync():
    finding = examine(material(sound(4.0), [lips(4.0)]))
    assert finding.evidence.state is BranchState.DONE
    assert finding.features["sync_prob"] > 0.9
    assert finding.evidence.score == pytest.approx(1 - finding.features["sync_prob"])
    assert abs(finding.evidence.offset_curve.best_offset) <= 0.04
    assert finding.evidence.offset_curve.spread < 0.1
    assert "same moment" in finding.evidence.sentence


@pytest.mark.parametrize(("late", "word"), [(0.32, "after"), (-0.32, "before")])
def test_moved_sound_is_found_and_its_direction_told(late, word):
    finding = examine(material(sound(4.0, late=late), [lips(4.0)]))
    assert finding.features["sync_prob"] < 0.3
    assert finding.evidence.offset_curve.best_offset == pytest.approx(late, abs=0.04)
    assert re.search(rf"voice 0\.3\d? s {word} the lips", finding.evidence.sentence)


def test_foreign_sound_is_not_in_sync():
    finding = examine(material(sound(4.0, seed=7), [lips(4.0)]))
    assert finding.features["sync_prob"] < 0.3
    assert finding.evidence.offset_curve.confidence < 0.5


def test_who_fits_best_is_the_one_who_speaks():
    finding = examine(material(sound(4.0), [lips(4.0, seed=7)], [lips(4.0)]))
    assert finding.evidence.detail == {"persons": 2, "speaker": 2}
    assert finding.features["sync_prob"] > 0.9
    assert set(finding.persons) == {1, 2}
    starts, shifts = zip(*finding.offsets, strict=True)
    assert max(starts) < 4
    assert np.abs(shifts).max() <= 0.08


def test_runs_of_a_person_are_joined():
    parts = [lips(1.6), lips(1.6, start=2.2)]
    finding = examine(material(sound(4.0), parts))
    assert finding.features["sync_prob"] > 0.9


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (material(None, [lips(2.0)]), "no sound"),
        (material(sound(2.0)), "No face"),
        (material(sound(2.0), []), "No mouth"),
        (material(sound(2.0), [lips(0.4)]), "Hardly anybody"),
        (material(Speech(sound(2.0).spans, []), [lips(2.0)]), "Hardly anybody"),
        (material(sound(2.0), [still(2.0)]), "No mouth moves"),
        (material(Speech(sound(5.0).spans, SYLLABLES), [lips(5.0)]), "Too little"),
    ],
)
def test_what_cannot_be_judged_is_said(what, reason):
    finding = examine(what)
    assert finding.evidence.state is BranchState.NOT_APPLICABLE
    assert finding.features == {}
    assert reason in finding.evidence.reason


def test_a_cancelled_analysis_stops():
    def cancel(percent: float) -> None:
        raise AssayError("cancelled", "The analysis was cancelled.")

    with pytest.raises(AssayError, match="cancelled"):
        examine(material(sound(3.0), [lips(3.0)]), cancel)
