"""Files that people got wrong answers for, where they are at hand: shared/cases, one row each.

`pytest tests/test_cases.py -v` is the table. They are not ours to commit; tests of each kind, with
media made on the spot, are in tests/media.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assay.evidence import BranchState, FacePoint, Reason, Report, Verdict
from assay.jobs.process import AnalysisProcess
from assay.settings import REPOSITORY, Settings
from tests.serving import has_all_models

CASES = Path(os.environ.get("ASSAY_SHARED", REPOSITORY.parent / "shared")) / "cases"

pytestmark = [
    pytest.mark.skipif(not CASES.is_dir(), reason="shared cases are not here"),
    pytest.mark.skipif(not has_all_models(), reason="not all models are installed"),
]

Right = Callable[[Report], bool]


def faces(report: Report) -> list[FacePoint]:
    return [face for person in report.persons for face in person.faces]


def face_is_judged(report: Report) -> bool:
    return bool(faces(report)) and report.branches["gate"].state is BranchState.DONE


def voice_is_judged(report: Report) -> bool:
    return report.branches["audio"].score is not None


def nothing_to_judge(report: Report) -> bool:
    return report.probability is None and Reason.NOTHING_TO_JUDGE in report.reasons


def not_cleared(report: Report) -> bool:
    return report.verdict is not Verdict.AUTHENTIC


def picture(report: Report) -> tuple[int, int, int]:
    """Width, height and turn as reported."""
    assert report.media.video is not None
    return report.media.video.width, report.media.video.height, report.media.video.rotation


def lasts(seconds: float) -> Right:
    return lambda report: report.media.duration == pytest.approx(seconds, abs=0.05)


def is_told(words: str) -> Right:
    return lambda report: any(words in warning for warning in report.warnings)


def boxes_lie_inside(report: Report) -> bool:
    width, height, _ = picture(report)
    boxes = [face.box for face in faces(report)]
    return all(
        -0.1 * width < box.x < width and -0.1 * height < box.y < height for box in boxes
    ) and bool(boxes)


def only_small_faces_after_the_black(report: Report) -> bool:
    """The one face has 29 px: too few to judge, and all pictures were searched for it."""
    return report.media.kind == "video" and report.faces.faces_too_small == 1


RIGHT: dict[str, tuple[Right, ...]] = {
    "antiphase_stereo.mp3": (voice_is_judged,),
    # No parameters of its picture are left: no decoder can read that.
    "cut_mid_packet.ts": (voice_is_judged, is_told("only the sound was examined")),
    "face_after_black.gif": (only_small_faces_after_the_black, lasts(2.5)),
    "hdr_hlg.mov": (face_is_judged,),
    "hdr_pq.mp4": (face_is_judged,),
    "id3_before.flac": (voice_is_judged, lambda report: report.media.container == "flac"),
    "junk_in_header.jpg": (face_is_judged,),
    "late_picture.flv": (face_is_judged, voice_is_judged),
    "long_screenshot.jpg": (face_is_judged,),
    "matrix_hflip.mov": (face_is_judged, lambda report: picture(report)[2] == 0),
    "motion_photo.jpg": (face_is_judged, is_told("A video is attached")),
    "music_only.ogg": (nothing_to_judge,),
    "not_media.ac3": (voice_is_judged,),
    "not_media.tif": (face_is_judged,),
    "not_media_raw.h264": (face_is_judged,),
    "phone_photo.heic": (face_is_judged,),
    "size_grows.webm": (boxes_lie_inside, is_told("changes its size")),
    "small_face_12mp.webp": (face_is_judged,),
    "small_face_cropped.webp": (face_is_judged,),
    "speech_then_silence.ogg": (voice_is_judged,),
    "still_with_voice.mp4": (not_cleared, voice_is_judged, face_is_judged),
    "synthetic_face_no_grain.jpg": (not_cleared, face_is_judged),
    "synthetic_face_with_grain.jpg": (not_cleared, face_is_judged),
    "trimmed_long_gop.mp4": (face_is_judged, lasts(2.96)),
    "two_picture_tracks.mp4": (face_is_judged, is_told("only the main one")),
    "zero_padded.mp3": (voice_is_judged,),
}


@pytest.fixture(scope="module")
def process() -> Iterator[AnalysisProcess]:
    with AnalysisProcess(Settings()) as process:
        yield process


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_answer(process: AnalysisProcess, name: str) -> None:
    report = process.analyse(
        CASES / name,
        emit=lambda _: None,
        should_continue=lambda: True,
        save=lambda *_: None,
    )
    wrong = [number for number, is_right in enumerate(RIGHT[name]) if not is_right(report)]
    assert not wrong, report.model_dump_json(indent=1)[:4000]
    assert report.media.reader == "pyav"  # the first reader manages


def test_every_case_has_its_row() -> None:
    assert {file.name for file in CASES.iterdir()} - {"README.md"} == set(RIGHT)
