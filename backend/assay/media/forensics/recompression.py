"""An earlier compression shows through: where its key frames were, packets are larger again.

A picture that was a key frame before carries other coding noise than its neighbours, so the second
encoder predicts it badly and spends more bytes on it, at the regular distance of the first
encoder's key frames. The idea is that of the variation of prediction footprint (Vazquez-Padin et
al., "Detection of video double encoding with GOP size estimation", WIFS 2012), here on packet
sizes alone, so it costs no decoding.

Only P pictures are compared: sizes of B pictures follow the encoder's own pattern of references.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from assay.types import Doubles, Indices

SHORTEST: Final = 8
LONGEST: Final = 60
"""Distances looked for, in pictures."""
REPEATS: Final = 5
"""P pictures that must be seen at a distance."""
_NEIGHBOURS: Final = 11
_SIGMAS: Final = 6.0
"""Standard errors by which the regular packets must stand out."""
_EXCESS: Final = 0.5
"""Natural log of how much larger the packets must be: 0.5 is 65 %."""


def earlier_gop(sizes: Sequence[int], kinds: Sequence[str]) -> int | None:
    """The key-frame distance of an earlier compression, in pictures; None if nothing shows.

    Args:
        sizes: Bytes of the packets, in order of display.
        kinds: I, P or B for each.
    """
    kind = np.asarray(kinds, dtype="<U1")
    at = np.flatnonzero(kind == "P")
    if len(at) < max(_NEIGHBOURS, REPEATS):
        return None
    excess = _excess(np.asarray(sizes, dtype=np.float64)[at])
    spread = 1.4826 * float(np.median(np.abs(excess - np.median(excess))))
    own = set(np.diff(np.flatnonzero(kind == "I")).tolist())
    best, found = _SIGMAS * spread, None
    for distance in range(SHORTEST, LONGEST + 1):
        if any(distance % gap == 0 or gap % distance == 0 for gap in own):
            continue
        # Multiples of the true distance stand out as much, but on fewer pictures.
        strength = _strength(excess, at % distance)
        if strength > best:
            best, found = strength, distance
    return found


def _excess(sizes: Doubles) -> Doubles:
    """Log size over the running median."""
    logs = np.log(sizes + 20.0)
    padded = np.pad(logs, _NEIGHBOURS // 2, mode="reflect")
    around = np.median(np.lib.stride_tricks.sliding_window_view(padded, _NEIGHBOURS), axis=1)
    excess: Doubles = logs - around
    return excess


def _strength(excess: Doubles, phases: Indices) -> float:
    """Of the phase that stands out most: its median excess, times the root of how many it is."""
    numbers = np.bincount(phases)
    means = np.bincount(phases, excess) / np.maximum(numbers, 1)
    strongest = 0.0
    for phase in np.flatnonzero((numbers >= REPEATS) & (means > _EXCESS / 2)):
        typical = float(np.median(excess[phases == phase]))
        if typical > _EXCESS:
            strongest = max(strongest, typical * float(numbers[phase]) ** 0.5)
    return strongest
