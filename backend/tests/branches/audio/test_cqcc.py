"""CQCC against tones, librosa, a slow reference of each step, and frozen values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import dct
from scipy.interpolate import CubicSpline

from assay.branches.audio.cqcc import DELTA_REACH, RATE, Cqcc, deltas

FRONT_END = Cqcc()


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


def chirp() -> np.ndarray:
    """Two seconds of a rising harmonic sound with fixed noise: it visits every bin."""
    times = np.arange(2 * RATE) / RATE
    phase = 2 * np.pi * 70 / np.log(60) * 2 * (60 ** (times / 2) - 1)
    noise = np.random.default_rng(5).normal(0, 0.01, len(times))
    return (0.5 * np.sin(phase) + 0.2 * np.sin(2 * phase + 1) + noise).astype(np.float32)


@pytest.mark.parametrize("bin_", [3, 20, 60, 100, 140, 165])
def test_a_tone_sounds_in_its_own_bin_at_its_own_power(bin_):
    power = FRONT_END.power(tone(FRONT_END.frequencies[bin_]))[:, 50]
    assert power.argmax() == bin_
    assert power[bin_] == pytest.approx(1.0, rel=0.01)
    far = np.abs(np.arange(len(power)) - bin_) > 24
    assert power[far].max() < 1e-3


def test_two_tones_an_octave_apart_are_two_peaks():
    power = FRONT_END.power(tone(440) + 0.5 * tone(880))[:, 50]
    low, high = (int(np.abs(FRONT_END.frequencies - hertz).argmin()) for hertz in (440, 880))
    assert power[low] == pytest.approx(4 * power[high], rel=0.1)
    assert power[(low + high) // 2] < 0.01 * power[high]


def test_power_is_the_variable_q_transform_of_librosa():
    librosa = pytest.importorskip("librosa")
    wave = chirp()
    oracle = librosa.vqt(
        wave,
        sr=RATE,
        hop_length=FRONT_END.hop,
        fmin=FRONT_END.lowest,
        n_bins=len(FRONT_END.frequencies),
        bins_per_octave=FRONT_END.bins_per_octave,
        gamma=None,
        pad_mode="constant",
    )
    lengths, _ = librosa.filters.wavelet_lengths(
        freqs=FRONT_END.frequencies, sr=RATE, window="hann", gamma=None
    )
    # librosa scales by the root of the window's length and gives a sine half its amplitude. Only
    # octaves that we sample once a hop compare frame by frame; the upper ones are averages.
    theirs = (2 * np.abs(oracle[:96]) / np.sqrt(lengths[:96, None])) ** 2
    ours = FRONT_END.power(wave)[:96, : theirs.shape[1]]
    gap = 10 * np.log10((ours + 1e-4) / (theirs + 1e-4))
    assert np.abs(gap).mean() < 0.5
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.99


def test_high_bands_hear_what_happens_between_two_frames():
    click = np.zeros(RATE, np.float32)
    click[50 * FRONT_END.hop + FRONT_END.hop // 2] = 1.0
    power = FRONT_END.power(click)
    assert power[-1, 49:53].sum() > 1e-5


def test_the_cepstrum_is_resampled_uniformly_then_transformed_along_frequency():
    wave = chirp()
    power = FRONT_END.power(wave)
    log_power = np.log(power / power.mean() + FRONT_END.floor)
    hertz = FRONT_END.frequencies
    grid = np.arange(hertz[0], hertz[-1], FRONT_END.lowest / FRONT_END.points)
    slow = np.stack(
        [
            dct(CubicSpline(hertz, log_power[:, t])(grid), norm="ortho")[: FRONT_END.coefficients]
            for t in (0, 77, 200)
        ],
        axis=1,
    ) / np.sqrt(len(grid))
    np.testing.assert_allclose(FRONT_END.static(wave)[:, [0, 77, 200]], slow, atol=2e-3)


def test_a_steady_sound_has_no_deltas():
    values = FRONT_END(tone(300, 2.0))
    assert np.abs(values[1:, :, 30:-30]).max() < 1e-2
    assert np.abs(values[0, 1:, 100]).max() > 0.1


def test_level_does_not_matter():
    wave = chirp()
    np.testing.assert_allclose(FRONT_END(wave), FRONT_END(wave * 0.01), atol=1e-3)


@given(st.integers(1, 12), st.integers(1, 30), st.integers(1, 5), st.integers(0, 2**31))
@settings(deadline=None, max_examples=30)
def test_deltas_are_regression_slopes(coefficients, frames, reach, seed):
    static = np.random.default_rng(seed).normal(size=(coefficients, frames)).astype(np.float32)
    found = deltas(static, reach)
    for t in range(frames):
        places = np.clip(np.arange(t - reach, t + reach + 1), 0, frames - 1)
        around = static[:, places]
        slope = np.polyfit(np.arange(-reach, reach + 1), around.T, 1)[0]
        np.testing.assert_allclose(found[:, t], slope, atol=1e-4)


def test_a_ramp_has_its_slope_as_delta():
    ramp = np.outer([1.0, -2.0], np.arange(20)).astype(np.float32)
    inner = deltas(ramp)[:, DELTA_REACH:-DELTA_REACH]
    np.testing.assert_allclose(inner, np.broadcast_to([[1.0], [-2.0]], inner.shape), atol=1e-5)


@given(st.integers(1, 3 * RATE // 2))
@settings(deadline=None, max_examples=15)
def test_any_length_gives_finite_frames(samples):
    wave = np.random.default_rng(samples).normal(0, 0.1, samples).astype(np.float32)
    values = FRONT_END(wave)
    assert values.shape == (3, FRONT_END.coefficients, 1 + samples // FRONT_END.hop)
    assert values.dtype == np.float32
    assert np.isfinite(values).all()


def test_silence_is_finite():
    assert np.isfinite(FRONT_END(np.zeros(1000, np.float32))).all()


def test_values_are_frozen():
    """The weights were trained on exactly this: a change here needs a new model."""
    values = FRONT_END(chirp())
    assert values.shape == (3, 96, 201)
    found = values[:, [0, 1, 2, 10, 95], 100]
    np.testing.assert_allclose(found, GOLDEN, atol=5e-4)


GOLDEN = [
    [-6.7639, -0.1680, 0.1736, -0.1909, 0.0467],
    [0.0065, 0.0247, 0.0147, 0.0500, -0.0013],
    [-0.0049, -0.0032, -0.0056, -0.0079, -0.0028],
]
