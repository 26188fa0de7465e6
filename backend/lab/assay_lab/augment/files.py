"""Whole files as people upload them: copies that went through the corruption that trainers draw.

For judging media by the service itself, which reads files; the same for both classes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import cv2
import numpy as np
import soundfile
from av.error import FFmpegError
from numpy.random import Generator

from assay.branches.audio.cqcc import RATE
from assay.types import Floats, Image
from assay_lab.augment.pictures import Corruption, load_rgb
from assay_lab.augment.speech import SpeechCorruption
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.clip import fitted, read_frames
from assay_lab.data.rows import Modality, Row
from assay_lab.data.speech import read_sound
from assay_lab.data.split import bucket

Write = Callable[[Path, Path], Path]
"""(file, place without suffix) -> the corrupted file, there."""

UNREADABLE = (FFmpegError, cv2.error, ValueError)


def still(corruption: Corruption) -> Write:
    """A picture, saved without further loss."""

    def write(source: Path, place: Path) -> Path:
        return png(corruption.apply(load_rgb(source)), place)

    return write


def clip(corruption: VideoCorruption, seen: bool = True, heard: bool = True) -> Write:
    """The first seconds; not seen: grey pictures instead; not heard: no sound stream."""

    def write(source: Path, place: Path) -> Path:
        file = place.with_suffix(".mp4")
        frames, rate = read_frames(source)
        sound = _sound(source, len(frames) / rate) if heard else None
        corruption.write(file, frames if seen else np.full_like(frames, 128), rate, sound)
        return file

    return write


def speech(corruption: SpeechCorruption) -> Write:
    """A recording, saved without further loss."""

    def write(source: Path, place: Path) -> Path:
        file = place.with_suffix(".flac")
        soundfile.write(file, np.clip(corruption.apply(read_sound(source)), -1, 1), RATE)
        return file

    return write


def drawn(modality: Modality, rng: Generator) -> Write:
    """Everyday corruption of a modality."""
    match modality:
        case "image":
            return still(Corruption.draw(rng))
        case "video":
            return clip(VideoCorruption.draw(rng))
        case "speech":
            return speech(SpeechCorruption.draw(rng))


def everyday(row: Row) -> Write:
    """The corruption that comes to a row: always the same; forged clips share their original's."""
    name = row.path.stem.removesuffix("-real").removesuffix("-fake")
    return drawn(row.modality, np.random.default_rng(bucket(name, 2**31, salt="everyday")))


def copies(rows: Iterable[Row], write: Callable[[Row], Write]) -> Iterator[Row]:
    """Rows whose file is a corrupted copy that lives until the next is asked for.

    Files that cannot be read are passed over.
    """
    with TemporaryDirectory(prefix="assay-") as folder:
        for row in rows:
            try:
                copy = write(row)(row.path, Path(folder) / row.path.stem)
            except UNREADABLE as reason:
                print(f"{row.path.name} cannot be read: {reason}", flush=True)
                continue
            yield replace(row, path=copy)
            copy.unlink()


def png(picture: Image, place: Path) -> Path:
    """The picture as a file, without further loss."""
    file = place.with_suffix(".png")
    cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return file


def _sound(source: Path, seconds: float) -> Floats | None:
    with av.open(str(source)) as container:
        if not container.streams.audio:
            return None
    return fitted(read_sound(source, longest=seconds), round(seconds * RATE))
