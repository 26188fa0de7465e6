"""What the photograph check learns from: faces of the bank as they are and treated, and drawn ones.

Fakes that pass for photographs count as photographs: they are what the branches are for.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import onnxruntime as ort
from numpy.random import Generator

from assay.types import Flags, Floats, Image
from assay_lab.photograph.drawn import MANNERS, TREATMENTS, in_a_manner
from assay_lab.visual.bank import FaceBank

PLAIN: Final = 12
TREATED: Final = 6
DRAWN_REAL: Final = 25
DRAWN_FAKE: Final = 3
"""Faces of one maker, at most: as they are, treated, and in a manner of `drawn.py`."""
BATCH: Final = 16


class Example(NamedTuple):
    """A face and what it is. source: nothing of it is in two folds. how: what was done to it."""

    face: Image
    is_photograph: bool
    source: str
    how: str


class Measured(NamedTuple):
    """All examples. statistics: (n, k), of `TextureStatistics`."""

    statistics: Floats
    is_photograph: Flags
    source: list[str]
    how: list[str]


def from_bank(bank: FaceBank, rng: Generator) -> Iterator[Example]:
    """A few faces of every source and generator."""
    makers: dict[tuple[str, bool, str], list[int]] = defaultdict(list)
    for number, face in enumerate(bank.faces):
        makers[face.source, face.fake, face.generator].append(number)
    for (source, fake, _), numbers in makers.items():
        shuffled = rng.permutation(numbers)
        origin = f"{source} {'fake' if fake else 'real'}"
        for number in shuffled[:PLAIN]:
            yield Example(bank.picture(number), True, origin, "as it is")
        for number in shuffled[-TREATED:]:
            how = str(rng.choice(list(TREATMENTS)))
            yield Example(in_a_manner(bank.picture(number), how, rng), True, origin, how)
        for number in shuffled[: DRAWN_FAKE if fake else DRAWN_REAL]:
            how = str(rng.choice(list(MANNERS)))
            yield Example(in_a_manner(bank.picture(number), how, rng), False, origin, how)


def measured(examples: Iterator[Example], session: ort.InferenceSession) -> Measured:
    """The statistics of all examples, a batch at a time; `session` is of `TextureStatistics`."""
    values, known, sources, hows = [], [], [], []
    batch: list[Image] = []

    def run() -> None:
        values.extend(session.run(None, {"faces": np.stack(batch)}))
        batch.clear()

    for example in examples:
        batch.append(example.face)
        known.append(example.is_photograph)
        sources.append(example.source)
        hows.append(example.how)
        if len(batch) == BATCH:
            run()
    if batch:
        run()
    return Measured(np.concatenate(values), np.array(known), sources, hows)


def shares(passed: Sequence[bool], keys: Sequence[str]) -> dict[str, list[float]]:
    """By key: how many there are, and which share passed."""
    total, yes = Counter(keys), Counter(k for k, each in zip(keys, passed, strict=True) if each)
    return {key: [total[key], round(yes[key] / total[key], 4)] for key in sorted(total)}
