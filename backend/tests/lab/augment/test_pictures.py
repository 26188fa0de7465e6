from dataclasses import replace

import numpy as np
import pytest

from assay_lab.augment.pictures import Degradation, key_frame
from assay_lab.data.face_picture import FacePicture


@pytest.mark.parametrize("seed", range(20))
def test_a_draw_keeps_the_size_and_repeats(face: FacePicture, seed: int) -> None:
    damage = Degradation.draw(np.random.default_rng(seed))
    first = damage.apply(face.picture)
    assert first.shape == face.picture.shape and first.dtype == np.uint8
    assert np.array_equal(first, damage.apply(face.picture))


def test_the_default_leaves_every_pixel(face: FacePicture) -> None:
    assert np.array_equal(Degradation().apply(face.picture), face.picture)


@pytest.mark.parametrize(
    ("mild", "harsh"),
    [
        (Degradation(jpeg=95), Degradation(jpeg=30)),
        (Degradation(webp=95), Degradation(webp=30)),
        (Degradation(crf=18), Degradation(crf=38)),
        (Degradation(first_jpeg=95), Degradation(first_jpeg=30)),
        (Degradation(scale=0.9), Degradation(scale=0.4)),
        (Degradation(beauty=5), Degradation(beauty=60)),
        (Degradation(sharpen=0.2), Degradation(sharpen=1.2)),
    ],
)
def test_harsher_settings_do_more_damage(
    face: FacePicture, mild: Degradation, harsh: Degradation
) -> None:
    little, much = (
        np.abs(damage.apply(face.picture).astype(int) - face.picture).mean()
        for damage in (mild, harsh)
    )
    assert 0 < little < much < 20


def test_full_chroma_keeps_colour_edges(face: FacePicture) -> None:
    bars = np.zeros_like(face.picture)
    bars[:, ::2] = (255, 0, 0)
    bars[:, 1::2] = (0, 0, 255)
    damage = Degradation(jpeg=95)
    errors = [
        np.abs(d.apply(bars).astype(int) - bars).mean()
        for d in (damage, replace(damage, full_chroma=True))
    ]
    assert errors[1] < errors[0] / 2


def test_a_key_frame_takes_odd_sizes(face: FacePicture) -> None:
    assert key_frame(face.picture[:101, :77], 28).shape == (101, 77, 3)
