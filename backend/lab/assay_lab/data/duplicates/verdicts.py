"""What follows from matches: which files are left out, and which groups become one.

- Alike files belong to one group, whatever their labels: a swap and its original, a vocoder's
  copies of one sentence, two clips of one broadcast. A split by group then parts none of them.
- Of identical files with one label and one generator, the largest is kept.
- A fake that is identical to a real file of its own group shows nothing of the forgery: it is left
  out. Identical files of both labels in different groups contradict each other: all are left out.
- Labels are never changed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assay_lab.data.duplicates.matches import Match
from assay_lab.data.rows import Row
from assay_lab.data.split import split_of

COPY, TRACELESS, CONTRADICTION = "copy", "traceless", "contradiction"
"""Why a row is left out."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """left_out: reason and the row it is like, by place. groups: of all rows, by place."""

    left_out: dict[int, tuple[str, int]]
    groups: list[str]

    def apply(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that stay, in their new groups."""
        return [
            replace(row, group=self.groups[place])
            for place, row in enumerate(rows)
            if place not in self.left_out
        ]


class Sets:
    """Disjoint sets of whatever can be a key (union-find with path halving)."""

    def __init__(self) -> None:
        self._parent: dict[object, object] = {}

    def find(self, one: object) -> object:
        """The one that stands for its set."""
        while (above := self._parent.setdefault(one, one)) != one:
            self._parent[one] = one = self._parent[above]
        return one

    def join(self, one: object, other: object) -> None:
        """Make two sets one."""
        self._parent[self.find(one)] = self.find(other)


def judge(rows: Sequence[Row], matches: Iterable[Match]) -> Verdicts:
    """Decide on rows of all modalities.

    Args:
        rows: All of them.
        matches: Places are in `rows`.
    """
    matches = list(matches)
    groups, copies = Sets(), Sets()
    left_out: dict[int, tuple[str, int]] = {}
    for match in matches:
        one, other = rows[match.first], rows[match.second]
        groups.join(one.group, other.group)
        if not match.identical:
            continue
        if one.label == other.label:
            if one.generator == other.generator:
                copies.join(match.first, match.second)
        elif one.group == other.group:
            fake, real = sorted((match.first, match.second), key=lambda p: not rows[p].fake)
            left_out[fake] = (TRACELESS, real)
        else:
            left_out[match.first] = (CONTRADICTION, match.second)
            left_out[match.second] = (CONTRADICTION, match.first)
    _leave_out_copies(rows, matches, copies, left_out)
    return Verdicts(left_out, _named(rows, groups))


def _leave_out_copies(
    rows: Sequence[Row], matches: list[Match], copies: Sets, left_out: dict[int, tuple[str, int]]
) -> None:
    """Keep the largest file of each set: the one that has lost least."""
    touched = {place for m in matches if m.identical for place in (m.first, m.second)}
    kept: dict[object, int] = {}
    order = sorted(touched, key=lambda p: (-rows[p].path.stat().st_size, rows[p].path))
    for place in order:
        if place in left_out:
            continue
        first = kept.setdefault(copies.find(place), place)
        if first != place:
            left_out[place] = (COPY, first)


def _named(rows: Sequence[Row], sets: Sets) -> list[str]:
    """New groups by place; a joined group takes the name of one of its own.

    A name decides the part. Of several, one of the training part is taken, so that no file that
    something has learnt from moves into a test.
    """
    sizes = Counter(row.group for row in rows)
    rank = {"train": 0, "val": 1, "test": 2}
    name: dict[object, str] = {}
    for group in sorted(sizes, key=lambda g: (rank[split_of(g)], -sizes[g], g)):
        name.setdefault(sets.find(group), group)
    return [name[sets.find(row.group)] for row in rows]
