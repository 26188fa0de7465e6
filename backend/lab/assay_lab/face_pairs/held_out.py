"""Held-out face pictures, as serving would show them, and what may happen to them first."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import cv2
import numpy as np
from scipy.special import expit

from assay.media.faces.crops import ALIGNED
from assay.types import Doubles, Flags, Image
from assay_lab.augment.pictures import Corruption, load_rgb
from assay_lab.core import metrics
from assay_lab.core.scored import Scored
from assay_lab.data.faces import FaceCache
from assay_lab.data.rows import DFDC_CROPS as DFDC
from assay_lab.data.rows import Row, read_manifest
from assay_lab.data.split import Split, bucket, split_of
from assay_lab.face_pairs.mixtures import DIFFUSION, STYLEGAN

T = TypeVar("T")

CONDITIONS: Mapping[str, Corruption] = {
    "clean": Corruption(),
    "jpeg 90": Corruption(jpeg=90),
    "jpeg 70": Corruption(jpeg=70),
    "jpeg 40": Corruption(jpeg=40),
    "resize 0.5": Corruption(scale=0.5),
    "crf 28": Corruption(crf=28),
    "crf 35": Corruption(crf=35),
}
"""One seeded corruption each, the same for both classes."""


PHOTOS = "middleyuan/All-Age-Faces-Dataset"
PAIRS: Mapping[str, tuple[str, str]] = {
    "face swaps (DFDC)": (DFDC, DFDC),
    "StyleGAN2 stills": (STYLEGAN, PHOTOS),
    "diffusion stills": (DIFFUSION, PHOTOS),
}
"""Fakes, and the real faces that they are told from, by source."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A face as the branches see it. native: at the resolution of the file, even sides."""

    row: Row
    aligned: Image
    native: Image | None

    @property
    def kind(self) -> str:
        """Label and source, as in `fake: somebody/faces`."""
        return f"{self.row.label}: {self.row.source}"


def shown_faces(data: Path, faces: Path, wanted: Split, each: int) -> list[Shown]:
    """At most `each` faces of every source and label of a part, always the same ones."""
    rows = [row for row in read_manifest(data, "image") if split_of(row.group) == wanted]
    cache = FaceCache(faces)

    def show(row: Row) -> Shown | None:
        return _dfdc_face(row) if row.source == DFDC else _cached_face(row, cache)

    return _some_of_each(rows, show, each)


def _some_of_each(rows: Iterable[Row], show: Callable[[Row], T | None], each: int) -> list[T]:
    """What is shown of at most `each` rows of every source and label, always the same ones."""
    counts: Counter[tuple[str, bool]] = Counter()
    chosen = []
    for row in sorted(rows, key=lambda row: bucket(row.path.name, 2**32, salt="evaluation")):
        if counts[row.source, row.fake] < each and (shown := show(row)) is not None:
            counts[row.source, row.fake] += 1
            chosen.append(shown)
    return chosen


def by_source(faces: Iterable[Shown]) -> dict[str, list[Shown]]:
    """Faces by label and source."""
    kinds: dict[str, list[Shown]] = {}
    for shown in faces:
        kinds.setdefault(shown.kind, []).append(shown)
    return kinds


def corrupted(faces: Sequence[Shown], corruption: Corruption) -> Iterator[Shown]:
    """The same faces after a corruption, at the resolution each was cut at."""
    for shown in faces:
        native = None if shown.native is None else corruption.apply(shown.native)
        yield Shown(shown.row, corruption.apply(shown.aligned), native)


def by_kind(
    faces: Sequence[Shown], logits: Doubles, slope: float, bias: float
) -> dict[str, Scored]:
    """Calibrated scores by kind of fake, see `kinds_of`."""
    probabilities = expit(slope * logits + bias)
    labels = np.array([shown.row.fake for shown in faces])
    every = Scored(labels, probabilities, [shown.row.group for shown in faces])
    return {name: every.where(keep) for name, keep in kinds_of(faces).items()}


def kinds_of(faces: Sequence[Shown]) -> dict[str, Flags]:
    """Which faces belong to each kind of fake and the real ones that it is told from.

    Those of the recipe first, then every other source that has faces of both classes, as a folder
    of one's own has.
    """
    named = {source for sources in PAIRS.values() for source in sources}
    others = sorted({shown.row.source for shown in faces} - named)
    pairs = {**PAIRS, **{source: (source, source) for source in others}}
    labels = np.array([shown.row.fake for shown in faces])
    kinds = {name: _against(faces, *sources) for name, sources in pairs.items()}
    return {name: keep for name, keep in kinds.items() if len(set(labels[keep])) == 2}


def auc_by_condition(
    faces: Sequence[Shown], score: Callable[[Sequence[Shown]], Doubles]
) -> dict[str, dict[str, float]]:
    """AUC of each kind of fake under each condition.

    Args:
        faces: Clean.
        score: Gives a number that rises with P(fake) for each face.
    """
    labels = np.array([shown.row.fake for shown in faces])
    kinds = kinds_of(faces)
    result: dict[str, dict[str, float]] = {}
    for condition, corruption in CONDITIONS.items():
        scores = score(list(corrupted(faces, corruption)))
        result[condition] = {
            name: round(metrics.auc(labels[keep], scores[keep]), 4) for name, keep in kinds.items()
        }
    return result


def condition_table(title: str, aucs: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What `auc_by_condition` found as the lines of a table, a condition each."""
    kinds = list(next(iter(aucs.values())))
    rows = [f"| {title} | " + " | ".join(kinds) + " |", "|---" * (1 + len(kinds)) + "|"]
    for condition, found in aucs.items():
        rows.append(f"| {condition} | " + " | ".join(f"{found[kind]:.3f}" for kind in kinds) + " |")
    return rows


def _against(faces: Sequence[Shown], fakes: str, reals: str) -> Flags:
    """Which faces are fakes of one source or real ones of the other."""
    return np.array(
        [shown.row.source == (fakes if shown.row.fake else reals) for shown in faces], bool
    )


def _dfdc_face(row: Row) -> Shown:
    """These files are crops of the very kind that serving cuts."""
    picture = load_rgb(row.path)
    if picture.shape[:2] != (ALIGNED, ALIGNED):
        small = cv2.resize(picture, (ALIGNED, ALIGNED), interpolation=cv2.INTER_AREA)
        aligned = cast(Image, small)
    else:
        aligned = picture
    height, width = picture.shape[:2]
    return Shown(row, aligned, np.ascontiguousarray(picture[: height & ~1, : width & ~1]))


def _cached_face(row: Row, cache: FaceCache) -> Shown | None:
    found = cache.of(row)
    if found is None or not found.faces:
        return None
    aligned, native = cache.read(row, found.faces[0])
    return Shown(row, aligned, native)
