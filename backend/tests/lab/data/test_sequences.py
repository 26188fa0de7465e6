"""Runs of faces beside their forgeries."""

from pathlib import Path

import numpy as np
from skimage import data as pictures

from assay_lab.data.sequences import (
    SWAP,
    SequencePair,
    evened,
    forge_run,
    read_pairs,
    unsteady,
    write_pairs,
)
from assay_lab.forge.face import FacePicture

POINTS = np.array([[85, 90], [139, 90], [112, 120], [112, 150], [60, 95], [164, 95]], np.float32)


def run(steps: int) -> list[FacePicture]:
    face = np.ascontiguousarray(pictures.astronaut()[0:224, 110:334])
    return [FacePicture(face, POINTS, "g") for _ in range(steps)]


def test_a_forged_run_differs_from_its_original_at_every_step() -> None:
    for seed in range(6):
        real, fake = forge_run(run(4), np.random.default_rng(seed))
        assert [picture.shape for picture in real + fake] == [(224, 224, 3)] * 8
        changes = [np.abs(a.astype(int) - b).max() for a, b in zip(real, fake, strict=True)]
        assert min(changes) > 0


def test_some_forgeries_are_steady_and_some_flicker() -> None:
    steady = []
    for seed in range(12):
        _, fake = forge_run(run(2), np.random.default_rng(seed))
        steady.append(np.array_equal(fake[0], fake[1]))

    assert any(steady)
    assert not all(steady)


def test_pairs_are_read_as_they_were_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pairs = [
        SequencePair(
            f"g{steps}",
            "val",
            rng.normal(size=(steps, 512)).astype(np.float32),
            rng.normal(size=(steps, 512)).astype(np.float32),
        )
        for steps in (4, 9)
    ]

    assert write_pairs(pairs, tmp_path / "pairs.npz") == 2

    for one, other in zip(pairs, read_pairs(tmp_path / "pairs.npz"), strict=True):
        assert (one.group, one.part) == (other.group, other.part)
        np.testing.assert_allclose(one.real, other.real, atol=5e-3)
        np.testing.assert_allclose(one.fake, other.fake, atol=5e-3)


def test_many_clips_do_not_outnumber_the_swaps() -> None:
    faces = np.zeros((4, 512), np.float32)
    clips = [SequencePair(f"clip {number}", "train", faces, faces) for number in range(50)]
    swaps = [SequencePair(f"{SWAP}train {number}", "train", faces, faces) for number in range(7)]
    others = [SequencePair(f"{SWAP}val {number}", "val", faces, faces) for number in range(3)]

    kept = evened([*clips, *swaps, *others], "train")

    assert [pair for pair in kept if pair.swapped] == swaps
    thinned = [int(pair.group.split()[1]) for pair in kept if not pair.swapped]
    assert len(thinned) == 7
    assert (thinned[0], thinned[-1]) == (0, 49)


def test_of_a_kind_that_is_absent_nothing_can_be_evened() -> None:
    faces = np.zeros((4, 512), np.float32)

    assert evened([SequencePair("clip", "val", faces, faces)], "val") == []


def test_an_unsteady_camera_sees_both_pictures_alike_and_some_swaps_drop_out() -> None:
    real = np.ascontiguousarray(pictures.astronaut()[0:224, 110:334])
    fake = np.ascontiguousarray(255 - real)
    dropped = []
    for seed in range(10):
        seen, forged = unsteady(real, fake, np.random.default_rng(seed))
        same = [np.array_equal(one, other) for one, other in zip(seen, forged, strict=True)]
        assert len(seen) >= 4
        assert not all(same)
        dropped.append(any(same))

    assert any(dropped)
    assert not all(dropped)
