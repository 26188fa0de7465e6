"""How much was examined: said of what there is, and of nothing else."""

import numpy as np
import pytest

from assay.coverage import coverage, told
from assay.evidence import (
    AudioStream,
    Coverage,
    Extent,
    FaceCounters,
    Hints,
    MediaInfo,
    PassedOver,
    People,
)
from assay.media.material import Bystander, Material, Person, Speech
from assay.media.sampling import Span

SOUND = AudioStream(codec="aac", sample_rate=48_000, channels=2)


def media(kind: str, duration: float | None, audio: AudioStream | None = None) -> MediaInfo:
    values = {"kind": kind, "container": "x", "size_bytes": 1, "sha256": ""}
    return MediaInfo.model_validate(values | {"duration": duration, "audio": audio})


def heard(*seconds: float) -> Speech:
    return Speech([(0.0, np.zeros(round(16_000 * each), np.float32)) for each in seconds], [])


def test_a_long_video_in_parts() -> None:
    info = media("video", 3600.0, SOUND)
    others = [Bystander(PassedOver.OVER_LIMIT, [])] * 3
    people = [Person(number) for number in range(3)]
    spans = [Span(0.0, 2.0), Span(100.0, 106.0)]
    known = coverage(Material(info, Hints(), people, FaceCounters(), heard(10, 20), others, spans))
    assert known == Coverage(
        picture=Extent(examined=8.0, of=3600.0),
        sound=Extent(examined=30.0, of=3600.0),
        people=People(examined=3, of=6),
    )
    assert told(known) == "30 s of 60 min of sound, 8 s of 60 min of picture, 3 of 6 faces"


def test_no_more_than_there_is() -> None:
    info = media("video", 4.96, SOUND)
    whole = Material(info, Hints(), [Person(0)], FaceCounters(), heard(5.02), [], [Span(0.0, 5.0)])
    assert told(coverage(whole)) == "all 5 s of sound, all 5 s of picture, 1 of 1 face"


@pytest.mark.parametrize(
    ("info", "speech", "words"),
    [
        (media("image", None), None, "no face"),
        (media("audio", 20.0, SOUND), heard(20), "all 20 s of sound"),
        (media("audio", None, SOUND), heard(20), "20 s of sound"),
        (media("audio", 20.0, SOUND), None, "0 s of 20 s of sound"),
        (media("video", None), None, "0 s of picture, no face"),
    ],
)
def test_only_what_there_is_is_told(info: MediaInfo, speech: Speech | None, words: str) -> None:
    assert told(coverage(Material(info, Hints(), [], FaceCounters(), speech))) == words
