"""Text to speech with what Debian packages: espeak-ng, festival and flite.

    apt-get install espeak-ng festival flite festvox-kallpc16k festvox-us-slt-hts

Formant, diphone and statistical synthesis: dated, but each a kind of trace of its own. Engines
that are not installed are left out.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.random import Generator

from assay.branches.audio.windows import trim
from assay_lab.data.speech import StoreWriter, Utterance, read_sound

_WHO: Final = (
    "the old captain", "my younger sister", "nobody in the village", "a tired engineer",
    "the minister", "our neighbour", "every second student", "the woman at the counter",
    "an honest lawyer", "the band", "his grandfather", "a group of tourists",
)  # fmt: skip
_DOES: Final = (
    "has never seen", "was looking for", "will soon forget", "quietly repaired", "promised to buy",
    "could hardly believe", "asked about", "left behind", "drew a picture of",
)  # fmt: skip
_WHAT: Final = (
    "the broken clock", "six yellow umbrellas", "a letter from the bank", "that strange noise",
    "the road to the harbour", "yesterday's newspaper", "an unusual offer", "their first garden",
    "the results of the vote", "a jar of plum jam", "the missing chapter", "three cheap tickets",
)  # fmt: skip
_WHEN: Final = (
    "before the rain came", "on a Thursday in June", "without saying why", "while we were away",
    "at a quarter past nine", "because it was too late", "in front of the old theatre",
    "after the long meeting", "and everybody laughed", "just as the lights went out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Engine:
    """One synthesiser. speak: (text, voice, seed, file to write). vocoder: its family."""

    program: str
    vocoder: str
    voices: tuple[str, ...]
    speak: Callable[[str, str, Generator, Path], None]


def sentence(rng: Generator) -> str:
    """A sentence that nobody has published."""
    parts = [str(rng.choice(part)) for part in (_WHO, _DOES, _WHAT, _WHEN)]
    return " ".join(parts).capitalize() + "."


def _espeak(text: str, voice: str, rng: Generator, file: Path) -> None:
    speed, pitch = int(rng.integers(120, 210)), int(rng.integers(20, 80))
    _run(["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-w", str(file), text])


def _flite(text: str, voice: str, rng: Generator, file: Path) -> None:
    stretch = f"duration_stretch={rng.uniform(0.8, 1.25):.2f}"
    _run(["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", str(file)])


def _festival(text: str, voice: str, rng: Generator, file: Path) -> None:
    stretch = f"(Parameter.set 'Duration_Stretch {rng.uniform(0.85, 1.2):.2f})"
    command = ["text2wave", "-eval", f"(voice_{voice})", "-eval", stretch, "-o", str(file)]
    _run(command, text)


def _run(command: list[str], text: str | None = None) -> None:
    subprocess.run(command, input=text, text=True, check=True, capture_output=True, timeout=60)


ENGINES: Final = (
    Engine(
        "espeak-ng",
        "formant synthesis",
        ("en-us", "en-gb+f2", "en-us+f4", "en-gb+m3", "en-us+klatt2", "de+m2", "fr+f3", "pt+f1"),
        _espeak,
    ),
    Engine("flite", "diphones", ("kal", "kal16"), _flite),
    # Clustergen voices, whose MLSA filter is of WORLD's kind: a source and a smooth filter.
    Engine("flite", "WORLD", ("awb", "rms", "slt"), _flite),
    Engine("text2wave", "diphones", ("kal_diphone", "ked_diphone"), _festival),
    Engine("text2wave", "WORLD", ("cmu_us_slt_arctic_hts",), _festival),
)


def forge_texts(folder: Path, takes: int) -> None:
    """Write a store with `takes` sentences of every voice that works here."""
    writer = StoreWriter(folder)
    for engine, voice in _installed():
        for take in range(takes):
            rng = np.random.default_rng((take, *voice.encode()))
            with tempfile.TemporaryDirectory() as scratch:
                file = Path(scratch) / "said.wav"
                engine.speak(sentence(rng), voice, rng, file)
                wave = read_sound(file)
            first, last = trim(wave)
            writer.add(_utterance(engine, voice, take), wave[first:last])
    writer.close()


def _installed() -> Iterator[tuple[Engine, str]]:
    for engine in ENGINES:
        if shutil.which(engine.program):
            yield from ((engine, voice) for voice in engine.voices)


def _utterance(engine: Engine, voice: str, take: int) -> Utterance:
    return Utterance(
        key=f"{engine.program}-{voice}-{take}",
        fake=True,
        generator=f"{engine.program} {voice}",
        vocoder=engine.vocoder,
        group=f"{engine.program}|{voice}",
        source="text to speech",
        fold=-1,  # tested nowhere
        kind="forged",
    )
