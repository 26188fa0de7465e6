"""Mouth pictures at 25 a second, cut along a path interpolated between detection frames.

Faces are detected four times a second; in between only the luma of the region around the face is
kept, reduced, until the next detection frames say where the mouth was. The path is smoothed over
three detection frames: a mouth that jumps with the detector's noise would look like speech.
"""

from collections import deque
from dataclasses import dataclass, field
from math import inf
from typing import Final, Protocol

import cv2
import numpy as np

from assay.media.faces.detector import Window, framed
from assay.media.material import KEYPOINTS, Face, MouthSegment
from assay.media.sampling import MOUTH_RATE
from assay.types import Doubles, Image

SIDE: Final = 96
MOUTH_POINT: Final = KEYPOINTS.index("mouth")
MOUTH: Final = 0.55
"""Side of a mouth picture in box sides: from the base of the nose to the chin."""
REGION: Final = 1.25
"""Side of the region kept around a mouth, in box sides: room to move between detection frames."""
LEAST_KEPT: Final = 220
"""Side to which that region may be reduced: there a mouth picture needs no enlarging."""
SHORTEST: Final = 10
"""Pictures of the shortest run worth keeping: 0.4 s."""
MAX_WAITING: Final = 40
"""Regions kept at most while the path is unknown: 1.6 s, 8 MB."""
GAP: Final = 1.5 / MOUTH_RATE
"""Seconds between pictures from which a run is broken."""


@dataclass(frozen=True, slots=True)
class _Knot:
    """Where the mouth was at a detection frame: centre x, y and side of its picture, in pixels."""

    time: float
    place: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Region:
    """Luma around a face: a square at (left, top), reduced by `scale`."""

    time: float
    left: int
    top: int
    scale: float
    luma: Image


class Luma(Protocol):
    """The luma of an upright picture, of which a part may be had: a `Frame`, or `WholeLuma`."""

    width: int
    height: int

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        """What lies between edges inside the picture, (y1 - y0, x1 - x0)."""
        ...


class WholeLuma:
    """The luma of a picture as an array, (height, width)."""

    def __init__(self, grey: Image) -> None:
        self._grey = grey
        self.height, self.width = grey.shape

    def grey_within(self, x0: int, y0: int, x1: int, y1: int) -> Image:
        """What lies between edges inside the picture, (y1 - y0, x1 - x0)."""
        return self._grey[y0:y1, x0:x1]


@dataclass(slots=True)
class MouthReel:
    """The mouth of one track. Memory is bounded: two detection intervals wait."""

    _knots: list[_Knot] = field(default_factory=list)
    _waiting: deque[_Region] = field(default_factory=lambda: deque(maxlen=MAX_WAITING))
    _times: list[float] = field(default_factory=list)
    _pictures: list[Image] = field(default_factory=list)

    def keep(self, time: float, picture: Luma, face: Face) -> None:
        """Keep what may show the mouth.

        Args:
            time: Seconds.
            picture: The upright frame.
            face: The latest known place of the face, in its pixels.
        """
        side = max(2, round(REGION * face.size))
        # Whole steps: reducing by area is many times faster then.
        step = max(1, side // LEAST_KEPT)
        kept = side // step
        side = kept * step
        x, y = face.keypoints[MOUTH_POINT]
        left, top = round(float(x) - side / 2), round(float(y) - side / 2)
        window = Window(left, top, side)
        inside = window.inside(picture.height, picture.width)
        luma = framed(picture.grey_within(*inside), inside, window, kept)
        self._waiting.append(_Region(time, left, top, 1 / step, luma))

    def fix(self, time: float, face: Face) -> None:
        """Tell where the face is at a detection frame; settles the pictures since the last one."""
        x, y = face.keypoints[MOUTH_POINT]
        self._knots.append(_Knot(time, (float(x), float(y), MOUTH * face.size)))
        if len(self._knots) >= 3:
            # The latest knot is not smooth yet: its own successor is still to come.
            self._settle(until=self._knots[-2].time)
            del self._knots[:-4]

    def finish(self) -> None:
        """Settle also what came after the last detection frame: the video ends there, not the face.

        A fifth of a second at most, in which a face hardly moves; of a clip of one second it is a
        fifth of all there is to compare with the sound.
        """
        if self._knots:
            self._settle(until=inf)

    def end(self) -> None:
        """Settle what is left; pictures after the last detection frame are dropped."""
        if self._knots:
            self._settle(until=self._knots[-1].time)
        self._waiting.clear()

    def runs(self) -> list[MouthSegment]:
        """All mouth pictures so far, as unbroken segments."""
        runs = []
        for first, last in _unbroken(self._times):
            if last - first >= SHORTEST:
                runs.append(MouthSegment(self._times[first], np.stack(self._pictures[first:last])))
        return runs

    def _settle(self, until: float) -> None:
        """Cut the mouth out of all waiting regions up to a moment."""
        times = [knot.time for knot in self._knots]
        places = _smoothed(np.array([knot.place for knot in self._knots]))
        while self._waiting and self._waiting[0].time <= until + 1e-6:
            region = self._waiting.popleft()
            if region.time < times[0] - 1e-6:
                continue
            x, y, side = (np.interp(region.time, times, column) for column in places.T)
            self._times.append(region.time)
            self._pictures.append(_mouth(region, float(x), float(y), float(side)))


def _smoothed(places: Doubles) -> Doubles:
    """Each place averaged with its neighbours by 1, 2, 1; the ends as they are."""
    smooth = places.copy()
    smooth[1:-1] = (places[:-2] + 2 * places[1:-1] + places[2:]) / 4
    return smooth


def _mouth(region: _Region, x: float, y: float, side: float) -> Image:
    """A mouth picture, (96, 96)."""
    scale = SIDE / max(side * region.scale, 1e-3)
    # Pixel centres lie at half coordinates on both sides.
    shift_x = SIDE / 2 - 0.5 - scale * ((x - region.left) * region.scale - 0.5)
    shift_y = SIDE / 2 - 0.5 - scale * ((y - region.top) * region.scale - 0.5)
    matrix = np.array([[scale, 0.0, shift_x], [0.0, scale, shift_y]])
    picture = cv2.warpAffine(
        region.luma, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(picture, np.uint8)


def _unbroken(times: list[float]) -> list[tuple[int, int]]:
    """First and last-plus-one index of each stretch without a gap."""
    if not times:
        return []
    breaks = [i for i in range(1, len(times)) if times[i] - times[i - 1] > GAP]
    return list(zip([0, *breaks], [*breaks, len(times)], strict=True))
