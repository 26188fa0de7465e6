"""The audio branch: is this voice synthetic? A CNN over constant-Q cepstra, window by window.

Each window is a few seconds of speech without leading or trailing silence, at any level: the
length of a silence, the loudness and the file format separate many published sets of fakes
(Mueller et al. 2021) and say nothing about a voice. Evaluation cuts its windows with the
very functions below; training draws windows of many lengths.
"""

from dataclasses import dataclass

import numpy as np

from assay.branches.audio import BRANCH
from assay.branches.audio.cqcc import RATE, Cqcc
from assay.branches.base import Branch, Finding, Findings, OnProgress, not_applicable, soundless
from assay.branches.scores import calibrated, percent
from assay.evidence import BranchEvidence, BranchState, Window
from assay.media.material import Material, Speech
from assay.types import Floats

(CQCC_CNN,) = BRANCH.models
FRONT_END = Cqcc()

WINDOW_SECONDS = 4.0
STEP_SECONDS = 3.0
SHORTEST_SECONDS = 0.6
"""A voice shorter than this is not judged."""

_LEVEL_FRAME = 320
"""Samples that a level is measured over: 20 ms."""
_QUIET_DB = 35.0
"""Below the loud parts by this much is silence."""


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


def cut(speech: Speech) -> list[tuple[float, Floats]]:
    """Windows of speech to score: their start in seconds and samples.

    Windows that hold less detected speech than SHORTEST_SECONDS are left out.
    """
    pieces = []
    for offset, wave in speech.spans:
        first, last = trim(wave)
        for begin, end in windows(last - first):
            start = offset + (first + begin) / RATE
            voiced = _overlap(speech.voiced, start, offset + (first + end) / RATE)
            if voiced >= SHORTEST_SECONDS:
                pieces.append((start, wave[first + begin : first + end]))
    return pieces


def _overlap(voiced: list[tuple[float, float]], start: float, end: float) -> float:
    return sum(max(0.0, min(b, end) - max(a, start)) for a, b in voiced)


def trim(wave: Floats) -> tuple[int, int]:
    """Where speech begins and ends in a recording, by level.

    Args:
        wave: (samples,) at 16 kHz.

    Returns:
        First sample and one past the last; equal if there is nothing but silence.
    """
    whole = len(wave) // _LEVEL_FRAME * _LEVEL_FRAME
    if whole == 0:
        return 0, 0
    power = np.square(wave[:whole].reshape(-1, _LEVEL_FRAME)).mean(axis=1)
    # The 95th percentile, so that one click does not make speech look quiet.
    loud = float(np.percentile(power, 95))
    active = np.flatnonzero(power > max(loud * 10 ** (-_QUIET_DB / 10), 1e-9))
    if len(active) == 0:
        return 0, 0
    return int(active[0]) * _LEVEL_FRAME, (int(active[-1]) + 1) * _LEVEL_FRAME


def windows(samples: int) -> list[tuple[int, int]]:
    """Overlapping windows over trimmed speech, as sample ranges; the last ends with the speech.

    None if it is shorter than SHORTEST_SECONDS.
    """
    size, step = int(WINDOW_SECONDS * RATE), int(STEP_SECONDS * RATE)
    if samples < SHORTEST_SECONDS * RATE:
        return []
    if samples <= size:
        return [(0, samples)]
    count = 1 + int(np.ceil((samples - size) / step))
    starts = np.linspace(0, samples - size, count).astype(int)
    return [(int(start), int(start) + size) for start in starts]
