"""Every odd, broken or hostile file gets the right answer, and leaves nothing behind."""

import tempfile

import numpy as np
import pytest

from assay.errors import STATUS, AssayError
from assay.media.forensics.hints import read_hints
from assay.media.io.reader import open_media
from assay.media.material import Speech
from assay.media.sampling import MAX_PICTURE_SECONDS, MAX_SPEECH_SECONDS, MOUTH_RATE, plan
from assay.settings import Settings
from tests.hostile_media import CASES, OK, Case
from tests.networks import vad

SETTINGS = Settings(threads=2)


def test_there_are_enough_and_their_names_differ() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
    assert {answer for case in CASES for answer in case.expected} <= {OK, *STATUS}


def examine(case: Case, folder) -> str:
    """Everything that the media room does to a file; the answer's code."""
    path = case.write(folder)
    try:
        with open_media(path, SETTINGS) as media:
            spans = plan(media.info, read_hints(media))
            total = 0
            for frame in media.frames(spans):
                total += 1
                assert frame.grey().shape == (frame.height, frame.width)
                if frame.is_detection_frame:
                    assert frame.rgb().shape == (frame.height, frame.width, 3)
            assert total <= MAX_PICTURE_SECONDS * MOUTH_RATE + 1
            check(media.speech(spans, vad()))
    except AssayError as error:
        assert str(folder) not in error.message
        assert error.message.endswith(".")
        return error.code
    return OK


def check(speech: Speech | None) -> None:
    if speech is None:
        return
    assert sum(len(wave) for _, wave in speech.spans) <= MAX_SPEECH_SECONDS * Speech.RATE
    for _, wave in speech.spans:
        assert wave.dtype == np.float32
        assert np.all(np.abs(wave) <= 1.0)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_right_answer(case: Case, tmp_path, monkeypatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    assert examine(case, tmp_path) in case.expected
    assert list(scratch.iterdir()) == []
