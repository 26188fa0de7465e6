"""A bank of face crops: what networks that look at whole faces learn from, ready in memory maps.

    faces.u8        (n, 224, 224, 3) uint8, crops as serving cuts them
    faces.csv       one line a crop, see `BankFace`

Clips give a few crops of their most present person, evenly over time.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, cast

import cv2
import numpy as np
import typer

from assay.media.faces.crops import ALIGNED, face_square
from assay.types import Image
from assay_lab.augment.pictures import load_rgb
from assay_lab.data.face_picture import FacePicture
from assay_lab.data.faces import FaceCache, FaceSample
from assay_lab.data.rows import DFDC_CROPS, Modality, Row, read_manifest
from assay_lab.data.split import CrossFold, bucket, cross_fold

PICTURES, LINES = "faces.u8", "faces.csv"
SHAPE = (ALIGNED, ALIGNED, 3)
CROPS_OF_A_CLIP = 10
FLUSH_FILES = 200


@dataclass(frozen=True, slots=True)
class BankFace:
    """A crop: of which file and what is known of it.

    size: pixels of the face's box in its file. keypoints: twelve numbers, x y of six points in
    pixels of the crop; empty where the file was a crop already.
    """

    file: str
    modality: Modality
    fake: bool
    generator: str
    method: str
    group: str
    source: str
    size: float
    keypoints: str = ""

    @property
    def fold(self) -> CrossFold:
        """On which side it falls, see `cross_fold`."""
        return cross_fold(self.source, self.group)

    @property
    def maker(self) -> str:
        """What it must not be told by: its site, and on the fake side its generator too."""
        return f"{self.source} {self.generator}"


class FaceBank:
    """Reads what `build-face-bank` wrote."""

    def __init__(self, folder: Path) -> None:
        with (folder / LINES).open(newline="") as file:
            self.faces = [_parse(line) for line in csv.DictReader(file)]
        shape = (len(self.faces), *SHAPE)
        self._pictures: Image = np.memmap(folder / PICTURES, np.uint8, "r", shape=shape)

    def __len__(self) -> int:
        return len(self.faces)

    def picture(self, number: int) -> Image:
        """A crop, (224, 224, 3); a copy."""
        return np.array(self._pictures[number])

    def face(self, number: int) -> FacePicture:
        """A crop to forge with; it has key points."""
        line = self.faces[number]
        points = np.array(line.keypoints.split(), np.float32).reshape(-1, 2)
        return FacePicture(self.picture(number), points, line.group)


class BankWriter:
    """Appends crops; what was interrupted is completed by a second run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        lines = folder / LINES
        self.known: set[str] = set()
        self.count = 0
        if lines.exists():
            with lines.open(newline="") as file:
                files = [line["file"] for line in csv.DictReader(file)]
            self.known, self.count = set(files), len(files)
        self._pictures = (folder / PICTURES).open("ab")
        self._pictures.truncate(self.count * int(np.prod(SHAPE)))
        self._lines = lines.open("a", newline="")
        self._table = csv.DictWriter(self._lines, [field.name for field in fields(BankFace)])
        if not self.known:
            self._table.writeheader()

    def add(self, face: BankFace, picture: Image) -> None:
        """One crop more."""
        assert picture.shape == SHAPE, picture.shape
        self._pictures.write(np.ascontiguousarray(picture).tobytes())
        self._table.writerow(asdict(face))
        self.count += 1

    def flush(self) -> None:
        """Pictures first: a line without its picture would lie."""
        self._pictures.flush()
        self._lines.flush()


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    faces: Annotated[Path, typer.Option(help="Cache of extract-faces")],
    out: Annotated[Path, typer.Option(help="Bank folder; a second run continues the first")],
    limit: Annotated[int, typer.Option(help="Files of a source and label, at most")] = 3000,
) -> None:
    """Put the crops of all sources into one memory map."""
    cache = FaceCache(faces)
    fill(
        out,
        read_manifest(data),
        limit,
        key=lambda row: (row.source, row.label, row.modality),
        cut=lambda row: _crops(row, cache),
    )


def fill(
    folder: Path,
    rows: Iterable[Row],
    limit: int,
    key: Callable[[Row], tuple[str, ...] | None],
    cut: Callable[[Row], Iterable[tuple[BankFace, Image]]],
) -> None:
    """Write a bank; a second run continues the first.

    Args:
        folder: Of the bank.
        rows: Files; those of speech are passed over.
        limit: Files of a key, at most; always the same ones.
        key: What a file counts for; None if it is left out.
        cut: The crops of a file.
    """
    writer = BankWriter(folder)
    counts: Counter[tuple[str, ...]] = Counter()
    seen = [row for row in rows if row.modality != "speech"]
    for row in sorted(seen, key=lambda row: bucket(row.path.name, 2**32, salt="bank")):
        mine = key(row)
        if mine is None or counts[mine] >= limit:
            continue
        counts[mine] += 1
        if row.path.stem in writer.known:
            continue
        for line, picture in cut(row):
            writer.add(line, picture)
        if counts.total() % FLUSH_FILES == 0:
            writer.flush()
            print(f"{counts.total()} files, {writer.count} crops", flush=True)
    writer.flush()


def _crops(row: Row, cache: FaceCache) -> Iterator[tuple[BankFace, Image]]:
    if row.source == DFDC_CROPS:
        picture = load_rgb(row.path)
        side = float(min(picture.shape[:2]))
        small = cv2.resize(picture, SHAPE[:2], interpolation=cv2.INTER_AREA)
        yield line_of(row, side), cast(Image, small)
        return
    found = cache.of(row)
    if found is None:
        return
    first = [face for face in found.faces if face.person == 0]
    chosen = np.unique(np.linspace(0, len(first) - 1, CROPS_OF_A_CLIP).astype(int))
    for number in chosen if first else ():
        sample = first[number]
        picture, _ = cache.read(row, sample)
        keypoints = _in_crop(sample, found.height, found.width)
        yield line_of(row, sample.face.size, keypoints), picture


def line_of(row: Row, size: float = 0.0, keypoints: str = "") -> BankFace:
    """What a bank tells of a crop of a file."""
    return BankFace(
        file=row.path.stem,
        modality=row.modality,
        fake=row.fake,
        generator=row.generator,
        method=row.method,
        group=row.group,
        source=row.source,
        size=round(size, 1),
        keypoints=keypoints,
    )


def _in_crop(sample: FaceSample, height: int, width: int) -> str:
    """Key points in pixels of the crop."""
    left, top, side = face_square(sample.face, height, width)
    points = (sample.face.keypoints - (left, top)) * (ALIGNED / side)
    return " ".join(f"{value:.1f}" for value in points.ravel())


def _parse(line: dict[str, str]) -> BankFace:
    return BankFace(
        file=line["file"],
        modality=line["modality"],  # type: ignore[arg-type]
        fake=line["fake"] == "True",
        generator=line["generator"],
        method=line["method"],
        group=line["group"],
        source=line["source"],
        size=float(line["size"]),
        keypoints=line["keypoints"],
    )
