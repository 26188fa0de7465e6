"""Two folders, real/ and fake/: what people have who collected files themselves.

    real/FILE           real/SPEAKER/FILE
    fake/FILE           fake/GENERATOR/FILE         fake/GENERATOR/SPEAKER/FILE

The two may lie side by side at the top or inside train/, val/ and test/, whose name is kept in the
notes. Without a SPEAKER folder a file's group is its name without the ending, so that
fake/inswapper/anna_01.jpg stays with real/anna_01.jpg, which it was made from.
"""

from pathlib import Path

from assay_lab.data.media_files import media_under
from assay_lab.data.rows import Label, Modality, Row

NAME = "real_fake"
MARKS = "folders real and fake, at the top or inside train, val, test"

_LABELS: tuple[Label, ...] = ("real", "fake")


def fits(folder: Path) -> bool:
    """Whether at least one of the two folders is there."""
    return any(_pairs(folder))


def rows(folder: Path) -> list[Row]:
    """Rows of both folders, of every part."""
    return [
        _row(folder, path, modality, label, top)
        for top, label in _pairs(folder)
        for path, modality in media_under(top)
    ]


def _pairs(folder: Path) -> list[tuple[Path, Label]]:
    """Folders named real or fake, whatever their letters' case, at the top or one below."""
    parents = (folder, *sorted(place for place in folder.iterdir() if place.is_dir()))
    return [
        (child, label)
        for parent in parents
        for child in sorted(parent.iterdir())
        for label in _LABELS
        if child.is_dir() and child.name.lower() == label
    ]


def _row(folder: Path, path: Path, modality: Modality, label: Label, top: Path) -> Row:
    *folders, _ = path.relative_to(top).parts
    generator = ""
    if label == "fake":
        generator = folders.pop(0) if folders else "unknown"
    group = "/".join(folders) or path.stem
    part = top.parent.name if top.parent != folder else ""
    return Row(
        path=path,
        modality=modality,
        label=label,
        generator=generator,
        group=f"{folder.name}|{group}",
        source=folder.name,
        notes=f"given part {part}" if part else "",
    )
