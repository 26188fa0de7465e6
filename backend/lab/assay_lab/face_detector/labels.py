"""Label pictures and frames with the public detectors, into a cache that training reads.

Cache layout, outside the repository:

    pictures/ID.jpg     the picture, reduced to a long side of 512 at most
    labels.jsonl        one line a picture: id, source, group, part, and its faces
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import av
import cv2
import numpy as np
import typer

from assay.types import Image
from assay_lab.data.rows import Row, read_manifest
from assay_lab.data.split import bucket, split_of
from assay_lab.face_detector.teacher import LabelledFace, Panel

LONG_SIDE = 512


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    weights: Annotated[Path, typer.Option(help="Folder with the public BlazeFace weights")],
    out: Annotated[Path, typer.Option(help="Cache folder; a second run continues the first")],
    per_source: Annotated[int, typer.Option(help="Pictures of each source and label")] = 4000,
) -> None:
    """Label pictures and video frames with the public detectors."""
    (out / "pictures").mkdir(parents=True, exist_ok=True)
    index = out / "labels.jsonl"
    known = {json.loads(line)["id"] for line in index.open()} if index.exists() else set()
    panel = Panel(weights)
    with index.open("a") as file:
        for number, row in enumerate(choose(read_manifest(data), per_source)):
            if number % 500 == 0:
                print(f"{number} files, {len(known)} pictures labelled", flush=True)
            for name, picture in pictures_of(row):
                if name in known:
                    continue
                picture = _reduce(picture)
                faces = panel.label(picture, deep=row.modality == "video")
                cv2.imwrite(
                    str(out / "pictures" / f"{name}.jpg"),
                    cv2.cvtColor(picture, cv2.COLOR_RGB2BGR),
                    [cv2.IMWRITE_JPEG_QUALITY, 95],
                )
                file.write(json.dumps(_line(name, row, faces)) + "\n")
                file.flush()
                known.add(name)


def choose(rows: list[Row], per_source: int) -> list[Row]:
    """Pictures and clips in a fixed shuffled order, at most so many of a source and label.

    The order mixes sources, so that a run cut short has seen all of them.
    """
    shuffled = sorted(rows, key=lambda row: bucket(row.path.name, 2**32, salt="detection"))
    counts: Counter[tuple[str, str]] = Counter()
    chosen = []
    for row in shuffled:
        if row.modality == "speech":
            continue
        counts[row.source, row.label] += 1
        if counts[row.source, row.label] <= per_source:
            chosen.append(row)
    return chosen


def pictures_of(row: Row) -> Iterator[tuple[str, Image]]:
    """Name and picture of a still, or of some frames of a clip."""
    if row.modality == "image":
        content = cv2.imread(str(row.path))
        if content is not None:
            yield row.path.stem, cv2.cvtColor(content, cv2.COLOR_BGR2RGB)
        return
    # The broadcast crops are short and alike; long clips change.
    for number, picture in enumerate(frames_of(row.path, seconds_apart=1.5, most=12)):
        yield f"{row.path.stem}-{number}", picture


def frames_of(path: Path, seconds_apart: float, most: int) -> Iterator[Image]:
    """Frames of a clip at a fixed distance in time, from its beginning."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "NONE"
            due, taken = 0.0, 0
            for frame in container.decode(stream):
                if frame.time is None or frame.time < due:
                    continue
                yield frame.to_ndarray(format="rgb24")
                due, taken = due + seconds_apart, taken + 1
                if taken == most:
                    return
    except av.FFmpegError as error:
        print(f"{path.name}: {error}", flush=True)


def _reduce(picture: Image) -> Image:
    factor = LONG_SIDE / max(picture.shape[:2])
    if factor >= 1:
        return picture
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def _line(name: str, row: Row, faces: list[LabelledFace]) -> dict[str, Any]:
    return {
        "id": name,
        "source": f"{row.source} {row.label}",
        "group": row.group,
        "part": split_of(row.group),
        "faces": [
            {
                "points": np.round(face.points, 2).tolist(),
                "score": round(face.score, 4),
                "views": face.views,
            }
            for face in faces
        ],
    }
