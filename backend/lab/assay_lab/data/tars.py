"""The small sets: a tar of files and, beside it, a CSV of the same name that describes them."""

import csv
import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path

from assay_lab.data.rows import Row


def unpack(tar: Path, out: Path) -> Iterator[Row]:
    """Unpack a tar, unless it is unpacked already, and describe its files.

    Args:
        tar: NAME.tar, with NAME.csv beside it.
        out: Where the files go, under the names that they have in the tar.

    Raises:
        FileNotFoundError: The tar or its CSV is missing.
    """
    with tar.with_suffix(".csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    with tarfile.open(tar) as archive:
        for member in archive.getmembers():
            place = out / member.name
            if not (place.is_file() and place.stat().st_size == member.size):
                archive.extract(member, out, filter="data")
    return (_row(out / line["file"], line) for line in lines)


def _row(path: Path, line: dict[str, str]) -> Row:
    source, _, name = line["group"].rpartition("|")
    return Row(
        path=path,
        modality=line["modality"],  # type: ignore[arg-type]
        label=line["label"],  # type: ignore[arg-type]
        generator=line["generator"],
        group=f"{source or line['source_repo']}|{name or git_blob(path.read_bytes())}",
        source=line["source_repo"],
        notes=_notes(line),
        license=line["license"],
    )


def git_blob(content: bytes) -> str:
    """Git's id of a content: the group of a file without one, here as in the recipe."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _notes(line: dict[str, str]) -> str:
    """In the recipe's words, which trainers look for."""
    if line["modality"] == "image":
        return line["notes"]
    if line["modality"] == "speech":
        return line["kind"]
    # The recipe says "yes" of a voice recorded with the picture, "real" of one put to it.
    own = "audio yes" if line["audio"] == "real" and line["label"] == "real" else ""
    sound = own or {"none": "no audio"}.get(line["audio"], f"audio {line['audio']}")
    return "; ".join(part for part in (line["method"] or "talking", sound, line["notes"]) if part)
