"""What the picture network says of a face: the mean of its picture's squares, by the right head."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assay.types import Floats, Image
from assay_lab.data.rows import DFDC_CROPS
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.picture.release import Judges
from tests.lab.visual.faces import TEST, UNSEEN, face, write_bank


class Brightness:
    """A network whose logits are the mean grey level, a thousand more for video."""

    def run(self, outputs: list[str], feeds: Mapping[str, Image]) -> list[Floats]:
        means = feeds["squares"].mean(axis=(1, 2, 3), dtype=np.float64)
        return [means + {"still": 0, "video": 1000}[output] for output in outputs]


@pytest.fixture
def patches(tmp_path: Path) -> FaceBank:
    """Two of a still, one of a video, and none of two others."""
    lines = [face(1, source=UNSEEN)] * 2 + [face(2, source=TEST, modality="video")]
    return write_bank(tmp_path / "patches", lines)


@pytest.fixture
def judges(tmp_path: Path, patches: FaceBank) -> Judges:
    swap = replace(face(3, fake=True, source=DFDC_CROPS), keypoints="")
    video = face(2, source=TEST, modality="video")
    lines = [face(1, source=UNSEEN), video, swap, face(4, source=UNSEEN)]
    return Judges(write_bank(tmp_path / "faces", lines), patches, Brightness(), tmp_path)


def test_what_has_no_picture_cannot_be_judged_but_a_crop_is_its_own(judges: Judges) -> None:
    files = {judges.faces.faces[number].file for number in judges.known(["0", "1", "2", "test"])}
    assert files == {"image1", "video2", "image3"}
    assert judges.known(["test"]) == [1]


def test_a_picture_counts_by_the_mean_of_its_squares(judges: Judges, patches: FaceBank) -> None:
    means = [float(patches.picture(number).mean()) for number in range(3)]
    crop = float(judges.faces.picture(2).mean())
    wanted = [sum(means[:2]) / 2, 1000 + means[2], crop]
    assert judges.picture([0, 1, 2]) == pytest.approx(wanted, abs=0.01)


def test_every_square_is_corrupted(judges: Judges) -> None:
    assert judges.picture([0, 1, 2], lambda picture: picture * 0).tolist() == [0, 1000, 0]
