"""The verdict on the whole, and on the picture, the voice, and how both fit, each for itself.

A forgery of one modality may leave the others untouched: a cloned voice over a real picture. So
each modality is judged by a head of its own, and where its evidence passes a stricter edge it
decides the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assay.calibration import Shift, moved
from assay.evidence import Fused, Modality, ModalityVerdict, Reliability, Verdict
from assay.fusion import MODEL, decisive_above, fuse, modalities_of, present_in, weigh
from assay.models.sessions import ModelStore
from assay.reliability import measured

HEADS: Final[Mapping[Modality, tuple[str, ...]]] = {
    Modality.PICTURE: ("tiny+visual+temporal", "tiny+visual", "tiny"),
    Modality.VOICE: ("audio",),
    Modality.LIPS: ("sync",),
}
"""The heads that judge a modality; the first that fits does."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a medium.

    confidence: in the verdict, 0..100. probability: P(fake); None where nothing was weighed.
    fused: what decided. decided_by: the modality that decided alone. reliability: of this verdict
    by what decided, where it was measured.
    """

    verdict: Verdict
    confidence: float
    probability: float | None
    fused: Fused | None
    modalities: list[ModalityVerdict]
    decided_by: Modality | None = None
    reliability: Reliability | None = None


def judge(
    features: Mapping[str, float | None],
    models: ModelStore,
    ood_score: float = 0.0,
    shift: Shift | None = None,
) -> Judgement:
    """Weigh all that is there together, and each modality for itself.

    One modality over its decisive edge makes the whole a Deepfake; one that is a Deepfake by its
    own edges keeps the whole from being called Authentic.

    Args:
        features: The twelve; None where absent.
        models: Holds the heads.
        ood_score: Of the faces, see `fuse`.
        shift: By which this installation moves the edges; None where it does not.
    """
    together = fuse(features, models, ood_score)
    if together is not None:
        together = _moved(together, shift)
    alone = [
        found
        for modality in HEADS
        if (found := _judge_alone(modality, features, models, ood_score, shift)) is not None
    ]
    modalities = [told for told, _ in alone]
    suspects = [pair for pair in alone if pair[0].verdict is Verdict.DEEPFAKE]
    verdict = verdict_of(together)
    if verdict is not Verdict.DEEPFAKE and suspects:
        worst, weighed = max(suspects, key=lambda pair: (_decides(pair[0]), pair[0].probability))
        # By its decisive edge, which is the one that counts here.
        strictly = weighed.model_copy(update={"deepfake_above": worst.decisive_above})
        if verdict is Verdict.AUTHENTIC or verdict_of(strictly) is Verdict.DEEPFAKE:
            return _judgement(strictly, modalities, models, shift, worst.modality)
    return _judgement(together, modalities, models, shift)


def _decides(told: ModalityVerdict) -> bool:
    """Whether a modality makes the whole a Deepfake, whatever the others say."""
    return told.probability >= told.decisive_above


def _judge_alone(
    modality: Modality,
    features: Mapping[str, float | None],
    models: ModelStore,
    ood_score: float,
    shift: Shift | None,
) -> tuple[ModalityVerdict, Fused] | None:
    """None where there is nothing of it, or no head for it."""
    fitted = models.parameters(MODEL)["heads"]
    present = present_in(features)
    head = next((h for h in HEADS[modality] if h in fitted and modalities_of(h) <= present), None)
    if head is None:
        return None
    # Faces unlike those of training say nothing about a voice.
    its_ood_score = ood_score if modality is Modality.PICTURE else 0.0
    fused = _moved(weigh(head, features, models, its_ood_score), shift)
    verdict = verdict_of(fused)
    decisive = decisive_above(head, models, its_ood_score)
    told = ModalityVerdict(
        modality=modality,
        verdict=verdict,
        probability=fused.probability,
        head=head,
        authentic_below=fused.authentic_below,
        deepfake_above=fused.deepfake_above,
        decisive_above=max(
            fused.deepfake_above, decisive if shift is None else moved(decisive, shift.deepfake)
        ),
        # What was measured was measured with the edges that ship.
        reliability=measured(verdict, fused, models) if shift is None else None,
    )
    return told, fused


def _moved(fused: Fused, shift: Shift | None) -> Fused:
    """With this installation's own edges; neither crosses even odds, which it would contradict."""
    if shift is None:
        return fused
    low = min(moved(fused.authentic_below, shift.authentic), max(0.5, fused.authentic_below))
    high = max(moved(fused.deepfake_above, shift.deepfake), min(0.5, fused.deepfake_above))
    return fused.model_copy(
        update={"authentic_below": min(low, high), "deepfake_above": max(low, high)}
    )


def verdict_of(fused: Fused | None) -> Verdict:
    """By the edges; where nothing was weighed, Inconclusive."""
    if fused is None:
        return Verdict.INCONCLUSIVE
    if fused.probability >= fused.deepfake_above:
        return Verdict.DEEPFAKE
    if fused.probability <= fused.authentic_below:
        return Verdict.AUTHENTIC
    return Verdict.INCONCLUSIVE


def _judgement(
    fused: Fused | None,
    modalities: list[ModalityVerdict],
    models: ModelStore,
    shift: Shift | None,
    decided_by: Modality | None = None,
) -> Judgement:
    verdict = verdict_of(fused)
    probability = None if fused is None else fused.probability
    return Judgement(
        verdict=verdict,
        confidence=confidence_in(verdict, probability),
        probability=probability,
        fused=fused,
        modalities=modalities,
        decided_by=decided_by,
        reliability=measured(verdict, fused, models) if shift is None else None,
    )


def confidence_in(verdict: Verdict, probability: float | None) -> float:
    """The probability of the stated verdict in 0..100.

    For Inconclusive it is how near the evidence lies to even odds. Where nothing was weighed there
    is neither.
    """
    if probability is None:
        return 0.0
    if verdict is Verdict.DEEPFAKE:
        return 100 * probability
    if verdict is Verdict.AUTHENTIC:
        return 100 * (1 - probability)
    return 100 * (1 - abs(2 * probability - 1))
