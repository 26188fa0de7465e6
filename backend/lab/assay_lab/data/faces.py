"""Faces of the training set, found and cut by the code that serves: one path, no drift.

Cache layout, outside the repository:

    index.jsonl                     one line a file, see `FileFaces`
    crops/ID/PERSON-NUMBER-*.png    of clips: aligned and native crops, lossless
    mouths/ID/PERSON-NUMBER.npy     of clips: (n, 96, 96) uint8, 25 a second

Crops of stills are not stored: cutting them again from the file gives the same pixels and takes
no space. `FaceSample.read` hides the difference.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, cast

import cv2
import numpy as np
import typer

from assay.errors import AssayError
from assay.evidence import FaceCounters
from assay.media.faces.crops import crop_face
from assay.media.faces.detector import Session
from assay.media.faces.find import find_persons
from assay.media.forensics.hints import read_hints
from assay.media.io.reader import MediaReader, open_media
from assay.media.material import Face, FaceCrop, Person
from assay.media.sampling import plan
from assay.models.sessions import ModelStore
from assay.settings import Settings
from assay.types import Image
from assay_lab.data.rows import Modality, Row, read_manifest
from assay_lab.data.split import bucket


@dataclass(frozen=True, slots=True)
class FaceSample:
    """One face at one moment.

    person: 0 for the most present. time: seconds. segment: number of the unbroken frames.
    box: x0 y0 x1 y1 and keypoints: (6, 2), in displayed pixels. score: P(face). aligned, native:
    names of stored crops, None where they are cut from the file (stills), or where there is none
    (native crops beyond the gate's 16).
    """

    person: int
    time: float
    segment: int
    box: list[float]
    keypoints: list[list[float]]
    score: float
    aligned: str | None
    native: str | None

    @property
    def face(self) -> Face:
        """As the media room has it."""
        box, points = np.array(self.box, np.float32), np.array(self.keypoints, np.float32)
        return Face(box, points, self.score)


@dataclass(frozen=True, slots=True)
class MouthSample:
    """An unbroken segment of mouth pictures. start: seconds. file: name under the cache folder."""

    person: int
    start: float
    pictures: int
    file: str


@dataclass(frozen=True, slots=True)
class FileFaces:
    """What was found in one file of the training set.

    id: the file's stem. width, height: as displayed, 0 where it could not be read. error: code
    of the AssayError that says why, else None.
    """

    id: str
    width: int
    height: int
    faces: list[FaceSample]
    mouths: list[MouthSample]
    counters: dict[str, int]
    error: str | None = None


class FaceCache:
    """Reads what `extract-faces` wrote.

    Args:
        folder: The cache.

    Raises:
        SystemExit: It is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / "index.jsonl").is_file():
            raise SystemExit(f"{folder} holds no faces: `extract-faces --out {folder}` comes first")
        with (folder / "index.jsonl").open() as file:
            self.files = {found.id: found for found in map(_parse, file)}

    def of(self, row: Row) -> FileFaces | None:
        """The faces of a row; None if it was not extracted."""
        return self.files.get(row.path.stem)

    def read(self, row: Row, sample: FaceSample) -> tuple[Image, Image | None]:
        """A face's aligned (224, 224, 3) and native (n, n, 3) crop, as serving cuts them."""
        if sample.aligned is None:
            return crop_face(_still(row.path), sample.face)
        native = self._png(sample.native) if sample.native is not None else None
        return self._png(sample.aligned), native

    def mouth(self, sample: MouthSample) -> Image:
        """Mouth pictures (n, 96, 96) at 25 a second."""
        return np.load(self.folder / sample.file)

    def _png(self, name: str) -> Image:
        stored = cast(Image, cv2.imread(str(self.folder / name)))
        return cast(Image, cv2.cvtColor(stored, cv2.COLOR_BGR2RGB))


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    out: Annotated[Path, typer.Option(help="Cache folder; a second run continues the first")],
    modality: Annotated[str | None, typer.Option(help="Only image, or only video")] = None,
    source: Annotated[str, typer.Option(help="Only sources whose name contains this")] = "",
    labels: Annotated[str, typer.Option(help="real, fake, or both by comma")] = "real,fake",
    limit: Annotated[int | None, typer.Option(help="Stop after so many files")] = None,
) -> None:
    """Find and cut the faces of the training set as the service does."""
    cv2.setNumThreads(1)
    out.mkdir(parents=True, exist_ok=True)
    settings = Settings(threads=1)
    session = ModelStore(settings.models_dir, threads=1).session("blazeface")
    rows = [
        row
        for row in _rows(data, modality)
        if source in row.source and row.label in labels.split(",")
    ]
    index = out / "index.jsonl"
    known = {json.loads(line)["id"] for line in index.open()} if index.exists() else set()
    with index.open("a") as file:
        for number, row in enumerate(rows[:limit]):
            if row.path.stem in known:
                continue
            file.write(json.dumps(asdict(extract(row, session, out, settings))) + "\n")
            if number % 200 == 0:
                file.flush()
                print(f"{number} files", flush=True)


def _rows(data: Path, modality: str | None) -> list[Row]:
    """Rows in a fixed shuffled order, so that a part of the run is a sample of the whole."""
    wanted: tuple[Modality, ...] = ("image", "video")
    rows = [row for row in read_manifest(data) if row.modality in wanted]
    rows = [row for row in rows if modality in (None, row.modality)]
    return sorted(rows, key=lambda row: bucket(row.path.name, 2**32, salt="faces"))


def extract(row: Row, session: Session, out: Path, settings: Settings) -> FileFaces:
    """Find the faces of one file; store the crops and mouths of a clip."""
    try:
        with open_media(row.path, settings) as media:
            persons, counters = _persons(media, session)
            video = media.info.video
    except AssayError as error:
        return FileFaces(row.path.stem, 0, 0, [], [], {}, error=error.code)
    width, height = (video.width, video.height) if video else (0, 0)
    return FileFaces(
        id=row.path.stem,
        width=width,
        height=height,
        faces=list(_faces(row, persons, out)),
        mouths=list(_mouths(row, persons, out)),
        counters=counters.model_dump(),
    )


def _persons(media: MediaReader, session: Session) -> tuple[list[Person], FaceCounters]:
    spans = plan(media.info, read_hints(media))
    persons, counters, _ = find_persons(media.frames(spans), session, lambda _: None)
    return persons, counters


def _faces(row: Row, persons: list[Person], out: Path) -> Iterator[FaceSample]:
    still = _still(row.path) if row.modality == "image" else None
    for person in persons:
        for number, crop in enumerate(person.crops):
            aligned = native = None
            if still is None or not _same(crop, still):
                name = f"crops/{row.path.stem}/{person.number}-{number:02}"
                aligned = _store(out, f"{name}-aligned.png", crop.aligned)
                if crop.native is not None:
                    native = _store(out, f"{name}-native.png", crop.native)
            yield FaceSample(
                person=person.number,
                time=crop.time,
                segment=crop.segment,
                box=crop.face.box.tolist(),
                keypoints=crop.face.keypoints.tolist(),
                score=crop.face.score,
                aligned=aligned,
                native=native,
            )


def _same(crop: FaceCrop, still: Image) -> bool:
    """Whether the crop can be cut again from the file; not so where the picture was turned."""
    return bool(np.array_equal(crop_face(still, crop.face)[0], crop.aligned))


def _mouths(row: Row, persons: list[Person], out: Path) -> Iterator[MouthSample]:
    for person in persons:
        for number, mouth in enumerate(person.mouths):
            name = f"mouths/{row.path.stem}/{person.number}-{number}.npy"
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            np.save(out / name, mouth.pictures)
            yield MouthSample(person.number, mouth.start, len(mouth.pictures), name)


def _store(out: Path, name: str, picture: Image) -> str:
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(out / name), bgr, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    return name


def _still(path: Path) -> Image:
    """A still as serving reads it."""
    with open_media(path, Settings()) as media:
        return next(iter(media.frames([]))).rgb()


def _parse(line: str) -> FileFaces:
    fields: dict[str, Any] = json.loads(line)
    fields["faces"] = [FaceSample(**face) for face in fields["faces"]]
    fields["mouths"] = [MouthSample(**mouth) for mouth in fields["mouths"]]
    return FileFaces(**fields)
