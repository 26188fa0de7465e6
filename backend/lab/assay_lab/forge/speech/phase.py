"""Forgers that keep magnitudes and make up the phase: what every spectrogram vocoder must do."""

import numpy as np
from numpy.random import Generator

from assay.types import Floats
from assay_lab.forge.speech import Parameters
from assay_lab.forge.speech.spectra import Complexes, Stft, blunt, mel_inverse, mel_matrix


def griffin_lim(wave: Floats, rng: Generator) -> tuple[Floats, Parameters]:
    """Fast Griffin-Lim (Perraudin et al. 2013) from linear or mel magnitudes."""
    size = int(rng.choice([512, 800, 1024, 2048]))
    stft = Stft(size, size // int(rng.choice([4, 4, 5, 8])))
    rounds = int(rng.choice([3, 8, 16, 32, 60]))
    bands = int(rng.choice([0, 0, 40, 64, 80, 128]))
    magnitude = np.abs(stft.analyse(wave))
    drawn: dict[str, object] = {"size": size, "hop": stft.hop, "rounds": rounds, "bands": bands}
    if bands:
        mel = np.log(mel_matrix(bands, size) @ magnitude + 1e-5)
        mel, drawn["blunt"] = blunt(mel, rng)
        magnitude = np.maximum(mel_inverse(bands, size) @ np.exp(mel), 1e-7)
    return _settle(magnitude, stft, len(wave), rounds, rng), drawn


def _settle(magnitude: Floats, stft: Stft, samples: int, rounds: int, rng: Generator) -> Floats:
    """A wave whose spectrum has about these magnitudes."""
    guess: Complexes = np.exp(2j * np.pi * rng.random(magnitude.shape)).astype(np.complex64)
    before = np.zeros_like(guess)
    for _ in range(rounds):
        now = stft.analyse(stft.synthesise(magnitude * guess, samples))[:, : magnitude.shape[1]]
        ahead = now + 0.99 * (now - before)
        guess, before = ahead / np.maximum(np.abs(ahead), 1e-8), now
    return stft.synthesise(magnitude * guess, samples)


def scramble(wave: Floats, rng: Generator) -> tuple[Floats, Parameters]:
    """Disturb, randomise or zero the phase above some frequency; magnitudes stay."""
    size = int(rng.choice([256, 512, 1024]))
    stft = Stft(size, size // 4)
    spectrum = stft.analyse(wave)
    kind = str(rng.choice(["jitter", "random", "zero", "hold"]))
    above = float(rng.choice([0, 0, 1000, 2000, 4000]))
    amount = float(rng.uniform(0.4, 2.5))
    phase = np.angle(spectrum)
    if kind == "jitter":
        phase = phase + rng.normal(0, amount, phase.shape)
    elif kind == "random":
        phase = rng.uniform(-np.pi, np.pi, phase.shape)
    elif kind == "zero":
        phase = np.zeros_like(phase)
    else:
        # Each bin goes on at its own frequency, as in a plain phase vocoder.
        turn = 2 * np.pi * stft.hop * np.arange(len(phase)) / size
        phase = phase[:, :1] + turn[:, None] * np.arange(phase.shape[1])
    keep = np.arange(len(phase)) < above * size / 16_000
    phase[keep] = np.angle(spectrum)[keep]
    forged = stft.synthesise(
        (np.abs(spectrum) * np.exp(1j * phase)).astype(np.complex64), len(wave)
    )
    return forged, {"kind": kind, "size": size, "above": above, "amount": amount}


def shift_pitch_or_time(wave: Floats, rng: Generator) -> tuple[Floats, Parameters]:
    """Phase vocoder (Flanagan and Golden 1966): new pitch at the old pace.

    The time scale is changed in the spectrum and undone by resampling, so that the forgery stays
    aligned with its original.
    """
    size = int(rng.choice([512, 1024, 2048]))
    stft = Stft(size, size // 4)
    factor = float(2 ** (rng.uniform(1, 5) * rng.choice([-1, 1]) / 12))
    spectrum = stft.analyse(wave)
    places = np.arange(0, spectrum.shape[1] - 1, 1 / factor)
    left = places.astype(int)
    share = (places - left)[None]
    magnitude = (1 - share) * np.abs(spectrum[:, left]) + share * np.abs(spectrum[:, left + 1])
    expected = 2 * np.pi * stft.hop * np.arange(len(spectrum))[:, None] / size
    turn = np.angle(spectrum[:, left + 1]) - np.angle(spectrum[:, left]) - expected
    turn = expected + turn - 2 * np.pi * np.round(turn / (2 * np.pi))
    phase = np.cumsum(turn, axis=1) + np.angle(spectrum[:, :1])
    samples = int(len(wave) * factor)
    stretched = stft.synthesise((magnitude * np.exp(1j * phase)).astype(np.complex64), samples)
    forged = np.interp(
        np.linspace(0, samples - 1, len(wave)), np.arange(samples), stretched
    ).astype(np.float32)
    return forged, {"size": size, "factor": factor}
