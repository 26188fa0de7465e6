"""Who may learn from what: by group, the same on every machine and in every trainer."""

import hashlib
from typing import Literal

Part = Literal["train", "val", "test"]

TRAIN_PERCENT, VAL_PERCENT = 80, 10
UNSEEN_FOLDS = (1, 3)
"""Of six folds of generator families, those whose published clips no picture branch learns from."""


def bucket(group: str, buckets: int, salt: str = "assay") -> int:
    """A stable number in 0..buckets-1 for a group, uniform over groups."""
    digest = hashlib.sha256(f"{salt}|{group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % buckets


def part(group: str) -> Part:
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
