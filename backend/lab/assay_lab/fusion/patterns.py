"""The patterns of modalities that have a head, and the media that each head learns from."""

from collections.abc import Sequence

import numpy as np

from assay.fusion import MODALITIES
from assay.types import Doubles
from assay_lab.data.rows import FORGE
from assay_lab.fusion.examine import Examined

HEADS: tuple[str, ...] = (
    "tiny+visual",
    "tiny+visual+audio",
    "tiny+visual+audio+temporal",
    "tiny+visual+audio+temporal+sync",
    "tiny",
    "audio",
    "tiny+audio",
    "tiny+audio+sync",
    "tiny+visual+temporal",
    "tiny+visual+audio+sync",
    "sync",
)
"""The four that each add a modality to the last, then what media and early exit leave over, and
what judges a modality for itself, see `assay.verdict`."""
OWN_MEDIA = {"audio": "speech", "tiny+visual": "image"}
"""Heads that one kind of media comes to, and no other should teach."""
HEARD_BY = {"shift": "sync", "foreign": "sync", "revoice": "audio"}
"""Our forgeries that leave every picture as it was, and the modality that can notice them."""
FEWEST = 40
"""Media of each class under which no head is fitted."""
FEWEST_UNITS = 5
"""Sources under which none is: each fold leaves some out."""


def columns_of(head: str) -> list[str]:
    """The features of a head, in the order of the twelve."""
    return [name for modality in head.split("+") for name in MODALITIES[modality]]


def usable(lines: Sequence[Examined], head: str) -> list[Examined]:
    """The media that have all modalities of a head.

    A head that only listens learns from speech, for the sound of a forged picture may be genuine;
    that of faces without time or sound learns from stills, for no other media come to it. No head
    learns forgeries that none of its branches can notice: all it could learn is their clips.
    """
    columns = columns_of(head)
    return [
        line
        for line in lines
        if line.error is None
        and all(line.features[name] is not None for name in columns)
        and line.modality == OWN_MEDIA.get(head, line.modality)
        and can_notice(head, line.generator)
    ]


def can_notice(head: str, generator: str) -> bool:
    """Whether a branch of a head looks where a generator leaves traces.

    Lips for themselves learn moved and foreign sound alone: a generator of talking heads makes
    lips that follow the voice, and whoever calls that out of sync is wrong.
    """
    modalities = head.split("+")
    methods = methods_of(generator)
    if head == "sync":
        return not generator or any(HEARD_BY.get(method) == "sync" for method in methods)
    return any(method not in HEARD_BY or HEARD_BY[method] in modalities for method in methods)


def methods_of(generator: str) -> list[str]:
    """Of our own forge; another generator is one method of a name of its own."""
    return generator.removeprefix(FORGE).split("+")


def values_of(lines: Sequence[Examined], columns: Sequence[str]) -> Doubles:
    """Features of media that have them, (n, columns)."""
    found = [[line.features[column] for column in columns] for line in lines]
    return np.array(found, np.float64)


def are_enough(lines: Sequence[Examined]) -> bool:
    """Whether a head can be fitted on media: of enough sources, and of each class.

    Corrupted copies do not count.
    """
    if len({line.unit for line in lines}) < FEWEST_UNITS:
        return False
    intact = [line for line in lines if not line.corrupted]
    fakes = sum(line.fake for line in intact)
    return min(fakes, len(intact) - fakes) >= FEWEST
