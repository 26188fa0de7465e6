"""What people are told whose data are too few to train on, before anything is computed."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from assay_lab.data.rows import Row
from assay_lab.data.split import Split, split_of

PARTS: Final[tuple[Split, ...]] = ("train", "val", "test")


def need_both(fakes: Iterable[bool], whose: str) -> None:
    """Refuse material that lacks a class.

    Args:
        fakes: Whether each piece is fake.
        whose: As in "what is learned from".

    Raises:
        SystemExit: It does; the message says how many there are of each.
    """
    counts = Counter(map(bool, fakes))
    if not (counts[True] and counts[False]):
        raise SystemExit(
            f"too little: {whose} holds {counts[False]} real and {counts[True]} fake; it needs "
            "some of both. Add sources: whole ones are held out."
        )


def parts_in_words(rows: Iterable[Row]) -> str:
    """How the files and groups of a data folder fall into the three parts."""
    files: Counter[tuple[Split, str]] = Counter()
    groups: dict[Split, set[str]] = {part: set() for part in PARTS}
    for row in rows:
        part = split_of(row.group)
        files[part, row.label] += 1
        groups[part].add(row.group)
    return ", ".join(
        f"{part} {files[part, 'real']} real and {files[part, 'fake']} fake of "
        f"{len(groups[part])} groups"
        for part in PARTS
    )
