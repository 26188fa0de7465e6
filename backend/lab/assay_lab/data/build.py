"""`build-data`: from tars, a recipe or people's own folders to one folder with one manifest.

    python -m assay_lab build-data shared/data/*.tar --out DATA
    python -m assay_lab build-data shared/data/recipe.csv.gz --mirror MIRROR --out DATA
    python -m assay_lab build-data ~/FaceForensics++ ~/my-collection --out DATA

Sources of all kinds may be named together. A second run adds what is missing and writes the
manifest anew. People's own files are linked, not copied, under names that are unique.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from assay_lab.data import recipe, tars
from assay_lab.data.layouts import read_layout
from assay_lab.data.rows import Row, read_manifest, write_manifest


def command(
    sources: Annotated[list[Path], typer.Argument(help="Tars, recipes (.csv, .csv.gz), folders")],
    out: Annotated[Path, typer.Option(help="Folder to build, outside the repository")],
    mirror: Annotated[Path | None, typer.Option(help="Copies of a recipe's repositories")] = None,
    limit: Annotated[
        int | None, typer.Option(help="Of a recipe's source, modality and label, at most")
    ] = None,
) -> None:
    """Build one folder of training data with one manifest."""
    rows: list[Row] = []
    for source in sources:
        try:
            rows += gather(source, out, mirror, limit)
        except (ValueError, OSError) as error:
            raise SystemExit(str(error)) from None
    write_manifest(out, rows)
    for line in summary(rows):
        typer.echo(line)


def gather(source: Path, out: Path, mirror: Path | None, limit: int | None = None) -> list[Row]:
    """Rows of one source, its files put into `out`.

    Raises:
        ValueError: It is nothing that can be read; the message says what could.
        OSError: A file is missing.
    """
    if source.suffix == ".tar":
        return list(tars.unpack(source, out))
    if source.name.endswith((".csv", ".csv.gz")):
        if mirror is None:
            raise ValueError(f"{source} is a recipe: say with --mirror where the copies are.")
        rows, missing = recipe.extract(source, mirror, out, limit)
        for sentence in missing:
            typer.echo(sentence, err=True)
        return rows
    if not source.is_dir():
        raise ValueError(f"{source} is neither a tar, nor a recipe, nor a folder.")
    if (source / "manifest.csv").is_file():
        return read_manifest(source)
    name, rows = read_layout(source)
    typer.echo(f"{source}: {name}, {len(rows)} files")
    return list(_link(rows, out))


def summary(rows: Iterable[Row]) -> Iterator[str]:
    """How many files of which class, source by source."""
    counts = Counter((row.modality, row.label, row.source) for row in rows)
    for (modality, label, source), count in sorted(counts.items()):
        yield f"{count:7} {modality:6} {label:4} {source}"


def _link(rows: Iterable[Row], out: Path) -> Iterator[Row]:
    """Trainers know a file by its name alone, and in people's folders names recur."""
    for row in rows:
        name = hashlib.sha256(os.fsencode(row.path.absolute())).hexdigest()[:16]
        place = out / row.modality / row.label / (name + row.path.suffix.lower())
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.is_symlink():
            place.symlink_to(row.path.absolute())
        yield replace(row, path=place)
