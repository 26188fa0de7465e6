from dataclasses import replace

import numpy as np
import pytest

from assay_lab.data.clip import Clip
from assay_lab.forge.sound import Foreign, Shift, revoice
from tests.lab.forge_media import portrait, talking


def lag(sound: np.ndarray, true: np.ndarray) -> float:
    """Seconds by which the sound's loudness is late, from -0.5 to 0.5."""
    a, b = (np.abs(x).reshape(-1, 160).mean(axis=1) for x in (sound, true))
    steps = range(-50, 51)
    return 0.01 * max(steps, key=lambda step: float(np.roll(b, step)[50:-50] @ a[50:-50]))


@pytest.mark.parametrize("seconds", [-0.4, 0.4])
def test_a_long_clip_is_cut_to_what_overlaps(seconds: float) -> None:
    clip = talking(portrait(), seconds=3.2)
    assert clip.sound is not None
    # An irregular sound, so that the lag is unique.
    rng = np.random.default_rng(0)
    loud = np.repeat(rng.random(len(clip.sound) // 800), 800)
    clip = replace(clip, sound=(clip.sound * 0 + loud).astype(np.float32))
    true, fake = Shift(seconds).apply(clip)
    assert true.sound is not None and fake.sound is not None
    assert len(true.frames) == len(fake.frames) == 70
    assert len(true.sound) == len(fake.sound) == 70 * 640
    assert np.array_equal(true.frames, fake.frames)
    assert lag(fake.sound, true.sound) == pytest.approx(seconds, abs=0.02)


def test_a_short_clip_keeps_its_length_and_joins_without_a_click(clip: Clip) -> None:
    assert clip.sound is not None
    true, fake = Shift(0.3).apply(clip)
    assert fake.sound is not None
    assert true is clip and len(fake.sound) == len(clip.sound)
    late = round(round(0.3 * 25) / 25 * 16_000)
    assert np.allclose(fake.sound[late + 400 :], clip.sound[400:-late])
    assert abs(fake.sound[late]) < 0.01


@pytest.mark.parametrize("seed", range(10))
def test_shifts_are_noticeable_and_fit(seed: int) -> None:
    shift = Shift.draw(np.random.default_rng(seed), length=1.2)
    assert 0.2 <= abs(shift.seconds) <= 0.6


def test_foreign_sound_has_the_length_and_loudness_of_its_own(clip: Clip, other_clip: Clip) -> None:
    fake = Foreign(0.3).apply(clip, replace(other_clip, sound=other_clip.sound / 5))
    assert fake.sound is not None and clip.sound is not None
    assert len(fake.sound) == len(clip.sound)
    assert np.std(fake.sound) == pytest.approx(np.std(clip.sound), rel=0.1)
    assert not np.allclose(fake.sound, clip.sound, atol=0.05)


def test_a_voice_plugs_in(clip: Clip) -> None:
    fake, log = revoice(clip, lambda wave, rng: (-wave, {"flip": True}), np.random.default_rng(0))
    assert fake.sound is not None and clip.sound is not None
    assert np.array_equal(fake.sound, -clip.sound) and log == {"flip": True}
    assert fake.frames is clip.frames
