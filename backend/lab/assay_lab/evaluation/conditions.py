"""What may happen to media before they are uploaded, done to whole files, for the served pipeline.

The damage is the forge's own; the same for both classes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import av
import cv2
import numpy as np
import soundfile

from assay.branches.cqcc import RATE, Floats
from assay_lab.data.rows import Modality, Row
from assay_lab.data.speech import read_sound
from assay_lab.examine import examine, read_examined
from assay_lab.forge.clip import fitted, read_frames
from assay_lab.forge.codec import Codec, through
from assay_lab.forge.degrade import Degradation, read_rgb
from assay_lab.forge.degrade_video import VideoDegradation

Write = Callable[[Path, Path], Path]
"""(file, place without suffix) -> the damaged file, there."""


class Condition(NamedTuple):
    """modality: of the media that it can happen to."""

    modality: Modality
    write: Write


def damage_all(rows: Sequence[Row], work: Path, models: Path) -> None:
    """Let the service judge every row under every condition that fits it.

    Args:
        rows: Held out, and readable.
        work: Gets NAME.jsonl for each condition; what is there already is not done again.
        models: The models folder.
    """
    work.mkdir(parents=True, exist_ok=True)
    for name, condition in CONDITIONS.items():
        out = lines_of(work, name)
        known = {line.id for line in read_examined(out)} if out.exists() else set()
        wanted = [
            row for row in rows if row.modality == condition.modality and row.path.stem not in known
        ]
        print(f"{name}: {len(wanted)} files", flush=True)
        with TemporaryDirectory(prefix="assay-") as folder:
            examine(_damaged(wanted, condition, Path(folder)), out, models, full=True)


def lines_of(work: Path, name: str) -> Path:
    """Where the answers under a condition are."""
    return work / f"{name.replace(' ', '-')}.jsonl"


def _damaged(rows: Sequence[Row], condition: Condition, folder: Path) -> Iterator[Row]:
    """Rows whose file is a damaged copy that lives until the next is asked for."""
    for row in rows:
        copy = condition.write(row.path, folder / row.path.stem)
        yield replace(row, path=copy)
        copy.unlink()


def _still(damage: Degradation) -> Write:
    def write(source: Path, place: Path) -> Path:
        return _png(damage.apply(read_rgb(np.fromfile(source, np.uint8))), place)

    return write


def _halved(source: Path, place: Path) -> Path:
    picture = read_rgb(np.fromfile(source, np.uint8))
    return _png(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), place)


def _png(picture: "np.typing.NDArray[np.uint8]", place: Path) -> Path:
    """Without further loss."""
    file = place.with_suffix(".png")
    cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return file


def _clip(damage: VideoDegradation, seen: bool = True, heard: bool = True) -> Write:
    """The first seconds; not seen: grey pictures instead; not heard: no sound stream."""

    def write(source: Path, place: Path) -> Path:
        file = place.with_suffix(".mp4")
        frames, rate = read_frames(source)
        sound = _sound(source, len(frames) / rate) if heard else None
        damage.write(file, frames if seen else np.full_like(frames, 128), rate, sound)
        return file

    return write


def _sound(source: Path, seconds: float) -> Floats | None:
    with av.open(str(source)) as container:
        if not container.streams.audio:
            return None
    return fitted(read_sound(source, longest=seconds), round(seconds * RATE))


def _speech(codec: Codec) -> Write:
    def write(source: Path, place: Path) -> Path:
        file = place.with_suffix(".flac")
        soundfile.write(file, np.clip(through(read_sound(source), codec), -1, 1), RATE)
        return file

    return write


CLIP_AS_IT_IS: Final = "crf 18"
"""Clips are cut short to be encoded; this is what the other conditions are compared with."""

CONDITIONS: Final[Mapping[str, Condition]] = {
    "jpeg 90": Condition("image", _still(Degradation(jpeg=90))),
    "jpeg 70": Condition("image", _still(Degradation(jpeg=70))),
    "jpeg 40": Condition("image", _still(Degradation(jpeg=40))),
    "half size": Condition("image", _halved),
    "mp3 64k": Condition("speech", _speech(Codec("libmp3lame", "mp3", 44_100, 64_000))),
    "opus 24k": Condition("speech", _speech(Codec("libopus", "ogg", 48_000, 24_000))),
    CLIP_AS_IT_IS: Condition("video", _clip(VideoDegradation())),
    "crf 28": Condition("video", _clip(VideoDegradation(crf=28))),
    "crf 35": Condition("video", _clip(VideoDegradation(crf=35))),
    "half size crf 23": Condition("video", _clip(VideoDegradation(crf=23, scale=0.5))),
    "muted": Condition("video", _clip(VideoDegradation(), heard=False)),
    "no face": Condition("video", _clip(VideoDegradation(), seen=False)),
}
