import json
from pathlib import Path

import numpy as np
import pytest
import torch

from assay_lab.core.loop import Run
from assay_lab.data.face_picture import FacePicture, frontal, landmarks
from assay_lab.forge.autoencoder_swap import Reface, Refacer
from assay_lab.forge.generators.net import Design, Painting
from assay_lab.forge.generators.train import Config
from assay_lab.forge.swap import Swapper
from assay_lab.forge.warp import aligned


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained generator with a waist, saved as the trainer saves one."""
    folder = tmp_path_factory.mktemp("waist")
    design = Design("shuffle", code="waist", depth=8, width=4, side=32)
    torch.manual_seed(0)
    run = Run(folder, Config(Path("labels"), design))
    run.save(average=Painting(design).state_dict(), step=1)
    return folder


def test_a_frontal_face_fits_its_square() -> None:
    marks = landmarks(frontal(64)).all
    assert marks.min() > -8 and marks.max() < 72
    assert np.allclose(frontal(128), 2 * frontal(64))


def test_alignment_puts_the_eyes_where_they_belong(face: FacePicture) -> None:
    turned = np.ascontiguousarray(face.picture.transpose(1, 0, 2)[:, ::-1])  # a quarter turn
    points = np.column_stack([223 - face.keypoints[:, 1], face.keypoints[:, 0]])
    upright = aligned(face.picture, face.keypoints, 96)
    also = aligned(turned, points.astype(np.float32), 96)
    assert upright.shape == (96, 96, 3)
    assert np.abs(upright.astype(int) - also).mean() < 2


@pytest.mark.parametrize("seed", range(4))
def test_a_refacing_changes_the_face_only_and_repeats(
    face: FacePicture, other: FacePicture, generator: Path, seed: int
) -> None:
    settings = Reface.draw(np.random.default_rng(seed), [generator])
    made, again = settings.apply(face, other), settings.apply(face, other)
    delta = np.abs(made.fake.astype(int) - made.real).max(axis=2)
    assert np.array_equal(made.fake, again.fake)
    assert delta[made.mask == 0].max(initial=0) <= 1 and made.change > 3
    assert json.loads(json.dumps(made.log))["mix"] == settings.mix


def test_mixing_all_of_the_partner_shows_the_partner(
    face: FacePicture, other: FacePicture, generator: Path
) -> None:
    swap = Reface.draw(np.random.default_rng(0), [generator]).swap
    painted = [
        Reface(str(generator), mix, swap)._painted(
            aligned(face.picture, face.keypoints, 32), aligned(other.picture, other.keypoints, 32)
        )
        for mix in (0.0, 1.0)
    ]
    theirs = aligned(other.picture, other.keypoints, 32)
    alone = Reface(str(generator), 0.0, swap)._painted(theirs, theirs)
    assert np.abs(painted[1].astype(int) - alone).max() <= 1
    assert not np.array_equal(painted[0], painted[1])


def test_refacers_are_forges(face: FacePicture, other: FacePicture, generator: Path) -> None:
    swapper = Swapper([face, other], np.random.default_rng(0))
    made = Refacer([generator], swapper)(face, np.random.default_rng(1))
    assert made.forge == "reface" and made.fake.shape == face.picture.shape
