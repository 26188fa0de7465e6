"""Which way up a picture is, told by its faces: the detector knows upright ones only.

A video that was filmed sideways without saying so in its metadata shows no face until it is
turned. The turn is tried on frames without a face, and kept once two frames agree. From then on
every frame is turned before anything looks at it; what is reported about places is turned back,
so that boxes fit the picture as people see it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from assay.media.faces.detector import FaceDetector
from assay.media.material import Face
from assay.types import Floats, Image

Turn = int
"""Quarter turns clockwise, 0..3, that make a picture upright."""

CONVINCING: Final = 0.6
"""Score from which a face tells which way is up: of 60 pictures of faces 92 % reach it as they are
(68 % reach 0.8), and none reaches even 0.5 in any of the three other ways."""
AGREEING: Final = 2
"""Frames that must agree before all are turned."""
MAX_TRIALS: Final = 6
"""Frames that are tried all four ways, at most: a faceless video must stay cheap."""

_ROTATIONS: Final = {
    1: cv2.ROTATE_90_CLOCKWISE,
    2: cv2.ROTATE_180,
    3: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def turned(pixels: Image, turn: Turn) -> Image:
    """A picture turned clockwise by quarters."""
    return pixels if turn == 0 else np.asarray(cv2.rotate(pixels, _ROTATIONS[turn]), np.uint8)


def as_displayed(face: Face, turn: Turn, height: int, width: int) -> Face:
    """A face of a turned picture, in pixels of the picture before it was turned.

    Args:
        face: In pixels of the turned picture.
        turn: By which the picture was turned.
        height: Of the picture before. width: Of the picture before.
    """
    corners = _turned_back(face.box.reshape(2, 2), turn, height, width)
    box = np.concatenate([corners.min(axis=0), corners.max(axis=0)])
    return Face(box, _turned_back(face.keypoints, turn, height, width), face.score)


def _turned_back(points: Floats, turn: Turn, height: int, width: int) -> Floats:
    x, y = points[:, 0], points[:, 1]
    back = {0: (x, y), 1: (y, height - x), 2: (width - x, height - y), 3: (width - y, x)}
    return np.stack(back[turn], axis=1).astype(np.float32)


class Upright:
    """Decides which way up a video is while its frames pass."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self._votes: Counter[Turn] = Counter()
        self._trials = MAX_TRIALS
        self.turn: Turn = 0

    def search(self, rgb: Image) -> list[Face]:
        """The faces of a picture as displayed, in pixels of the picture turned by `self.turn`.

        Until it is settled, `self.turn` may change with this call.
        """
        agreed = max(self._votes.values(), default=0) >= AGREEING
        if not agreed and self._trials == 0:
            # What one frame showed and no other confirmed does not turn a video.
            self.turn = 0
        faces = self._detector.search(turned(rgb, self.turn))
        if agreed or self._trials == 0:
            return faces
        if not _convincing(faces):
            faces = self._try_others(rgb, faces)
        if _convincing(faces):
            self._votes[self.turn] += 1
        return faces

    def _try_others(self, rgb: Image, faces: list[Face]) -> list[Face]:
        """Turn the picture the other ways; keep what is most convincing."""
        self._trials -= 1
        found = {self.turn: faces}
        for turn in range(4):
            if turn not in found:
                found[turn] = self._detector.search(turned(rgb, turn))
        best = max(found, key=lambda turn: (_best(found[turn]), turn == self.turn))
        if _convincing(found[best]):
            self.turn = best
        return found[self.turn]


def _best(faces: Sequence[Face]) -> float:
    return max((face.score for face in faces), default=0.0)


def _convincing(faces: Sequence[Face]) -> bool:
    return _best(faces) >= CONVINCING
