"""Every forger gives as many finite samples, keeps the words, and repeats itself by seed."""

import csv
import json
import shutil

import numpy as np
import pytest

from assay.branches.audio.cqcc import RATE
from assay_lab.data.speech import Store, StoreWriter, Utterance
from assay_lab.forge.speech import tts
from assay_lab.forge.speech.make import SIGNAL_METHODS, excerpt, forge_all, splice
from assay_lab.forge.speech.spectra import Stft, mel_matrix
from tests.lab.voice import voice


def loudness(wave):
    """Root mean square of 50 ms frames."""
    return np.sqrt((wave[: len(wave) // 800 * 800].reshape(-1, 800) ** 2).mean(axis=1))


@pytest.mark.parametrize("method", SIGNAL_METHODS, ids=lambda method: method.name)
def test_a_forgery_says_the_same_and_is_another_recording(method):
    real = voice()
    forged, drawn = method.forge(real, np.random.default_rng(3))
    assert forged.shape == real.shape
    assert forged.dtype == np.float32
    assert np.isfinite(forged).all()
    assert json.dumps(drawn, default=float)
    # Loudness over time is what the words leave in both; the waves themselves differ.
    assert np.corrcoef(loudness(forged), loudness(real))[0, 1] > 0.6
    assert np.abs(forged - real).max() > 0.01


@pytest.mark.parametrize("method", SIGNAL_METHODS, ids=lambda method: method.name)
def test_a_seed_gives_one_forgery(method):
    real = voice(0.8)
    one, _ = method.forge(real, np.random.default_rng(7))
    two, _ = method.forge(real, np.random.default_rng(7))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("method", SIGNAL_METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("wave", [np.zeros(RATE, np.float32), voice(0.3)])
def test_silence_and_short_sounds_do_not_break_a_forger(method, wave):
    forged, _ = method.forge(wave, np.random.default_rng(1))
    assert forged.shape == wave.shape
    assert np.isfinite(forged).all()


def test_a_transform_is_undone():
    wave = voice(0.7)
    for size, hop in ((512, 128), (1024, 256), (800, 160)):
        stft = Stft(size, hop)
        np.testing.assert_allclose(stft.synthesise(stft.analyse(wave), len(wave)), wave, atol=1e-4)


def test_mel_filters_cover_the_spectrum():
    filters = mel_matrix(80, 1024)
    assert filters.shape == (80, 513)
    assert (filters.sum(axis=0)[10:-20] > 0.4).all()
    assert (np.diff(filters.argmax(axis=1)) >= 0).all()


def test_a_spliced_forgery_is_real_outside_its_band():
    real = voice()
    forged = real + np.random.default_rng(0).normal(0, 0.1, len(real)).astype(np.float32)
    for seed in range(60):
        mixed, drawn = splice(real, forged, np.random.default_rng(seed))
        if not drawn:
            np.testing.assert_array_equal(mixed, forged)
            continue
        change = np.abs(np.fft.rfft(mixed - real)) ** 2
        above = np.fft.rfftfreq(len(real), 1 / RATE) > drawn["edge"]
        inside = change[above].sum() if drawn["above"] else change[~above].sum()
        assert inside > 0.9 * change.sum()


def store_of(folder, rows):
    writer = StoreWriter(folder)
    for row, wave in rows:
        writer.add(row, wave)
    writer.close()
    return Store(folder)


def real(key, fold):
    return Utterance(key, False, "", "", f"group {key}", "site", fold, "speech")


def test_a_store_of_forgeries_names_origins_and_logs_parameters(tmp_path):
    store = store_of(
        tmp_path / "real",
        [(real("a", 0), voice(1.0)), (real("b", 2), voice(8.0, 200, seed=1))],
    )
    methods = SIGNAL_METHODS[-2:]
    forge_all(store, tmp_path / "one", methods, lambda row: True, takes=2)
    forge_all(store, tmp_path / "two", methods, lambda row: True, takes=2)
    made = Store(tmp_path / "one")
    assert [(row.origin, row.fold, row.fake) for row in made.rows] == [
        ("a", 0, True),
        ("a", 0, True),
        ("b", 2, True),
        ("b", 2, True),
    ]
    assert made.rows[2].length == len(excerpt(store.rows[1], store.wave(store.rows[1])))
    assert (tmp_path / "one" / "samples.i16").read_bytes() == (
        tmp_path / "two" / "samples.i16"
    ).read_bytes()
    with (tmp_path / "one" / "log.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert [line["key"] for line in lines] == [row.key for row in made.rows]
    assert all(json.loads(line["parameters"]) for line in lines)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_text_to_speech_speaks(tmp_path, monkeypatch):
    monkeypatch.setattr(tts, "ENGINES", tts.ENGINES[:1])
    tts.forge_texts(tmp_path, takes=1)
    made = Store(tmp_path)
    assert len(made.rows) == len(tts.ENGINES[0].voices)
    assert all(row.length > RATE and row.fold == -1 for row in made.rows)
