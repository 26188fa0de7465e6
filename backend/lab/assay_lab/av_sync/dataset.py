"""What the two towers learn from: stretches of one mouth and its voice, varied at every visit.

Both sides are varied in ways that leave them in sync: the picture is moved, turned, mirrored,
blurred and compressed, the voice was corrupted beforehand and is coloured again, and the tempo of
both is changed together.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from assay.branches.av_sync.mel import BANDS, log_mel
from assay.branches.av_sync.windows import (
    FRAME_RATE,
    PICTURES,
    REDUCED,
    SIDE,
    lip_windows,
    shrink,
    voice_windows,
)
from assay.media.material import Speech
from assay.media.sampling import MOUTH_RATE
from assay.types import Doubles, Flags, Floats, Image, Indices
from assay_lab.augment.speech import SpeechCorruption
from assay_lab.av_sync.clips import About, Talk, load_all
from assay_lab.data.split import bucket

COPIES: Final = 4
"""Versions of each voice, the first of them untouched."""
SHORTEST: Final = 15
"""Pictures of the shortest run worth learning from."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A mouth run of the only person in view, and the sound around it.

    pictures: (n, REDUCED, REDUCED). spectra: (COPIES, frames, BANDS) log-mel of the whole sound;
    the copies differ in corruption. voiced: (frames,). first: the spectrum at the moment of the
    first picture, a fraction.
    """

    about: About
    pictures: Image
    spectra: NDArray[np.float16]
    voiced: Flags
    first: float


def stretches(clips: Path, voices: Path) -> list[Stretch]:
    """Everything that can be learnt from: real clips in which one person is seen and speaks.

    Args:
        clips: Cache of `talking.py`.
        voices: Where `corruption_all` keeps the versions of the voices; clips that it has not seen,
            because they were extracted since, are left out.
    """
    found: list[Stretch] = []
    for talk in load_all(clips):
        corrupted = voices / f"{talk.about.key}.npy"
        if not is_lesson(talk) or not corrupted.exists():
            continue
        assert talk.speech is not None
        spectra = np.load(corrupted)
        start = talk.speech.spans[0][0]
        voiced = _voiced_frames(talk.speech, spectra.shape[1])
        for run in talk.mouths[0]:
            if len(run.pictures) >= SHORTEST:
                pictures = np.stack([shrink(picture) for picture in run.pictures])
                first = (run.start - start) * FRAME_RATE
                found.append(Stretch(talk.about, pictures, spectra, voiced, first))
    return found


def is_lesson(talk: Talk) -> bool:
    """Whether a clip shows a real mouth and the voice that belongs to it, as far as we can tell.

    Where several faces are seen for long, nobody knows which of them speaks.
    """
    if talk.about.fake or talk.speech is None or len(talk.speech.spans) != 1:
        return False
    seen = [sum(len(run.pictures) for run in mouths) for mouths in talk.mouths]
    return len(seen) > 0 and seen[0] >= SHORTEST and sum(seen[1:]) < 0.5 * seen[0]


def corruption_all(clips: Path, voices: Path, processes: int) -> None:
    """Compute the versions of every voice that is learnt from; resumable."""
    voices.mkdir(parents=True, exist_ok=True)
    talks = (talk for talk in load_all(clips) if is_lesson(talk))
    missing = (talk for talk in talks if not (voices / f"{talk.about.key}.npy").exists())
    with ProcessPoolExecutor(processes) as pool:
        for key, spectra in pool.map(_corruption, missing, chunksize=8):
            np.save(voices / f"{key}.npy", spectra)


def _corruption(talk: Talk) -> tuple[str, NDArray[np.float16]]:
    assert talk.speech is not None
    wave = talk.speech.spans[0][1]
    spectra = [log_mel(wave)]
    for copy in range(1, COPIES):
        rng = np.random.default_rng(bucket(f"{talk.about.key}|{copy}", 2**31, salt="corruption"))
        # Playback at another speed would shift the voice against the lips.
        corrupted = replace(SpeechCorruption.draw(rng), speed=1.0).apply(wave)
        spectra.append(log_mel(_realigned(corrupted, wave)))
    return talk.about.key, np.stack(spectra).astype(np.float16)


def _realigned(corrupted: Floats, wave: Floats) -> Floats:
    """Undo the delay of a codec, found by cross-correlation."""
    size = 2 ** int(np.ceil(np.log2(2 * len(wave))))
    spectrum = np.fft.rfft(corrupted, size) * np.conj(np.fft.rfft(wave, size))
    reach = int(0.1 * Speech.RATE)
    correlation = np.abs(np.fft.irfft(spectrum, size))
    delay = int(np.argmax(correlation[:reach]))
    return np.append(corrupted[delay:], np.zeros(delay, np.float32)).astype(np.float32)


def _voiced_frames(speech: Speech, frames: int) -> Flags:
    times = speech.spans[0][0] + np.arange(frames) / FRAME_RATE
    voiced = np.zeros(frames, bool)
    for begin, end in speech.voiced:
        voiced |= (times >= begin) & (times < end)
    return voiced


# -------------------------------------------------------------------------------- variation


@dataclass(frozen=True, slots=True)
class Lesson:
    """One visit to a stretch: lips (n, PICTURES, SIDE, SIDE) uint8; voice (m, FRAMES, BANDS).

    target: (n,) the row of `voice` at the moment of each mouth window.
    """

    lips: Image
    voice: Floats
    target: Indices


def draw(stretch: Stretch, rng: Generator, pictures: int = 40, step: int = 2) -> Lesson | None:
    """Vary a stretch.

    Args:
        stretch: Of these at most `pictures` pictures in a row are used.
        rng: Source of all variation.
        pictures: Longest excerpt.
        step: Of mouth windows, every this many-th is used; speech windows come at every picture.

    Returns:
        None if nobody speaks in the excerpt.
    """
    tempo = float(np.exp(rng.uniform(-0.1, 0.1))) if rng.random() < 0.5 else 1.0
    places = np.arange(0, len(stretch.pictures) - 1 + 1e-6, tempo)
    if len(places) > pictures:
        begin = rng.integers(len(places) - pictures + 1)
        places = places[begin : begin + pictures]
    if len(places) < SHORTEST:
        return None
    copy = stretch.spectra[rng.integers(len(stretch.spectra))].astype(np.float32)
    centres = stretch.first + (places[: 1 - PICTURES] + PICTURES / 2 * tempo) * (
        FRAME_RATE / MOUTH_RATE
    )
    voice, heard = voice_windows(*_at_tempo(copy, centres, tempo))
    nearest = np.clip(np.round(centres).astype(int), 0, len(stretch.voiced) - 1)
    rows = np.flatnonzero(heard & stretch.voiced[nearest])
    if len(rows) < SHORTEST - PICTURES:
        return None
    lips = lip_windows(vary_pictures(_between(stretch.pictures, places), rng))
    chosen = np.arange(int(rng.integers(step)), len(rows), step)
    return Lesson(lips[rows[chosen]], vary_spectra(voice[rows], rng), chosen)


def _between(pictures: Image, places: Doubles) -> Image:
    """Pictures at fractional places, blended linearly as converters of frame rates do."""
    lower = np.minimum(places.astype(int), len(pictures) - 2)
    share = (places - lower).astype(np.float32)[:, None, None]
    if not share.any():
        return pictures[lower]
    mixed = pictures[lower] * (1 - share) + pictures[lower + 1] * share
    return np.round(mixed).astype(np.uint8)


def _at_tempo(spectra: Floats, centres: Doubles, tempo: float) -> tuple[Floats, Doubles]:
    """Spectra at another tempo but the same pitch, and where the centres lie among them."""
    if tempo == 1.0:
        return spectra, centres
    places = np.arange(0, len(spectra) - 1, tempo)
    lower = places.astype(int)
    share = (places - lower).astype(np.float32)[:, None]
    return spectra[lower] * (1 - share) + spectra[lower + 1] * share, centres / tempo


def vary_spectra(voice: Floats, rng: Generator) -> Floats:
    """Another microphone, level and hiss for a whole excerpt; some bands hidden.

    Args:
        voice: (m, FRAMES, BANDS).
        rng: Source of the variation.
    """
    colour = gaussian_filter1d(rng.normal(0, 1, BANDS + 16), 4)[8:-8] * 3 * rng.uniform(0, 1)
    varied = voice + (colour + rng.normal(0, 0.5)).astype(np.float32)
    if rng.random() < 0.3:
        hiss = rng.uniform(-8, -2) + gaussian_filter1d(rng.normal(0, 2, BANDS), 6)
        varied = np.logaddexp(varied, hiss)
    if rng.random() < 0.3:
        width = rng.integers(2, 8)
        start = rng.integers(BANDS - width)
        varied[:, :, start : start + width] = varied.mean()
    return varied.astype(np.float32)


def vary_pictures(pictures: Image, rng: Generator) -> Image:
    """Another crop, camera and codec for a whole excerpt.

    Args:
        pictures: (n, REDUCED, REDUCED).
        rng: Source of the variation.

    Returns:
        (n, SIDE, SIDE).
    """
    moved = _moved(_at_lower_rate(pictures, rng), rng)
    if rng.random() < 0.3:
        factor = rng.uniform(0.35, 0.9)
        size = (max(8, round(SIDE * factor)),) * 2
        moved = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in moved]
        moved = [cv2.resize(one, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR) for one in moved]
    elif rng.random() < 0.3:
        sigma = rng.uniform(0.4, 1.3)
        moved = [cv2.GaussianBlur(one, (0, 0), sigma) for one in moved]
    toned = _toned(np.stack(moved), rng)
    if rng.random() < 0.3:
        toned += rng.normal(0, rng.uniform(1, 8), toned.shape).astype(np.float32)
    if rng.random() < 0.15:
        x, y = rng.integers(0, SIDE - 8, 2)
        toned[:, y : y + rng.integers(6, 18), x : x + rng.integers(6, 18)] = rng.uniform(0, 255)
    result = np.clip(np.round(toned), 0, 255).astype(np.uint8)
    if rng.random() < 0.25:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 80))]
        coded = (cv2.imencode(".jpg", one, quality)[1] for one in result)
        result = np.stack([cv2.imdecode(one, cv2.IMREAD_GRAYSCALE) for one in coded])
    return result


def _at_lower_rate(pictures: Image, rng: Generator) -> Image:
    """Sometimes as if filmed at 12 to 20 pictures a second: some pictures are shown twice."""
    if rng.random() > 0.1:
        return pictures
    step = MOUTH_RATE / rng.uniform(12, 20)
    shown = np.floor(np.floor(np.arange(len(pictures)) / step) * step).astype(int)
    return pictures[shown]


def _moved(pictures: Image, rng: Generator) -> list[Image]:
    """Scaled, turned, shifted and mirrored alike, with the unrest of a face detector on top."""
    angle, scale = rng.normal(0, 6), np.exp(rng.normal(0, 0.1))
    aspect = np.exp(rng.normal(0, 0.05))
    base = cv2.getRotationMatrix2D((REDUCED / 2, REDUCED / 2), angle, scale)
    base[0] *= aspect
    base[0, 2] += (1 - aspect) * REDUCED / 2
    base[:, 2] += rng.normal(0, 2.0, 2) - (REDUCED - SIDE) / 2
    if rng.random() < 0.5:
        base[0] *= -1
        base[0, 2] += SIDE - 1
    unrest = gaussian_filter1d(rng.normal(0, 1, (len(pictures), 2)), 4, axis=0)
    unrest *= rng.uniform(0, 1.5) / 0.27  # a smoothed unit normal has this spread
    found = []
    for picture, shake in zip(pictures, unrest, strict=True):
        matrix = base.copy()
        matrix[:, 2] += shake
        found.append(cv2.warpAffine(picture, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE))
    return found


def _toned(pictures: Image, rng: Generator) -> Floats:
    """Gamma and light from a side."""
    curve = 255 * (np.arange(256, dtype=np.float32) / 255) ** np.exp(rng.normal(0, 0.25))
    toned = curve[pictures]
    slope = rng.normal(0, 0.25, 2)
    across = np.linspace(-1, 1, SIDE)
    light = 1 + slope[0] * across[None] + slope[1] * across[:, None]
    gain = np.clip(light, 0.3, 2) * np.exp(rng.normal(0, 0.15))
    return np.asarray(toned * gain.astype(np.float32), np.float32)
