"""Trials of lips against voice: clips as they are, with moved sound, and with foreign sound.

Only real clips are tampered with, so that both classes show the same faces and sound the same.
Sound that is moved out of a clip at one end comes back in at the other: both classes are equally
long, and the amount that can be compared tells nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import torch

from assay.branches.av_sync.branch import LEAST_WINDOWS, motion, read, spoken
from assay.branches.av_sync.branch import Session as Towers
from assay.branches.av_sync.curve import Curve
from assay.media.material import Speech
from assay.types import Floats
from assay_lab.av_sync.clips import About, Talk
from assay_lab.av_sync.net import AvSyncNet

REAL: Final = "real"
FOREIGN: Final = "foreign"
SHIFTS: Final = (0.2, 0.3, 0.5)
"""Seconds, to both sides."""


def shift_kind(seconds: float) -> str:
    """The kind of tampering that moves the sound; positive: it comes late."""
    return f"shift {seconds:+.1f}"


KINDS: Final = (REAL, *(shift_kind(sign * by) for by in SHIFTS for sign in (-1, 1)), FOREIGN)


@dataclass(frozen=True, slots=True)
class Trial:
    """One clip under one kind of tampering. curve: None where serving would not apply."""

    about: About
    kind: str
    curve: Curve | None

    @property
    def fake(self) -> bool:
        """Whether lips and voice do not belong together."""
        return self.kind != REAL


class TorchTowers:
    """The trained network as serving's session, remembering lips it has seen."""

    def __init__(self, net: AvSyncNet) -> None:
        self._net = net.eval()
        self._seen: dict[int, Floats] = {}

    @torch.inference_mode()
    def run(self, output_names: None, feed: Mapping[str, Any]) -> tuple[Floats, Floats]:
        """As `av_sync.Session`."""
        key = hash(feed["lips"].tobytes())
        if key not in self._seen:
            lips = torch.from_numpy(feed["lips"])
            self._seen[key] = self._net.embed_lips(lips).numpy()
        return self._seen[key], self._net.embed_voice(torch.from_numpy(feed["voice"])).numpy()


def trials(
    talks: Sequence[Talk],
    towers: Towers,
    kinds: Iterable[str] = KINDS,
    least_motion: float = 0.0,
) -> list[Trial]:
    """Every clip under every kind of tampering.

    Args:
        talks: Real clips with sound; foreign sound comes from another clip of the same source.
        towers: The network.
        kinds: Of KINDS.
        least_motion: As in serving; 0 judges shut mouths as well.
    """
    partners = _partners(talks)
    found = []
    for index, talk in enumerate(talks):
        for kind in kinds:
            speech = _tampered(talk, talks[partners[index]], kind)
            curve = speaker_curve(replace(talk, speech=speech), towers, least_motion)
            found.append(Trial(talk.about, kind, curve))
    return found


def speaker_curve(talk: Talk, towers: Towers, least_motion: float = 0.0) -> Curve | None:
    """The curve of the person who fits best, by its margin; None where serving would not apply."""
    if talk.speech is None:
        return None
    curves = []
    for mouths in talk.mouths:
        stretches = spoken(mouths, talk.speech)
        if sum(int(stretch.spoken.sum()) for stretch in stretches) < LEAST_WINDOWS:
            continue
        if motion(stretches) < least_motion:
            continue
        reading = read(stretches, towers)
        if reading is not None:
            curves.append(reading.curve)
    return max(curves, key=lambda curve: curve.statistics()[1], default=None)


def _partners(talks: Sequence[Talk]) -> list[int]:
    """For each clip another one of its source to take the sound from; often another recording."""
    shelves: dict[str, list[int]] = defaultdict(list)
    for index, talk in enumerate(talks):
        shelves[talk.about.source].append(index)
    partners = list(range(len(talks)))
    for shelf in shelves.values():
        for place, index in enumerate(shelf):
            partners[index] = shelf[(place + 1) % len(shelf)]
    return partners


def _tampered(talk: Talk, partner: Talk, kind: str) -> Speech | None:
    if talk.speech is None or kind == REAL:
        return talk.speech
    if kind != FOREIGN:
        return moved(talk.speech, float(kind.removeprefix("shift ")))
    if partner is talk or partner.speech is None:
        return None
    return replaced(talk.speech, partner.speech)


def moved(speech: Speech, seconds: float) -> Speech:
    """The same sound, later (or earlier: negative), turned round within each span."""
    spans, voiced = [], []
    for start, wave in speech.spans:
        length = len(wave) / Speech.RATE
        spans.append((start, np.roll(wave, round(seconds * Speech.RATE))))
        for begin, end in _within(speech.voiced, start, start + length):
            for turn in (-length, 0.0, length):
                voiced += _within(
                    [(begin + seconds + turn, end + seconds + turn)], start, start + length
                )
    return Speech(spans, sorted(voiced))


def replaced(speech: Speech, other: Speech) -> Speech:
    """The first span with another recording's sound instead, repeated to the same length."""
    start, wave = speech.spans[0]
    origin, strange = other.spans[0]
    period = len(strange) / Speech.RATE
    length = len(wave) / Speech.RATE
    voiced = []
    for turn in range(int(length / period) + 1):
        later = start - origin + turn * period
        shifted = [(begin + later, end + later) for begin, end in other.voiced]
        voiced += _within(shifted, start, start + length)
    return Speech([(start, np.resize(strange, len(wave)))], voiced)


def _within(
    spans: Iterable[tuple[float, float]], first: float, last: float
) -> list[tuple[float, float]]:
    """What of the spans lies between two moments."""
    cut = ((max(begin, first), min(end, last)) for begin, end in spans)
    return [(begin, end) for begin, end in cut if begin < end]
