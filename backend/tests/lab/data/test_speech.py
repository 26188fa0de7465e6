"""Names, folds and duplicates of the speech data; nothing of the tested fold is learnt."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assay.media.io.container import Losses
from assay.media.io.probe import probe
from assay.media.io.speech import read_speech
from assay.settings import Settings
from assay_lab.augment.codec import Codec, through
from assay_lab.data.rows import Row
from assay_lab.data.speech import (
    FOLDS,
    Store,
    StoreWriter,
    Utterance,
    fingerprint,
    fold_of,
    has_new_voice,
    is_unseen,
    learns,
    read_sound,
    same_recording,
    vocoder_of,
)
from assay_lab.data.split import known_generator, split_of
from tests.lab.voice import voice
from tests.media_factory import write_sound
from tests.networks import vad


@pytest.mark.parametrize(
    ("generator", "family"),
    [
        ("FastSpeech+PWG", "Parallel WaveGAN"),
        ("TTS+Parallel WaveGAN", "Parallel WaveGAN"),
        ("Tacotron2-type+WaveGrad", "WaveGrad"),
        ("Bark (Vocos decoder)", "Vocos"),
        ("Bark (EnCodec decoder)", "EnCodec"),
        ("Tacotron2+HiFi-GAN", "HiFi-GAN"),
        ("Tacotron (r9y9, Griffin-Lim)", "Griffin-Lim"),
        ("Multi-band MelGAN", "MelGAN"),
        ("GAN-VC (WORLD)", "WORLD"),
        ("ClariNet-GAN", "ClariNet"),
        ("a system nobody knows", "a system nobody knows"),
    ],
)
def test_a_generator_belongs_to_the_family_that_makes_its_sound(generator, family):
    assert vocoder_of(generator) == family


def fake(vocoder, fold, **more):
    return Utterance("k", True, "g", vocoder, "speaker", "site", fold, "speech", **more)


def test_a_fold_is_scored_by_a_model_that_heard_neither_its_sites_nor_its_families():
    assert not learns(fake("anything", fold=1), 1)
    assert not learns(fake("HiFi-GAN", fold=3), 1)
    assert learns(fake("HiFi-GAN", fold=3), 0)
    assert not learns(fake("own", fold=2, taught="013"), 1)
    assert learns(fake("own", fold=2, taught="03"), 1)


def clip(group, source):
    return Utterance("k", False, "", "", group, source, 2, "clip")


def test_the_sound_of_a_clip_that_the_fusion_may_judge_is_not_learnt():
    by_part = {split_of(name): name for name in map(str, range(100))}
    assert learns(clip(by_part["train"], "Essa-Ramzy/Arabic-Lip-Reading"), 0)
    assert not learns(clip(by_part["val"], "Essa-Ramzy/Arabic-Lip-Reading"), 0)
    assert not learns(clip(by_part["test"], "Essa-Ramzy/Arabic-Lip-Reading"), 0)
    unseen = "omnihuman-lab/omnihuman-lab.github.io"
    assert not known_generator(unseen, "OmniHuman-1")
    assert not learns(clip(by_part["train"], unseen), 0)


def test_speech_is_held_out_by_site_alone():
    rows = [replace(clip(str(n), "r9y9/r9y9.github.io"), kind="speech") for n in range(40)]
    assert all(learns(row, 0) and not learns(row, 2) for row in rows)


@pytest.mark.parametrize(
    ("speaker", "new"),
    [("LJSpeech", False), ("vctk (adaspeech)", False), ("LibriTTS 12", False), ("EMO-DB 16", True)],
)
def test_a_voice_that_several_sites_share_is_not_new(speaker, new):
    site = "LJ/VCTK-demo"
    row = Utterance("k", False, "", "", f"{site}|{speaker}", site, 0, "speech")
    assert has_new_voice(row) is new


def test_a_family_tested_elsewhere_does_not_count_as_unseen():
    assert is_unseen(fake("HiFi-GAN", fold=1))
    assert not is_unseen(fake("HiFi-GAN", fold=3))
    assert is_unseen(fake("a one-off", fold=3))


@pytest.mark.parametrize("source", ["Edresson/YourTTS", "someone/new", "r9y9/r9y9.github.io"])
def test_a_site_is_in_one_fold(source):
    rows = [Row(Path(name), "speech", "real", "", name, source) for name in "abcdefgh"]
    assert len({fold_of(row) for row in rows}) == 1
    assert 0 <= fold_of(rows[0]) < FOLDS


def test_a_recompressed_copy_is_the_same_recording():
    wave = voice(2.0)
    coded = through(wave, Codec("libmp3lame", "mp3", 22_050, 48_000))
    assert same_recording(fingerprint(wave), fingerprint(coded))


@pytest.mark.parametrize("other", [voice(2.0)[::-1], voice(1.2), np.roll(voice(2.0), 4000)])
def test_another_recording_is_not_a_duplicate(other):
    assert not same_recording(fingerprint(voice(2.0)), fingerprint(other))


def test_a_store_gives_back_what_was_put_in(tmp_path):
    writer = StoreWriter(tmp_path)
    rows = [replace(fake("v", 1), key=key) for key in "ab"]
    waves = [voice(0.5), 0.001 * voice(0.8, seed=2)]
    for row, wave in zip(rows, waves, strict=True):
        writer.add(row, wave)
    writer.close()
    store = Store(tmp_path)
    assert [row.key for row in store.rows] == ["a", "b"]
    for row, wave in zip(store.rows, waves, strict=True):
        found = store.wave(row)
        np.testing.assert_allclose(found, wave * 0.9 / np.abs(wave).max(), atol=1e-4)


def test_sound_is_read_at_sixteen_kilohertz_and_bounded(tmp_path):
    soundfile = pytest.importorskip("soundfile")
    file = tmp_path / "a.wav"
    soundfile.write(file, np.stack([voice(2.0), voice(2.0)], axis=1), 16_000)
    assert len(read_sound(file)) == 32_000
    assert len(read_sound(file, longest=0.5)) == 8_000


@pytest.mark.parametrize("channels", ["one", "both", "crossed"])
def test_sound_is_as_loud_as_serving_hears_it(tmp_path: Path, channels: str) -> None:
    spoken = 0.5 * voice(2.0)
    planes = {"one": [spoken], "both": [spoken, spoken], "crossed": [spoken, -spoken]}[channels]
    layout = "mono" if channels == "one" else "stereo"
    file = write_sound(tmp_path / "a.wav", np.stack(planes), 44_100, layout=layout)

    wave = read_sound(file)

    served = read_speech(
        file, "wav", probe(file, "wav", Settings()), [], vad(), Settings(), Losses()
    )
    assert served is not None
    ((_, heard),) = served.spans
    np.testing.assert_allclose(wave[: len(heard)], heard, atol=1e-6)
    assert len(wave) - len(heard) < 100
    assert np.sqrt(np.mean(wave**2)) == pytest.approx(np.sqrt(np.mean(spoken**2)), rel=0.05)
