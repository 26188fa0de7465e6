from dataclasses import replace

import numpy as np
import pytest

from assay_lab.augment.pictures import Corruption, key_frame
from assay_lab.data.face_picture import FacePicture


@pytest.mark.parametrize("seed", range(20))
def test_a_draw_keeps_the_size_and_repeats(face: FacePicture, seed: int) -> None:
    corruption = Corruption.draw(np.random.default_rng(seed))
    first = corruption.apply(face.picture)
    assert first.shape == face.picture.shape and first.dtype == np.uint8
    assert np.array_equal(first, corruption.apply(face.picture))


def test_the_default_leaves_every_pixel(face: FacePicture) -> None:
    assert np.array_equal(Corruption().apply(face.picture), face.picture)


@pytest.mark.parametrize(
    ("mild", "harsh"),
    [
        (Corruption(jpeg=95), Corruption(jpeg=30)),
        (Corruption(webp=95), Corruption(webp=30)),
        (Corruption(crf=18), Corruption(crf=38)),
        (Corruption(first_jpeg=95), Corruption(first_jpeg=30)),
        (Corruption(scale=0.9), Corruption(scale=0.4)),
        (Corruption(beauty=5), Corruption(beauty=60)),
        (Corruption(sharpen=0.2), Corruption(sharpen=1.2)),
    ],
)
def test_harsher_settings_do_more_corruption(
    face: FacePicture, mild: Corruption, harsh: Corruption
) -> None:
    little, much = (
        np.abs(corruption.apply(face.picture).astype(int) - face.picture).mean()
        for corruption in (mild, harsh)
    )
    assert 0 < little < much < 20


def test_full_chroma_keeps_colour_edges(face: FacePicture) -> None:
    bars = np.zeros_like(face.picture)
    bars[:, ::2] = (255, 0, 0)
    bars[:, 1::2] = (0, 0, 255)
    corruption = Corruption(jpeg=95)
    errors = [
        np.abs(d.apply(bars).astype(int) - bars).mean()
        for d in (corruption, replace(corruption, full_chroma=True))
    ]
    assert errors[1] < errors[0] / 2


def test_a_key_frame_takes_odd_sizes(face: FacePicture) -> None:
    assert key_frame(face.picture[:101, :77], 28).shape == (101, 77, 3)
