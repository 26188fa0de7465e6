"""Run the service itself over rows and keep what it said: for fusion, calibration, evaluation.

One JSON line a file, appended as it comes, so that a killed run goes on where it stopped.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import cv2
import typer

from assay import explain, fusion
from assay.errors import AssayError
from assay.evidence import Asked
from assay.models.manifest import MANIFEST
from assay.models.sessions import ModelStore
from assay.pipeline import examine as run_branches
from assay.pipeline import extract, features_of
from assay.progress import Progress
from assay.settings import Settings
from assay_lab.augment.files import copies, everyday
from assay_lab.data.held_out import is_held_out
from assay_lab.data.rows import DFDC_CROPS, Modality, Row, read_manifest
from assay_lab.data.split import bucket


@dataclass(frozen=True, slots=True)
class Examined:
    """What the service said of a row.

    features: the twelve, None where absent. scores: P(fake) by branch, None unless it was done.
    error: code of the AssayError, else None; then the rest is empty. clears: whether the gate
    would have spared the heavy branches; None in lines that an earlier version wrote. corrupted:
    whether it was judged by a corrupted copy. models: `digest_of` those that judged.
    """

    id: str
    modality: Modality
    label: str
    generator: str
    group: str
    source: str
    features: dict[str, float | None]
    scores: dict[str, float | None]
    ood_score: float
    error: str | None
    clears: bool | None = None
    corrupted: bool = False
    models: str = ""

    @property
    def fake(self) -> bool:
        """Whether the label is fake."""
        return self.label == "fake"

    @property
    def unit(self) -> str:
        """What no head that judges it may know anything of.

        Its whole source, with its cameras, microphones, generators and codecs. Of DFDC, which is
        one source, its original video.
        """
        return self.group if self.source == DFDC_CROPS else self.source


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    out: Annotated[Path, typer.Option(help="JSON lines; a second run continues the first")],
    models: Annotated[Path, typer.Option(help="Models folder")],
    parts: Annotated[str, typer.Option(help="Parts of the split, as in val,test")] = "val,test",
    modality: Annotated[str | None, typer.Option(help="image, speech or video")] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many of each source")] = None,
    full: Annotated[bool, typer.Option(help="Without the early exit")] = True,
    corrupted: Annotated[
        bool, typer.Option(help="By copies that everyday corruption has come to")
    ] = False,
) -> None:
    """Let the service judge rows, as it judges uploads."""
    wanted = parts.split(",")
    rows = [
        row
        for row in read_manifest(data)
        if modality in (None, row.modality) and is_held_out(row, wanted)
    ]
    some: Iterable[Row] = unknown(spread(rows, limit), out, models, corrupted)
    examine(copies(some, everyday) if corrupted else some, out, models, full, corrupted)


def unknown(rows: Iterable[Row], out: Path, models: Path, corrupted: bool) -> list[Row]:
    """Rows of which `out` does not hold yet what these models say."""
    lines = read_examined(out) if out.exists() else ()
    known = {(line.id, line.corrupted, line.models) for line in lines}
    digest = digest_of(models)
    return [row for row in rows if (row.path.stem, corrupted, digest) not in known]


def digest_of(models: Path) -> str:
    """A short name for the branches of a models folder, files and settings; not the fusion."""
    entries = json.loads((models / MANIFEST).read_text())["models"]
    branches = {name: entry for name, entry in entries.items() if name != fusion.MODEL}
    return sha256(json.dumps(branches, sort_keys=True).encode()).hexdigest()[:16]


def examine(rows: Iterable[Row], out: Path, models: Path, full: bool, corrupted: bool) -> None:
    """Append what the service says of each row; corrupted: their files are corrupted copies."""
    cv2.setNumThreads(1)
    settings = Settings(models_dir=models, threads=2)
    store = ModelStore(models, settings.threads)
    origin = {"corrupted": corrupted, "models": digest_of(models)}
    with out.open("a") as file:
        for number, row in enumerate(rows):
            line = _examine(row, settings, store, full) | origin
            file.write(json.dumps(line) + "\n")
            file.flush()
            if number % 100 == 0:
                print(f"{number} files", flush=True)


def read_examined(path: Path) -> Iterator[Examined]:
    """The lines that `examine` wrote."""
    with path.open() as file:
        for line in file:
            yield Examined(**json.loads(line))


def read_all(files: Iterable[Path], models: Path) -> list[Examined]:
    """The lines of several files; of lines about the same copy of a medium the last.

    Raises:
        SystemExit: Other models than those of the folder said some of them.
    """
    lines = (line for file in files for line in read_examined(file))
    latest = list({(line.id, line.corrupted): line for line in lines}.values())
    digest = digest_of(models)
    stale = sum(line.models != digest for line in latest)
    if stale:
        raise SystemExit(f"other models said {stale} of {len(latest)} lines; run examine again")
    return latest


def spread(rows: list[Row], limit: int | None) -> list[Row]:
    """At most `limit` rows of each label and source, always the same ones, in mixed order."""
    mixed = sorted(rows, key=lambda row: bucket(row.path.name, 2**32, salt="examine"))
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for row in mixed:
        key = row.label, row.source
        seen[key] = seen.get(key, 0) + 1
        if limit is None or seen[key] <= limit:
            kept.append(row)
    return kept


def _examine(row: Row, settings: Settings, store: ModelStore, full: bool) -> dict[str, Any]:
    about = {
        "id": row.path.stem,
        "modality": row.modality,
        "label": row.label,
        "generator": row.generator,
        "group": row.group,
        "source": row.source,
    }
    try:
        progress = Progress(emit=lambda event: None, should_continue=lambda: True)
        asked = Asked(full=full)
        material, _ = extract(row.path, settings, store, progress, asked)
        findings = run_branches(material, store, progress, asked)
    except AssayError as error:
        return about | {"features": {}, "scores": {}, "ood_score": 0.0, "error": error.code}
    return about | {
        "features": features_of(findings),
        "scores": {name: finding.evidence.score for name, finding in findings.items()},
        "ood_score": explain.ood_score(findings),
        "error": None,
        "clears": any(finding.clears for finding in findings.values()),
    }
