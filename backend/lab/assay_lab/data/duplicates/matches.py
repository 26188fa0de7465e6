"""Which files show or say the same, by their prints."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

import cv2
import numpy as np

from assay.types import Image, Indices
from assay_lab.data.duplicates.fingerprints import Print, frames
from assay_lab.data.duplicates.hashes import near_pairs
from assay_lab.data.rows import Modality, Row
from assay_lab.data.speech import same_recording

_SIDE: Final = 112
_UNCHANGED: Final = 12.0
"""Largest smoothed difference in grey levels of two copies of one picture."""
_SHARE: Final = 0.5
"""Share of the shorter clip's frames that must be found in the longer one."""
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Match:
    """Two rows, by place, that are alike.

    identical: nothing but compression, size or tone differs. A swap and its original are alike,
    two savings of one photograph are identical.
    """

    first: int
    second: int
    identical: bool


def find_matches(rows: Sequence[Row], prints: Sequence[Print]) -> list[Match]:
    """All pairs of alike rows of one modality, the first before the second."""
    return _FINDERS[rows[0].modality](rows, prints) if rows else []


def _pictures(rows: Sequence[Row], prints: Sequence[Print]) -> list[Match]:
    shown = [place for place, one in enumerate(prints) if len(one)]
    hashes = np.array([prints[place] for place in shown], np.uint64).reshape(-1, 4)
    return [
        Match(shown[one], shown[other], _same_picture(rows[shown[one]], rows[shown[other]]))
        for one, other in near_pairs(hashes).tolist()
    ]


def _clips(rows: Sequence[Row], prints: Sequence[Print]) -> list[Match]:
    owner = np.repeat(np.arange(len(rows)), [len(one) for one in prints])
    hashes = np.concatenate([*prints, np.zeros((0, 4), np.uint64)])
    met: Counter[tuple[int, int]] = Counter()
    # One frame that stands still meets many of another clip: only different frames count.
    for one, other in {(one, int(owner[other])) for one, other in _both_ways(near_pairs(hashes))}:
        if owner[one] != other:
            met[(int(owner[one]), other)] += 1
    found = []
    for (one, other), count in met.items():
        if one < other:
            fewest = min(len(prints[one]), len(prints[other]))
            if min(count, met[(other, one)]) >= max(_SHARE * fewest, min(2, fewest)):
                found.append(Match(one, other, _same_clip(rows[one], rows[other])))
    return sorted(found, key=lambda match: (match.first, match.second))


def _both_ways(pairs: Indices) -> list[tuple[int, int]]:
    return [tuple(pair) for pair in np.concatenate([pairs, pairs[:, ::-1]]).tolist()]


def _recordings(rows: Sequence[Row], prints: Sequence[Print]) -> list[Match]:
    heard = [place for place, one in enumerate(prints) if len(one)]
    if not heard:
        return []
    shapes = np.stack([prints[place][1:] for place in heard])
    found = []
    for start in range(0, len(heard), _AT_ONCE):
        likeness = shapes[start : start + _AT_ONCE] @ shapes.T
        for at, other in np.argwhere(likeness > 0.9).tolist():
            one = start + at
            if one < other and same_recording(prints[heard[one]], prints[heard[other]]):
                first, second = heard[one], heard[other]
                # What a vocoder copies is alike in all that this print knows, yet not the same.
                made_alike = _maker(rows[first]) == _maker(rows[second])
                found.append(Match(first, second, made_alike))
    return found


def _maker(row: Row) -> tuple[str, str]:
    return row.label, row.generator


_FINDERS: Final[dict[Modality, Callable[[Sequence[Row], Sequence[Print]], list[Match]]]] = {
    "image": _pictures,
    "video": _clips,
    "speech": _recordings,
}


def _same_picture(one: Row, other: Row) -> bool:
    return same_pixels(_picture(one.path), _picture(other.path))


def _same_clip(one: Row, other: Row) -> bool:
    some, others = _frames(one.path), _frames(other.path)
    return len(some) == len(others) and all(map(same_pixels, some, others))


def same_pixels(one: Image, other: Image) -> bool:
    """Whether two pictures (112, 112, 3) differ by nothing but compression, size and tone."""
    delta = one.astype(np.float32) - other
    delta -= delta.mean(axis=(0, 1))
    return bool(np.abs(cv2.GaussianBlur(delta, (0, 0), 2)).max() < _UNCHANGED)


@lru_cache(maxsize=64)
def _picture(path: Path) -> Image:
    return _small(cast(Image, cv2.imread(str(path), cv2.IMREAD_COLOR)))


@lru_cache(maxsize=64)
def _frames(path: Path) -> list[Image]:
    return [_small(frame) for frame in frames(path)]


def _small(picture: Image) -> Image:
    return cast(Image, cv2.resize(picture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA))
