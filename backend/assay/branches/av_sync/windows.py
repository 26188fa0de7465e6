"""Windows of lips and of voice on one clock: what the sync branch's two towers see.

After Chung and Zisserman, "Out of time: automated lip sync in the wild", ACCV workshops 2016:
windows of five pictures, and of the 0.2 s of sound at the same moment and at all shifts around it.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from assay.branches.av_sync import mel
from assay.media.material import MouthSegment, Speech
from assay.media.sampling import MOUTH_RATE
from assay.types import Doubles, Flags, Floats, Image, Waveform

PICTURES: Final = 5
"""Pictures of a mouth window: 0.2 s."""
SIDE: Final = 48
"""Side of a picture of a mouth window."""
REDUCED: Final = 60
"""Side to which a whole mouth picture is reduced before its middle is taken."""
FRAMES: Final = 20
"""Spectra of a speech window: 0.2 s."""
REACH: Final = 15
"""Shifts of the sound to either side, in pictures: 0.6 s."""
FRAME_RATE: Final = mel.RATE / mel.HOP
"""Spectra a second."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A mouth run and the sound around it, window by window.

    start: centre of the first mouth window, seconds. lips: (n, PICTURES, SIDE, SIDE) uint8.
    voice: (n + 2 * REACH, FRAMES, BANDS); row i + REACH + k belongs to mouth window i when the
    sound is shifted by k. voiced: which of those rows lie in detected speech; others are zero.
    """

    start: float
    lips: Image
    voice: Floats
    voiced: Flags

    @property
    def spoken(self) -> Flags:
        """(n,) mouth windows during which somebody speaks."""
        return self.voiced[REACH:-REACH]


def pair(run: MouthSegment, speech: Speech) -> Stretch | None:
    """Cut a mouth run and the sound around it into windows.

    Returns:
        None if the run is shorter than a window or no sound was decoded around it.
    """
    count = len(run.pictures) - PICTURES + 1
    if count < 1:
        return None
    start = run.start + PICTURES / 2 / MOUTH_RATE
    span = _span_around(start, start + count / MOUTH_RATE, speech)
    if span is None:
        return None
    centres = start + np.arange(-REACH, count + REACH) / MOUTH_RATE
    begin, wave = _around(centres, *span)
    voice, heard = voice_windows(mel.log_mel(wave), (centres - begin) * FRAME_RATE)
    voiced = heard & _inside(centres, speech.voiced)
    voice[~voiced] = 0
    return Stretch(start, lip_windows(reduce(run.pictures)), voice, voiced)


def reduce(pictures: Image) -> Image:
    """Mouth pictures (n, 96, 96) as the network sees them, (n, SIDE, SIDE): only the mouth."""
    edge = (REDUCED - SIDE) // 2
    small = [shrink(picture)[edge:-edge, edge:-edge] for picture in pictures]
    return np.stack(small)


def shrink(picture: Image) -> Image:
    """One mouth picture at (REDUCED, REDUCED)."""
    size = (REDUCED, REDUCED)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def lip_windows(pictures: Image) -> Image:
    """Every run of PICTURES pictures: (n, SIDE, SIDE) to (n - 4, PICTURES, SIDE, SIDE)."""
    windows = np.lib.stride_tricks.sliding_window_view(pictures, PICTURES, axis=0)
    return np.ascontiguousarray(windows.transpose(0, 3, 1, 2))


def voice_windows(spectra: Floats, centres: Doubles) -> tuple[Floats, Flags]:
    """Speech windows around moments.

    Args:
        spectra: (frames, BANDS) of `log_mel`.
        centres: In frames from the first; may lie outside.

    Returns:
        (n, FRAMES, BANDS), and which of them lie within the sound; the others repeat its edge.
    """
    first = np.round(centres - FRAMES / 2).astype(int)
    heard = (first >= 0) & (first + FRAMES <= len(spectra))
    rows = np.clip(first[:, None] + np.arange(FRAMES), 0, len(spectra) - 1)
    return spectra[rows], np.asarray(heard)


def _span_around(start: float, end: float, speech: Speech) -> tuple[float, Waveform] | None:
    """The decoded sound that covers most of a stretch of time."""

    def overlap(span: tuple[float, Waveform]) -> float:
        begin, wave = span
        return min(end, begin + len(wave) / speech.RATE) - max(start, begin)

    best = max(speech.spans, key=overlap, default=None)
    return best if best is not None and overlap(best) > 0 else None


def _around(centres: Doubles, begin: float, wave: Waveform) -> tuple[float, Waveform]:
    """The part of a sound that speech windows around these moments lie in."""
    half = FRAMES / 2 / FRAME_RATE
    first = max(0, int((centres[0] - half - begin) * mel.RATE))
    last = max(first, int((centres[-1] + half - begin) * mel.RATE) + mel.HOP)
    return begin + first / mel.RATE, wave[first:last]


def _inside(times: Doubles, spans: list[tuple[float, float]]) -> Flags:
    inside = np.zeros(len(times), bool)
    for begin, end in spans:
        inside |= (times >= begin) & (times < end)
    return inside
