"""What is measured of the detector, with the methods that it has."""

from unittest.mock import create_autospec

import numpy as np

from assay.media.faces.detector import FaceDetector
from assay_lab.face_detector.measure import timings
from tests.branches.faces import FACE


def test_a_search_and_a_look_at_one_face_are_timed() -> None:
    detector = create_autospec(FaceDetector, instance=True)
    frame = np.zeros((72, 128, 3), np.uint8)

    assert timings(detector, frame, FACE).keys() == {"search", "look"}

    detector.search.assert_called_with(frame)
    detector.search_regions.assert_called_with(frame, [FACE])
