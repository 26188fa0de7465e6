"""One row a file: what it is, who made it, and what it must not be separated from."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Label = Literal["real", "fake"]
Modality = Literal["image", "speech", "video"]


@dataclass(frozen=True, slots=True)
class Row:
    """A file of the training set.

    generator: what made it, empty for real. group: identity, speaker or original recording,
    unique across sources; files of one group never sit on both sides of a split.
    """

    path: Path
    modality: Modality
    label: Label
    generator: str
    group: str
    source: str
    notes: str = ""

    @property
    def fake(self) -> bool:
        """Whether the label is fake."""
        return self.label == "fake"


def read_manifest(folder: Path, modality: Modality | None = None) -> list[Row]:
    """Rows of a folder that `collect.py` wrote (manifest.csv beside the files).

    A row without a group is a group of its own.
    """
    with (folder / "manifest.csv").open(newline="") as file:
        return [
            Row(
                path=folder / line["file"],
                modality=line["modality"],  # type: ignore[arg-type]
                label=line["label"],  # type: ignore[arg-type]
                generator=line["generator"],
                group=f"{line['source_repo']}|{line['group'] or line['git_blob']}",
                source=line["source_repo"],
                notes=line["notes"],
            )
            for line in csv.DictReader(file)
            if modality in (None, line["modality"])
        ]
