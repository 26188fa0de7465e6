"""DFDC (Dolhansky et al. 2020), the layout of its archives: metadata.json beside the videos.

    metadata.json       {"aaa.mp4": {"label": "FAKE", "split": "train", "original": "bbb.mp4"}, ...}
    dfdc_train_part_07/ one such folder a part, if all were unpacked into one place

The group is the original video, not the person: people recur across videos, and nobody published
who is who. What method made a fake was not published either.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay_lab.data.rows import DFDC_CROPS as CROPS
from assay_lab.data.rows import Row

NAME = "dfdc"
MARKS = "metadata.json with labels FAKE and REAL, here or in the folders below"

GENERATOR = "dfdc_mixed"


def fits(folder: Path) -> bool:
    """Whether there is a metadata.json that speaks of REAL and FAKE."""
    return any(_tables(folder))


def rows(folder: Path) -> list[Row]:
    """Rows of all parts."""
    return [
        _row(place / name, entry)
        for place, table in _tables(folder)
        for name, entry in table.items()
        if (place / name).is_file()
    ]


def _tables(folder: Path) -> Iterator[tuple[Path, dict[str, dict[str, str]]]]:
    for file in (folder / "metadata.json", *sorted(folder.glob("*/metadata.json"))):
        if not file.is_file():
            continue
        try:
            table = json.loads(file.read_text())
        except ValueError:
            continue
        if isinstance(table, dict) and any(map(_is_entry, table.values())):
            yield file.parent, {name: entry for name, entry in table.items() if _is_entry(entry)}


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("label") in ("REAL", "FAKE")


def _row(path: Path, entry: dict[str, str]) -> Row:
    fake = entry["label"] == "FAKE"
    original = entry.get("original") or path.name
    return Row(
        path=path,
        modality="video",
        label="fake" if fake else "real",
        generator=GENERATOR if fake else "",
        # As in the recipe, which holds crops of DFDC: one original is on one side of every split.
        group=f"{CROPS}|dfdc_original={Path(original).stem}",
        source="DFDC",
        notes=f"given part {entry['split']}" if entry.get("split") else "",
    )
