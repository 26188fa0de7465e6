"""Runs of faces beside their forgeries."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from skimage import data as pictures

from assay_lab.data.face_picture import FacePicture
from assay_lab.data.faces import FaceSample
from assay_lab.data.rows import Row
from assay_lab.temporal.dataset import (
    SequencePair,
    forge_run,
    read_pairs,
    runs,
    sequence_pairs,
    unsteady,
    write_pairs,
)

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


class Clips:
    """The faces of clips, as CachedFaces has them: each of so many runs of so many steps."""

    def __init__(self, clips: int, lengths: tuple[int, ...]) -> None:
        sample = FaceSample(0, 0.0, 0, [0.0] * 4, [[0.0, 0.0]] * 6, 0.9, None, None)
        rows = [
            Row(Path(f"{clip:03}.mp4"), "video", "real", "", f"clip {clip}", "site")
            for clip in range(clips)
        ]
        self.places = [
            (row, replace(sample, segment=number))
            for row in rows
            for number, steps in enumerate(lengths)
            for _ in range(steps)
        ]
        self.asked: list[int] = []

    def __getitem__(self, number: int) -> FacePicture:
        self.asked.append(number)
        return run(1)[0]


class Network:
    """Embeds a face as its mean."""

    def run(self, _: list[str], asked: dict[str, np.ndarray]) -> list[np.ndarray]:
        return [asked["faces"].mean(axis=(1, 2, 3))[:, None].repeat(512, axis=1)]


def test_runs_are_unbroken_and_of_one_clip() -> None:
    assert runs(Clips(2, (5, 3, 4))) == [
        [0, 1, 2, 3, 4],
        [8, 9, 10, 11],
        [12, 13, 14, 15, 16],
        [20, 21, 22, 23],
    ]


def test_of_many_runs_some_are_chosen_evenly_and_no_other_is_looked_at() -> None:
    clips = Clips(9, (4,))

    pairs = list(sequence_pairs(clips, Network(), most=3))

    assert [pair.group for pair in pairs] == ["clip 0", "clip 4", "clip 8"]
    assert clips.asked == [*range(4), *range(16, 20), *range(32, 36)]
    assert all(pair.real.shape == pair.fake.shape == (4, 512) for pair in pairs)
    assert not any(pair.swapped for pair in pairs)


def test_of_few_runs_all_are_taken() -> None:
    assert len(list(sequence_pairs(Clips(2, (4, 2)), Network(), most=9))) == 2
    assert list(sequence_pairs(Clips(3, (2,)), Network(), most=9)) == []


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
