"""Why a branch has nothing to judge: the reason must be the true one."""

from typing import Literal, cast

import pytest

from assay.branches.audio.branch import Audio
from assay.branches.av_sync.branch import AvSync
from assay.branches.base import Branch, faceless
from assay.branches.visual import Visual
from assay.evidence import AudioStream, BranchState, FaceCounters, Hints, MediaInfo
from assay.media.material import Material
from assay.models.sessions import ModelStore


def material(
    kind: Literal["video", "audio"], audio: AudioStream | None = None, **passed_over: int
) -> Material:
    info = MediaInfo(kind=kind, container="mp4", size_bytes=1, sha256="", audio=audio)
    return Material(info, Hints(), [], FaceCounters(**passed_over), None)


@pytest.mark.parametrize(
    ("passed_over", "reason"),
    [
        ({}, "No face was found."),
        ({"frames_without_face": 9}, "No face was found."),
        ({"faces_too_small": 1}, "No face can be examined: those found are too small."),
        (
            {"faces_too_blurred": 2, "faces_cut_off": 1},
            "No face can be examined: those found are too blurred or cut off by the edge.",
        ),
        (
            {"faces_too_small": 1, "faces_too_blurred": 1, "faces_cut_off": 1},
            "No face can be examined: those found are too small, too blurred"
            " or cut off by the edge.",
        ),
    ],
)
def test_why_no_face_can_be_examined(passed_over: dict[str, int], reason: str) -> None:
    evidence = faceless(Visual, material("video", **passed_over)).evidence
    assert evidence.state is BranchState.NOT_APPLICABLE
    assert evidence.reason == reason


def test_sound_alone_has_no_picture() -> None:
    assert faceless(Visual, material("audio")).evidence.reason == "The media has no picture."


@pytest.mark.parametrize("branch", [Audio, AvSync])
@pytest.mark.parametrize(
    ("audio", "reason"),
    [
        (None, "The media has no sound."),
        (AudioStream(codec="aac", sample_rate=48_000, channels=2), "The sound could not be read."),
    ],
)
def test_sound_that_cannot_be_read_is_not_called_absent(
    branch: type[Branch], audio: AudioStream | None, reason: str
) -> None:
    finding = branch(cast(ModelStore, None)).examine(
        material("video", audio), {}, lambda percent: None
    )
    assert finding.evidence.reason == reason
