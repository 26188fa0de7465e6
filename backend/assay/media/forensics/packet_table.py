"""Times, sizes and key frames of a picture stream's packets, from the index where there is one."""

from dataclasses import dataclass, field
from itertools import islice, pairwise
from statistics import median
from typing import Final

import av
from av.container import InputContainer

from assay.media.io.container import origin, packet_time, packets, seek

MAX_ENTRIES: Final = 3_000
"""Packets up to which a stream is read whole: two minutes at 25 pictures a second."""
WINDOWS: Final = 12
"""Places at which a longer stream is looked at; a multiple of the runs of the plan."""
MAX_KEYS: Final = 300
"""Key frames that are passed on, evenly picked from those known."""


@dataclass(frozen=True, slots=True)
class PacketRow:
    """A packet: time in seconds, size in bytes, whether decoding can begin here."""

    time: float
    size: int
    key: bool


@dataclass(slots=True)
class PacketTable:
    """Packets in stretches without a hole, in order of decoding; keys, ascending."""

    stretches: list[list[PacketRow]] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)

    def rows(self) -> list[PacketRow]:
        """All packets seen."""
        return [row for stretch in self.stretches for row in stretch]

    def gop_seconds(self) -> float | None:
        """Median distance of neighbouring key frames; None if no two are known."""
        distances = [
            later - earlier
            for stretch in self.stretches
            for earlier, later in pairwise(sorted(row.time for row in stretch if row.key))
        ]
        return median(distances) if distances else None


def read_packet_table(
    container: InputContainer, stream: av.VideoStream, duration: float | None
) -> PacketTable:
    """Look through a stream's packets without decoding; bounded whatever its length.

    MP4 and AVI carry an index of all packets. Other containers are read through from the start,
    up to `MAX_ENTRIES`, and if that does not reach the end, at `WINDOWS` places.
    """
    table = _from_index(container, stream) or _from_packets(container, stream, duration)
    keys = sorted(set(table.keys))
    step = max(1, -(-len(keys) // MAX_KEYS))
    table.keys = keys[::step]
    return table


def _from_index(container: InputContainer, stream: av.VideoStream) -> PacketTable | None:
    entries, base = stream.index_entries, stream.time_base
    number = len(entries)
    if base is None or number < 2 or number < stream.frames or not stream.frames:
        return None
    # The index counts in decoding time; the first picture says by how much that is early.
    first = entries[0].timestamp
    shift = float((stream.start_time or 0) * base) - origin(container, stream)

    def stretch(begin: int, end: int) -> list[PacketRow]:
        return [
            PacketRow(float((e.timestamp - first) * base) + shift, e.size, e.is_keyframe)
            for e in entries[begin:end]
        ]

    if number <= MAX_ENTRIES:
        whole = stretch(0, number)
        return PacketTable([whole], [row.time for row in whole if row.key])
    length = MAX_ENTRIES // WINDOWS
    starts = [i * (number - length) // (WINDOWS - 1) for i in range(WINDOWS)]
    last = entries[number - 1].timestamp
    found = (
        entries.search_timestamp(first + i * (last - first) // MAX_KEYS) for i in range(MAX_KEYS)
    )
    keys = [float((entries[at].timestamp - first) * base) + shift for at in found if at >= 0]
    return PacketTable([stretch(start, start + length) for start in starts], keys)


def _from_packets(
    container: InputContainer, stream: av.VideoStream, duration: float | None
) -> PacketTable:
    begin = origin(container, stream)
    length = MAX_ENTRIES // WINDOWS

    def stretch(start: float, limit: int) -> list[PacketRow]:
        rows: list[PacketRow] = []
        if not seek(container, start):
            return rows
        for packet in islice(packets(container, stream), limit):
            time = packet_time(packet)
            if packet.size and time is not None:
                rows.append(PacketRow(time - begin, packet.size, packet.is_keyframe))
        return rows

    whole = stretch(0.0, MAX_ENTRIES)
    if len(whole) < MAX_ENTRIES - 1 or not duration:
        return PacketTable([whole], [row.time for row in whole if row.key])
    places = [stretch(i * duration / WINDOWS, length) for i in range(WINDOWS)]
    return PacketTable(places, [row.time for place in places for row in place if row.key])
