"""The verdict on the whole and on each modality, by edges, and what one of them may do alone."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from scipy.special import expit

from assay import explain, verdict
from assay.calibration import Rates, Shift
from assay.evidence import FEATURES, Fused, Modality, Reliability, Verdict
from assay.fusion import MODALITIES
from assay.models.sessions import ModelStore
from assay.verdict import Judgement, judge
from tests.fused import fused
from tests.model_factory import install_fusion

EVERYTHING = "tiny+visual+audio+temporal+sync"
BOTH = "tiny+visual+audio+temporal"
"""Of picture and voice."""
Scores = Mapping[str, float]
COUNTED: dict[str, Any] = {"right": 0.9, "of": 40, "sources": 7}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    folder = tmp_path_factory.mktemp("models")
    install_fusion(folder, "audio", "sync", "tiny+visual+temporal", BOTH, EVERYTHING)
    return ModelStore(folder, 1)


def judged(
    store: ModelStore,
    monkeypatch: pytest.MonkeyPatch,
    said: Scores,
    shift: Shift | None = None,
) -> Judgement:
    """The verdict where each head says what is given: edges 0.3, 0.7, 0.9 (of the picture 0.85)."""

    def weigh(head: str, features: object, models: object, ood_score: float = 0.0) -> Fused:
        return fused(said[head], head)

    def decisive(head: str, models: object, ood_score: float = 0.0) -> float:
        return 0.85 if head == "tiny+visual+temporal" else 0.9

    monkeypatch.setattr(verdict, "decisive_above", decisive)
    monkeypatch.setattr(verdict, "weigh", weigh)
    monkeypatch.setattr("assay.fusion.weigh", weigh)
    present = {name for head in said for part in head.split("+") for name in MODALITIES[part]}
    features = {name: 0.5 if name in present else None for name in FEATURES}
    return judge(features, store, shift=shift)


RATES = Rates(false_alarms=0.1, cleared=0.5, detected=None, missed=None)


def by(deepfake: float, authentic: float = 0.0) -> Shift:
    return Shift(
        deepfake=deepfake, authentic=authentic, real=100, fake=0, before=RATES, after=RATES
    )


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (None, Verdict.DEEPFAKE),
        (by(0.0), Verdict.DEEPFAKE),
        (by(1.0), Verdict.INCONCLUSIVE),
        (by(-9.0), Verdict.DEEPFAKE),
    ],
)
def test_own_edges_decide(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch, shift: Shift | None, expected: Verdict
) -> None:
    found = judged(store, monkeypatch, {"audio": 0.75}, shift)
    assert found.verdict is expected
    assert found.modalities[0].verdict is expected


@pytest.mark.parametrize("shift", [by(-9.0), by(-9.0, 9.0), by(9.0, 9.0), by(0.0, -9.0)])
def test_own_edges_contradict_no_probability(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch, shift: Shift
) -> None:
    for probability in (0.01, 0.2, 0.49, 0.51, 0.8, 0.99):
        found = judged(store, monkeypatch, {"audio": probability}, shift)
        assert found.fused is not None
        assert found.fused.authentic_below <= found.fused.deepfake_above
        if found.verdict is Verdict.DEEPFAKE:
            assert probability >= 0.5
        if found.verdict is Verdict.AUTHENTIC:
            assert probability <= 0.5


def test_own_edges_move_the_decisive_one_too(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"audio": 0.92, "tiny+visual+temporal": 0.1, EVERYTHING: 0.1, "sync": 0.1}
    assert judged(store, monkeypatch, said).verdict is Verdict.DEEPFAKE
    assert judged(store, monkeypatch, said, by(1.0)).verdict is not Verdict.DEEPFAKE


@pytest.mark.parametrize(
    ("probability", "expected", "confidence"),
    [
        (0.95, Verdict.DEEPFAKE, 95.0),
        (0.70, Verdict.DEEPFAKE, 70.0),
        (0.69, Verdict.INCONCLUSIVE, 62.0),
        (0.50, Verdict.INCONCLUSIVE, 100.0),
        (0.31, Verdict.INCONCLUSIVE, 62.0),
        (0.30, Verdict.AUTHENTIC, 70.0),
        (0.05, Verdict.AUTHENTIC, 95.0),
    ],
)
def test_the_band_decides(
    store: ModelStore,
    monkeypatch: pytest.MonkeyPatch,
    probability: float,
    expected: Verdict,
    confidence: float,
) -> None:
    found = judged(store, monkeypatch, {"audio": probability})

    assert (found.verdict, found.probability) == (expected, probability)
    assert found.confidence == pytest.approx(confidence)
    assert found.decided_by is None
    assert [told.modality for told in found.modalities] == [Modality.VOICE]


def test_without_evidence_there_is_neither_confidence_nor_probability(store: ModelStore) -> None:
    found = judge(dict.fromkeys(FEATURES), store)

    assert found == Judgement(Verdict.INCONCLUSIVE, 0.0, None, None, [])


def said(whole: float, picture: float, voice: float, lips: float) -> Scores:
    return {
        EVERYTHING: whole,
        "tiny+visual+temporal": picture,
        "audio": voice,
        "sync": lips,
    }


@pytest.mark.parametrize(
    ("scores", "expected", "by"),
    [
        # A synthetic voice over a real picture.
        (said(0.1, 0.1, 0.95, 0.2), Verdict.DEEPFAKE, Modality.VOICE),
        (said(0.5, 0.1, 0.95, 0.2), Verdict.DEEPFAKE, Modality.VOICE),
        # Not sure enough to decide, too sure to clear the whole.
        (said(0.1, 0.1, 0.8, 0.2), Verdict.INCONCLUSIVE, Modality.VOICE),
        (said(0.5, 0.1, 0.8, 0.2), Verdict.INCONCLUSIVE, None),
        # Of several the most suspect.
        (said(0.1, 0.92, 0.8, 0.97), Verdict.DEEPFAKE, Modality.LIPS),
        # Edges differ: one over its own decides, though another is more probable.
        (said(0.1, 0.86, 0.89, 0.2), Verdict.DEEPFAKE, Modality.PICTURE),
        # All together decide already.
        (said(0.8, 0.1, 0.95, 0.2), Verdict.DEEPFAKE, None),
        (said(0.1, 0.1, 0.6, 0.2), Verdict.AUTHENTIC, None),
    ],
)
def test_one_modality_decides_by_its_stricter_edge_alone(
    store: ModelStore,
    monkeypatch: pytest.MonkeyPatch,
    scores: Scores,
    expected: Verdict,
    by: Modality | None,
) -> None:
    found = judged(store, monkeypatch, scores)

    assert (found.verdict, found.decided_by) == (expected, by)
    assert [told.modality for told in found.modalities] == list(Modality)
    assert found.fused is not None
    # What is shown fits what is said: by the very edges that decided.
    assert found.probability == found.fused.probability
    above = found.fused.probability >= found.fused.deepfake_above
    assert above == (expected is Verdict.DEEPFAKE)


STATES = (None, 0.1, 0.5, 0.8, 0.95)
"""Of a modality: absent, clear, open, suspect, over every decisive edge."""
PARTS = {
    "tiny+visual+temporal": Modality.PICTURE,
    "audio": Modality.VOICE,
    "sync": Modality.LIPS,
}


def combinations() -> list[Scores]:
    """All that the whole and its parts may say; one part alone is the whole."""
    wholes = {frozenset(PARTS): EVERYTHING, frozenset(("tiny+visual+temporal", "audio")): BOTH}
    found: list[Scores] = []
    for states in itertools.product(STATES, repeat=len(PARTS)):
        present = {head: state for head, state in zip(PARTS, states, strict=True) if state}
        if len(present) == 1:
            found.append(present)
        elif together := wholes.get(frozenset(present)):
            found += [{together: whole, **present} for whole in (0.1, 0.5, 0.8)]
    return found


@pytest.mark.parametrize("scores", combinations(), ids=str)
def test_no_combination_contradicts_itself(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch, scores: Scores
) -> None:
    """Headline, sentence, scale and modalities, as they stand side by side on the page."""
    found = judged(store, monkeypatch, scores)
    said = explain.summary(found, [])
    states = {told.modality: told.verdict for told in found.modalities}
    suspects = {modality for modality, state in states.items() if state is Verdict.DEEPFAKE}

    # The scale, with the edges that stand on it, shows the headline.
    assert found.fused is not None
    assert found.probability == found.fused.probability
    assert verdict.verdict_of(found.fused) is found.verdict
    # Where a part is called a forgery the whole is not cleared.
    assert not (suspects and found.verdict is Verdict.AUTHENTIC)
    # A part is named as forged or as clear only where its own verdict says so.
    for modality in Modality:
        if explain.FORGED[modality] in said:
            assert modality in suspects
        if explain.CLEAR[modality] in said:
            assert states[modality] is Verdict.AUTHENTIC
    # A sentence that claims traces belongs to a Deepfake, and one that leaves it open to the rest.
    assert ("no trace of forgery" in said) == (found.verdict is Verdict.AUTHENTIC)
    assert ("unknown" in said) == (found.verdict is Verdict.INCONCLUSIVE)
    # Parts that are shown as forged are not passed over, and none is claimed where there is none.
    if found.verdict is Verdict.INCONCLUSIVE and suspects:
        assert any(explain.FORGED[modality] in said for modality in suspects)
    if found.verdict is Verdict.DEEPFAKE:
        assert ("no part of it does by itself" in said) == (not suspects)


def test_a_verdict_carries_what_was_counted_of_it(tmp_path: Path) -> None:
    install_fusion(tmp_path, "audio", reliability={"audio": {"Deepfake": COUNTED}})
    store = ModelStore(tmp_path, 1)
    features: dict[str, float | None] = dict.fromkeys(FEATURES)

    called = judge(features | {"audio_prob_fake": 5.0}, store)
    cleared = judge(features | {"audio_prob_fake": -5.0}, store)

    assert called.reliability == called.modalities[0].reliability == Reliability(**COUNTED)
    assert cleared.verdict is Verdict.AUTHENTIC
    assert cleared.reliability is None


def test_strange_faces_widen_the_band_of_the_picture_and_not_of_the_voice(
    store: ModelStore,
) -> None:
    features = dict.fromkeys(FEATURES, 0.5)
    usual, strange = judge(features, store), judge(features, store, ood_score=1.1)

    edges = [(told.deepfake_above, told.decisive_above) for told in usual.modalities]
    widened = [(told.deepfake_above, told.decisive_above) for told in strange.modalities]
    assert edges[0] == pytest.approx((0.7, 0.9))
    assert widened[0] == pytest.approx((expit(1.847298), expit(3.197225)), abs=1e-4)
    assert widened[1:] == edges[1:]
