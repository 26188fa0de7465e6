from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from assay.media.faces.crops import crop_face
from assay.media.material import Face
from assay_lab.augment.pictures import Corruption
from assay_lab.augment.sharpness import level, sharpness
from assay_lab.data.face_picture import FacePicture
from assay_lab.data.faces import FaceCache, FaceSample, FileFaces
from assay_lab.data.rows import Row
from assay_lab.face_pairs.sources import (
    CachedFaces,
    FaceFiles,
    Forged,
    Generated,
    Maker,
    PicturesOf,
)
from assay_lab.forge.self_blend import self_blend
from tests.lab.forge_media import BOX, KEYPOINTS

from ..face_cache import write_index


@pytest.fixture
def cached(tmp_path: Path) -> CachedFaces:
    """The portrait as `extract-faces` would have found it, and a file without faces."""
    file = tmp_path / "portrait.png"
    cv2.imwrite(str(file), cv2.cvtColor(astronaut(), cv2.COLOR_RGB2BGR))
    sample = FaceSample(0, 0.0, 0, BOX.tolist(), KEYPOINTS.tolist(), 0.9, None, None)
    found = [
        FileFaces("portrait", 512, 512, [sample], [], {}),
        FileFaces("blank", 10, 10, [], [], {}),
    ]
    write_index(tmp_path, found)
    rows = [
        Row(tmp_path / f"{name}.png", "image", "real", "", name, "source")
        for name in ("portrait", "blank", "unknown")
    ]
    return CachedFaces(FaceCache(tmp_path), rows)


def test_cached_faces_have_key_points_in_the_crop(cached: CachedFaces) -> None:
    assert len(cached) == 1
    face = cached[0]
    assert np.array_equal(face.picture, crop_face(astronaut(), Face(BOX, KEYPOINTS, 0.9))[0])
    patch = astronaut()[99:106, 200:207]
    x, y = np.rint(face.keypoints[0]).astype(int)
    assert np.abs(face.picture[y, x].astype(int) - patch.mean(axis=(0, 1))).max() < 60
    assert Forged(cached, self_blend).draw(np.random.default_rng(0)).together


def test_sharpness_falls_with_blur_and_ignores_contrast(face: FacePicture) -> None:
    values = [sharpness(cv2.GaussianBlur(face.picture, (0, 0), s)) for s in (0.5, 1.0, 2.0)]
    assert values == sorted(values, reverse=True)
    faint = (face.picture // 2 + 60).astype(np.uint8)
    assert sharpness(faint) == pytest.approx(sharpness(face.picture), rel=0.1)
    assert sharpness(np.full_like(face.picture, 9)) == 0


@pytest.mark.parametrize("seed", range(4))
def test_levelled_pictures_are_equally_sharp(face: FacePicture, seed: int) -> None:
    soft = Corruption(scale=0.5).apply(face.picture)
    for real, fake in ((soft, face.picture), (face.picture, soft)):
        one, other = level(real, fake, np.random.default_rng(seed))
        assert sharpness(one) == pytest.approx(sharpness(other), rel=0.25)


def test_levelling_leaves_no_history_on_one_side_alone(face: FacePicture) -> None:
    """Of two pictures of one kind, either may end up with less of the finest detail."""
    rng = np.random.default_rng(0)
    weaker = 0
    for seed in range(60):
        pair = [grainy(face.picture, rng) for _ in range(2)]
        real, fake = level(*pair, np.random.default_rng(seed))
        weaker += finest(fake) < finest(real)
    # Two thirds of 60 by chance: once in 250.
    assert 20 <= weaker <= 40


def grainy(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As another camera of the same make would have taken it."""
    return np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)


def finest(picture: np.ndarray) -> float:
    """Energy between neighbouring pixels beyond what two pixels' distance explains."""
    grey = picture.mean(axis=2)
    return float(np.abs(np.diff(grey, n=2, axis=1)).mean())


def test_generated_faces_come_beside_photographs(face: FacePicture, other: FacePicture) -> None:
    source = Generated([Maker([other.picture], [])], [[face.picture]])
    first, again = (source.draw(np.random.default_rng(2)) for _ in range(2))
    assert not first.together and first.mask is not None and first.mask.min() == 1
    assert np.array_equal(first.fake, again.fake) and np.array_equal(first.real, again.real)
    assert np.abs(first.real.astype(int) - face.picture).mean() < 15
    assert np.abs(first.fake.astype(int) - other.picture).mean() < 15


def test_half_of_the_real_faces_are_of_the_site_of_the_fake(face: FacePicture) -> None:
    """Sites told by their brightness: of two makers, one has a neighbour and the other none."""
    near, far, alone = (np.full_like(face.picture, level) for level in (200, 100, 20))
    source = Generated([Maker([near], [near]), Maker([alone], [])], [[far]])
    pairs = [source.draw(np.random.default_rng(seed)) for seed in range(200)]

    beside_near = [pair.real.mean() > 150 for pair in pairs if pair.fake.mean() > 150]
    beside_alone = [pair.real.mean() > 150 for pair in pairs if pair.fake.mean() < 60]
    assert 0.3 < np.mean(beside_near) < 0.7
    assert len(beside_alone) > 50 and not any(beside_alone)


def test_makers_and_cameras_are_drawn_by_the_root_of_their_number(face: FacePicture) -> None:
    many, few = (np.full_like(face.picture, level) for level in (200, 20))
    source = Generated([Maker([many] * 16, []), Maker([few], [])], [[few] * 9, [many]])
    pairs = [source.draw(np.random.default_rng(seed)) for seed in range(400)]

    assert np.mean([pair.fake.mean() > 100 for pair in pairs]) == pytest.approx(4 / 5, abs=0.07)
    assert np.mean([pair.real.mean() > 100 for pair in pairs]) == pytest.approx(1 / 4, abs=0.07)


def test_pictures_come_from_files_and_from_faces(face: FacePicture, tmp_path: Path) -> None:
    file = tmp_path / "crop.png"
    cv2.imwrite(str(file), cv2.cvtColor(face.picture, cv2.COLOR_RGB2BGR))
    files = FaceFiles([Row(file, "image", "real", "", "group", "source")])
    for pictures in (files, PicturesOf([face])):
        assert len(pictures) == 1
        assert np.array_equal(pictures[0], face.picture)
