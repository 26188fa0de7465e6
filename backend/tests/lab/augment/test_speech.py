"""Corruptions repeat themselves, keep the length, and treat both classes alike."""

import numpy as np
import pytest

from assay.branches.audio.cqcc import RATE
from assay_lab.augment import codec
from assay_lab.augment.codec import Codec
from assay_lab.augment.speech import SpeechCorruption
from tests.lab.voice import voice


@pytest.mark.parametrize("seed", range(25))
def test_a_draw_is_repeatable_and_keeps_the_wave_usable(seed):
    wave = voice(0.8)
    corruption = SpeechCorruption.draw(np.random.default_rng(seed))
    once, twice = corruption.apply(wave), corruption.apply(wave)
    np.testing.assert_array_equal(once, twice)
    assert once.dtype == np.float32
    assert np.isfinite(once).all()
    assert np.abs(once).max() <= 1.0
    assert len(once) == pytest.approx(len(wave) / corruption.speed, abs=2)


def test_some_draws_leave_the_sound_alone():
    draws = [SpeechCorruption.draw(np.random.default_rng(seed)) for seed in range(200)]
    assert 5 < sum(draw == SpeechCorruption() for draw in draws) < 45


def test_noise_has_the_ratio_that_was_asked_for():
    wave = voice()
    noisy = SpeechCorruption(noise=20.0, seed=1).apply(wave)
    scale = (noisy @ wave) / (wave @ wave)
    noise = noisy - scale * wave
    ratio = 10 * np.log10(np.sum((scale * wave) ** 2) / np.sum(noise**2))
    assert ratio == pytest.approx(20.0, abs=0.5)


def test_a_low_rate_removes_the_upper_band():
    wave = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    narrow = SpeechCorruption(rates=(8_000,)).apply(wave)
    spectrum = np.abs(np.fft.rfft(narrow)) ** 2
    assert spectrum[4500:].sum() < 0.01 * spectrum[:3500].sum()


def test_clipping_flattens_the_peaks():
    clipped = SpeechCorruption(clip=0.4).apply(voice())
    assert np.mean(np.abs(clipped) > 0.89) > np.mean(np.abs(voice()) > 0.49)


def settings():
    for _, name, container, rates, bits in codec._CHOICES:
        yield Codec(name, container, rates[0], bits[0])


@pytest.mark.parametrize("setting", list(settings()), ids=lambda setting: setting.name)
def test_a_codec_gives_back_the_same_words(setting):
    wave = voice(1.0)
    back = codec.through(wave, setting)
    assert back.shape == wave.shape
    # A codec delays; what it gives back is the same sound a little later or earlier.
    fit = np.correlate(back[3000:13000], wave[6000:10000], "valid")
    start = 3000 + int(np.abs(fit).argmax())
    assert abs(start - 6000) < 3000
    assert np.corrcoef(back[start : start + 4000], wave[6000:10000])[0, 1] > 0.8


@pytest.mark.parametrize("samples", [18_590, 19_330, 73_571])
def test_a_last_packet_never_lies_before_the_one_ahead(samples):
    wave = np.random.default_rng(0).normal(0, 0.1, samples).astype(np.float32)
    assert codec.through(wave, Codec("wmav2", "asf", 22_050, 64_000)).shape == wave.shape


def test_the_microphone_s_response_is_given_at_rising_frequencies():
    draws = [SpeechCorruption.draw(np.random.default_rng(seed)) for seed in range(2000)]
    for draw in draws:
        hertz = [point for point, _ in draw.response]
        assert hertz == sorted(hertz)
