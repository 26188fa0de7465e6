"""Pictures and frames in which the public detectors marked the faces: reading what was labelled.

`assay_lab.face_detector.labels` makes the cache.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from assay.types import Floats, Image
from assay_lab.data.split import Split

SURE_SCORE, SURE_VIEWS = 0.8, 3
"""From which score and in how many views a face is taken for certain."""
DOUBTFUL_SCORE, DOUBTFUL_VIEWS = 0.5, 2
"""Below these the public detectors were dreaming: plain walls give them weak faces."""


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled picture.

    faces: (n, 8, 2) pixels, certain. doubtful: (m, 8, 2) pixels, neither faces nor background.
    scores: (n,) of the certain ones. clear: what is beside the faces is certainly background.
    """

    path: Path
    source: str
    part: Split
    faces: Floats
    scores: Floats
    doubtful: Floats
    clear: bool

    @property
    def is_frame(self) -> bool:
        """Whether it was taken from a clip."""
        return "-" in self.path.stem

    def read(self, scale: float = 1.0) -> tuple[Image, float]:
        """The picture (h, w, 3) RGB at its full, half or quarter size, whichever fits the scale.

        Returns:
            The picture, and its size relative to the labels' pixels.
        """
        factor, how = next(step for step in _READING if min(scale, 1.0) <= step[0])
        stored = cast(Image, cv2.imread(str(self.path), how))
        return cast(Image, cv2.cvtColor(stored, cv2.COLOR_BGR2RGB)), factor


_READING = (
    (0.25, cv2.IMREAD_REDUCED_COLOR_4),
    (0.5, cv2.IMREAD_REDUCED_COLOR_2),
    (1.0, cv2.IMREAD_COLOR),
)
"""Sizes at which a JPEG can be decoded at a fraction of the cost."""


def read_labels(folder: Path, wanted: Split) -> list[Label]:
    """The labels of one part, in the order in which they were made."""
    with (folder / "labels.jsonl").open() as file:
        lines = map(json.loads, file)
        return [_parse(folder, line) for line in lines if line["part"] == wanted]


def _parse(folder: Path, line: dict[str, Any]) -> Label:
    points = np.array([face["points"] for face in line["faces"]], np.float32).reshape(-1, 8, 2)
    scores = np.array([face["score"] for face in line["faces"]], np.float32)
    views = np.array([face["views"] for face in line["faces"]], np.int64)
    sure = (scores >= SURE_SCORE) & (views >= SURE_VIEWS)
    doubtful = ~sure & (scores >= DOUBTFUL_SCORE) & (views >= DOUBTFUL_VIEWS)
    # Parts of a certain face that were taken for faces of their own.
    apart = [all(share_inside(p, face) < 0.25 for face in points[sure]) for p in points]
    doubtful &= np.array(apart, bool)
    # A still without a certain face shows one that the detectors missed.
    frame_without_face = "-" in line["id"] and not (scores >= DOUBTFUL_SCORE).any()
    return Label(
        path=folder / "pictures" / f"{line['id']}.jpg",
        source=line["source"],
        part=line["part"],
        faces=points[sure],
        scores=scores[sure],
        doubtful=points[doubtful],
        clear=bool(sure.any()) or frame_without_face,
    )


def share_inside(inner: Floats, outer: Floats) -> float:
    """Share of a face's box inside another's; a face is points (8, 2), corners first."""
    low, high = np.maximum(inner[0], outer[0]), np.minimum(inner[1], outer[1])
    area = float(np.prod(inner[1] - inner[0]))
    return float(np.prod(np.clip(high - low, 0, None))) / max(area, 1e-9)
