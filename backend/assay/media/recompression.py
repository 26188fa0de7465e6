"""An earlier compression shows through: where its key frames were, packets are larger again.

A picture that was a key frame before carries other coding noise than its neighbours, so the second
encoder predicts it badly and spends more bytes on it, at the regular distance of the first
encoder's key frames. The idea is that of the variation of prediction footprint (Vazquez-Padin et
al., "Detection of video double encoding with GOP size estimation", WIFS 2012), here on packet
sizes alone, so it costs no decoding.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHORTEST: Final = 6
LONGEST: Final = 60
"""Distances looked for, in pictures."""
REPEATS: Final = 5
"""How often a distance must fit into the pictures seen."""
_NEIGHBOURS: Final = 11
_SIGMAS: Final = 6.0
"""Standard errors by which the regular packets must stand out."""
_EXCESS: Final = 0.5
"""Natural log of how much larger the packets must be: 0.5 is 65 %."""


def earlier_gop(sizes: Sequence[int], kinds: Sequence[str]) -> int | None:
    """The key-frame distance of an earlier compression, in pictures; None if nothing shows.

    Args:
        sizes: Bytes of the packets, in order of display.
        kinds: I, P or B for each; sizes are compared within a kind.
    """
    excess = _excess(np.asarray(sizes, dtype=np.float64), np.asarray(kinds))
    spread = 1.4826 * float(np.median(np.abs(excess - np.median(excess)))) if len(excess) else 0.0
    own = set(np.diff(np.flatnonzero(np.asarray(kinds) == "I")).tolist())
    best, found = _SIGMAS * spread, None
    for distance in range(SHORTEST, min(LONGEST, len(excess) // REPEATS) + 1):
        if any(distance % gap == 0 or gap % distance == 0 for gap in own):
            continue
        rows = len(excess) // distance
        peak = float(np.median(excess[: rows * distance].reshape(rows, distance), axis=0).max())
        # Multiples of the true distance stand out as much, but on fewer pictures.
        if peak > _EXCESS and peak * rows**0.5 > best:
            best, found = peak * rows**0.5, distance
    return found


def _excess(sizes: NDArray[np.float64], kinds: NDArray[np.str_]) -> NDArray[np.float64]:
    """Log size over the running median of packets of the same kind; 0 for key frames."""
    excess = np.zeros(len(sizes))
    for kind in ("P", "B"):
        at = np.flatnonzero(kinds == kind)
        if len(at) < _NEIGHBOURS:
            continue
        logs = np.log(sizes[at] + 20.0)
        padded = np.pad(logs, _NEIGHBOURS // 2, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, _NEIGHBOURS)
        excess[at] = logs - np.median(windows, axis=1)
    return excess
