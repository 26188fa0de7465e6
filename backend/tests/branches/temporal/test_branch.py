"""The temporal branch: which sequences it follows, and who speaks for the media."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
from scipy.special import expit

from assay.branches.base import Finding, Findings, not_applicable
from assay.branches.temporal import BRANCH
from assay.branches.temporal.branch import MIN_STEPS, Temporal, TemporalFinding
from assay.branches.visual import BRANCH as VISUAL
from assay.branches.visual.branch import VisualFinding
from assay.errors import AssayError
from assay.evidence import BranchEvidence, BranchState
from assay.media.material import FaceCrop
from assay.models.sessions import ModelStore
from assay.types import Floats
from tests.branches.faces import crop, people


class Scripted:
    """A model store whose network says of a sequence the mean of its first numbers."""

    def __init__(self) -> None:
        self.fed: list[Floats] = []

    def parameters(self, name: str) -> dict[str, float]:
        assert name == "temporal_bilstm"
        return {"slope": 2.0, "bias": -0.5}

    def session(self, name: str) -> "Scripted":
        assert name == "temporal_bilstm"
        return self

    def run(self, outputs: None, feed: dict[str, Any]) -> list[Floats]:
        (steps,) = feed["embeddings"]
        self.fed.append(steps)
        return [np.array([steps[:, 0].mean()], np.float32)]


def score_of(logit: float) -> float:
    return float(expit(2.0 * logit - 0.5))


def segment(length: int, start: float = 0.0, number: int = 0) -> list[FaceCrop]:
    """Crops at four a second."""
    return [crop(start + step / 4, number) for step in range(length)]


def seen(*faces: tuple[int, FaceCrop, float]) -> VisualFinding:
    """What the visual branch saw: person, crop, and the first number of its embedding."""
    embeddings = np.zeros((len(faces), 512), np.float32)
    embeddings[:, 0] = [value for _, _, value in faces]
    return VisualFinding(
        evidence=BranchEvidence(state=BranchState.DONE, score=0.5),
        crops=[crop for _, crop, _ in faces],
        owner=np.array([person for person, _, _ in faces]),
        scores=np.full(len(faces), 0.5, np.float32),
        embeddings=embeddings,
        ood_score=0.0,
        localisations=np.zeros((len(faces), 7, 7), np.float32),
    )


def face_of(person: int, crops: Sequence[FaceCrop], value: float) -> list[Any]:
    return [(person, crop, value) for crop in crops]


def examine(
    earlier: Findings, store: Scripted | None = None, on_progress: Any = lambda percent: None
) -> Any:
    branch = Temporal(cast(ModelStore, store or Scripted()))
    return branch.examine(people([crop()]), earlier, on_progress)


def test_each_segment_of_each_person_is_a_sequence() -> None:
    store = Scripted()
    first, second = segment(4), segment(5, start=10.0, number=1)
    visual = seen(*face_of(0, first, -1.0), *face_of(0, second, 0.0), *face_of(1, second, 2.0))
    steps: list[float] = []
    finding = examine({"visual": visual}, store, steps.append)
    assert isinstance(finding, TemporalFinding)
    assert [len(fed) for fed in store.fed] == [4, 5, 5]
    spans = [(window.start, window.end) for window in finding.evidence.windows]
    assert spans == [(0.0, 0.75), (10.0, 11.0), (10.0, 11.0)]
    assert [window.score for window in finding.evidence.windows] == pytest.approx(
        [score_of(-1.0), score_of(0.0), score_of(2.0)]
    )
    assert finding.evidence.detail == {"segments": 3}
    assert steps == [pytest.approx(100 / 3), pytest.approx(200 / 3), 100]


def test_the_most_suspect_person_speaks_for_the_media() -> None:
    first, second = segment(4), segment(4, start=10.0, number=1)
    visual = seen(*face_of(0, first, -1.0), *face_of(0, second, 0.0), *face_of(1, first, 0.4))
    finding = examine({"visual": visual})
    assert finding.persons == {0: pytest.approx(score_of(-0.5)), 1: pytest.approx(score_of(0.4))}
    assert finding.features == {"temporal_prob_fake": pytest.approx(score_of(0.4))}
    assert set(finding.features) == set(BRANCH.features)
    assert finding.evidence.score == finding.features["temporal_prob_fake"]
    assert finding.evidence.models == BRANCH.models


def test_a_sequence_is_in_the_order_of_time() -> None:
    store = Scripted()
    crops = segment(5)
    visual = seen(*((0, crops[place], float(place)) for place in (3, 0, 4, 1, 2)))
    examine({"visual": visual}, store)
    assert [steps[:, 0].tolist() for steps in store.fed] == [[0.0, 1.0, 2.0, 3.0, 4.0]]


def test_what_is_shorter_than_a_second_is_left_out() -> None:
    store = Scripted()
    visual = seen(
        *face_of(0, segment(MIN_STEPS - 1), 9.0),
        *face_of(1, segment(MIN_STEPS), 0.0),
    )
    finding = examine({"visual": visual}, store)
    assert list(finding.persons) == [1]
    assert len(store.fed) == 1


@pytest.mark.parametrize(
    ("visual", "reason"),
    [
        (seen(*face_of(0, segment(MIN_STEPS - 1), 0.0)), "No face stays in view for a second."),
        (
            Finding(evidence=BranchEvidence(state=BranchState.FAILED, reason="It failed.")),
            "There are no face embeddings to follow.",
        ),
        (not_applicable(VISUAL, "No face."), "There are no face embeddings to follow."),
    ],
)
def test_without_a_sequence_it_says_why(visual: Finding, reason: str) -> None:
    store = Scripted()
    finding = examine({"visual": visual}, store)
    assert finding.evidence.state is BranchState.NOT_APPLICABLE
    assert (finding.evidence.reason, finding.evidence.score) == (reason, None)
    assert (finding.features, store.fed) == ({}, [])


def test_without_anybody_the_reason_is_that() -> None:
    finding = Temporal(cast(ModelStore, Scripted())).examine(people(), {}, lambda percent: None)
    assert finding.evidence.reason == "No face was found."


@pytest.mark.parametrize(
    ("value", "words"),
    [(-2.0, "How the face changes over time scores 1 %."), (2.0, "scores 97 %")],
)
def test_the_sentence_follows_the_score(value: float, words: str) -> None:
    finding = examine({"visual": seen(*face_of(0, segment(4), value))})
    assert words in finding.evidence.sentence


def test_a_cancelled_analysis_stops() -> None:
    store = Scripted()
    visual = seen(*face_of(0, segment(4), 0.0), *face_of(1, segment(4), 0.0))

    def cancel(percent: float) -> None:
        raise AssayError("cancelled", "The analysis was cancelled.")

    with pytest.raises(AssayError, match="cancelled"):
        examine({"visual": visual}, store, cancel)
    assert len(store.fed) == 1
