"""The audio branch: is this voice synthetic? Two networks over windows of speech, one score.

Only what a detector of voices takes for speech is judged: music is no synthetic voice. A CNN over
constant-Q cepstra hears the fine structure that vocoders leave; the first blocks of a speech
recogniser's encoder hear how the voice is made. One logistic regression makes one calibrated score
a window of both.
"""

from dataclasses import dataclass

import numpy as np

from assay.branches.audio import BRANCH
from assay.branches.audio.cqcc import RATE
from assay.branches.audio.log_mel import levelled, log_mel
from assay.branches.audio.windows import FRONT_END, cut
from assay.branches.base import Branch, Finding, Findings, OnProgress, not_applicable, soundless
from assay.branches.scores import calibrated, combined, percent
from assay.evidence import BranchEvidence, BranchState, Window
from assay.media.material import Material, Speech
from assay.types import Floats

CQCC_CNN, ENCODER = BRANCH.models


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFinding(Finding):
    """What was heard. Its windows are in the evidence, and nobody needs more yet."""


class Audio(Branch):
    """Scores windows of the detected speech; their mean evidence speaks for the media."""

    def examine(self, material: Material, earlier: Findings, on_progress: OnProgress) -> Finding:
        """Give each window of speech a score."""
        speech = material.speech
        if speech is None:
            return soundless(BRANCH, material)
        pieces = cut(speech)
        if not pieces:
            return not_applicable(BRANCH, _too_little(speech))
        logits = self._logits([wave for _, wave in pieces], on_progress)
        parameters = self.models.parameters(ENCODER)["combination"]
        scores = combined(logits, parameters)
        whole = float(combined({name: some.mean() for name, some in logits.items()}, parameters))
        marked = _marked(pieces, scores)
        return AudioFinding(
            evidence=BranchEvidence(
                state=BranchState.DONE,
                score=whole,
                sentence=_sentence(whole, marked),
                models=BRANCH.models,
                windows=marked,
                detail={
                    "voiced_seconds": round(speech.voiced_seconds, 1),
                    "networks": self._alone(logits),
                },
            ),
            features={"audio_prob_fake": whole},
        )

    def score(self, speech: Speech, on_progress: OnProgress) -> list[Window]:
        """The windows of some speech with their scores."""
        pieces = cut(speech)
        if not pieces:
            return []
        logits = self._logits([wave for _, wave in pieces], on_progress)
        return _marked(pieces, combined(logits, self.models.parameters(ENCODER)["combination"]))

    def _logits(self, waves: list[Floats], on_progress: OnProgress) -> dict[str, Floats]:
        """What each network says of each window, (n,), by its short name."""
        cnn, encoder = self.models.session(CQCC_CNN), self.models.session(ENCODER)
        logits = {name: np.empty(len(waves), np.float32) for name in ("cnn", "encoder")}
        for i, wave in enumerate(waves):
            logits["cnn"][i] = cnn.run(["logit"], {"cqcc": FRONT_END(wave)[None]})[0][0]
            spectra = log_mel(levelled(wave))[None]
            logits["encoder"][i] = encoder.run(["logit"], {"spectra": spectra})[0][0]
            on_progress(100 * (i + 1) / len(waves))
        return logits

    def _alone(self, logits: dict[str, Floats]) -> dict[str, float]:
        """The calibrated score of each network for itself, by model."""
        models = {CQCC_CNN: "cnn", ENCODER: "encoder"}
        return {
            model: round(float(calibrated(logits[name].mean(), self.models.parameters(model))), 3)
            for model, name in models.items()
        }


def _marked(pieces: list[tuple[float, Floats]], scores: Floats) -> list[Window]:
    return [
        Window(start=start, end=start + len(wave) / RATE, score=float(score))
        for (start, wave), score in zip(pieces, scores, strict=True)
    ]


def _too_little(speech: Speech) -> str:
    if speech.voiced_seconds == 0:
        return "No speech was found in the sound; music and noise are not judged."
    return "The sound holds too little speech to judge."


def _sentence(score: float, marked: list[Window]) -> str:
    if len(marked) == 1:
        return f"The voice scores {percent(score)}."
    most = percent(max(window.score for window in marked))
    return (
        f"The voice scores {percent(score)} over {len(marked)} windows of speech, {most} at most."
    )
