"""Log-mel spectra: golden numbers, level, place of a tone, any length."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.branches.av_sync.mel import BANDS, HOP, RATE, log_mel


def chirp() -> np.ndarray:
    times = np.arange(RATE // 4) / RATE
    return (0.5 * np.sin(2 * np.pi * (300 + 4000 * times) * times)).astype(np.float32)


def test_the_numbers_the_model_was_trained_on_do_not_change():
    spectra = log_mel(chirp())
    assert spectra.shape == (26, BANDS)
    np.testing.assert_allclose(spectra[[0, 6, 12, 20]].mean(axis=1), GOLDEN_MEANS, atol=2e-3)
    np.testing.assert_array_equal(spectra.argmax(axis=1)[::5], GOLDEN_PEAKS)


GOLDEN_MEANS = [-5.893, -7.789, -8.064, -8.251]
GOLDEN_PEAKS = [4, 9, 13, 17, 20, 22]


@pytest.mark.parametrize("level", [1e-3, 30.0])
def test_level_does_not_count(level):
    wave = chirp()
    np.testing.assert_allclose(log_mel(wave * np.float32(level)), log_mel(wave), atol=1e-3)


def test_a_click_is_heard_in_the_spectrum_centred_on_it():
    wave = np.zeros(RATE, np.float32)
    wave[50 * HOP] = 1
    assert log_mel(wave).sum(axis=1).argmax() == 50


@given(st.integers(0, 3000))
def test_any_length_gives_finite_spectra(samples):
    wave = np.random.default_rng(samples).normal(size=samples).astype(np.float32)
    spectra = log_mel(wave)
    assert spectra.shape == (1 + samples // HOP, BANDS)
    assert np.isfinite(spectra).all()


def test_digital_silence_is_finite():
    assert np.isfinite(log_mel(np.zeros(RATE, np.float32))).all()
