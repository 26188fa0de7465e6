"""BlazeFace over a whole picture: windows of several sizes, then a closer look at every candidate.

The network looks at 128 px squares and knows faces of a tenth of such a square up to all of it.
A picture is therefore cut into overlapping squares: the whole, its shorter side, half of that, and
so on until a face of 64 px is seen at 15 px or more, whatever the picture's size. What any of them
shows is looked at once more in a square of its own. That second look gives the box, always at the
same scale, so that a face's crop does not depend on how it was found; and it rejects most false
alarms.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final, Protocol

import cv2
import numpy as np

from assay.media.material import Face
from assay.side_by_side import side_by_side
from assay.types import Flags, Floats, Image


class Session(Protocol):
    """What runs the network: an onnxruntime session of `models/blazeface`."""

    def run(self, output_names: None, feed: Mapping[str, Any]) -> Sequence[Any]:
        """`pictures` (n, 128, 128, 3) uint8 RGB to points (n, 896, 8, 2) and scores (n, 896).

        Points are corners x0 y0, x1 y1 and the six key points, in 0..1 of the square; a score of
        0.5 is the operating point.
        """
        ...


SIDE: Final = 128
LEAST_SCORE: Final = 0.5
CANDIDATE_SCORE: Final = 0.3
"""From which score of a window a closer look is worth its cost."""
MAX_CANDIDATES: Final = 96
"""Closer looks at one picture: bounds the cost of a crowd, or of wallpaper."""
FINEST: Final = 540
"""Pixels of a window from which there is no smaller one; it shows a face of 64 px at 15 px."""
MAX_WINDOWS: Final = 1_500
"""Windows of one picture, about a second: a scale that needs more is left out."""
BATCH: Final = 16
MARGIN: Final = 1.25
"""The largest window, in longer sides: a face that fills the picture needs air around it."""
STEP: Final = 0.6
"""Distance of windows in their sides: a face of 0.4 sides lies whole in one of them."""
MAX_ELONGATION: Final = 4.0
"""Strips longer than this are searched in windows of their length: bounds the number of windows."""
ALONE: Final = 2
"""Windows of one size up to which each is reduced for itself; more share one reduced picture."""
REGION_SIDE: Final = 2.4
"""Side of a closer look, in face sizes."""
SAME_FACE: Final = 0.3
"""Overlap (intersection over union) from which two boxes are one face."""
PART_OF_FACE: Final = 0.7
"""Share of a box inside a better one from which it is a part of that face."""
CUT_BY_WINDOW: Final = 0.02
"""How far a box may reach over an inner edge of its window, in windows; beyond, it was cut."""


@dataclass(frozen=True, slots=True)
class Window:
    """A square of the picture in pixels; may reach over the border, where it is black."""

    x: int
    y: int
    side: int

    def inside(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Edges x0, y0, x1, y1 of what lies inside a picture; empty where they meet."""
        x0, y0 = max(0, self.x), max(0, self.y)
        x1, y1 = min(width, self.x + self.side), min(height, self.y + self.side)
        return x0, y0, max(x0, x1), max(y0, y1)


class FaceDetector:
    """Finds faces in pictures of any size. Safe to share between threads, as sessions are.

    Args:
        session: Of the model blazeface.
        threads: How many batches of windows the network may look at at once.
    """

    def __init__(self, session: Session, threads: int = 1) -> None:
        self._session, self._threads = session, threads

    def search(self, rgb: Image) -> list[Face]:
        """All faces of a picture, the most certain first.

        Args:
            rgb: (h, w, 3).
        """
        height, width = rgb.shape[:2]
        windows = search_windows(height, width)
        found = self._detect(rgb, windows, CANDIDATE_SCORE)
        candidates = merge([face for faces in found for face in faces])
        return self.search_regions(rgb, candidates[:MAX_CANDIDATES])

    def search_regions(self, rgb: Image, expected: Sequence[Face]) -> list[Face]:
        """The faces around places where faces are expected, the most certain first.

        Args:
            rgb: (h, w, 3).
            expected: Candidates, or faces of an earlier moment; they may have moved by half
                their size.
        """
        if not expected:
            return []
        found = self._detect(rgb, [region_of_interest(face) for face in expected], LEAST_SCORE)
        height, width = rgb.shape[:2]
        faces = merge([face for faces in found for face in faces])
        return [face for face in faces if _has_centre_inside(face, height, width)]

    def _detect(self, rgb: Image, windows: list[Window], least: float) -> list[list[Face]]:
        """Faces of each window, in pixels of the picture; those its edge cuts are left out."""
        height, width = rgb.shape[:2]
        windows = [on_grid(window) for window in windows]
        batches = _batches(_cut_all(rgb, windows))
        answers = chain.from_iterable(
            zip(points, scores, strict=True)
            for points, scores in side_by_side(self._ask, batches, self._threads)
        )
        found = []
        for window, (points, scores) in zip(windows, answers, strict=True):
            likely = scores >= least
            points, scores = points[likely], scores[likely]
            whole = _lies_whole(points, window, height, width)
            origin = np.array([window.x, window.y], np.float32)
            found.append(_faces(points[whole] * window.side + origin, scores[whole]))
        return found

    def _ask(self, batch: Image) -> Sequence[Any]:
        """What the network says of some windows, (n, 128, 128, 3)."""
        return self._session.run(None, {"pictures": batch})


def search_windows(height: int, width: int) -> list[Window]:
    """The squares in which a picture is searched.

    The whole, its shorter side, and, at least once, half of that, until the `FINEST`.
    """
    long, short = max(height, width), min(height, width)
    whole = round(MARGIN * long)
    windows = [Window((width - whole) // 2, (height - whole) // 2, whole)]
    side, halvings = max(short, long / MAX_ELONGATION), 0
    while halvings < 2 or 2 * side > FINEST:
        size = max(1, round(side))
        finer = [Window(x, y, size) for y in _starts(height, size) for x in _starts(width, size)]
        if len(windows) + len(finer) > MAX_WINDOWS:
            break
        windows += finer
        side, halvings = side / 2, halvings + 1
    return windows


def region_of_interest(face: Face) -> Window:
    """The square for a closer look at a face."""
    x, y = (face.box[:2] + face.box[2:]) / 2
    side = max(8, round(REGION_SIDE * face.size))
    return Window(round(float(x) - side / 2), round(float(y) - side / 2), side)


def merge(faces: list[Face]) -> list[Face]:
    """Weighted non-maximum suppression: overlapping answers become one, blended by their scores.

    Blending instead of choosing steadies boxes in time (Bazarevsky et al. 2019, section 3.4).

    Returns:
        Faces by falling score; each has the best score of those it was blended from.
    """
    if not faces:
        return []
    boxes = np.stack([face.box for face in faces])
    points = np.stack([face.keypoints for face in faces])
    scores = np.array([face.score for face in faces], np.float32)
    order = np.argsort(-scores, kind="stable")
    merged: list[Face] = []
    while len(order):
        same = overlaps(boxes[order[0]], boxes[order]) > SAME_FACE
        group, order = order[same], order[~same]
        weights = scores[group] ** 2 / np.sum(scores[group] ** 2)
        box = (weights @ boxes[group]).astype(np.float32)
        if any(_share_inside(box, face.box) > PART_OF_FACE for face in merged):
            continue
        blended = np.einsum("n,nij->ij", weights, points[group]).astype(np.float32)
        merged.append(Face(box, blended, float(scores[group[0]])))
    return merged


def overlaps(box: Floats, boxes: Floats) -> Floats:
    """Intersection over union of a box (4,) with boxes (n, 4)."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    union = np.prod(box[2:] - box[:2]) + areas - shared
    return np.asarray(shared / np.maximum(union, 1e-6), np.float32)


def _share_inside(inner: Floats, outer: Floats) -> float:
    """Which share of one box lies inside another."""
    shared = np.minimum(inner[2:], outer[2:]) - np.maximum(inner[:2], outer[:2])
    area = float(np.prod(inner[2:] - inner[:2]))
    return float(np.prod(np.clip(shared, 0, None))) / max(area, 1e-6)


def _starts(length: int, side: int) -> list[int]:
    """Where windows start along an edge; centred where one window covers it all."""
    if side >= length:
        return [(length - side) // 2]
    count = int(np.ceil((length - side) / (STEP * side))) + 1
    return [round(start) for start in np.linspace(0, length - side, count)]


def on_grid(window: Window) -> Window:
    """The window moved by a pixel or a few onto the grid of the halved picture it is cut from."""
    step = 2 ** _halvings(window)
    side = round(window.side / step) * step
    return Window(round(window.x / step) * step, round(window.y / step) * step, side)


def _halvings(window: Window) -> int:
    """How often a picture can be halved before a window has fewer than 128 px.

    A quarter of a pixel is forgiven, so that a side that is rounded to the grid stays on it.
    """
    times = 0
    while window.side >= (SIDE - 0.25) * 2 ** (times + 1):
        times += 1
    return times


def _cut_all(rgb: Image, windows: list[Window]) -> Iterator[Image]:
    """All windows, on the grid, at 128 px.

    The picture is halved first, which is ten times faster than reducing it by area at once;
    windows of one size then share one reduced copy. Of a few small windows, only what they show is
    halved.
    """
    sides = Counter(window.side for window in windows)
    none_shares = max(sides.values(), default=0) <= ALONE
    if none_shares and sum(window.side**2 for window in windows) < rgb.shape[0] * rgb.shape[1]:
        yield from (_cut_alone(rgb, window) for window in windows)
        return
    halved = [rgb]
    reduced: dict[int, Image] = {}
    for window in windows:
        times = _halvings(window)
        while len(halved) <= times:
            halved.append(_halve(halved[-1]))
        side = window.side >> times
        x, y = window.x >> times, window.y >> times
        if sides[window.side] <= ALONE:
            yield cut_square(halved[times], x, y, side, SIDE)
            continue
        if window.side not in reduced:
            reduced[window.side] = _reduce(halved[times], SIDE / side)
        scale = SIDE / side
        yield cut_square(reduced[window.side], round(x * scale), round(y * scale), SIDE, SIDE)


def _cut_alone(rgb: Image, window: Window) -> Image:
    """One window at 128 px, to the last pixel as if the whole picture had been halved."""
    times = _halvings(window)
    height, width = (max(1, length >> times) for length in rgb.shape[:2])
    small = Window(window.x >> times, window.y >> times, window.side >> times)
    x0, y0, x1, y1 = inside = small.inside(height, width)
    part = rgb[y0 << times : y1 << times, x0 << times : x1 << times]
    for _ in range(times if part.size else 0):
        part = _halve(part)
    return framed(part, inside, small, SIDE)


def _batches(cuts: Iterator[Image]) -> Iterator[Image]:
    """Windows (128, 128, 3), `BATCH` at a time or what is left."""
    while some := list(islice(cuts, BATCH)):
        yield np.stack(some)


def _halve(pixels: Image) -> Image:
    """Every four pixels become one; an odd last row or column is left out."""
    height, width = (max(1, length // 2) for length in pixels.shape[:2])
    even = pixels[: max(1, 2 * height), : max(1, 2 * width)]
    return _resize(even, (width, height))


def _reduce(pixels: Image, scale: float) -> Image:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return _resize(pixels, size)


def cut_square(pixels: Image, x: int, y: int, side: int, size: int) -> Image:
    """A square at (size, size); black where it reaches over the border.

    Args:
        pixels: (h, w, 3) or (h, w).
        x: Left edge, may be negative. y: Upper edge, may be negative. side: In pixels.
        size: Side of the result.
    """
    window = Window(x, y, side)
    x0, y0, x1, y1 = inside = window.inside(*pixels.shape[:2])
    return framed(pixels[y0:y1, x0:x1], inside, window, size)


def framed(part: Image, inside: tuple[int, int, int, int], window: Window, size: int) -> Image:
    """What a window shows of a picture, at (size, size), on black.

    Args:
        part: The pixels inside the picture, (y1 - y0, x1 - x0, 3) or without colour.
        inside: x0, y0, x1, y1 of `Window.inside`.
        window: The square.
        size: Side of the result.
    """
    x0, y0, x1, y1 = inside
    canvas = np.zeros((size, size, *part.shape[2:]), np.uint8)
    scale = size / window.side
    left, top = round((x0 - window.x) * scale), round((y0 - window.y) * scale)
    right, bottom = round((x1 - window.x) * scale), round((y1 - window.y) * scale)
    if right > left and bottom > top and x1 > x0 and y1 > y0:
        canvas[top:bottom, left:right] = _resize(part, (right - left, bottom - top))
    return canvas


def _resize(pixels: Image, size: tuple[int, int]) -> Image:
    """By area where it shrinks, so that texture does not alias; linear where it grows."""
    width = pixels.shape[1]
    if (width, pixels.shape[0]) == size:
        return pixels
    how = cv2.INTER_AREA if size[0] < width else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def _lies_whole(points: Floats, window: Window, height: int, width: int) -> Flags:
    """Which boxes (n, 8, 2) do not reach over an edge of their window inside the picture."""
    low, high = points[:, 0], points[:, 1]
    inner_low = np.array([window.x > 0, window.y > 0])
    inner_high = np.array([window.x + window.side < width, window.y + window.side < height])
    cut = (inner_low & (low < -CUT_BY_WINDOW)) | (inner_high & (high > 1 + CUT_BY_WINDOW))
    ordered = (high > low).all(axis=1)
    return np.asarray(ordered & ~cut.any(axis=1))


def _faces(points: Floats, scores: Floats) -> list[Face]:
    return [
        Face(some[:2].reshape(4).astype(np.float32), some[2:].astype(np.float32), float(score))
        for some, score in zip(points, scores, strict=True)
    ]


def _has_centre_inside(face: Face, height: int, width: int) -> bool:
    x, y = (face.box[:2] + face.box[2:]) / 2
    return bool(0 <= x < width and 0 <= y < height)
