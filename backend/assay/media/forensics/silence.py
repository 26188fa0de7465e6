"""Where nothing can be heard, from the sizes of sound packets: silence compresses to nothing."""

from itertools import groupby
from typing import Final

import av
from av.container import InputContainer

from assay.media.io.container import origin

PLACES: Final = 300
"""Places of the sound that are looked at."""
SHORTEST: Final = 1.0
"""Seconds below which a silence is a pause between words."""
_PACKETS: Final = 4
"""Packets of each place: an encoder's bit reservoir evens out single ones."""
_LOUD: Final = 0.8
"""Quantile of sizes taken to hold sound; it may be silent for most of the time."""
_QUIET: Final = 0.2
"""Share of that size below which packets are taken to hold none."""


def silences(container: InputContainer, stream: av.AudioStream) -> list[tuple[float, float]]:
    """Silent stretches, (start, end) in seconds, of sound whose packets the container indexes.

    MP4 and AVI do; for other containers, and for sound that is stored at a constant size, the
    answer is empty, which says nothing.
    """
    entries, base = stream.index_entries, stream.time_base
    number = len(entries)
    if base is None or number < _PACKETS or number < stream.frames or not stream.frames:
        return []
    step = max(_PACKETS, number // PLACES)
    places = []
    for at in range(0, number, step):
        some = entries[at : at + _PACKETS]
        time = float(some[0].timestamp * base) - origin(container, stream)
        places.append((max(0.0, time), sum(entry.size for entry in some) / len(some)))
    sizes = sorted(size for _, size in places)
    limit = _QUIET * sizes[int(_LOUD * (len(sizes) - 1))]
    end = float(entries[number - 1].timestamp * base) - origin(container, stream)
    times = [time for time, _ in places] + [max(0.0, end)]
    found = []
    for quiet, group in groupby(range(len(places)), key=lambda i: places[i][1] < limit):
        indices = list(group)
        start, stop = times[indices[0]], times[indices[-1] + 1]
        if quiet and stop - start >= SHORTEST:
            found.append((round(start, 3), round(stop, 3)))
    return found
