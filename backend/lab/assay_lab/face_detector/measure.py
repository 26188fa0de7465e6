"""Measure a face detector as it is served: on held-out groups, and on pictures without a face."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator

from assay.media.faces.detector import FaceDetector, overlaps
from assay.media.material import Face
from assay.types import Image
from assay_lab.data.face_labels import Label
from assay_lab.face_detector.backgrounds import (
    HELD_OUT_PHOTOGRAPHS,
    HELD_OUT_SOURCES,
    drawing,
    photographs,
    printed_page,
    smear_faces,
    test_pictures,
)
from assay_lab.face_detector.geometry import place_on

SIZES = ((0.0, 0.12), (0.12, 0.25), (0.25, 0.5), (0.5, 9.0))
"""Classes of face size, in shorter sides of the picture."""


@dataclass(slots=True)
class Tally:
    """Best score that met each wanted face, 0 where none did; and what else was found."""

    scores: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    overlaps: list[float] = field(default_factory=list)
    point_errors: list[float] = field(default_factory=list)
    extra: list[float] = field(default_factory=list)

    def recall(self, least: float) -> dict[str, dict[str, float]]:
        """Share of faces found with at least this score, and their number, by class."""
        return {
            name: {"recall": round(float(np.mean(np.array(some) >= least)), 4), "faces": len(some)}
            for name, some in sorted(self.scores.items())
        }


def find_labelled(detector: FaceDetector, labels: list[Label]) -> Tally:
    """Search labelled pictures; a face counts as found at an overlap of 0.5 or more."""
    tally = Tally()
    for label in labels:
        picture, _ = label.read()
        found = detector.search(picture)
        _compare(tally, label, found, min(picture.shape[:2]))
    return tally


def _compare(tally: Tally, label: Label, found: list[Face], short: int) -> None:
    boxes = np.array([face.box for face in found], np.float32).reshape(-1, 4)
    matched = np.zeros(len(found), bool)
    for points in label.faces:
        share = overlaps(points[:2].reshape(4), boxes)
        met = share >= 0.5
        matched |= share >= 0.3
        score = max((face.score for face, hit in zip(found, met, strict=True) if hit), default=0.0)
        size = float((points[1] - points[0]).mean()) / short
        named = next(f"size {low:g}-{high:g}" for low, high in SIZES if low <= size < high)
        for name in ("all", "frames" if label.is_frame else "stills", named, label.source):
            tally.scores[name].append(score)
        if met.any():
            best = found[int(np.argmax(share))]
            tally.overlaps.append(float(share.max()))
            eyes = float(np.linalg.norm(points[2] - points[3]))
            error = np.linalg.norm(best.keypoints - points[2:], axis=1).mean()
            tally.point_errors.append(float(error) / max(eyes, 1.0))
    doubtful = label.doubtful[:, :2].reshape(-1, 4)
    for face, used in zip(found, matched, strict=True):
        if not used and not (overlaps(face.box, doubtful) > 0.2).any():
            tally.extra.append(face.score)


def faceless_pictures(labels: list[Label], rng: Generator, each: int) -> dict[str, list[Image]]:
    """Pictures without a face, by kind; none of them, nor their kin, is trained on."""
    fixed = test_pictures(HELD_OUT_SOURCES, each=each // 3)
    photos = photographs(HELD_OUT_PHOTOGRAPHS)
    clear = [label for label in labels if label.clear and len(label.faces)]
    empty = [label.read()[0] for label in labels if label.clear and not len(label.faces)]
    chosen = [clear[i] for i in rng.permutation(len(clear))[:each]]
    kinds = {
        "photographs": [_detail(photos[i % len(photos)], rng) for i in range(each)],
        "test pictures": fixed,
        "drawings": [_enlarged(drawing(rng)) for _ in range(each)],
        "printed pages": [printed_page(rng) for _ in range(each)],
        "faces painted over": [smear_faces(label.read()[0], label.faces) for label in chosen],
        "video frames": empty[:each],
    }
    return {kind: some for kind, some in kinds.items() if some}


def false_alarms(
    detector: FaceDetector, pictures: dict[str, list[Image]]
) -> dict[str, list[float]]:
    """Best score of each faceless picture, 0 where nothing was found, by kind."""
    return {
        kind: [
            max((face.score for face in detector.search(picture)), default=0.0) for picture in some
        ]
        for kind, some in pictures.items()
    }


def small_faces(
    detector: FaceDetector, labels: list[Label], rng: Generator, count: int
) -> dict[str, list[float]]:
    """Best score of single faces in 1280 x 720 frames, by their height in the frame."""
    grounds = photographs(HELD_OUT_PHOTOGRAPHS)
    clear = [label for label in labels if len(label.faces) == 1 and not len(label.doubtful)]
    scores: dict[str, list[float]] = {}
    for share in (0.08, 0.1, 0.15, 0.3):
        scores[f"{share:.0%} of the height"] = []
        for index in rng.permutation(len(clear))[:count]:
            ground = grounds[int(rng.integers(len(grounds)))]
            frame = cv2.resize(_detail(ground, rng), (1280, 720))
            picture, _ = clear[index].read()
            points = place_on(frame, picture, clear[index].faces[0], share * 720, rng)
            found = detector.search(frame)
            boxes = np.array([face.box for face in found], np.float32).reshape(-1, 4)
            met = overlaps(points[:2].reshape(4), boxes) >= 0.5
            best = max((f.score for f, hit in zip(found, met, strict=True) if hit), default=0.0)
            scores[f"{share:.0%} of the height"].append(best)
    return scores


def timings(detector: FaceDetector, frame: Image, face: Face) -> dict[str, float]:
    """Median milliseconds of a search and of a look at one face of a frame."""
    return {
        "search": _median_ms(lambda: detector.search(frame)),
        "look": _median_ms(lambda: detector.search_regions(frame, [face])),
    }


def _median_ms(call: Callable[[], Any]) -> float:
    taken = []
    for _ in range(15):
        started = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - started))
    return round(float(np.median(taken)), 2)


def _detail(picture: Image, rng: Generator) -> Image:
    """Half to all of a picture, either way round."""
    height, width = picture.shape[:2]
    share = float(rng.uniform(0.5, 1.0))
    h, w = int(share * height), int(share * width)
    y, x = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
    cut = picture[y : y + h, x : x + w]
    return np.ascontiguousarray(cut[:, ::-1] if rng.random() < 0.5 else cut)


def _enlarged(picture: Image) -> Image:
    return cv2.resize(picture, (480, 360), interpolation=cv2.INTER_CUBIC)
