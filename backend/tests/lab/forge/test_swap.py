import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from assay_lab.data.face_picture import FacePicture, landmarks
from assay_lab.face_pairs.sources import Forged
from assay_lab.forge.colour_transfer import Tone, Transfer
from assay_lab.forge.swap import Swap, Swapper, look
from assay_lab.forge.warp import Fit, carry, similarity

FITS: tuple[Fit, ...] = ("similarity", "affine", "thin_plate")


@pytest.mark.parametrize("fit", FITS)
def test_every_fit_follows_a_plain_turn_and_scale(face: FacePicture, fit: Fit) -> None:
    marks = landmarks(face.keypoints).all
    matrix = cv2.getRotationMatrix2D((112, 112), 10, 0.9)
    target = (marks @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    wanted = cv2.warpAffine(face.picture, matrix, (224, 224))
    moved = carry(face.picture, marks, target, (224, 224), fit)
    inner = slice(60, 160)
    assert np.abs(moved[inner, inner].astype(int) - wanted[inner, inner]).mean() < 3


def test_similarity_is_exact_for_similar_points(face: FacePicture) -> None:
    matrix = cv2.getRotationMatrix2D((3, 4), 33, 1.7)
    target = face.keypoints @ matrix[:, :2].T + matrix[:, 2]
    assert np.allclose(similarity(face.keypoints, target.astype(np.float32)), matrix, atol=1e-3)


@pytest.mark.parametrize("transfer", ["mean", "reinhard", "histogram"])
def test_tone_transfer_undoes_a_colour_cast(face: FacePicture, transfer: Transfer) -> None:
    cast = np.clip(face.picture * (0.7, 0.9, 1.0) + (30, 0, -10), 0, 255).astype(np.uint8)
    mask = np.ones(face.picture.shape[:2], np.float32)
    matched = Tone(transfer).apply(cast, face.picture, mask)
    before, after = (
        np.abs(p.astype(float).mean((0, 1)) - face.picture.mean((0, 1))).max()
        for p in (cast, matched)
    )
    assert after < before / 2


def test_a_histogram_match_invents_no_colours(face: FacePicture) -> None:
    """Levels that the mask never showed move with their nearest neighbours."""
    mask = np.zeros(face.picture.shape[:2], np.float32)
    mask[90:130, 90:130] = 1
    layer = face.picture.copy()
    layer[:20] = 255
    matched = Tone("histogram").apply(layer, face.picture, mask)
    assert np.ptp(matched[0, 0].astype(int)) < 25


def test_swapping_a_face_with_itself_shows_itself(face: FacePicture) -> None:
    swap = replace(Swap.draw(np.random.default_rng(0)), fit="similarity")
    clean = replace(swap, history=replace(swap.history, scale=1.0))
    assert clean.apply(face, face).change < 2


@pytest.mark.parametrize("seed", range(10))
def test_a_swap_changes_the_mask_only_and_repeats(
    face: FacePicture, other: FacePicture, seed: int
) -> None:
    settings = Swap.draw(np.random.default_rng(seed))
    made, again = settings.apply(face, other), settings.apply(face, other)
    delta = np.abs(made.fake.astype(int) - made.real).max(axis=2)
    assert np.array_equal(made.real, face.picture) and np.array_equal(made.fake, again.fake)
    assert delta[made.mask == 0].max(initial=0) <= 1
    assert made.change > 3
    assert json.loads(json.dumps(made.log))["fit"] == settings.fit


def test_partners_are_of_another_group(face: FacePicture, other: FacePicture) -> None:
    swapper = Swapper([face, other], np.random.default_rng(0))
    assert swapper.partner(face, np.random.default_rng(1)).group == other.group
    alone = Swapper([face], np.random.default_rng(0))
    with pytest.raises(ValueError, match="own group"):
        alone.partner(face, np.random.default_rng(1))


def test_look_tells_a_turned_head(face: FacePicture) -> None:
    turned = face.keypoints.copy()
    turned[2, 0] += 12
    turned_face = FacePicture(face.picture, turned, face.group)
    assert look(turned_face)[0] - look(face)[0] > 1


def test_swaps_can_be_drawn_as_pairs(face: FacePicture, other: FacePicture) -> None:
    source = Forged([face, other], Swapper([face, other], np.random.default_rng(0)))
    pair = source.draw(np.random.default_rng(5))
    assert pair.together and pair.mask is not None and pair.mask.max() > 0.5
