"""What people get to see before and after the branches have judged."""

import dataclasses

import cv2
import numpy as np
import pytest

from assay import explain
from assay.branches.av_sync.branch import AvSyncFinding
from assay.branches.base import Finding
from assay.branches.gate.branch import GateFinding
from assay.branches.visual.branch import VisualFinding
from assay.evidence import (
    AudioStream,
    Box,
    BranchEvidence,
    BranchState,
    Contribution,
    FaceCounters,
    Fused,
    Hints,
    MediaInfo,
    Modality,
    ModalityVerdict,
    PassedOver,
    Reason,
    Verdict,
    VideoStream,
)
from assay.media.io.album import jpeg
from assay.media.material import Bystander, Face, FaceCrop, Material, Person, Speech
from assay.verdict import Judgement
from tests.fused import fused

NOTHING = Judgement(Verdict.INCONCLUSIVE, 0.0, None, None, [])
"""Where nothing was weighed."""

UPRIGHT = [[40, 40], [60, 40], [50, 50], [50, 62], [32, 45], [68, 45]]
"""Eyes above the mouth, in a picture of 100 x 100."""


def face(keypoints: list[list[float]] = UPRIGHT) -> Face:
    return Face(np.array([30, 30, 70, 70], np.float32), np.array(keypoints, np.float32), score=0.9)


def person(number: int, crops: int) -> Person:
    aligned = np.full((224, 224, 3), 20 * number, np.uint8)
    return Person(number, [FaceCrop(index / 4, 0, face(), aligned) for index in range(crops)])


def large(number: int) -> Person:
    box = np.array([0, 0, 90, 90], np.float32)
    seen = Face(box, np.array(UPRIGHT, np.float32), score=0.9)
    return Person(number, [FaceCrop(0.0, 0, seen, np.zeros((224, 224, 3), np.uint8))])


def material(people: list[Person], counters: FaceCounters | None = None) -> Material:
    picture = VideoStream(codec="h264", width=100, height=100)
    info = MediaInfo(kind="video", container="mp4", size_bytes=1, sha256="", video=picture)
    return Material(info, Hints(), people, counters or FaceCounters(), None)


@pytest.mark.parametrize(
    ("crops", "shown"), [([], 0), ([1], 1), ([40], 6), ([9, 9], 6), ([9, 0, 1], 3), ([9] * 9, 6)]
)
def test_a_few_faces_are_shown_as_soon_as_they_are_found(crops: list[int], shown: int) -> None:
    people = [person(number, count) for number, count in enumerate(crops)]
    assert len(explain.thumbnails(people)) == shown


def test_the_sound_is_sketched_span_after_span() -> None:
    quiet, loud = np.zeros(16_000, np.float32), np.full(16_000, 0.5, np.float32)
    peaks = explain.sketch(Speech([(0.0, quiet), (9.0, loud)], []))
    assert peaks[:80] == [(0.0, 0.0)] * 80
    assert peaks[80:] == [(0.5, 0.5)] * 80
    assert explain.sketch(None) == explain.sketch(Speech([], [])) == []


def test_a_crop_says_where_it_lies_in_the_picture() -> None:
    (seen,) = explain.persons(material([person(0, 1)]), {}, None, lambda name, content: None)
    square = seen.faces[0].square
    assert square is not None
    assert (square.x, square.y, square.width, square.height) == (26, 26, 48, 48)


def test_a_crop_that_was_turned_lies_nowhere() -> None:
    sideways = [[y, x] for x, y in UPRIGHT]
    turned = Person(0, [FaceCrop(0.0, 0, face(sideways), np.zeros((224, 224, 3), np.uint8))])
    (seen,) = explain.persons(material([turned]), {}, None, lambda name, content: None)
    assert seen.faces[0].square is None


def judged(**shares: float) -> Fused:
    """A verdict to which features contributed."""
    contributions = [
        Contribution(feature=name, value=0.5, log_odds=share) for name, share in shares.items()
    ]
    return fused(0.9, contributions=contributions)


def looked_at(someone: Person, scores: list[float]) -> VisualFinding:
    count = len(scores)
    return VisualFinding(
        evidence=BranchEvidence(state=BranchState.DONE, score=0.5),
        crops=someone.crops,
        owner=np.zeros(count, np.int64),
        scores=np.array(scores, np.float32),
        embeddings=np.zeros((count, 512), np.float32),
        ood_score=0.0,
        localisations=np.ones((count, 14, 14), np.float32),
    )


def checked(someone: Person, scores: list[float]) -> GateFinding:
    evidence = BranchEvidence(state=BranchState.DONE, score=0.5)
    return GateFinding(evidence=evidence, crops=someone.crops, scores=np.array(scores, np.float32))


@pytest.mark.parametrize(
    ("shares", "pictured"),
    [
        ({"visual_prob_mean": 2.0, "tiny_prob_max": 0.5}, range(8, 20)),
        ({"visual_prob_mean": 2.0, "visual_prob_max": -1.8, "tiny_prob_max": 0.5}, range(12)),
        ({"visual_prob_mean": -2.0, "tiny_prob_max": 0.1}, range(12)),
    ],
)
def test_the_moments_that_counted_most_are_pictured(
    shares: dict[str, float], pictured: range
) -> None:
    someone = person(0, 20)
    rising = [index / 20 for index in range(20)]
    findings = {"visual": looked_at(someone, rising), "gate": checked(someone, rising[::-1])}
    kept: dict[str, bytes] = {}
    (seen,) = explain.persons(material([someone]), findings, judged(**shares), kept.__setitem__)
    shown = [point for point in seen.faces if point.crop]
    assert [point.time for point in shown] == [someone.crops[index].time for index in pictured]
    assert set(kept) == {name for point in shown for name in (point.crop, point.heatmap)}


@pytest.mark.parametrize(
    "verdict", [None, judged(audio_prob_fake=3.0), judged(visual_prob_mean=-1.0)]
)
def test_where_no_face_speaks_for_a_forgery_the_pictures_are_spread(verdict: Fused | None) -> None:
    someone = person(0, 34)
    findings = {"visual": looked_at(someone, [0.9] * 12 + [0.1] * 22)}
    (seen,) = explain.persons(material([someone]), findings, verdict, lambda name, content: None)
    shown = [index for index, point in enumerate(seen.faces) if point.crop]
    assert shown == list(range(0, 34, 3))


def test_bystanders_are_shown_where_they_are() -> None:
    aside = Bystander(PassedOver.TOO_SMALL, [(0.5, face()), (0.75, face())])
    alone = dataclasses.replace(material([]), bystanders=[aside])
    (seen,) = explain.bystanders(alone)
    assert seen.reason is PassedOver.TOO_SMALL
    assert [sighting.time for sighting in seen.sightings] == [0.5, 0.75]
    assert seen.sightings[0].box == Box(x=30, y=30, width=40, height=40)


@pytest.mark.parametrize(
    ("people", "counters", "is_low"),
    [
        ([], FaceCounters(), False),
        ([], FaceCounters(faces_too_blurred=3, faces_cut_off=1), False),
        ([], FaceCounters(faces_too_small=1), True),
        ([person(0, 3)], FaceCounters(), True),
        ([large(0)], FaceCounters(faces_too_small=9), False),
    ],
)
def test_resolution_is_low_where_faces_are_small(
    people: list[Person], counters: FaceCounters, is_low: bool
) -> None:
    found = explain.reasons(material(people, counters), {}, NOTHING)
    assert (Reason.LOW_RESOLUTION in found) is is_low


ABSENT = Finding(evidence=BranchEvidence(state=BranchState.NOT_APPLICABLE))
BROKEN = Finding(evidence=BranchEvidence(state=BranchState.FAILED))


@pytest.mark.parametrize(
    ("findings", "is_nothing"),
    [
        ({"gate": ABSENT, "audio": ABSENT}, True),
        ({"gate": ABSENT, "audio": BROKEN}, False),
        ({"gate": BROKEN}, False),
        ({}, False),
    ],
)
def test_nothing_to_judge_is_told_from_a_branch_that_failed(
    findings: dict[str, Finding], is_nothing: bool
) -> None:
    why = explain.reasons(material([]), findings, NOTHING)
    assert (Reason.NOTHING_TO_JUDGE in why) is is_nothing
    words = explain.summary(NOTHING, why)
    assert ("neither a face that could be judged nor speech" in words) is is_nothing
    assert "does not decide" not in words


def test_where_all_faces_are_drawn_that_is_told() -> None:
    shown = dataclasses.replace(material([]), faces=FaceCounters(faces_not_photographs=2))
    why = explain.reasons(shown, {"gate": ABSENT, "audio": ABSENT}, NOTHING)
    assert {Reason.NOT_A_PHOTOGRAPH, Reason.NOTHING_TO_JUDGE} <= set(why)
    assert "drawn, painted or masked" in explain.summary(NOTHING, why)


def test_a_drawing_beside_people_is_told_and_leaves_the_verdict() -> None:
    shown = dataclasses.replace(material([]), faces=FaceCounters(faces_not_photographs=1))
    why = explain.reasons(shown, {"gate": BROKEN}, NOTHING)
    assert Reason.NOT_A_PHOTOGRAPH in why
    assert "drawn" not in explain.summary(NOTHING, why)


def test_music_is_sound_without_speech() -> None:
    sound = AudioStream(codec="aac", sample_rate=48_000, channels=2)
    info = MediaInfo(kind="audio", container="mp4", size_bytes=1, sha256="", audio=sound)
    music = Speech([(0.0, LOUD)], [(0.0, 9.0)])
    heard = Material(info, Hints(), [], FaceCounters(), music)
    why = explain.reasons(heard, {"audio": ABSENT}, NOTHING)
    assert why[0] is Reason.NOTHING_TO_JUDGE
    assert Reason.NO_SPEECH in why


LOUD = np.random.default_rng(1).normal(0, 0.3, 20 * Speech.RATE).astype(np.float32)


@pytest.mark.parametrize(
    ("speech", "is_missing"),
    [
        (None, False),
        (Speech([(0.0, LOUD)], []), True),
        (Speech([(0.0, LOUD)], [(0.0, 0.4)]), True),
        (Speech([(0.0, LOUD)], [(0.0, 0.4), (15.0, 15.4)]), True),
        (Speech([(0.0, LOUD)], [(0.0, 0.8)]), False),
    ],
)
def test_speech_is_missing_where_sound_holds_too_little_of_it(
    speech: Speech | None, is_missing: bool
) -> None:
    sound = AudioStream(codec="aac", sample_rate=48_000, channels=2)
    info = MediaInfo(kind="audio", container="mp4", size_bytes=1, sha256="", audio=sound)
    heard = Material(info, Hints(), [], FaceCounters(), speech)
    assert (Reason.NO_SPEECH in explain.reasons(heard, {}, NOTHING)) is is_missing


def test_the_furthest_offset_of_a_second_counts() -> None:
    offsets = [(0.1, 0.04), (0.5, -0.4), (0.9, 0.08), (1.2, 0.0)]
    evidence = BranchEvidence(state=BranchState.DONE, score=0.5)
    sync = AvSyncFinding(evidence=evidence, persons={}, offsets=offsets)
    seconds = explain.timeline([], {"av_sync": sync})
    assert [second.sync_offset for second in seconds] == [-0.4, 0.0]


def told(modality: Modality, verdict: Verdict) -> ModalityVerdict:
    return ModalityVerdict(
        modality=modality,
        verdict=verdict,
        probability=0.5,
        head="any",
        authentic_below=0.3,
        deepfake_above=0.7,
        decisive_above=0.9,
    )


@pytest.mark.parametrize(
    ("verdict", "picture", "words"),
    [
        (
            Verdict.DEEPFAKE,
            Verdict.AUTHENTIC,
            "The voice sounds made or altered by a machine; the picture shows no trace that we "
            "know.",
        ),
        (
            Verdict.DEEPFAKE,
            Verdict.INCONCLUSIVE,
            "The voice sounds made or altered by a machine.",
        ),
        (
            Verdict.INCONCLUSIVE,
            Verdict.AUTHENTIC,
            "The voice sounds made or altered by a machine; the picture shows no trace that we "
            "know. That alone does not decide: treat this as unknown.",
        ),
    ],
)
def test_one_modality_that_decides_is_named_and_what_speaks_against_it(
    verdict: Verdict, picture: Verdict, words: str
) -> None:
    modalities = [told(Modality.PICTURE, picture), told(Modality.VOICE, Verdict.DEEPFAKE)]
    judged = Judgement(verdict, 95.0, 0.95, None, modalities, Modality.VOICE)

    assert explain.summary(judged, []) == words


def test_whole_pictures_are_kept_in_order_of_time_and_the_middle_one_in_small() -> None:
    saved: dict[str, bytes] = {}
    pictures = {
        time: jpeg(np.full((360, 640, 3), grey, np.uint8), 640)
        for time, grey in ((4.0, 200), (0.0, 0), (2.0, 100))
    }
    stored = explain.frames(pictures, saved.__setitem__)
    assert [(frame.time, frame.picture) for frame in stored] == [
        (0.0, "frame-0.jpg"),
        (2.0, "frame-1.jpg"),
        (4.0, "frame-2.jpg"),
    ]
    assert [saved[frame.picture] for frame in stored] == [
        pictures[time] for time in (0.0, 2.0, 4.0)
    ]
    assert explain.cover(pictures, saved.__setitem__) == "thumbnail.jpg"
    small = cv2.imdecode(np.frombuffer(saved["thumbnail.jpg"], np.uint8), cv2.IMREAD_COLOR)
    assert small is not None
    assert small.shape[:2] == (108, 192)
    assert abs(float(small.mean()) - 100) < 3


def test_without_a_picture_there_is_nothing_to_keep() -> None:
    saved: dict[str, bytes] = {}
    assert explain.frames({}, saved.__setitem__) == []
    assert explain.cover({}, saved.__setitem__) is None
    assert saved == {}
