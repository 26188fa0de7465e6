import cv2
import numpy as np
import pytest

from assay_lab.data.face_picture import FacePicture
from assay_lab.forge.blend import Blend, Method
from assay_lab.forge.masks import FaceMask

METHODS: tuple[Method, ...] = ("alpha", "pyramid", "poisson")


@pytest.mark.parametrize("method", METHODS)
def test_blending_a_picture_with_itself_changes_nothing(face: FacePicture, method: Method) -> None:
    mask = FaceMask("face").paint(face.keypoints, face.picture.shape)
    blended = Blend(method).apply(face.picture, face.picture, mask)
    assert np.abs(blended.astype(int) - face.picture).max() <= 2


@pytest.mark.parametrize("method", METHODS)
def test_nothing_changes_outside_the_mask(face: FacePicture, method: Method) -> None:
    layer = cv2.GaussianBlur(face.picture, (0, 0), 5)
    mask = FaceMask("mouth", feather=0.03).paint(face.keypoints, face.picture.shape)
    delta = np.abs(Blend(method).apply(face.picture, layer, mask).astype(int) - face.picture)
    assert delta[mask == 0].max() <= 1
    assert delta[mask > 0.9].mean() > 2


def test_poisson_takes_the_tone_of_the_base(face: FacePicture) -> None:
    layer = np.clip(face.picture.astype(int) + 40, 0, 255).astype(np.uint8)
    mask = FaceMask("inner", feather=0.03).paint(face.keypoints, face.picture.shape)
    whole = mask > 0.9
    plain, cloned = (
        np.abs(Blend(method).apply(face.picture, layer, mask).astype(int) - face.picture)[whole]
        for method in ("alpha", "poisson")
    )
    assert plain.mean() > 30 and cloned.mean() < 10


def test_opacity_scales_the_change(face: FacePicture) -> None:
    layer = 255 - face.picture
    mask = np.ones(face.picture.shape[:2], np.float32)
    half = Blend("alpha", 0.5).apply(face.picture, layer, mask)
    assert np.abs(half.astype(int) - 127.5).max() <= 1.5
