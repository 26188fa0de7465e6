"""What is said of crops, summed up, and the crops that int8 is calibrated on."""

from pathlib import Path

import numpy as np

from assay_lab.visual.scored_faces import CALIBRATION, condition_row, feeds_of
from tests.lab.visual.faces import face, write_bank


def test_a_row_ranks_each_kind_for_itself_and_counts_both_classes() -> None:
    faces = [face(number, number % 2 == 1) for number in range(4)]
    faces += [face(number, number % 2 == 1, modality="video") for number in range(4)]
    odds = np.array([-1.0, 1.0, -2.0, 2.0, 1.0, -1.0, 3.0, -3.0])
    assert condition_row(faces, odds) == {
        "auc clips": 0.0,
        "auc stills": 1.0,
        "real over half": 0.5,
        "fake over half": 0.5,
    }


def test_the_same_crops_calibrate_each_time(tmp_path: Path) -> None:
    bank = write_bank(tmp_path, [face(number) for number in range(CALIBRATION + 9)])
    one, two = (feeds_of(bank, range(len(bank)), "squares") for _ in range(2))
    assert sum(len(feed["squares"]) for feed in one) == CALIBRATION
    assert all(np.array_equal(a["squares"], b["squares"]) for a, b in zip(one, two, strict=True))
