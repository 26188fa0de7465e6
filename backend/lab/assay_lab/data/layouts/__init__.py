"""Data sets as people have them on disk: one reader a layout, found out by itself.

    real_fake           real/ and fake/ (or train/real, ...); fake/GENERATOR/ names the generator
    dfdc                metadata.json beside the videos, in one folder or in one a part
    faceforensics       original_sequences/ and manipulated_sequences/METHOD/COMPRESSION/videos
    celeb_df            Celeb-real/, YouTube-real/, Celeb-synthesis/, List_of_testing_videos.txt
    fakeavceleb         meta_data.csv beside RealVideo-RealAudio/ and the three other classes
    asvspoof2019        ASVspoof2019_LA_cm_protocols/ and ASVspoof2019_LA_{train,dev,eval}/flac

A layout is a module with `NAME`, `MARKS` (what it is known by, for people), `fits(folder)` and
`rows(folder)`. Every layout gives rows whose group keeps together what must not be split. To add
one: write the module, name it in LAYOUTS.
"""

from pathlib import Path
from typing import Final, Protocol

from assay_lab.data.layouts import (
    asvspoof2019,
    celeb_df,
    dfdc,
    faceforensics,
    fakeavceleb,
    real_fake,
)
from assay_lab.data.rows import Row


class Layout(Protocol):
    """A reader of one data set's folders."""

    NAME: str
    MARKS: str

    def fits(self, folder: Path) -> bool:
        """Whether the folder is laid out so."""
        ...

    def rows(self, folder: Path) -> list[Row]:
        """Its files that are there; those that its tables name but that are absent are left out."""
        ...


LAYOUTS: Final[tuple[Layout, ...]] = (
    # real_fake comes last: its two names are the ones that occur inside other data sets.
    dfdc,
    faceforensics,
    celeb_df,
    fakeavceleb,
    asvspoof2019,
    real_fake,
)


class UnknownLayoutError(ValueError):
    """No layout fits; the message says what was looked for."""


def read_layout(folder: Path) -> tuple[str, list[Row]]:
    """Find out how a folder is laid out and read it.

    Returns:
        The layout's name and its rows, in a fixed order.

    Raises:
        UnknownLayoutError: No layout fits, or the one that fits finds no file.
    """
    for layout in LAYOUTS:
        if layout.fits(folder):
            rows = layout.rows(folder)
            if not rows:
                raise UnknownLayoutError(
                    f"{folder} is laid out like {layout.NAME}, but none of its media are there."
                )
            return layout.NAME, sorted(rows, key=lambda row: row.path)
    known = "\n".join(f"  {layout.NAME:14} {layout.MARKS}" for layout in LAYOUTS)
    raise UnknownLayoutError(
        f"{folder} is laid out like no data set known here. Looked for:\n{known}\n"
        "The simplest way: put the files into two folders named real and fake."
    )
