from dataclasses import replace

import numpy as np
import pytest

from assay_lab.data.clip import Clip, square
from assay_lab.forge.footage import Cast, Footage, actor
from assay_lab.forge.mouth import mouth_paint, mouth_swap
from assay_lab.forge.self_blend import SelfBlend
from assay_lab.forge.swap import Swap
from assay_lab.forge.texture import TextureLoss
from assay_lab.forge.timing import FaceTiming, FrameTiming, Kind

KINDS: tuple[Kind, ...] = ("freeze", "tremble", "trail")


def changed(fake: Clip, real: Clip) -> np.ndarray:
    return np.abs(fake.frames.astype(int) - real.frames).max(axis=3)


def test_a_cast_plays_to_and_fro() -> None:
    assert [Cast().frame(n, 4) for n in range(8)] == [0, 1, 2, 3, 2, 1, 0, 1]
    assert [Cast(start=0.5, backwards=True).frame(n, 4) for n in range(4)] == [2, 1, 0, 1]
    assert {Cast(still=True, start=0.5).frame(n, 4) for n in range(9)} == {2}
    assert Cast().frame(7, 1) == 0


def test_an_actor_keeps_its_key_points(clip: Clip) -> None:
    left, top, side = square(clip)
    face = actor(clip, 3)
    assert face.picture.shape == (side, side, 3)
    assert np.allclose(face.keypoints + np.float32([left, top]), clip.keypoints[3])


@pytest.mark.parametrize("seed", range(2))
def test_a_swap_changes_every_frame_near_the_face_only(
    clip: Clip, other_clip: Clip, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    footage = Footage.draw(rng, Swap.draw(rng), Cast.draw(rng, still=bool(seed % 2)))
    fake = footage.apply(clip, other_clip)
    delta = changed(fake, clip)
    left, top, side = square(clip)
    assert (delta.max(axis=(1, 2)) > 8).all()
    delta[:, top : top + side, left : left + side] = 0
    assert delta.max() == 0
    assert np.array_equal(fake.frames, footage.apply(clip, other_clip).frames)
    assert fake.sound is clip.sound


def test_a_steady_forge_is_steadier_than_a_flickering_one(clip: Clip) -> None:
    still = replace(SelfBlend.draw(np.random.default_rng(8)), on_source=True)
    static = replace(clip, frames=np.repeat(clip.frames[:1], 10, axis=0))
    static = replace(static, keypoints=np.repeat(clip.keypoints[:1], 10, axis=0))
    unrest = [
        np.abs(np.diff(made.frames.astype(int), axis=0)).mean()
        for made in (
            Footage(still).apply(static),
            Footage(still, flicker=1.0).apply(static),
            Footage(still, shake=0.05).apply(static),
        )
    ]
    assert unrest[0] == 0 and unrest[1] > 0 and unrest[2] > 0


@pytest.mark.parametrize("seed", range(2))
def test_mouth_forges_spare_the_eyes(clip: Clip, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for footage in (mouth_swap(rng), mouth_paint(rng, TextureLoss(reach=20, bands=3))):
        fake = replace(footage, shake=0.0).apply(clip, clip)
        delta = changed(fake, clip)
        for number in (0, 15):
            eyes, mouth = clip.keypoints[number, :2], clip.keypoints[number, 3]
            for x, y in eyes.astype(int):
                assert delta[number, y - 3 : y + 3, x - 3 : x + 3].max() == 0
            x, y = mouth.astype(int)
            assert delta[:, y - 6 : y + 6, x - 10 : x + 10].max() > 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_face_out_of_time(clip: Clip, kind: Kind) -> None:
    drawn = next(
        timing
        for seed in range(50)
        if (timing := FaceTiming.draw(np.random.default_rng(seed))).kind == kind
    )
    fake = drawn.apply(clip)
    delta = changed(fake, clip)
    assert delta.max() > 10
    assert delta[:, :5].max() <= 1  # the hair above the face
    assert np.array_equal(fake.frames, drawn.apply(clip).frames)
    assert np.array_equal(fake.frames[0], clip.frames[0]) == (kind != "tremble")


def test_a_frozen_face_does_not_change(clip: Clip) -> None:
    drawn = FaceTiming("freeze", FaceTiming.draw(np.random.default_rng(0)).mask)
    fake = drawn.apply(clip)
    x, y = clip.keypoints[:, 3].astype(int).T
    mouths = [fake.frames[n, y[n] - 4 : y[n] + 8, x[n] - 8 : x[n] + 8].mean() for n in range(20)]
    real = [clip.frames[n, y[n] - 4 : y[n] + 8, x[n] - 8 : x[n] + 8].mean() for n in range(20)]
    assert np.ptp(mouths) < np.ptp(real) / 3


def test_repeated_frames_show_their_predecessor(clip: Clip) -> None:
    fake = FrameTiming((0.5,)).apply(clip)
    assert len(fake.frames) == len(clip.frames)
    assert np.array_equal(fake.frames[10], clip.frames[9])
    assert np.array_equal(np.delete(fake.frames, 10, 0), np.delete(clip.frames, 10, 0))
