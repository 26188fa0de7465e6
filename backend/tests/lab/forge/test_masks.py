import numpy as np
import pytest

from assay_lab.data.face_picture import FacePicture
from assay_lab.forge.masks import SHARES, FaceMask


@pytest.mark.parametrize("region", SHARES)
def test_masks_are_soft_and_repeatable(face: FacePicture, region: str) -> None:
    settings = FaceMask.draw(np.random.default_rng(4), region)
    mask = settings.paint(face.keypoints, face.picture.shape)
    assert mask.shape == face.picture.shape[:2] and mask.dtype == np.float32
    assert mask.min() == 0 and mask.max() <= 1 and mask.max() > 0.2
    assert np.array_equal(mask, settings.paint(face.keypoints, face.picture.shape))


def test_shares_are_a_distribution() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)


def test_a_mouth_mask_covers_the_mouth_and_spares_the_eyes(face: FacePicture) -> None:
    mask = FaceMask("mouth", feather=0.02).paint(face.keypoints, face.picture.shape)
    for (x, y), covered in ((face.keypoints[3], True), (face.keypoints[0], False)):
        assert (mask[int(y), int(x)] > 0.9) == covered


def test_a_mask_moves_with_its_face(face: FacePicture) -> None:
    settings = FaceMask.draw(np.random.default_rng(1), "inner")
    still = settings.paint(face.keypoints, face.picture.shape)
    moved = settings.paint(face.keypoints + np.float32([5, 0]), face.picture.shape)
    # The wobble is fixed to the picture, so the two need not match to the pixel.
    assert np.abs(np.roll(still, 5, axis=1) - moved).mean() < 0.02


def test_growing_widens(face: FacePicture) -> None:
    areas = [
        FaceMask("face", grow=grow).paint(face.keypoints, face.picture.shape).sum()
        for grow in (-0.1, 0.0, 0.1)
    ]
    assert areas == sorted(areas) and areas[0] < areas[2]
