"""A recording under attack: front-ends that are the service's, and files that hold the attack."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from assay.branches.audio import log_mel as mel
from assay.branches.audio.branch import CQCC_CNN, ENCODER
from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import FRONT_END
from assay.branches.scores import combined
from assay.detector import Detector
from assay.models.sessions import ModelStore
from assay.settings import Settings
from assay_lab.core.linf import fgsm
from assay_lab.robustness.victims import TOGETHER
from assay_lab.robustness.voices import Voice, VoiceNetworks, cqcc, find_voice, levelled, log_mel
from tests.media_factory import speak, write_sound


@pytest.fixture(scope="module")
def networks(store: ModelStore) -> VoiceNetworks:
    return VoiceNetworks(store)


@pytest.fixture(scope="module")
def voice(
    tmp_path_factory: pytest.TempPathFactory,
    networks: VoiceNetworks,
    store: ModelStore,
    settings: Settings,
) -> Voice:
    file = write_sound(tmp_path_factory.mktemp("voices") / "a.wav", speak())
    found = find_voice(file, networks, settings, store)
    assert found is not None
    return found


@pytest.mark.parametrize("samples", [400, 9_600, 16_001, 40_000])
def test_front_ends_are_those_of_the_service(samples: int) -> None:
    wave = speak()[:samples].astype(np.float32)
    heard = torch.from_numpy(wave)
    np.testing.assert_allclose(cqcc(heard, FRONT_END).numpy(), FRONT_END(wave), atol=1e-4)
    np.testing.assert_allclose(log_mel(heard).numpy(), mel.log_mel(wave), atol=1e-5)
    np.testing.assert_allclose(levelled(heard).numpy(), mel.levelled(wave), atol=1e-6)


def test_a_voice_is_scored_as_it_is_served(
    voice: Voice, store: ModelStore, settings: Settings, tmp_path: Path
) -> None:
    together = float(voice.score(TOGETHER, 1.0)(voice.values))
    parameters = store.parameters(ENCODER)["combination"]
    wanted = combined({}, {"weights": {}, "bias": together + parameters["bias"]})
    file = voice.save(voice.values, tmp_path)["flac"]
    found = Detector(settings=settings).analyze(file).branches["audio"].score
    assert found == pytest.approx(float(wanted), abs=0.02)


def test_one_step_moves_every_target(voice: Voice) -> None:
    assert voice.targets == [CQCC_CNN, ENCODER, TOGETHER]
    for target in voice.targets:
        score = voice.score(target, -1.0)
        attacked = fgsm(voice.values, score, voice.budget(1))
        assert float(score(attacked)) > float(score(voice.values)), target
        assert float((attacked - voice.values).abs().max()) <= 1e-3 + 1e-6


def test_files_hold_the_attack_and_what_an_mp3_leaves_of_it(voice: Voice, tmp_path: Path) -> None:
    files = voice.save(voice.values, tmp_path)
    assert list(files) == ["flac", "mp3 128k"]
    for name, file in files.items():
        wave, rate = soundfile.read(file, dtype="float32")
        assert rate == RATE and len(wave) == len(voice.wave)
        is_whole = np.abs(wave - voice.wave.numpy()).max() < 1e-4
        assert is_whole == (name == "flac")


@pytest.mark.parametrize(
    "wave",
    [
        np.zeros(2 * RATE, np.float32),
        np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32),
        speak()[: RATE // 5],
    ],
    ids=["silence", "noise", "a moment"],
)
def test_sounds_without_speech_are_passed_over(
    wave: np.ndarray, networks: VoiceNetworks, store: ModelStore, settings: Settings, tmp_path: Path
) -> None:
    file = write_sound(tmp_path / "a.wav", wave)
    assert find_voice(file, networks, settings, store) is None
