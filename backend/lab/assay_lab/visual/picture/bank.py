"""A bank of patches of whole pictures: what the picture network learns from.

Laid out as the bank of faces (`assay_lab.visual.bank`), so that the same trainer reads it. Only
media on which the service finds a face are in it: no others come to the network.
"""

from pathlib import Path
from typing import Annotated

import typer

from assay.errors import AssayError
from assay.media.forensics.hints import read_hints
from assay.media.io.reader import open_media
from assay.media.patches import Patches
from assay.media.sampling import plan
from assay.settings import Settings
from assay.types import Image
from assay_lab.data.faces import FaceCache
from assay_lab.data.rows import DFDC_CROPS, Row, read_manifest
from assay_lab.visual.bank import BankFace, fill, line_of


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    faces: Annotated[Path, typer.Option(help="Cache of extract-faces")],
    out: Annotated[Path, typer.Option(help="Bank folder; a second run continues the first")],
    limit: Annotated[int, typer.Option(help="Files of a source and generator, at most")] = 150,
) -> None:
    """Cut patches out of the pictures of all sources into one memory map."""
    cache = FaceCache(faces)

    def key(row: Row) -> tuple[str, ...] | None:
        found = cache.of(row)
        if row.source == DFDC_CROPS or found is None or not found.faces:
            return None
        return row.source, row.label, row.generator

    fill(out, read_manifest(data), limit, key, _patches)


def _patches(row: Row) -> list[tuple[BankFace, Image]]:
    """As serving cuts them; none of a file that it cannot read."""
    try:
        with open_media(row.path, Settings()) as media:
            patches = Patches(media.info)
            for _ in patches.watch(media.frames(plan(media.info, read_hints(media)))):
                pass
    except AssayError:
        return []
    return [(line_of(row), picture) for picture in patches.kept]
