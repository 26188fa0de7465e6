"""FakeAVCeleb (Khalid et al. 2021): faces, voices, both or neither are forged.

    meta_data.csv   source,target1,target2,method,category,type,race,gender,path, and a last column
                    without a name: the folder, FakeAVCeleb/RealVideo-RealAudio/African/men/id00076
    RealVideo-RealAudio/African/men/id00076/00109.mp4
    FakeVideo-FakeAudio/African/men/id00076/00109_10_id00476_wavtolip.mp4

A clip with a forged voice or face is fake as a whole; the notes say which of the two it is, in the
words that the speech and mouth trainers ask for. The group is the person who is seen.
"""

import csv
from pathlib import Path

from assay_lab.data.rows import Row

NAME = "fakeavceleb"
MARKS = "meta_data.csv beside RealVideo-RealAudio, FakeVideo-RealAudio, ..."

_NOTES = {
    "RealVideo-RealAudio": "picture real; audio real",
    "RealVideo-FakeAudio": "picture real; audio fake",
    "FakeVideo-RealAudio": "picture fake; audio real",
    "FakeVideo-FakeAudio": "picture fake; audio fake",
}
_SOURCE, _METHOD, _TYPE, _FILE, _FOLDER = 0, 3, 5, 8, 9
"""Columns, by place: the last one has no name."""


def fits(folder: Path) -> bool:
    """Whether the table and one of the four classes are there."""
    return (folder / "meta_data.csv").is_file() and any((folder / c).is_dir() for c in _NOTES)


def rows(folder: Path) -> list[Row]:
    """Rows of the table whose files are there."""
    with (folder / "meta_data.csv").open(newline="") as file:
        lines = [line for line in csv.reader(file) if len(line) > _FOLDER]
    known = [line for line in lines if line[_TYPE] in _NOTES]
    found = [_row(folder, line) for line in known if line[_TYPE] in Path(line[_FOLDER]).parts]
    return [row for row in found if row.path.is_file()]


def _row(folder: Path, line: list[str]) -> Row:
    kind = line[_TYPE]
    # The folder begins with the data set's own name, whatever the user has called the folder.
    parts = Path(line[_FOLDER]).parts
    inside = Path(*parts[parts.index(kind) :])
    fake = kind != "RealVideo-RealAudio"
    return Row(
        path=folder / inside / line[_FILE],
        modality="video",
        label="fake" if fake else "real",
        generator=line[_METHOD] if fake else "",
        group=f"FakeAVCeleb|{line[_SOURCE]}",
        source="FakeAVCeleb",
        notes=_NOTES[kind],
    )
