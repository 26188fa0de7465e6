"""Talking clips: mouths and speech as serving extracts them, in a cache that training reads.

One file a clip, named after its content, so that extraction can be interrupted and resumed. A clip
without sound or without a mouth is kept as such: how often the branch has nothing to say is a
number that evaluation wants.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import onnxruntime as ort
import typer

from assay.errors import AssayError
from assay.media.faces.find import find_persons
from assay.media.forensics.hints import read_hints
from assay.media.io.reader import open_media
from assay.media.material import MouthSegment, Speech
from assay.media.sampling import plan
from assay.models.sessions import open_session
from assay.settings import Settings
from assay_lab.data.rows import Row, read_manifest


@dataclass(frozen=True, slots=True)
class About:
    """What the manifest says of a clip, and how long it is in seconds."""

    key: str
    label: str
    generator: str
    group: str
    source: str
    notes: str
    duration: float

    @property
    def fake(self) -> bool:
        """Whether the label is fake."""
        return self.label == "fake"


@dataclass(frozen=True, slots=True)
class Talk:
    """One clip. mouths: of each person, the most present first. speech: None if it has no sound."""

    about: About
    mouths: list[list[MouthSegment]]
    speech: Speech | None


def extract(row: Row, detector: Path, vad: Path) -> Talk:
    """Run the media room over one clip.

    Raises:
        AssayError: It cannot be read.
    """
    with open_media(row.path, Settings()) as media:
        spans = plan(media.info, read_hints(media))
        persons, *_ = find_persons(media.frames(spans), _session(detector), lambda percent: None)
        speech = media.speech(spans, _session(vad))
        duration = media.info.duration or 0.0
    about = About(
        row.path.stem, row.label, row.generator, row.group, row.source, row.notes, duration
    )
    return Talk(about, [person.mouths for person in persons], speech)


@cache
def _session(network: Path) -> ort.InferenceSession:
    return open_session(network.read_bytes())


def save(talk: Talk, file: Path) -> None:
    """Write a clip; sound is kept at 16 bits."""
    runs = [(number, run) for number, mouths in enumerate(talk.mouths) for run in mouths]
    spans = talk.speech.spans if talk.speech else []
    arrays: dict[str, Any] = {f"mouth{i}": run.pictures for i, (_, run) in enumerate(runs)}
    arrays |= {
        f"sound{i}": np.round(wave * 32767).astype(np.int16) for i, (_, wave) in enumerate(spans)
    }
    index = {
        "about": asdict(talk.about),
        "persons": len(talk.mouths),
        "runs": [(number, run.start) for number, run in runs],
        "spans": [start for start, _ in spans],
        "voiced": talk.speech.voiced if talk.speech else None,
    }
    partial_file = file.with_suffix(".part.npz")
    np.savez(partial_file, index=np.array(json.dumps(index)), **arrays)
    partial_file.replace(file)


def load(file: Path) -> Talk:
    """Read what `save` wrote."""
    with np.load(file) as arrays:
        index = json.loads(str(arrays["index"]))
        mouths: list[list[MouthSegment]] = [[] for _ in range(index["persons"])]
        for i, (number, start) in enumerate(index["runs"]):
            mouths[number].append(MouthSegment(start, arrays[f"mouth{i}"]))
        spans = [
            (start, arrays[f"sound{i}"].astype(np.float32) / 32767)
            for i, start in enumerate(index["spans"])
        ]
    voiced = index["voiced"]
    speech = None if voiced is None else Speech(spans, [(a, b) for a, b in voiced])
    return Talk(About(**index["about"]), mouths, speech)


def load_all(folder: Path) -> Iterator[Talk]:
    """Every clip of a cache, in order of its key."""
    return (load(file) for file in sorted(folder.glob("*.npz")) if ".part" not in file.name)


def command(
    data: Annotated[Path, typer.Argument(help="Folder with manifest.csv")],
    cache_folder: Annotated[Path, typer.Argument(help="Where the cache goes")],
    detector: Annotated[Path, typer.Option(help="ONNX of blazeface")] = Path(
        "models/blazeface/model.onnx"
    ),
    vad: Annotated[Path, typer.Option(help="ONNX of vad")] = Path("models/vad/model.onnx"),
    processes: int = 1,
) -> None:
    """Extract every video that is not in the cache yet."""
    cache_folder.mkdir(parents=True, exist_ok=True)
    rows = [
        row
        for row in read_manifest(data, "video")
        if not (cache_folder / f"{row.path.stem}.npz").exists()
    ]
    typer.echo(f"{len(rows)} clips to extract")
    with ProcessPoolExecutor(processes) as pool:
        work = pool.map(partial(_extract_to, cache_folder, detector, vad), rows)
        for number, message in enumerate(work, 1):
            if message:
                typer.echo(message)
            if number % 100 == 0:
                typer.echo(f"{number}/{len(rows)}")


def _extract_to(folder: Path, detector: Path, vad: Path, row: Row) -> str:
    """Extract one clip; gives what went wrong, or nothing."""
    cv2.setNumThreads(1)
    try:
        save(extract(row, detector, vad), folder / f"{row.path.stem}.npz")
    except AssayError as error:
        return f"{row.path.name}: {error.code}"
    return ""
