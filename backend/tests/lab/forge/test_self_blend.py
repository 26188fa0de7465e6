import json

import numpy as np
import pytest

from assay_lab.data.face_picture import FacePicture
from assay_lab.face_pairs.sources import Forged
from assay_lab.forge.self_blend import Misalignment, SelfBlend, self_blend


@pytest.mark.parametrize("seed", range(12))
def test_a_self_blend_differs_inside_its_mask_only(face: FacePicture, seed: int) -> None:
    made = self_blend(face, np.random.default_rng(seed))
    delta = np.abs(made.fake.astype(int) - made.real).max(axis=2)
    assert made.fake.shape == face.picture.shape and made.fake.dtype == np.uint8
    assert delta[made.mask == 0].max(initial=0) <= 1
    assert made.change > 0


def test_settings_repeat_the_pixels_and_log_as_json(face: FacePicture) -> None:
    settings = SelfBlend.draw(np.random.default_rng(3))
    first, second = settings.apply(face), settings.apply(face)
    assert np.array_equal(first.fake, second.fake) and np.array_equal(first.mask, second.mask)
    assert json.loads(json.dumps(first.log))["mask"]["region"] == settings.mask.region


def test_no_misalignment_moves_nothing(face: FacePicture) -> None:
    assert np.array_equal(Misalignment().apply(face), face.picture)


def test_a_shift_is_in_face_sizes(face: FacePicture) -> None:
    moved = Misalignment(shift=(0.1, 0.0)).apply(face)
    pixels = [
        np.abs(moved[:, s:-1] - face.picture[:, : -1 - s].astype(int)).mean() for s in range(1, 12)
    ]
    assert abs((1 + int(np.argmin(pixels))) - 5.6) < 1.1


def test_the_source_draws_visible_pairs_and_repeats_them(
    face: FacePicture, other: FacePicture
) -> None:
    source = Forged([face, other], self_blend)
    first, again = (source.draw(np.random.default_rng(9)) for _ in range(2))
    assert first.together and first.mask is not None
    assert np.array_equal(first.fake, again.fake) and np.array_equal(first.real, again.real)
    assert not np.array_equal(first.fake, first.real)


def test_a_blank_face_is_passed_over(face: FacePicture) -> None:
    blank = FacePicture(np.full_like(face.picture, 90), face.keypoints, "blank")
    pair = Forged([blank, face], self_blend).draw(np.random.default_rng(0))
    assert pair.real.std() > 5
