"""Faces of successive frames, joined into tracks: where it was, and what it looks like."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import numpy as np

from assay.evidence import PassedOver
from assay.media.faces.appearance import SAME_PERSON, embedding_distance
from assay.media.faces.detector import overlaps
from assay.media.faces.mouths import MouthReel
from assay.media.material import Face, FaceCrop
from assay.types import Floats

LEAST_OVERLAP: Final = 0.2
"""Overlap from which a face may be the same as at the last look."""
REACH: Final = 0.8
"""Without overlap: how far a face may have jumped, in its own sizes..."""
RESIZE: Final = 1.5
"""... and how much it may have grown or shrunk."""
DIFFERENT: Final = 2 * SAME_PERSON
"""From this difference in appearance it is somebody else who took the place."""
LOST_AFTER: Final = 1.0
"""Seconds without a sight of the face after which a track ends."""


@dataclass(slots=True, eq=False)
class Track:
    """One face through an unbroken stretch of frames.

    face: the latest, in pixels of the upright picture. seen: time of it, seconds. appearance:
    running mean. presence: sum of the face's share of the shorter side, over detection frames.
    times: of all detection frames that showed it. displayed: it as displayed, at `times`.
    flaws: why it could not be cut out of some of them.
    """

    number: int
    face: Face
    seen: float
    appearance: Floats
    presence: float = 0.0
    crops: list[FaceCrop] = field(default_factory=list)
    mouth: MouthReel = field(default_factory=MouthReel)
    times: list[float] = field(default_factory=list)
    displayed: list[Face] = field(default_factory=list)
    flaws: Counter[PassedOver] = field(default_factory=Counter)


class Tracker:
    """Keeps the tracks of a video; those that may go on are `live`."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.live: list[Track] = []
        self._numbers = count()

    def cut(self) -> None:
        """The scene changed: whatever is seen next is new."""
        self._end(self.live)

    def update(self, time: float, faces: list[Face], appearances: list[Floats]) -> list[Track]:
        """Join the faces of a frame to tracks, the best matches first.

        Returns:
            The track of each face, new where none fits.
        """
        self._end([track for track in self.live if time - track.seen > LOST_AFTER])
        owners = self._match(faces, appearances)
        for index, (face, look) in enumerate(zip(faces, appearances, strict=True)):
            if index not in owners:
                owners[index] = Track(next(self._numbers), face, time, look)
                self.tracks.append(owners[index])
                self.live.append(owners[index])
            track = owners[index]
            track.face, track.seen = face, time
            track.appearance = np.asarray(0.8 * track.appearance + 0.2 * look, np.float32)
            track.times.append(time)
        return [owners[index] for index in range(len(faces))]

    def _end(self, tracks: list[Track]) -> None:
        for track in tracks:
            track.mouth.end()
        self.live = [track for track in self.live if track not in tracks]

    def _match(self, faces: list[Face], appearances: list[Floats]) -> dict[int, Track]:
        """The track that each face continues, by the face's index; the best pairs first."""
        pairs = [
            (_cost(track, face, look), index, track)
            for index, (face, look) in enumerate(zip(faces, appearances, strict=True))
            for track in self.live
            if _may_continue(track, face, look)
        ]
        owners: dict[int, Track] = {}
        for _, index, track in sorted(pairs, key=lambda pair: pair[0]):
            if index not in owners and track not in owners.values():
                owners[index] = track
        return owners


def _may_continue(track: Track, face: Face, look: Floats) -> bool:
    if embedding_distance(track.appearance, look) > DIFFERENT:
        return False
    return _overlap(track.face, face) >= LEAST_OVERLAP or _within_reach(track.face, face)


def _cost(track: Track, face: Face, look: Floats) -> float:
    return 1 - _overlap(track.face, face) + embedding_distance(track.appearance, look) / DIFFERENT


def _overlap(one: Face, other: Face) -> float:
    return float(overlaps(one.box, other.box[None])[0])


def _within_reach(before: Face, after: Face) -> bool:
    ratio = after.size / max(before.size, 1e-6)
    if not 1 / RESIZE < ratio < RESIZE:
        return False
    moved = (after.box[:2] + after.box[2:] - before.box[:2] - before.box[2:]) / 2
    return float(np.hypot(*moved)) < REACH * before.size
