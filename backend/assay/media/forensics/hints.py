"""Compressed-domain hints: what packets and headers tell before anything is decoded in earnest.

Hints choose which moments are looked at and give context. They never decide a verdict.
"""

from collections import Counter
from itertools import islice
from typing import Final

import av
from av.container import InputContainer

from assay.errors import AssayError
from assay.evidence import Hints
from assay.media.forensics.bitstream import signature, slice_type
from assay.media.forensics.credentials import read_credentials
from assay.media.forensics.motion import read_motion
from assay.media.forensics.packet_table import PacketRow, read_packet_table
from assay.media.forensics.recompression import earlier_gop
from assay.media.forensics.shot_cuts import shot_cuts
from assay.media.forensics.silence import silences
from assay.media.forensics.traces import jpeg_quality, still_traces, stream_traces
from assay.media.io.container import only, open_container, packets, picture_stream, sound_stream
from assay.media.io.reader import MediaReader
from assay.media.io.still_header import StillHeader

MAX_POINTS: Final = 300
"""Points of the packet-size curve."""
PARSED: Final = 250
"""Packets at the beginning that are looked into: 10 s at 25 pictures a second."""


def read_hints(media: MediaReader) -> Hints:
    """Read the hints of an opened file; bounded in packets, whatever the file's length.

    A file that resists gives fewer hints, never an error: hints are not worth an analysis.
    """
    credentials = read_credentials(media.path, media.family)
    return _read(media).model_copy(update={"credentials": credentials})


def _read(media: MediaReader) -> Hints:
    try:
        return _still_hints(media.header) if media.header is not None else _stream_hints(media)
    except (AssayError, av.FFmpegError, ValueError, OverflowError):
        return Hints()


def _still_hints(header: StillHeader) -> Hints:
    quality = jpeg_quality(header)
    return Hints(
        encoder=None if quality is None else f"JPEG, quality about {quality}",
        traces=still_traces(header),
    )


def _stream_hints(media: MediaReader) -> Hints:
    with open_container(media.path, media.family, media.settings) as container:
        sound = sound_stream(container)
        quiet = silences(container, sound) if sound is not None else []
        stream = picture_stream(container) if media.info.kind == "video" else None
        if stream is None or stream.codec_context is None:
            traces = stream_traces(media.info, media.path, media.family, container, None)
            return Hints(encoder=media.info.tags.get("encoder"), silences=quiet, traces=traces)
        only(stream)
        beginning = _Beginning(container, stream)
        table = read_packet_table(container, stream, media.info.duration)
        earlier = beginning.earlier_gop()
        encoder = beginning.encoder or media.info.tags.get("encoder")
        traces = stream_traces(media.info, media.path, media.family, container, encoder)
        middle = (media.info.duration or 0.0) / 2
        start = min(table.keys, key=lambda key: abs(key - middle), default=0.0)
        motion, types = read_motion(container, stream, start, media.settings)
    if earlier is not None:
        traces.append(
            f"Packets grow about every {earlier} pictures off the file's own key frames: it was "
            "probably compressed before."
        )
    times, sizes = _curve(table.rows())
    return Hints(
        gop_seconds=table.gop_seconds(),
        picture_types=beginning.types or types,
        packet_times=times,
        packet_kilobytes=sizes,
        key_times=[max(0.0, round(key, 3)) for key in table.keys],
        shot_cuts=shot_cuts(table, sizes_tell=earlier is None),
        silences=quiet,
        motion=motion,
        encoder=encoder,
        traces=traces,
    )


class _Beginning:
    """The first packets, looked into: who encoded them, and H.264's picture types."""

    def __init__(self, container: InputContainer, stream: av.VideoStream) -> None:
        extradata = stream.codec_context.extradata
        is_h264 = stream.codec_context.name == "h264"
        self.encoder = signature(extradata or b"")
        rows: list[tuple[int, int, str]] = []
        for packet in islice(packets(container, stream), PARSED):
            if packet.size and self.encoder is None and not rows:
                self.encoder = signature(bytes(packet)[:65_536])
            kind = slice_type(memoryview(packet), extradata) if is_h264 and packet.size else None
            if kind is not None and packet.pts is not None:
                rows.append((packet.pts, packet.size, "I" if packet.is_keyframe else kind))
        self._rows = sorted(rows)
        self.types = dict(Counter(kind for _, _, kind in rows))

    def earlier_gop(self) -> int | None:
        """Key-frame distance of an earlier compression that shows through, in pictures."""
        return earlier_gop([size for _, size, _ in self._rows], [k for _, _, k in self._rows])


def _curve(rows: list[PacketRow]) -> tuple[list[float], list[float]]:
    """Times and kilobytes; of neighbours that share a point the largest, so key frames stay."""
    rows = sorted(rows, key=lambda row: row.time)
    share = max(1, -(-len(rows) // MAX_POINTS))
    peaks = [
        max(rows[at : at + share], key=lambda row: row.size) for at in range(0, len(rows), share)
    ]
    return [round(max(0.0, r.time), 3) for r in peaks], [round(r.size / 1000, 3) for r in peaks]
