"""Lessons of lips and voice: the cache, what is learnt from, and that both sides stay in sync."""

import numpy as np
import pytest

from assay.branches.av_sync.mel import BANDS
from assay.branches.av_sync.windows import FRAMES, PICTURES, SIDE
from assay.media.material import MouthSegment, Speech
from assay_lab.av_sync.clips import About, Talk, load, load_all, save
from assay_lab.av_sync.dataset import COPIES, corruption_all, draw, is_lesson, stretches
from tests.branches.av_sync.sync_media import LoudnessTowers, lips, sound


def talk(key: str = "a", label: str = "real", **changes) -> Talk:
    about = About(key, label, "", f"site|{key}", "site", "", 3.0)
    values = {"mouths": [[lips(3.0)]], "speech": sound(3.0)} | changes
    return Talk(about, **values)


def test_a_clip_comes_back_from_the_cache_as_it_was(tmp_path):
    one = talk(mouths=[[lips(1.0), lips(0.8, start=1.4)], [lips(0.6, seed=2)], []])
    save(one, tmp_path / "a.npz")
    same = load(tmp_path / "a.npz")
    assert same.about == one.about
    assert [[run.start for run in runs] for runs in same.mouths] == [[0.0, 1.4], [0.0], []]
    assert np.array_equal(same.mouths[0][1].pictures, one.mouths[0][1].pictures)
    assert same.speech.voiced == one.speech.voiced
    np.testing.assert_allclose(same.speech.spans[0][1], one.speech.spans[0][1], atol=1e-4)


def test_a_clip_without_sound_is_kept_as_such(tmp_path):
    save(talk(speech=None), tmp_path / "a.npz")
    assert [found.speech for found in load_all(tmp_path)] == [None]


@pytest.mark.parametrize(
    "changes",
    [
        {"label": "fake"},
        {"speech": None},
        {"mouths": []},
        {"mouths": [[lips(0.4)]]},
        {"mouths": [[lips(2.0)], [lips(1.5)]]},
        {"speech": Speech([*sound(1.0).spans, *sound(1.0).spans], [])},
    ],
)
def test_only_one_real_mouth_with_its_own_voice_is_learnt_from(changes):
    assert is_lesson(talk())
    assert not is_lesson(talk(**changes))


@pytest.fixture(scope="module")
def stretch(tmp_path_factory):
    clips, voices = (tmp_path_factory.mktemp(name) for name in ("clips", "voices"))
    save(talk(), clips / "a.npz")
    save(talk("b", "fake"), clips / "b.npz")
    corruption_all(clips, voices, processes=1)
    [found] = stretches(clips, voices)
    return found


def test_a_stretch_holds_versions_of_its_voice(stretch):
    assert stretch.pictures.shape == (75, 60, 60)
    assert stretch.spectra.shape == (COPIES, 301, BANDS)
    assert stretch.voiced.mean() > 0.98
    assert stretch.first == 0


@pytest.mark.parametrize("seed", range(12))
def test_variation_leaves_lips_and_voice_in_sync(stretch, seed):
    lesson = draw(stretch, np.random.default_rng(seed))
    assert lesson.lips.shape[1:] == (PICTURES, SIDE, SIDE)
    assert lesson.voice.shape[1:] == (FRAMES, BANDS)
    assert len(lesson.target) == len(lesson.lips) >= 8
    seen, heard = LoudnessTowers().run(
        None, {"lips": lesson.lips, "voice": lesson.voice.astype(np.float32)}
    )
    fit = [
        np.mean((seen * heard[np.clip(lesson.target + shift, 0, len(heard) - 1)]).sum(axis=1))
        for shift in range(-6, 7)
    ]
    assert abs(int(np.argmax(fit)) - 6) <= 1


def test_the_same_seed_draws_the_same_lesson(stretch):
    one, same, other = (draw(stretch, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.lips, same.lips)
    assert np.array_equal(one.voice, same.voice)
    assert one.lips.shape != other.lips.shape or not np.array_equal(one.lips, other.lips)


def test_silence_teaches_nothing(tmp_path):
    clips, voices = tmp_path / "clips", tmp_path / "voices"
    clips.mkdir()
    save(talk(speech=Speech(sound(3.0).spans, [])), clips / "a.npz")
    corruption_all(clips, voices, processes=1)
    [silent] = stretches(clips, voices)
    assert draw(silent, np.random.default_rng(0)) is None


def test_a_short_mouth_run_is_left_out(tmp_path):
    clips, voices = tmp_path / "clips", tmp_path / "voices"
    clips.mkdir()
    runs = [MouthSegment(0.0, lips(2.0).pictures), lips(0.4, start=2.4)]
    save(talk(mouths=[runs]), clips / "a.npz")
    corruption_all(clips, voices, processes=1)
    assert len(stretches(clips, voices)) == 1
