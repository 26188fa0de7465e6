"""Why a branch has nothing to judge: the reason must be the true one. And how findings are told."""

from dataclasses import dataclass
from typing import Literal, cast

import pytest

from assay.branches import audio, av_sync, visual
from assay.branches.base import Finding, faceless, found, load
from assay.branches.info import BranchInfo
from assay.evidence import (
    AudioStream,
    BranchEvidence,
    BranchState,
    FaceCounters,
    Hints,
    MediaInfo,
)
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
        (
            {"faces_not_photographs": 1, "faces_too_small": 1},
            "The faces look drawn, painted or masked; those are not judged.",
        ),
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
    evidence = faceless(visual.BRANCH, material("video", **passed_over)).evidence
    assert evidence.state is BranchState.NOT_APPLICABLE
    assert evidence.reason == reason


def test_sound_alone_has_no_picture() -> None:
    assert faceless(visual.BRANCH, material("audio")).evidence.reason == "The media has no picture."


@pytest.mark.parametrize("branch", [audio.BRANCH, av_sync.BRANCH], ids=lambda info: info.name)
@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (None, "The media has no sound."),
        (AudioStream(codec="aac", sample_rate=48_000, channels=2), "The sound could not be read."),
    ],
)
def test_sound_that_cannot_be_read_is_not_called_absent(
    branch: BranchInfo, sound: AudioStream | None, reason: str
) -> None:
    finding = load(branch)(cast(ModelStore, None)).examine(
        material("video", sound), {}, lambda percent: None
    )
    assert finding.evidence.reason == reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(Finding):
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Even(Finding):
    number: int


def test_a_finding_is_taken_by_its_kind() -> None:
    evidence = BranchEvidence(state=BranchState.DONE, score=0.5)
    findings = {"odd": Odd(evidence=evidence, number=3), "failed": Finding(evidence=evidence)}
    odd = found(findings, Odd)
    assert odd is not None and odd.number == 3
    assert found(findings, Even) is None
    assert found({}, Odd) is None


def test_a_branch_without_score_names_its_models() -> None:
    evidence = faceless(visual.BRANCH, material("video")).evidence
    assert (evidence.models, evidence.score) == (visual.BRANCH.models, None)
