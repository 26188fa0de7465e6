"""What the visual branch's card says of real faces that were small."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from skimage.data import astronaut

from assay.types import Doubles
from assay_lab.augment.sharpness import sharpness
from assay_lab.data.rows import Label, Row
from assay_lab.face_pairs.held_out import Shown
from assay_lab.visual.resnet18.release import ENLARGED_FROM, card, enlarged

FACE = np.ascontiguousarray(astronaut()[:224, 100:324])


def shown(source: str, label: Label) -> Shown:
    return Shown(Row(Path("a.png"), "image", label, "", "somebody", source), FACE, None)


def softness(faces: Sequence[Shown]) -> Doubles:
    """Calls a face fake that has lost a fifth of its sharpness."""
    return np.array([0.5 + 0.8 - sharpness(face.aligned) / sharpness(FACE) for face in faces])


def test_soft_real_faces_that_are_called_fake_are_counted_by_source() -> None:
    faces = [shown("a camera", "real"), shown("a camera", "real"), shown("a generator", "fake")]
    assert enlarged(faces, softness) == {"real: a camera": {"224": 0.0, "112": 1.0, "56": 1.0}}


def test_a_detector_that_does_not_mind_has_none() -> None:
    found = enlarged([shown("a camera", "real")], lambda faces: np.full(len(faces), 0.4))
    assert set(found["real: a camera"].values()) == {0.0}


@pytest.mark.parametrize(
    ("share", "start", "before"),
    [
        (0.0, None, None),
        (0.125, "an earlier run", "the run an earlier run"),
        (0.125, "visual_resnet18", "the release before it"),
    ],
)
def test_the_card_shows_every_side_and_what_came_before(
    share: float, start: str | None, before: str | None
) -> None:
    numbers = {"value": 0.9, "low": 0.8, "high": 1.0}
    report = {
        "run": {"shares": [["dfdc", 1.0]], "face_side": 224, "start": start},
        "steps": 4,
        "own_share": 1.0 - 2 * share,
        "test": {
            "swaps": {
                "real": 2,
                "fake": 2,
                "auc": numbers,
                "eer": 0.1,
                "false_alarms": 0.1,
                "ece": 0.1,
            }
        },
        "enlarged": {"real: a camera": {str(side): share for side in ENLARGED_FROM}},
        "auc_by_condition": {"clean": {"swaps": 0.9}},
        "int8": {
            "megabytes_fp32": 44.9,
            "megabytes_int8": 11.4,
            "milliseconds_of_16_fp32": 290.0,
            "milliseconds_of_16_int8": 110.0,
            "mean_score_change": 0.01,
            "largest_score_change": 0.1,
            "verdict_flips": 0.02,
            "auc_loss": 0.001,
        },
    }
    text = card(report)
    assert "| from 224 px | from 112 px | from 56 px |" in text
    assert ("It went on from" in text) == (start is not None)
    assert before is None or f"It went on from {before}, " in text
    assert ("its own with a share of 75%" in text) == (start is not None)
    assert text.count(f"{share:.1%} | {share:.1%} | {share:.1%}") == 1
