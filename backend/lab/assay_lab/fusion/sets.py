"""Which held-out media are told from which: the sets that cards give numbers for."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from assay_lab.data.rows import DFDC_CROPS
from assay_lab.data.split import bucket
from assay_lab.fusion.examine import Examined


def _forged(line: Examined) -> bool:
    """By the names that `forge-clips` gives to both members of a pair."""
    return line.modality == "video" and bool(re.search(r"-\d+-(real|fake)$", line.id))


SETS: Final[Mapping[str, Callable[[Examined], bool]]] = {
    "face swaps (DFDC)": lambda line: line.source == DFDC_CROPS,
    "stills": lambda line: line.modality == "image" and line.source != DFDC_CROPS,
    "speech": lambda line: line.modality == "speech",
    "published clips": lambda line: line.modality == "video" and not _forged(line),
    "forged clips and their originals": _forged,
}
"""Name: whether a medium belongs to the set. What is in none is not evaluated."""


def set_of(line: Examined) -> list[str]:
    """The sets of a medium."""
    return [name for name, belongs in SETS.items() if belongs(line)]


def some_of_each(lines: Iterable[Examined], each: int) -> list[Examined]:
    """At most `each` of every label and source or generator's kind, always the same ones.

    Published clips come of dozens of generators: they are taken in turn, so that each is heard.
    """
    mixed = sorted(lines, key=lambda line: bucket(line.id, 2**32, salt="conditions"))
    turns: Counter[tuple[str, ...]] = Counter()
    ranked = []
    for place, line in enumerate(mixed):
        origin = (*set_of(line), line.label, line.generator or line.source)
        turns[origin] += 1
        ranked.append((turns[origin], place, line))
    taken: Counter[tuple[str, ...]] = Counter()
    chosen = []
    for _, _, line in sorted(ranked, key=lambda entry: entry[:2]):
        kind = (*set_of(line), line.label)
        if len(kind) > 1 and taken[kind] < each:
            taken[kind] += 1
            chosen.append(line)
    return chosen
