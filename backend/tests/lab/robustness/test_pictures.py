"""A still under attack: what the networks are shown is what the service shows them."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from assay.branches.gate.branch import pooled
from assay.errors import AssayError
from assay.media.faces.crops import ALIGNED, crop_face
from assay.media.material import Face
from assay.media.patches import OF_A_STILL, patches
from assay.models.sessions import ModelStore
from assay.settings import Settings
from assay.types import Image
from assay_lab.core.linf import fgsm
from assay_lab.robustness.pictures import (
    GATE_NETWORK,
    PICTURE,
    FaceInPicture,
    PictureNetworks,
    Still,
    find_still,
    resized,
    squares_of,
)
from assay_lab.robustness.victims import TOGETHER
from tests.media_factory import portrait


@pytest.fixture(scope="module")
def networks(store: ModelStore) -> PictureNetworks:
    return PictureNetworks(store)


@pytest.fixture(scope="module")
def still(
    tmp_path_factory: pytest.TempPathFactory,
    networks: PictureNetworks,
    store: ModelStore,
    settings: Settings,
) -> Still:
    found = find_still(
        save(tmp_path_factory.mktemp("stills") / "a.png", portrait()), networks, settings, store
    )
    assert found is not None
    return found


def save(file: Path, picture: Image) -> Path:
    cv2.imwrite(str(file), picture[..., ::-1])
    return file


def face_at(x0: float, y0: float, side: float) -> Face:
    box = np.array([x0, y0, x0 + side, y0 + side], np.float32)
    return Face(box, np.zeros((6, 2), np.float32), 0.9)


@pytest.mark.parametrize("side", [60, 150, 187, 300, 500])
@pytest.mark.parametrize("corner", [(0, 0), (101, 77)])
def test_a_face_is_cut_out_as_the_service_does(side: int, corner: tuple[int, int]) -> None:
    picture = portrait()
    face = face_at(*corner, side)
    wanted, native = crop_face(picture, face)
    seen = FaceInPicture.of(picture, face)
    shown = resized(seen.square.of(seen.pixels), ALIGNED, ALIGNED)[0].numpy()
    assert np.abs(shown - wanted).max() <= 1.0
    assert np.array_equal(seen.native.of(seen.pixels)[0].numpy(), native)


def test_networks_say_what_they_say_when_served(still: Still, store: ModelStore) -> None:
    said = still.networks
    square = still.face.square.of(still.values)
    crop = resized(square, ALIGNED, ALIGNED).round().byte().numpy()
    for name in said.names:
        logit = float(said.logits(name, still.values, still.face))
        if name == GATE_NETWORK:
            native = still.face.native.of(still.values).byte().numpy()
            (maps,) = store.session(name).run(None, {"picture": native})
            wanted = pooled(maps[0], store.parameters(name)["top"])
        elif name == PICTURE:
            squares = np.stack(patches(still.face.picture, range(OF_A_STILL)))
            wanted = float(store.session(name).run(["still"], {"squares": squares})[0].mean())
        else:
            wanted = float(store.session(name).run(["logit"], {"faces": crop})[0][0])
        assert logit == pytest.approx(wanted, abs=0.1), name


def test_together_is_the_sum(still: Still) -> None:
    alone = [float(still.score(name, 1.0)(still.values)) for name in still.networks.names]
    assert float(still.score(TOGETHER, 1.0)(still.values)) == pytest.approx(sum(alone), abs=1e-3)
    assert float(still.score(TOGETHER, -1.0)(still.values)) == pytest.approx(-sum(alone), abs=1e-3)


@pytest.mark.parametrize(("height", "width"), [(1500, 2000), (700, 900), (120, 90)])
def test_squares_of_a_picture_are_cut_as_the_service_does(height: int, width: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    wanted = np.stack(patches(picture, range(OF_A_STILL)))
    shown = squares_of(torch.from_numpy(picture[None].astype(np.float32)))[:, 0].numpy()
    assert np.abs(shown - wanted).max() <= 1.0


def test_one_step_moves_every_target_and_nothing_that_it_does_not_see(still: Still) -> None:
    for target in still.targets:
        score = still.score(target, 1.0)
        attacked = fgsm(still.values, score, still.budget(2))
        assert float(score(attacked)) > float(score(still.values)), target
        if target in (PICTURE, TOGETHER):
            continue
        changed = (attacked != still.values).any(dim=3)[0].nonzero()
        low, high = changed.min(dim=0).values, changed.max(dim=0).values
        square = still.face.square
        assert low[0] >= square.top - 1 and low[1] >= square.left - 1
        assert high[0] < square.top + square.side and high[1] < square.left + square.side


def test_files_hold_what_was_attacked(still: Still, tmp_path: Path) -> None:
    values = still.values + 0.4
    files = still.save(values, tmp_path)
    assert list(files) == ["png", "jpeg 90"]
    png, jpeg = (cv2.imread(str(file))[..., ::-1] for file in files.values())
    assert np.array_equal(png, np.minimum(portrait(), 255))
    assert jpeg.shape == png.shape and not np.array_equal(png, jpeg)


@pytest.mark.parametrize(
    "picture",
    [
        np.full((120, 160, 3), 127, np.uint8),
        np.hstack([portrait()[:300, 60:400], portrait()[:300, 60:400]]),
        np.rot90(portrait()).copy(),
    ],
    ids=["nobody", "two", "sideways"],
)
def test_pictures_without_one_upright_face_are_passed_over(
    picture: Image, networks: PictureNetworks, store: ModelStore, settings: Settings, tmp_path: Path
) -> None:
    assert find_still(save(tmp_path / "a.png", picture), networks, settings, store) is None


def test_what_cannot_be_read_says_so(
    networks: PictureNetworks, store: ModelStore, settings: Settings, tmp_path: Path
) -> None:
    broken = tmp_path / "a.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0junk")
    with pytest.raises(AssayError):
        find_still(broken, networks, settings, store)


def test_values_are_grey_levels(still: Still) -> None:
    assert still.budget(4) == (4, 0.0, 255.0)
    assert still.values.dtype == torch.float32 and still.values.shape == (1, 512, 512, 3)
