"""Which files are media, by the endings that data sets use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from assay_lab.data.rows import Modality

MODALITIES: Final[dict[str, Modality]] = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp", ".bmp"), "image"),
    **dict.fromkeys((".mp4", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".m4v"), "video"),
    **dict.fromkeys((".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a"), "speech"),
}
"""Modality by suffix, in small letters."""


def modality_of(path: Path) -> Modality | None:
    """What a file is by its ending; None if it is no medium."""
    return MODALITIES.get(path.suffix.lower())


def media_under(folder: Path) -> Iterator[tuple[Path, Modality]]:
    """Media files anywhere below a folder, hidden ones left out, in order of their path."""
    for path in sorted(folder.rglob("*")):
        modality = modality_of(path)
        if modality is not None and path.is_file() and not path.name.startswith("."):
            yield path, modality
