"""The public BlazeFace weights as labellers: several views of a picture, merged into one answer.

The two published networks (Bazarevsky et al. 2019, arXiv 1907.05047: the "front" model at 128 px
and the "back" model at 256 px) are run from their weight files. Nothing of them goes into the
product: they only label pictures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assay.models.sessions import open_session
from assay.types import Floats, Image, Indices
from assay_lab.core.export import to_onnx
from assay_lab.data.face_labels import share_inside
from assay_lab.face_detector.geometry import cut_window, mirror_points, overlap
from assay_lab.face_detector.net import anchor_centres


class Teacher(nn.Module):
    """One published network.

    Args:
        file: `blazeface.pth` (front) or `blazefaceback.pth` (back).
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.weights = torch.load(file, map_location="cpu", weights_only=True)
        self.is_back = "final.convs.0.weight" in self.weights
        self.side = 256 if self.is_back else 128
        self.centres = anchor_centres()

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Raw detections.

        Args:
            pictures: (n, side, side, 3) RGB, uint8.

        Returns:
            Points (n, 896, 8, 2) in 0..1 of the picture, of which the first two are the box's
            corners and the others the key points; scores (n, 896) in 0..1.
        """
        x = self._stem(pictures.permute(0, 3, 1, 2).float() / 127.5 - 1)
        fine, coarse = self._back(x) if self.is_back else self._front(x)
        scores = self._heads("classifier", fine, coarse, 1)[..., 0].clamp(-50, 50).sigmoid()
        raw = self._heads("regressor", fine, coarse, 16).unflatten(2, (8, 2)) / self.side
        centre, half = raw[:, :, :1] + self.centres[:, None], raw[:, :, 1:2] / 2
        points = raw[:, :, 2:] + self.centres[:, None]
        return torch.cat([centre - half, centre + half, points], 2), scores

    def _stem(self, x: Tensor) -> Tensor:
        prefix = "backbone.0" if self.is_back else "backbone1.0"
        # TensorFlow's "same" padding at stride 2 puts the larger half to the right and below.
        return F.relu(self._convolve(F.pad(x, (1, 2, 1, 2)), prefix, stride=2))

    def _front(self, x: Tensor) -> tuple[Tensor, Tensor]:
        for name in self._blocks("backbone1"):
            x = self._block(x, name, stride=2 if name in ("backbone1.4", "backbone1.7") else 1)
        fine = x
        for name in self._blocks("backbone2"):
            x = self._block(x, name, stride=2 if name == "backbone2.0" else 1)
        return fine, x

    def _back(self, x: Tensor) -> tuple[Tensor, Tensor]:
        strided = ("backbone.9", "backbone.17", "backbone.25")
        for name in self._blocks("backbone"):
            x = self._block(x, name, stride=2 if name in strided else 1)
        return x, F.relu(self._separable(x, "final", stride=2))

    def _blocks(self, stage: str) -> Iterator[str]:
        pattern = re.compile(rf"({stage}\.\d+)\.convs\.0\.weight")
        return (match[1] for key in self.weights if (match := pattern.fullmatch(key)))

    def _block(self, x: Tensor, name: str, stride: int) -> Tensor:
        h = self._separable(x, name, stride)
        if stride == 2:
            x = F.max_pool2d(x, 2)
        return F.relu(h + F.pad(x, (0, 0, 0, 0, 0, h.shape[1] - x.shape[1])))

    def _separable(self, x: Tensor, name: str, stride: int) -> Tensor:
        x = F.pad(x, (0, 1, 0, 1)) if stride == 2 else F.pad(x, (1, 1, 1, 1))
        h = self._convolve(x, f"{name}.convs.0", stride, groups=x.shape[1])
        return self._convolve(h, f"{name}.convs.1")

    def _convolve(self, x: Tensor, name: str, stride: int = 1, groups: int = 1) -> Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return F.conv2d(x, weight, bias, stride=stride, groups=groups)

    def _heads(self, kind: str, fine: Tensor, coarse: Tensor, width: int) -> Tensor:
        """Predictions of both maps, (n, 896, width), in the order of the anchors."""
        maps = (self._convolve(x, f"{kind}_{stride}") for x, stride in ((fine, 8), (coarse, 16)))
        return torch.cat(
            [x.permute(0, 2, 3, 1).flatten(1).unflatten(1, (-1, width)) for x in maps], 1
        )


@dataclass(frozen=True, slots=True)
class LabelledFace:
    """A face as the teachers see it.

    points: (8, 2) pixels: box corners, then the six key points. score: the best of the views.
    views: in how many views it was found.
    """

    points: Floats
    score: float
    views: int


@dataclass(frozen=True, slots=True)
class _View:
    """A square of the picture (corner and side in pixels), who looks at it, and how."""

    back: bool
    x: float
    y: float
    side: float
    mirror: bool = False


class Panel:
    """Both teachers over several views of a picture, plain and mirrored."""

    LEAST_SCORE = 0.2
    SAME_FACE = 0.4
    INSIDE = 0.6

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load the weights of `folder`; onnxruntime runs them faster than torch."""
        self._sides, self._sessions = [], []
        for file in ("blazeface.pth", "blazefaceback.pth"):
            teacher = Teacher(folder / file)
            example = torch.zeros(2, teacher.side, teacher.side, 3, dtype=torch.uint8)
            content = to_onnx(
                teacher, {"pictures": example}, ("points", "scores"), {"pictures": {0: "batch"}}
            )
            self._sides.append(teacher.side)
            self._sessions.append(open_session(content, threads))

    def label(self, picture: Image, deep: bool) -> list[LabelledFace]:
        """Every face that any view shows with a score of 0.2, best first.

        Args:
            picture: (h, w, 3) RGB.
            deep: Look at parts of the picture too, for small faces.
        """
        height, width = picture.shape[:2]
        points, scores, views = [], [], []
        for number, view in enumerate(_views(height, width, deep)):
            found, score = self._look(picture, view)
            points.append(found)
            scores.append(score)
            views.append(np.full(len(score), number))
        return self._merge(np.concatenate(points), np.concatenate(scores), np.concatenate(views))

    def _look(self, picture: Image, view: _View) -> tuple[Floats, Floats]:
        """Points in pixels of the picture, and scores, of what one view shows."""
        cut = cut_window(picture, view.x, view.y, view.side, self._sides[view.back])
        if view.mirror:
            cut = np.ascontiguousarray(cut[:, ::-1])
        points, scores = self._sessions[view.back].run(None, {"pictures": cut[None]})
        keep = scores[0] >= self.LEAST_SCORE
        inside = mirror_points(points[0][keep]) if view.mirror else points[0][keep]
        return inside * view.side + np.array([view.x, view.y], np.float32), scores[0][keep]

    def _merge(self, points: Floats, scores: Floats, views: Indices) -> list[LabelledFace]:
        """Weighted non-maximum suppression; what lies inside a better face is a part of it."""
        faces: list[LabelledFace] = []
        order = np.argsort(-scores)
        while len(order):
            same = overlap(points[order[0], :2], points[order, :2]) > self.SAME_FACE
            group, order = order[same], order[~same]
            mean = np.average(points[group], axis=0, weights=scores[group] ** 2).astype(np.float32)
            if not any(share_inside(mean, face.points) > self.INSIDE for face in faces):
                count = len(np.unique(views[group]))
                faces.append(LabelledFace(mean, float(scores[group[0]]), count))
        return faces


def _views(height: int, width: int, deep: bool) -> Iterator[_View]:
    long, short = max(height, width), min(height, width)

    def whole(back: bool, zoom: float, mirror: bool) -> _View:
        side = zoom * long
        return _View(back, (width - side) / 2, (height - side) / 2, side, mirror)

    yield whole(True, 1.2, False)
    for mirror in (False, True):
        yield whole(False, 1.0, mirror)
        yield whole(False, 1.5, mirror)
    if deep:
        for side in (short, short / 2):
            for y in _starts(height, side):
                for x in _starts(width, side):
                    yield _View(False, x, y, side)


def _starts(length: int, side: float) -> list[float]:
    """Where windows start so that they overlap by 40 % or more."""
    count = max(1, int(np.ceil((length - side) / (0.6 * side))) + 1)
    return [float(start) for start in np.linspace(0, max(0.0, length - side), count)]
