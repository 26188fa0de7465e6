"""The reader of animations: GIF, WebP, PNG and AVIF that move are short videos without sound."""

from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Final

import numpy as np
import PIL.Image

from assay.evidence import MediaInfo
from assay.media.io.container import Losses
from assay.media.io.grid import MAX_HOLD, TOLERANCE, Shown, on_grid
from assay.media.io.picture import ArrayPicture, SampledFrame
from assay.media.io.still_header import delay, open_still
from assay.media.io.stills import on_white
from assay.media.sampling import Span
from assay.settings import Settings
from assay.types import Image

MAX_PICTURES: Final = 2_000
"""Pictures decoded from one file in all: they build on one another, so none can be jumped over."""
MAX_DECODED_PIXELS: Final = 500_000_000
"""Pixels decoded from one file in all: some ten seconds' work."""


def read_frames(
    path: Path,
    family: str,
    info: MediaInfo,
    spans: Sequence[Span],
    settings: Settings,
    losses: Losses,
) -> Iterator[SampledFrame]:
    """Frames of the spans on the grid of `grid.py`; arguments as for `video.read_frames`."""
    with path.open("rb") as file:
        try:
            image = open_still(file, family)
        except Exception:  # what a stranger's file makes of a parser is open-ended
            losses.packets += 1
            return
        with image:
            runs, roll = count(), _Roll(_pictures(image, losses))
            for span in spans:
                yield from on_grid(roll.play(span), span, runs)


class _Roll:
    """Pictures in order of time, of which each is seen once; a span may share one with the next."""

    def __init__(self, pictures: Iterator[Shown]) -> None:
        self._pictures = pictures
        self._latest: list[Shown] = []

    def play(self, span: Span) -> Iterator[Shown]:
        """Pictures from the one on display at the span's start to the first beyond its end."""
        before: Shown | None = None
        for shown in chain(self._latest, self._pictures):
            self._latest = [shown]
            if shown.time <= span.start + TOLERANCE:
                before = shown
                continue
            if before is not None:
                yield before
                before = None
            yield shown
            if shown.time >= span.end:
                return
        if before is not None:
            yield before


def _pictures(image: PIL.Image.Image, losses: Losses) -> Iterator[Shown]:
    """All pictures, composed as browsers do, as far as the budget goes."""
    time, size = 0.0, image.size
    for number in range(min(MAX_PICTURES, MAX_DECODED_PIXELS // (size[0] * size[1]))):
        try:
            image.seek(number)
            if image.size != size:  # Pillow lets a picture of any size enlarge all
                raise ValueError
            pixels = _opaque(image)
        except EOFError:
            return
        except Exception:  # what a stranger's file makes of a decoder is open-ended
            losses.packets += 1
            return
        seconds = delay(float(image.info.get("duration") or 0.0) / 1000)
        # A picture that stays for long is no gap: it is shown anew before it would become one.
        picture, end = ArrayPicture(pixels), time + seconds
        while time < end - TOLERANCE:
            yield Shown(time, min(MAX_HOLD, end - time), picture)
            time += min(MAX_HOLD, end - time)
    losses.notes.add("The animation is very heavy; only a part was examined.")


def _opaque(image: PIL.Image.Image) -> Image:
    """RGB, (height, width, 3), on white where it is transparent."""
    if image.has_transparency_data:
        return on_white(np.asarray(image.convert("RGBA")))
    return np.array(image.convert("RGB"))
