"""Speech for the audio branch: decoded once, trimmed, named, deduplicated and put into folds.

Utterances of the recipe and the sound of real talking clips become one file of 16 kHz samples
outside the repository, with an index. Folds are by source site, so that whoever scores a fold has
not seen its speakers, microphones, post-processing or generators.
"""

import csv
import re
from collections import defaultdict
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Final, Literal

import av
import numpy as np
from av.error import FFmpegError

from assay.branches.audio.cqcc import RATE, Cqcc
from assay.branches.audio.windows import SHORTEST_SECONDS, trim
from assay.media.io.speech import resampled
from assay.types import Floats
from assay_lab.data.rows import Row, read_manifest
from assay_lab.data.split import bucket, known_generator, split_of

Half = Literal["val", "test"]

FOLDS: Final = 4
LONGEST_SECONDS: Final = 20.0

_SITES: Final = {
    # Sites that share vocoders and speakers sit together; each fold also holds one corpus that
    # has only real speech, so that false alarms are measured on a domain not trained on.
    "SpeechResearch/speechresearch.github.io": 0,
    "sylaschacko/voice-emotion-analysis": 0,
    "Edresson/YourTTS": 1,
    "gemelo-ai/vocos": 1,
    "wavegrad/wavegrad.github.io": 1,
    "seungwonpark/melgan": 1,
    "mozilla/TTS": 1,
    "Essa-Ramzy/Arabic-Lip-Reading": 1,
    "r9y9/r9y9.github.io": 2,
    "resemble-ai/Resemblyzer": 2,
}
"""Fold of a site; the others, small demonstration pages and wake words, are fold 3."""

_VOCODERS: Final = (
    ("WaveGrad", "WaveGrad"),
    ("PriorGrad vocoder", "PriorGrad"),
    ("SpecGrad", "SpecGrad"),
    ("DiffWave", "DiffWave"),
    ("Parallel WaveGAN|PWG|StarGANv2|LightSpeech|LRSpeech|DenoiSpeech|SemiNAS", "Parallel WaveGAN"),
    ("MelGAN|AdaSpeech|MultiSpeech", "MelGAN"),
    ("iSTFTNet", "iSTFTNet"),
    ("BigVGAN|PromptTTS", "BigVGAN"),
    ("HiFi-GAN|VITS|YourTTS|Assem|Cotatron|Mellotron|PPG-VC|Grad-TTS|StyleTTS", "HiFi-GAN"),
    ("HierSpeech|Mega-TTS 2|Mixed-Phoneme", "HiFi-GAN"),
    ("HiFi-Codec", "HiFi-Codec"),
    ("Vocos", "Vocos"),
    ("EnCodec|VALL-E|Bark", "EnCodec"),
    ("SoundStream", "SoundStream"),
    ("FACodec|NaturalSpeech 3", "FACodec"),
    ("DAC", "DAC"),
    ("WaveGlow", "WaveGlow"),
    ("WaveFlow", "WaveFlow"),
    ("ClariNet", "ClariNet"),
    ("WaveVAE", "WaveVAE"),
    ("WaveNet|AutoVC|SpeechSplit", "WaveNet"),
    ("WORLD|HTS|StarGAN-VC", "WORLD"),
    ("Griffin|Tacotron|DeepVoice3|Chou", "Griffin-Lim"),
)
"""What turns features into sound in each system, first match wins; by the systems' papers."""

_HOME: Final = {
    "Parallel WaveGAN": 0,
    "MelGAN": 0,
    "HiFi-GAN": 1,
    "WaveGrad": 1,
    "Vocos": 1,
    "EnCodec": 1,
    "Griffin-Lim": 2,
    "WORLD": 2,
    "ClariNet": 2,
    "WaveNet": 3,
    "WaveGlow": 3,
}
"""Where a family that occurs at several sites is tested: that fold's training never hears it."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A recording in a store.

    key: stable name. vocoder: family that made the sound, empty for real. group: speaker or
    recording, unique across sites. kind: speech, clip (the sound of a video) or forged.
    origin: key of the real recording that a forgery was made from. taught: folds whose speech
    its forger learned from, as digits. start, length: samples.
    """

    key: str
    fake: bool
    generator: str
    vocoder: str
    group: str
    source: str
    fold: int
    kind: str
    origin: str = ""
    taught: str = ""
    start: int = 0
    length: int = 0


class Store:
    """Recordings of a folder: samples.i16 (little endian, 16 kHz mono) and index.csv."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with (folder / "index.csv").open(newline="") as file:
            self.rows = [_utterance(line) for line in csv.DictReader(file)]
        self._samples = np.memmap(folder / "samples.i16", np.int16, "r")

    def wave(self, row: Utterance) -> Floats:
        """The samples, float32 in -1..1."""
        part = self._samples[row.start : row.start + row.length]
        return part.astype(np.float32) / np.float32(32768)


class StoreWriter:
    """Writes a store; nothing counts until `close` has written the index."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._file = (folder / "samples.i16").open("wb")
        self._rows: list[Utterance] = []
        self._at = 0

    def add(self, row: Utterance, wave: Floats) -> None:
        """Append a recording; its peak is set to 0.9, so that quiet ones keep their precision."""
        peak = max(float(np.abs(wave).max()), 1e-6)
        samples = np.round(wave * (0.9 / peak) * 32767).astype(np.int16)
        self._file.write(samples.tobytes())
        self._rows.append(replace(row, start=self._at, length=len(samples)))
        self._at += len(samples)

    def close(self) -> None:
        """Write the index."""
        self._file.close()
        with (self.folder / "index.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, [f.name for f in fields(Utterance)])
            writer.writeheader()
            writer.writerows(asdict(row) for row in self._rows)


def vocoder_of(generator: str) -> str:
    """The family that makes a generator's sound; the generator itself where it is unknown."""
    for pattern, family in _VOCODERS:
        if re.search(pattern, generator):
            return family
    return generator


def fold_of(row: Row) -> int:
    """The fold in which a row is tested."""
    if row.source in _SITES:
        return _SITES[row.source]
    return 3 if row.modality == "speech" else bucket(row.group, FOLDS, salt="speech")


def learns(row: Utterance, fold: int) -> bool:
    """Whether the model that will score `fold` may train on a row.

    Not on the fold's own sites, nor on any family of vocoders that is tested there, nor on what
    was forged by a network that heard the fold, nor on the sound of clips kept for the fusion.
    """
    kept = row.kind == "clip" and _is_kept(row)
    known = _HOME.get(row.vocoder) == fold or str(fold) in row.taught
    return row.fold != fold and not known and not kept


def _is_kept(clip: Utterance) -> bool:
    """Whether fusion and evaluation may judge a clip: by its group, or by the site of its forgers.

    Its generator is not known here, for what is learnt of it is a genuine voice; so a few clips
    too many are kept.
    """
    return split_of(clip.group) != "train" or not known_generator(clip.source, clip.generator)


def is_unseen(row: Utterance) -> bool:
    """Whether the family of a fake is heard nowhere in the training of the fold it is tested in."""
    return _HOME.get(row.vocoder, row.fold) == row.fold


def half(row: Utterance) -> Half:
    """Which half of its fold a row is in, by speaker: choices and calibration use val alone."""
    return "val" if bucket(row.group, 2, salt="calibration") == 0 else "test"


def has_new_voice(row: Utterance) -> bool:
    """Whether a speaker is certainly heard at no other site: many share a few public corpora."""
    return not re.search("LJ|VCTK|Libri", row.group.partition("|")[2], re.IGNORECASE)


def read_sound(path: Path, longest: float = LONGEST_SECONDS) -> Floats:
    """Decode the first sound stream to 16 kHz mono, as serving does, at most `longest` seconds.

    Empty if the file has no sound; a corrupted tail is left out.
    """
    parts: list[Floats] = []
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return np.zeros(0, np.float32)
        try:
            for _, part in resampled(container.decode(audio=0)):
                parts.append(part)
                if sum(map(len, parts)) > longest * RATE:
                    break
        except FFmpegError:
            pass
    wave = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return wave[: int(longest * RATE)].astype(np.float32)


def build(data: Path, folder: Path) -> None:
    """Decode the recipe's speech and the clips' sound into a store, without near-duplicates."""
    writer = StoreWriter(folder)
    prints: dict[str, list[Floats]] = defaultdict(list)
    for row in [*read_manifest(data, "speech"), *_clips(data)]:
        wave = read_sound(row.path)
        first, last = trim(wave)
        if last - first < SHORTEST_SECONDS * RATE:
            continue
        fake = row.modality == "speech" and row.fake
        print_ = fingerprint(wave[first:last])
        # One sentence through several vocoders is several fakes, and all look alike here.
        known = prints[row.generator if fake else ""]
        if not any(same_recording(print_, other) for other in known):
            known.append(print_)
            writer.add(_named(row, fake), wave[first:last])
    writer.close()


def fingerprint(wave: Floats) -> Floats:
    """What a recording is recognised by after recompression: length, and envelope over time.

    Returns:
        (1 + 12 * 48,): samples, then smooth cepstra at 48 moments, normalised to a unit vector.
    """
    cepstra = _COARSE.static(wave)[1:]
    moments = np.linspace(0, cepstra.shape[1] - 1, 48).round().astype(int)
    shape = cepstra[:, moments]
    shape = (shape - shape.mean(axis=1, keepdims=True)).ravel()
    return np.append(np.float32(len(wave)), shape / max(float(np.linalg.norm(shape)), 1e-9))


def same_recording(one: Floats, other: Floats) -> bool:
    """Whether two fingerprints are of one recording."""
    longer, shorter = max(one[0], other[0]), min(one[0], other[0])
    return bool(shorter > 0.97 * longer and one[1:] @ other[1:] > 0.95)


_COARSE = Cqcc(bins_per_octave=6, octaves=6, lowest=100.0, hop=320, coefficients=13)


def _clips(data: Path) -> list[Row]:
    """Videos whose sound is known or presumed to be a real voice."""
    return [
        row
        for row in read_manifest(data, "video")
        if row.audio == "real" or "audio yes" in row.notes or "audio real" in row.notes
    ]


def _named(row: Row, fake: bool) -> Utterance:
    return Utterance(
        key=row.path.stem,
        fake=fake,
        generator=row.generator if fake else "",
        vocoder=vocoder_of(row.generator) if fake else "",
        group=row.group,
        source=row.source,
        fold=fold_of(row),
        kind="speech" if row.modality == "speech" else "clip",
    )


def _utterance(line: dict[str, str]) -> Utterance:
    return Utterance(
        key=line["key"],
        fake=line["fake"] == "True",
        generator=line["generator"],
        vocoder=line["vocoder"],
        group=line["group"],
        source=line["source"],
        fold=int(line["fold"]),
        kind=line["kind"],
        origin=line["origin"],
        taught=line["taught"],
        start=int(line["start"]),
        length=int(line["length"]),
    )
