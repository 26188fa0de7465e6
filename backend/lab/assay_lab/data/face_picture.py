"""A face to forge with, and the landmarks that its six key points imply."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from assay.media.material import Face
from assay.types import Floats, Image


@dataclass(frozen=True, slots=True, eq=False)
class FacePicture:
    """A picture with one known face in it.

    picture: (height, width, 3) RGB uint8. keypoints: (6, 2) x y in pixels of the picture, ordered
    as `assay.media.material.KEYPOINTS`. group: what a split must not part.
    """

    picture: Image
    keypoints: Floats
    group: str

    @classmethod
    def cut_out(
        cls, picture: Image, face: Face, square: tuple[int, int, int], group: str
    ) -> "FacePicture":
        """A face whose square was cut out of a larger picture, and scaled.

        Args:
            picture: The cut.
            face: In pixels of the larger picture.
            square: Left edge, upper edge and side of what was cut, as `face_square` gives them.
            group: What a split must not part.
        """
        left, top, side = square
        corner, scale = np.array([left, top], np.float32), len(picture) / side
        return cls(
            picture=picture,
            keypoints=(face.keypoints - corner) * scale,
            group=group,
        )


class Faces(Protocol):
    """Faces that can be picked by number."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> FacePicture: ...


class Landmarks(NamedTuple):
    """Floats around the parts of a face, (n, 2) each, x y in pixels.

    jaw runs from the subject's right ear over the chin to the left one; forehead and brows run
    the same way; the right eye comes before the left.
    """

    jaw: Floats
    forehead: Floats
    brows: Floats
    eyes: Floats
    nose: Floats
    mouth: Floats

    @property
    def all(self) -> Floats:
        """Every point, in field order."""
        return np.concatenate(self)


def _mirrored(half: list[tuple[float, float]], middle: list[tuple[float, float]]) -> Floats:
    other = [(-x, y) for x, y in reversed(half)]
    return np.array(half + middle + other, np.float32)


EAR, EYE = 1.02, 0.5
"""Distance of ear and eye from the middle of a frontal face, in distances between the eyes."""
EAR_DROP = 0.2
"""How far ears lie below the eyes, in distances from eyes to mouth."""
NOSE_DROP = 0.57
"""How far the nose's tip lies below the eyes, likewise."""

# A frontal face in face units: x in distances between the eyes, y in distances from eyes to mouth.
TEMPLATE = Landmarks(
    jaw=_mirrored(
        [(-0.97, 0.1), (-0.95, 0.5), (-0.88, 0.88), (-0.74, 1.2), (-0.52, 1.47), (-0.27, 1.65)],
        [(0.0, 1.7)],
    ),
    forehead=_mirrored([(-0.92, -0.3), (-0.72, -0.66), (-0.38, -0.86)], [(0.0, -0.92)]),
    brows=_mirrored([(-0.84, -0.24), (-0.5, -0.38), (-0.17, -0.26)], []),
    eyes=_mirrored(
        [(-0.74, 0.02), (-0.6, -0.11), (-0.4, -0.11), (-0.27, 0.03), (-0.4, 0.1), (-0.6, 0.1)], []
    ),
    nose=_mirrored([(-0.13, 0.1), (-0.26, 0.6), (-0.14, 0.7)], [(0.0, 0.73)]),
    mouth=_mirrored([(-0.4, 1.0), (-0.2, 0.87), (-0.2, 1.15)], [(0.0, 0.86), (0.0, 1.19)]),
)


def landmarks(keypoints: Floats) -> Landmarks:
    """Landmarks that follow a face's turn, tilt and proportions, good to about a tenth of `size`.

    The template is laid along the line from eyes to mouth; each half is stretched on its own to
    the eye and the ear of its side, which is what a turned head needs.

    Args:
        keypoints: (6, 2).
    """
    right, left, _, mouth, right_ear, left_ear = keypoints
    middle = (right + left) / 2
    down = mouth - middle

    def place(points: Floats) -> Floats:
        x, y = points[:, :1], points[:, 1:]
        inner = np.minimum(np.abs(x), EYE) / EYE
        outer = np.maximum(np.abs(x) - EYE, 0) / (EAR - EYE)
        eye = np.where(x < 0, right, left) - middle
        ear = np.where(x < 0, right_ear, left_ear) - EAR_DROP * down - middle
        placed = middle + y * down + inner * eye + outer * (ear - eye)
        return np.asarray(placed, np.float32)

    return Landmarks(*(place(points) for points in TEMPLATE))


def frontal(side: int) -> Floats:
    """Key points (6, 2) of a frontal face that fills a square from forehead to chin."""
    across, down = 0.42 * side, 0.44 * side
    x = np.array([-EYE, EYE, 0, 0, -EAR, EAR]) * across + side / 2
    y = np.array([0, 0, NOSE_DROP, 1, EAR_DROP, EAR_DROP]) * down + 0.3 * side
    return np.column_stack([x, y]).astype(np.float32)


def size(keypoints: Floats) -> float:
    """The face's size in pixels: the distance between the eyes if it were seen from the front."""
    right, left, _, mouth = keypoints[:4]
    across = float(np.hypot(*(left - right)))
    along = float(np.hypot(*(mouth - (left + right) / 2)))
    return max(across, 0.95 * along, 1.0)
