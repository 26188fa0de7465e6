"""The audio branch: is this voice synthetic? A CNN over constant-Q cepstra, window by window."""

from dataclasses import dataclass

import numpy as np

from assay.branches.audio import BRANCH
from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import FRONT_END, cut
from assay.branches.base import Branch, Finding, Findings, OnProgress, not_applicable, soundless
from assay.branches.scores import calibrated, percent
from assay.evidence import BranchEvidence, BranchState, Window
from assay.media.material import Material

(CQCC_CNN,) = BRANCH.models


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
            return not_applicable(BRANCH, "The sound holds too little speech to judge.")
        logits = np.empty(len(pieces), np.float32)
        session = self.models.session(CQCC_CNN)
        for i, (_, wave) in enumerate(pieces):
            logits[i] = session.run(["logit"], {"cqcc": FRONT_END(wave)[None]})[0][0]
            on_progress(100 * (i + 1) / len(pieces))
        parameters = self.models.parameters(CQCC_CNN)
        scores = calibrated(logits, parameters)
        whole = float(calibrated(logits.mean(), parameters))
        marked = [
            Window(start=start, end=start + len(wave) / RATE, score=float(score))
            for (start, wave), score in zip(pieces, scores, strict=True)
        ]
        return AudioFinding(
            evidence=BranchEvidence(
                state=BranchState.DONE,
                score=whole,
                sentence=_sentence(whole, marked),
                models=BRANCH.models,
                windows=marked,
                detail={"voiced_seconds": round(speech.voiced_seconds, 1)},
            ),
            features={"audio_prob_fake": whole},
        )


def _sentence(score: float, marked: list[Window]) -> str:
    suspect = sum(window.score > 0.5 for window in marked)
    if suspect == 0:
        if score < 0.3:
            return "The voice shows no traces of synthesis that we know."
        return "How the voice sounds is not conclusive."
    if score < 0.7 and suspect < len(marked):
        return f"Some of the voice sounds synthetic ({suspect} of {len(marked)} windows)."
    share = percent(suspect / len(marked))
    return f"The voice sounds synthetic or converted in {share} of what was examined."
