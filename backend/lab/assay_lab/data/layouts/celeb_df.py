"""Celeb-DF (Li et al. 2020), versions 1 and 2.

    Celeb-real/id3_0007.mp4             person 3
    YouTube-real/00123.mp4              others, one video each
    Celeb-synthesis/id3_id9_0007.mp4    id3_0007 with the face of person 9
    List_of_testing_videos.txt          the published test set, "1 YouTube-real/00170.mp4" a line

The group is the person who is seen. The face put in belongs to another person, who may be in
another group: swaps tie nearly all people together, so groups by both would be one group. The
published test set is kept in the notes.
"""

from pathlib import Path

from assay_lab.data.media_files import media_under
from assay_lab.data.rows import Label, Row

NAME = "celeb_df"
MARKS = "folders Celeb-real, YouTube-real, Celeb-synthesis"

_FOLDERS: dict[str, Label] = {
    "Celeb-real": "real",
    "YouTube-real": "real",
    "Celeb-synthesis": "fake",
}


def fits(folder: Path) -> bool:
    """Whether two of the three folders are there."""
    return sum((folder / name).is_dir() for name in _FOLDERS) >= 2


def rows(folder: Path) -> list[Row]:
    """Rows of the three folders."""
    tested = _published_test(folder)
    return [
        Row(
            path=path,
            modality="video",
            label=label,
            generator="celeb_df" if label == "fake" else "",
            group=f"Celeb-DF|{_group(name, path.stem)}",
            source="Celeb-DF",
            notes="given part test" if f"{name}/{path.name}" in tested else "",
        )
        for name, label in _FOLDERS.items()
        for path, modality in media_under(folder / name)
        if modality == "video"
    ]


def _published_test(folder: Path) -> set[str]:
    file = folder / "List_of_testing_videos.txt"
    lines = file.read_text().splitlines() if file.is_file() else []
    return {line.split(maxsplit=1)[1].strip() for line in lines if line.strip()}


def _group(folder: str, stem: str) -> str:
    return f"YouTube {stem}" if folder == "YouTube-real" else stem.split("_")[0]
