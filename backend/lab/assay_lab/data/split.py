"""Who may learn from what, the same on every machine and in every trainer.

`part` splits by group, within sources; `cross_fold` holds out whole repositories, and is what
every number about unseen sources, every calibration and every threshold stands on.
"""

import csv
import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

Split = Literal["train", "val", "test"]

TRAIN_PERCENT, VAL_PERCENT = 80, 10
UNSEEN_FOLDS = (1, 3)
"""Of six folds of generator families, those whose published clips no picture branch learns from."""


def bucket(group: str, buckets: int, salt: str = "assay") -> int:
    """A stable number in 0..buckets-1 for a group, uniform over groups."""
    digest = hashlib.sha256(f"{salt}|{group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % buckets


def split_of(group: str) -> Split:
    """The part a group belongs to: 80 % train, 10 % val (for choices), 10 % test (for cards)."""
    number = bucket(group, 100)
    if number < TRAIN_PERCENT:
        return "train"
    return "val" if number < TRAIN_PERCENT + VAL_PERCENT else "test"


def known_generator(source: str, generator: str) -> bool:
    """Whether the picture branches may learn from published fake clips of a generator.

    Two thirds of the families, by hash; the others stay unseen by every branch, so that fusion and
    evaluation meet generators that are new to them. A family is a publication: its site, or
    SadTalker, whose offspring several sites show.
    """
    family = "SadTalker" if "SadTalker" in source + generator else source
    return fold(family, 6) not in UNSEEN_FOLDS


def fold(key: str, folds: int) -> int:
    """The fold of a group or a generator for cross-fitting, independent of `part`."""
    return bucket(key, folds, salt="fold")


CrossFold = Literal[0, 1, 2, "test"]
"""Thirds of the repositories for cross-fitting, and a part that no choice has touched."""

CROSS_FOLDS: tuple[Literal[0, 1, 2], ...] = (0, 1, 2)
TEST_PERCENT = 15


@cache
def _assigned() -> dict[str, str]:
    """Fold by source, from folds.csv: by hand, so that generators stay together across sites."""
    return {line["source"]: line["fold"] for line in _table()}


def _table() -> list[dict[str, str]]:
    with resources.files("assay_lab.data").joinpath("folds.csv").open() as file:
        return list(csv.DictReader(file))


@cache
def first_recipe() -> frozenset[str]:
    """Sources of the first recipe: networks that were released before the second know them."""
    return frozenset(line["source"] for line in _table() if line["first_recipe"] == "yes")


def cross_fold(source: str, group: str) -> CrossFold:
    """On which side a file falls when whole repositories are held out.

    Whoever judges a file of fold k has learned from neither class of any source of fold k: its
    cameras, sites, speakers and generators are new to it. Sources that nobody has assigned go by
    the hash of their name; a source that is one whole collection (DFDC) goes by its groups.
    """
    assigned = _assigned().get(source)
    if assigned in ("0", "1", "2"):
        return CROSS_FOLDS[int(assigned)]
    if assigned == "test":
        return "test"
    number = bucket(group if assigned == "by group" else source, 100, salt="cross")
    return "test" if number < TEST_PERCENT else CROSS_FOLDS[number % len(CROSS_FOLDS)]


def runs_by_fold(runs: Path, trainer: str) -> dict[str, Path]:
    """The run folders that there are, by the fold that each held out: RUNS-0, -1 and -2.

    Raises:
        SystemExit: There is none; it says which trainer makes them.
    """
    folds = {str(fold): run for fold in CROSS_FOLDS if (run := Path(f"{runs}-{fold}")).exists()}
    if not folds:
        raise SystemExit(f"no run found: {trainer} --hold-out 0 --run {runs}-0 comes first")
    return folds
