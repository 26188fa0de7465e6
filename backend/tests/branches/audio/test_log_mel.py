"""Log-mel spectra are Whisper's, at any level."""

import librosa
import numpy as np
import pytest

from assay.branches.audio.log_mel import BANDS, HOP, PEAK, RATE, SPECTRUM, levelled, log_mel


def speechlike(seconds: float) -> np.ndarray:
    """Decaying harmonics of a gliding pitch over a little noise."""
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * (120 * time + 15 * time**2)
    wave = sum(np.sin(n * phase) / n for n in range(1, 20))
    noise = np.random.default_rng(3).normal(0, 0.01, len(time))
    return (0.1 * wave + noise).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.6, 1.234, 4.0])
def test_spectra_are_those_that_another_implementation_computes(seconds):
    wave = levelled(speechlike(seconds))
    power = librosa.feature.melspectrogram(
        y=wave.astype(np.float64),
        sr=RATE,
        n_fft=SPECTRUM,
        hop_length=HOP,
        n_mels=BANDS,
        pad_mode="reflect",
    )[:, : len(wave) // HOP]
    decades = np.log10(np.maximum(power, 1e-10))
    decades = np.maximum(decades, decades.max() - 8)
    np.testing.assert_allclose(log_mel(wave), (decades + 4) / 4, atol=1e-4)


@pytest.mark.parametrize("level", [1e-3, 0.2, 0.99])
def test_loudness_is_taken_away(level):
    wave = speechlike(1.0)
    assert np.abs(levelled(wave * level)).max() == pytest.approx(PEAK, rel=1e-5)
    np.testing.assert_allclose(log_mel(levelled(wave * level)), log_mel(levelled(wave)), atol=1e-3)


@pytest.mark.parametrize("samples", [0, 1, 319, 320])
def test_the_shortest_voice_has_two_spectra(samples):
    assert log_mel(levelled(np.ones(samples, np.float32))).shape == (BANDS, 2)


def test_silence_has_finite_spectra():
    assert np.isfinite(log_mel(levelled(np.zeros(RATE, np.float32)))).all()
