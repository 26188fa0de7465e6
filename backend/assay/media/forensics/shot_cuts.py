"""Likely cuts between shots, from packet sizes and the distances of key frames."""

from statistics import median
from typing import Final

import numpy as np

from assay.media.forensics.packet_table import PacketRow, PacketTable

MAX_CUTS: Final = 50
_WINDOW: Final = 25
"""Packets around one that tell what is usual."""
_RATIO: Final = 5.0
_EARLY: Final = 0.9
"""Share of the usual distance below which a key frame comes before its time."""


def shot_cuts(table: PacketTable, *, sizes_tell: bool) -> list[float]:
    """Moments, seconds, at which the picture probably changes at once; `MAX_CUTS` at most.

    Args:
        table: The packets seen.
        sizes_tell: False where an earlier compression makes packets large at regular distances.
    """
    cuts: set[float] = set()
    for stretch in table.stretches:
        rows = sorted(stretch, key=lambda row: row.time)
        cuts.update(_early_keys(rows))
        if sizes_tell:
            cuts.update(_large_packets(rows))
    return [round(cut, 3) for cut in sorted(cuts)][:MAX_CUTS]


def _large_packets(rows: list[PacketRow]) -> list[float]:
    """Predicted pictures as large as a key frame: nothing in them could be predicted."""
    plain = [row for row in rows if not row.key]
    keys = [row.size for row in rows if row.key]
    if len(plain) < _WINDOW:
        return []
    sizes = np.array([row.size for row in plain], dtype=np.float64)
    padded = np.pad(sizes, _WINDOW // 2, mode="reflect")
    around = np.median(np.lib.stride_tricks.sliding_window_view(padded, _WINDOW), axis=1)
    large = sizes > np.maximum(_RATIO * around, 0.5 * median(keys) if keys else 0.0)
    return [row.time for row, is_large in zip(plain, large, strict=True) if is_large]


def _early_keys(rows: list[PacketRow]) -> list[float]:
    """Key frames off the regular grid: encoders insert one where the picture changes at once."""
    keys = [row.time for row in rows if row.key]
    distances = np.diff(keys)
    if len(distances) < 3:
        return []
    usual = float(distances.max())
    if np.mean(distances > _EARLY * usual) < 0.3:
        return []  # there is no grid to be off
    return [
        time
        for time, distance in zip(keys[1:], distances, strict=True)
        if distance < _EARLY * usual
    ]
