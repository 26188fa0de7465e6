"""The forge's vocoders: they learn, they leave the held-out fold alone, and they forge."""

from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from assay_lab.core.loop import Run
from assay_lab.data.speech import Store, StoreWriter, Utterance, learns
from assay_lab.forge.speech import neural
from assay_lab.forge.vocoders.net import HOP, Critic, Input, Resynthesiser, Upsampler
from assay_lab.forge.vocoders.train import Config, command, spectral_gap, speech_of, train
from tests.lab.voice import voice

KINDS = list(product(get_args(Input), get_args(Upsampler)))


@pytest.fixture
def stores(tmp_path: Path) -> Path:
    """A real voice and a fake one in each of two folds."""
    writer = StoreWriter(tmp_path / "stores" / "speech")
    for fold, fake in product((0, 1), (False, True)):
        row = Utterance(f"{fold}{fake}", fake, "", "", f"speaker {fold}", "site", fold, "speech")
        writer.add(row, voice(1.0, pitch=110 + 60 * fold, seed=fold))
    writer.close()
    return tmp_path / "stores"


@pytest.mark.parametrize(("input", "upsampler"), KINDS)
def test_every_kind_gives_as_many_samples_as_it_got(input: Input, upsampler: Upsampler) -> None:
    net = Resynthesiser(input, upsampler, width=16)
    wave = torch.from_numpy(voice(0.5))[None]
    made = net(wave)
    assert made.shape == wave.shape
    assert made.isfinite().all()
    frames = wave.shape[1] // HOP
    assert net.features(wave).shape[-1] == frames


def test_the_critic_judges_any_length() -> None:
    for samples in (HOP, 8000, 8001):
        found = Critic()(torch.randn(2, samples))
        assert len(found) == 3
        assert all(part[-1].shape[0] == 2 for part in found)


def test_training_brings_the_spectra_together(stores: Path, tmp_path: Path) -> None:
    wave = voice(0.8)
    config = Config(
        stores, (1,), "mel", "fourier", width=24, steps=40, batch=2, frames=30, alone=30
    )
    heard = torch.from_numpy(wave[: 70 * HOP])[None]
    torch.manual_seed(config.seed)
    fresh = Resynthesiser("mel", "fourier", 24)
    taught = train(Run(tmp_path / "run", config), config, [wave])
    with torch.inference_mode():
        before, after = (spectral_gap(net(heard), heard) for net in (fresh, taught))
    assert after < 0.8 * before


def test_a_killed_run_ends_where_an_undisturbed_one_does(
    stores: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay_lab.forge.vocoders.train.REPORT", 2)
    config = Config(stores, (1,), "code", "repeat", width=16, steps=4, batch=1, frames=20, alone=1)
    whole = train(Run(tmp_path / "whole", config), config, [voice()])

    class Killed(Run):
        def save(self, **parts: object) -> None:
            super().save(**parts)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(Killed(tmp_path / "killed", config), config, [voice()])
    resumed = train(Run(tmp_path / "killed", config), config, [voice()])
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def test_vocoders_never_hear_the_held_out_fold(stores: Path, tmp_path: Path) -> None:
    command(stores, tmp_path / "made", fold=0, only=["mel-fourier"], steps=1)
    (method,) = neural.methods(tmp_path / "made")
    assert method.taught == "123"
    assert [row.key for row in speech_of(Store(stores / "speech"), 0)] == ["1False"]
    forged = Utterance("k", True, "g", method.vocoder, "s", "site", 2, "forged", taught="123")
    assert learns(forged, 0)
    assert not learns(forged, 1)


@pytest.mark.parametrize("name", ["mel-shuffle", "code-transposed"])
def test_a_vocoder_forges_any_wave_and_repeats_itself(
    name: str, stores: Path, tmp_path: Path
) -> None:
    command(stores, tmp_path / "made", fold=0, only=[name], steps=1)
    (method,) = neural.methods(tmp_path / "made")
    assert method.name == f"neural {name}"
    for wave in (voice(0.7), voice(0.3)[:4801], np.zeros(3 * HOP + 7, np.float32)):
        one, _ = method.forge(wave, np.random.default_rng(5))
        two, _ = method.forge(wave, np.random.default_rng(5))
        assert one.shape == wave.shape
        assert one.dtype == np.float32
        assert np.isfinite(one).all()
        np.testing.assert_array_equal(one, two)
