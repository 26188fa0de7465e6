"""What may happen to media before they are uploaded, one thing at a time, for the served pipeline.

The corruption is the forge's own; the same for both classes.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, cast

import cv2

from assay.types import Image
from assay_lab.augment.codec import Codec
from assay_lab.augment.files import Write, clip, copies, png, speech, still
from assay_lab.augment.pictures import Corruption, load_rgb
from assay_lab.augment.speech import SpeechCorruption
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.rows import Modality, Row
from assay_lab.fusion.examine import examine, unknown


class Condition(NamedTuple):
    """modality: of the media that it can happen to."""

    modality: Modality
    write: Write


def corruption_all(rows: Sequence[Row], work: Path, models: Path) -> None:
    """Let the service judge every row under every condition that fits it.

    Args:
        rows: Held out, and readable.
        work: Gets NAME.jsonl for each condition; what is there already is not done again.
        models: The models folder.
    """
    for name, condition in CONDITIONS.items():
        fitting = [row for row in rows if row.modality == condition.modality]
        judge_copies(fitting, name, partial(_always, condition.write), work, models)


def _always(write: Write, row: Row) -> Write:
    return write


def judge_copies(
    rows: Sequence[Row], name: str, write: Callable[[Row], Write], work: Path, models: Path
) -> None:
    """Let the service judge copies of rows, those that it has not judged yet, into NAME.jsonl."""
    work.mkdir(parents=True, exist_ok=True)
    out = lines_of(work, name)
    wanted = unknown(rows, out, models, corrupted=True)
    print(f"{name}: {len(wanted)} files", flush=True)
    examine(copies(wanted, write), out, models, full=True, corrupted=True)


def lines_of(work: Path, name: str) -> Path:
    """Where the answers under a condition are."""
    return work / f"{name.replace(' ', '-')}.jsonl"


def _halved(source: Path, place: Path) -> Path:
    picture = load_rgb(source)
    small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return png(cast(Image, small), place)


def _coded(codec: Codec) -> Write:
    return speech(SpeechCorruption(codecs=(codec,)))


CLIP_AS_IT_IS: Final = "crf 18"
"""Clips are cut short to be encoded; this is what the other conditions are compared with."""

CONDITIONS: Final[Mapping[str, Condition]] = {
    "jpeg 90": Condition("image", still(Corruption(jpeg=90))),
    "jpeg 70": Condition("image", still(Corruption(jpeg=70))),
    "jpeg 40": Condition("image", still(Corruption(jpeg=40))),
    "half size": Condition("image", _halved),
    "mp3 64k": Condition("speech", _coded(Codec("libmp3lame", "mp3", 44_100, 64_000))),
    "opus 24k": Condition("speech", _coded(Codec("libopus", "ogg", 48_000, 24_000))),
    CLIP_AS_IT_IS: Condition("video", clip(VideoCorruption())),
    "crf 28": Condition("video", clip(VideoCorruption(crf=28))),
    "crf 35": Condition("video", clip(VideoCorruption(crf=35))),
    "half size crf 23": Condition("video", clip(VideoCorruption(crf=23, scale=0.5))),
    "muted": Condition("video", clip(VideoCorruption(), heard=False)),
    "no face": Condition("video", clip(VideoCorruption(), seen=False)),
}
