"""One row a file: what it is, who made it, and what it must not be separated from."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Label = Literal["real", "fake"]
Modality = Literal["image", "speech", "video"]

DFDC_CROPS = "i-Shreyansh/DeepFake-Detection"
"""The source of the recipe that holds DFDC (Dolhansky et al. 2020) as face crops."""

FORGE = "forge:"
"""How generators of our own forge are named, before its methods."""


@dataclass(frozen=True, slots=True)
class Row:
    """A file of the training set.

    generator: what made it, empty for real. group: identity, speaker or original recording,
    unique across sources; files of one group never sit on both sides of a split. method: kind of
    forgery where it is known, such as lip-sync or tts. audio: of a clip's sound, whether it is
    real, fake, none or unknown (?).
    """

    path: Path
    modality: Modality
    label: Label
    generator: str
    group: str
    source: str
    notes: str = ""
    license: str = ""
    method: str = ""
    audio: str = ""

    @property
    def fake(self) -> bool:
        """Whether the label is fake."""
        return self.label == "fake"


FIELDS = (
    "file",
    "modality",
    "label",
    "generator",
    "group",
    "source_repo",
    "license",
    "notes",
    "method",
    "audio",
)
"""Columns of a manifest. A `group` with a bar in it is complete; others belong to their source."""


def read_manifest(folder: Path, modality: Modality | None = None) -> list[Row]:
    """Rows of manifest.csv, whether `write_manifest` or collect.py wrote it.

    A row without a group is a group of its own. Files may lie elsewhere: then their path is whole.

    Raises:
        SystemExit: The folder holds no manifest; it says what makes one.
    """
    if not (folder / "manifest.csv").is_file():
        raise SystemExit(
            f"{folder} has no manifest.csv. `build-data {folder} --out DATA` makes DATA, which has."
        )
    with (folder / "manifest.csv").open(newline="") as file:
        return [
            Row(
                path=folder / line["file"],
                modality=line["modality"],  # type: ignore[arg-type]
                label=line["label"],  # type: ignore[arg-type]
                generator=line["generator"],
                group=_whole_group(line),
                source=line["source_repo"],
                notes=line["notes"],
                license=line.get("license", ""),
                method=line.get("method") or "",
                audio=line.get("audio") or "",
            )
            for line in csv.DictReader(file)
            if modality in (None, line["modality"])
        ]


def write_manifest(folder: Path, rows: Iterable[Row]) -> None:
    """Write manifest.csv for `read_manifest`; one that is there is replaced as a whole."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / "manifest.part"
    with partial.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(FIELDS)
        for row in rows:
            inside = row.path.is_relative_to(folder)
            place = row.path.relative_to(folder) if inside else row.path.absolute()
            what = (row.modality, row.label, row.generator, row.group)
            table.writerow(
                (place, *what, row.source, row.license, row.notes, row.method, row.audio)
            )
    partial.replace(folder / "manifest.csv")


def _whole_group(line: dict[str, str]) -> str:
    group = line["group"] or line.get("git_blob") or line["file"]
    return group if "|" in group else f"{line['source_repo']}|{group}"
