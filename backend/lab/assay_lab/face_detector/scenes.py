"""Compose 128 px training windows from labelled pictures: every size, turn, light and border."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Floats, Image
from assay_lab.data.face_labels import Label
from assay_lab.face_detector.backgrounds import Backgrounds
from assay_lab.face_detector.geometry import MIRRORED_KEYPOINTS
from assay_lab.face_detector.net import SIDE

SMALLEST, LARGEST = 0.09, 1.1
"""Sizes that count, in windows; smaller and larger faces are neither faces nor background."""
VISIBLE, HIDDEN = 0.65, 0.3
"""Share of a box inside the window from which a face counts, and below which it does not."""


@dataclass(slots=True)
class Scene:
    """A window and what is in it.

    picture: (128, 128, 3). faces: (n, 8, 2) in 0..1 of the window. ignored: (m, 2, 2) boxes in
    which no answer is right or wrong.
    """

    picture: Image
    faces: list[Floats] = field(default_factory=list)
    ignored: list[Floats] = field(default_factory=list)


class Scenes:
    """Draws training windows.

    Args:
        labels: Pictures to compose from.
    """

    def __init__(self, labels: list[Label]) -> None:
        self._with_faces = [label for label in labels if len(label.faces)]
        by_source: dict[str, list[Label]] = {}
        for label in self._with_faces:
            by_source.setdefault(label.source, []).append(label)
        self._sources = list(by_source.values())
        # Large sources show more people, small ones other conditions: draw by the square root.
        weights = np.sqrt([len(source) for source in self._sources])
        self._shares = weights / weights.sum()
        self._clear = [label for label in labels if label.clear]
        self._backgrounds = Backgrounds(self._surroundings)

    def draw(self, rng: Generator) -> Scene:
        """A random window: one picture, a mosaic of several, or no face at all."""
        kind = rng.choice(4, p=[0.58, 0.14, 0.23, 0.05])
        if kind == 0:
            scene = self._window(rng)
        elif kind == 1:
            scene = self._mosaic(rng)
        elif kind == 2:
            scene = Scene(_fit(self._backgrounds.draw(rng), rng))
        else:
            scene = self._turned(rng)
        scene.picture = worsen(scene.picture, rng)
        return scene

    def _face(self, rng: Generator) -> tuple[Label, int]:
        source = self._sources[rng.choice(len(self._sources), p=self._shares)]
        label = source[rng.integers(len(source))]
        return label, int(rng.integers(len(label.faces)))

    def _surroundings(self, rng: Generator) -> tuple[Image, Floats]:
        label = self._clear[rng.integers(len(self._clear))]
        picture, factor = label.read(0.5)
        return picture, factor * np.concatenate([label.faces, label.doubtful])

    def _window(self, rng: Generator) -> Scene:
        """One picture, placed so that one of its faces has a wanted size and place."""
        label, number = self._face(rng)
        size = float(np.exp(rng.uniform(np.log(0.09), np.log(1.05))))
        # Most faces lie well inside; some are cut by the border.
        room = max(0.0, 0.5 - size / 2) if rng.random() < 0.8 else 0.5
        centre = 0.5 + rng.uniform(-1, 1, 2) * room + rng.normal(0, 0.03, 2)
        return self._place(label, number, size, centre, _roll(rng), rng)

    def _mosaic(self, rng: Generator) -> Scene:
        """Two to four faces, each in its own part of the window."""
        cells = [(x, y) for y in (0.25, 0.75) for x in (0.25, 0.75)]
        count = int(rng.integers(2, 5))
        scene = Scene(_fit(self._backgrounds.draw(rng), rng))
        for cell in rng.permutation(4)[:count]:
            label, number = self._face(rng)
            size = float(np.exp(rng.uniform(np.log(0.1), np.log(0.42))))
            centre = np.array(cells[cell]) + rng.uniform(-0.08, 0.08, 2)
            part = self._place(label, number, size, centre, _roll(rng), rng)
            x, y = (int(c * SIDE - SIDE // 4) for c in cells[cell])
            half = SIDE // 2
            scene.picture[y : y + half, x : x + half] = part.picture[y : y + half, x : x + half]
            low, high = np.array([x, y]) / SIDE, np.array([x + half, y + half]) / SIDE
            for points in part.faces:
                visible = _visible_share(points[:2], low, high)
                if visible > VISIBLE:
                    scene.faces.append(points)
                elif visible > HIDDEN:
                    scene.ignored.append(points[:2])
            scene.ignored += [box for box in part.ignored if _visible_share(box, low, high) > 0.05]
        return scene

    def _turned(self, rng: Generator) -> Scene:
        """A sideways or upside-down window: not a face, so that the right way up stands out."""
        scene = self._window(rng)
        turned = np.ascontiguousarray(np.rot90(scene.picture, rng.integers(1, 4)))
        return Scene(turned)

    def _place(
        self,
        label: Label,
        number: int,
        size: float,
        centre: Floats,
        roll: float,
        rng: Generator,
    ) -> Scene:
        """A picture scaled, turned and moved so that one of its faces lies where it is wanted.

        size: of the face, in windows. centre: of the face, in 0..1. roll: degrees.
        """
        box = label.faces[number, :2]
        scale = size * SIDE / float((box[1] - box[0]).mean())
        picture, factor = label.read(scale)
        if scale < 0.6 * factor:
            # warpAffine samples points: shrink by area first, or fine texture aliases.
            shrink = scale / factor
            picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
            factor = scale
        faces, doubtful, scale = label.faces * factor, label.doubtful * factor, scale / factor
        mirror = rng.random() < 0.5
        stretch = float(np.exp(rng.normal(0, 0.04)))
        matrix = cv2.getRotationMatrix2D((0, 0), roll, scale)
        matrix = np.diag([-1 if mirror else 1, stretch]) @ matrix
        matrix[:, 2] = np.array(centre) * SIDE - matrix[:, :2] @ faces[number, :2].mean(0)
        scene = Scene(self._render(picture, matrix, rng))
        for points in faces:
            _enter(scene, _transform(points, matrix, mirror))
        scene.ignored += [_transform(points, matrix, mirror)[:2] for points in doubtful]
        return scene

    def _render(self, picture: Image, matrix: Floats, rng: Generator) -> Image:
        """The window, with a plain, stretched or faceless surrounding outside the picture."""
        flags = cv2.INTER_LINEAR if rng.random() < 0.8 else cv2.INTER_CUBIC
        kind = rng.choice(4, p=[0.35, 0.15, 0.2, 0.3])
        if kind < 2:
            colour = (0, 0, 0) if kind == 0 else tuple(rng.integers(0, 256, 3).tolist())
            return cv2.warpAffine(picture, matrix, (SIDE, SIDE), flags=flags, borderValue=colour)
        if kind == 2:
            return cv2.warpAffine(
                picture, matrix, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE
            )
        window = _fit(self._backgrounds.draw(rng), rng)
        return cv2.warpAffine(
            picture,
            matrix,
            (SIDE, SIDE),
            dst=window,
            flags=flags,
            borderMode=cv2.BORDER_TRANSPARENT,
        )


def _roll(rng: Generator) -> float:
    """Degrees in -35..35, mostly near upright."""
    return float(np.clip(rng.normal(0, 9), -35, 35) if rng.random() < 0.7 else rng.uniform(-35, 35))


def _transform(points: Floats, matrix: Floats, mirror: bool) -> Floats:
    """Points in 0..1 of the window; the box keeps its size and stays upright."""
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    if mirror:
        moved[2:] = moved[2:][list(MIRRORED_KEYPOINTS)]
    # A box that is turned with its face would grow: the detector's boxes are upright squares.
    scale = np.sqrt(np.abs(np.linalg.det(matrix[:, :2])))
    middle = points[:2].mean(0) @ matrix[:, :2].T + matrix[:, 2]
    half = (points[1] - points[0]) / 2 * scale
    moved[0], moved[1] = middle - half, middle + half
    return (moved / SIDE).astype(np.float32)


def _enter(scene: Scene, points: Floats) -> None:
    """Add a face, or a region to ignore, or nothing, by what can be seen of it."""
    visible = _visible_share(points[:2], np.zeros(2), np.ones(2))
    size = float((points[1] - points[0]).mean())
    if visible > VISIBLE and SMALLEST <= size <= LARGEST:
        scene.faces.append(points)
    elif visible > HIDDEN:
        scene.ignored.append(points[:2])


def _visible_share(box: Floats, low: Floats, high: Floats) -> float:
    """Which share of a box lies inside a region."""
    shared = np.clip(np.minimum(box[1], high) - np.maximum(box[0], low), 0, None)
    return float(np.prod(shared) / np.prod(box[1] - box[0]))


def _fit(background: Image, rng: Generator) -> Image:
    """A window of a faceless picture, at some scale and either way round."""
    height, width = background.shape[:2]
    side = int(max(8, rng.uniform(0.4, 1.0) * min(height, width)))
    x, y = int(rng.integers(0, width - side + 1)), int(rng.integers(0, height - side + 1))
    cut = background[y : y + side, x : x + side]
    how = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
    window = cv2.resize(cut, (SIDE, SIDE), interpolation=how)
    return np.ascontiguousarray(window[:, ::-1] if rng.random() < 0.5 else window)


def worsen(picture: Image, rng: Generator) -> Image:
    """Light, colour, blur, noise, covering and compression as they are met."""
    x = picture.astype(np.float32)
    if rng.random() < 0.8:
        gain, lift = rng.uniform(0.6, 1.4), rng.uniform(-30, 30)
        x = x * gain * (1 + rng.normal(0, 0.08, 3)) + lift
    if rng.random() < 0.2:
        x = 255 * np.clip(x / 255, 0, 1) ** rng.uniform(0.5, 2.5)
    if rng.random() < 0.1:
        x = x * rng.uniform(0.1, 0.5)
    if rng.random() < 0.1:
        x = np.broadcast_to(x.mean(2, keepdims=True), x.shape)
    if rng.random() < 0.1:
        x = _cover(x, rng)
    if rng.random() < 0.25:
        x = _blur(x, rng)
    if rng.random() < 0.25:
        x = x + rng.normal(0, rng.uniform(2, 14), x.shape)
    worse = np.clip(x, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        quality = int(rng.integers(15, 90))
        _, code = cv2.imencode(".jpg", worse, [cv2.IMWRITE_JPEG_QUALITY, quality])
        worse = cv2.imdecode(code, cv2.IMREAD_COLOR)
    return worse


def _cover(x: Floats, rng: Generator) -> Floats:
    """A plain bar or spot over a part: a microphone, a hand, a caption."""
    covered = np.ascontiguousarray(x)
    centre = tuple(int(c) for c in rng.integers(0, SIDE, 2))
    axes = tuple(int(a) for a in rng.integers(4, 22, 2))
    colour = tuple(float(c) for c in rng.uniform(0, 255, 3))
    cv2.ellipse(covered, centre, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1)
    return covered


def _blur(x: Floats, rng: Generator) -> Floats:
    if rng.random() < 0.5:
        return cv2.GaussianBlur(x, (0, 0), float(rng.uniform(0.4, 2.0)))
    length = int(rng.integers(3, 10))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    reach = (length - 1) / 2 * np.array([np.cos(angle), np.sin(angle)])
    middle = np.array([(length - 1) / 2] * 2)
    ends = [tuple(np.round(p).astype(int).tolist()) for p in (middle - reach, middle + reach)]
    cv2.line(kernel, *ends, 1.0)
    return cv2.filter2D(x, -1, kernel / kernel.sum())
