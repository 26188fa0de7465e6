"""Signs that a file was edited or compressed again, as plain sentences.

They are context, never a verdict: honest files are re-encoded by every messenger, and metadata is
easily forged or stripped.
"""

from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from av.container import InputContainer
from av.stream import Stream

from assay.evidence import MediaInfo
from assay.media.io.boxes import Box, descend, payload
from assay.media.io.container import picture_stream, sound_stream
from assay.media.io.duration import declared_duration, own_duration
from assay.media.io.still_header import StillHeader

_CAMERA_RATES: Final = (
    *(5, 7.5, 8, 10, 12, 12.5, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240),
    *(24 / 1.001, 30 / 1.001, 60 / 1.001, 120 / 1.001),
)
_SOFTWARE_TAGS: Final = ("encoder", "software", "writing_application", "encoding_tool", "creator")
_GENERATOR_KEYWORDS: Final = {"parameters", "prompt", "workflow", "dream", "sd-metadata"}
_JPEG_LUMA: Final = np.array(  # ITU T.81 table K.1: what libjpeg scales
    [
        *(16, 11, 10, 16, 24, 40, 51, 61),
        *(12, 12, 14, 19, 26, 58, 60, 55),
        *(14, 13, 16, 24, 40, 57, 69, 56),
        *(14, 17, 22, 29, 51, 87, 80, 62),
        *(18, 22, 37, 56, 68, 109, 103, 77),
        *(24, 35, 55, 64, 81, 104, 113, 92),
        *(49, 64, 78, 87, 103, 121, 120, 101),
        *(72, 92, 95, 98, 112, 100, 103, 99),
    ]
)
_MISMATCH: Final = 0.5
"""Seconds by which picture and sound of one recording may differ in length."""


def stream_traces(
    info: MediaInfo, path: Path, demuxer: str, container: InputContainer, encoder: str | None
) -> list[str]:
    """Traces in a container's structure and tags.

    Args:
        info: From `probe`.
        path: The file.
        demuxer: As `sniff` names it.
        container: The file, opened.
        encoder: The encoder's own signature, where it left one.
    """
    found = _software(info.tags, encoder) + _lengths(container, info)
    if info.video is not None and info.video.fps is not None:
        found += _frame_rate(info.video.fps)
    if demuxer == "mov":
        with path.open("rb") as file:
            found += _edits(file)
    return found


def still_traces(header: StillHeader) -> list[str]:
    """Traces in a still's header."""
    found = []
    make = " ".join(header.exif[key] for key in ("make", "model") if key in header.exif)
    if make:
        found.append(f"The picture names the camera that took it: {make}.")
    if "software" in header.exif:
        found.append(f"The picture names the software that saved it: {header.exif['software']}.")
    if any(word.lower() in _GENERATOR_KEYWORDS for word in header.texts):
        found.append("The picture carries notes of the kind that image generators leave.")
    return found


def jpeg_quality(header: StillHeader) -> int | None:
    """Quality, 1..100, whose table in libjpeg is nearest to the file's; None without a table."""
    table = header.quantisation.get(0)
    if table is None:
        return None
    qualities = np.arange(1, 101)
    scales = np.where(qualities < 50, 5000 // qualities, 200 - 2 * qualities)
    tables = np.clip((scales[:, None] * _JPEG_LUMA + 50) // 100, 1, 255)
    return int(qualities[np.abs(tables - table).sum(axis=1).argmin()])


def _software(tags: dict[str, str], encoder: str | None) -> list[str]:
    found = []
    named = next((tags[key] for key in _SOFTWARE_TAGS if key in tags), "")
    if named.startswith("Lavf"):
        found.append(
            f"The container was written by FFmpeg ({named}), as most edited, downloaded and "
            "generated files are."
        )
    elif named:
        found.append(f"The container names the software that wrote it: {named}.")
    if encoder is not None and encoder.startswith("x26"):
        found.append(
            f"The picture was compressed by {encoder.split(',')[0]}, a software encoder; cameras "
            "and phones use their own."
        )
    return found


def _lengths(container: InputContainer, info: MediaInfo) -> list[str]:
    """What was examined is the picture, else the sound; only its own length can be held to it."""
    found: list[str] = []
    judged = (picture_stream(container) if info.video else None, sound_stream(container))
    streams: list[Stream] = [stream for stream in judged if stream is not None]
    if not streams:
        return found
    stated, *others = (own_duration(stream) for stream in streams)
    if not others and stated is None:
        # The container's length is that of its longest stream: it speaks for one that is alone.
        stated = declared_duration(container, streams[0])
    held = info.duration
    if stated is not None and held is not None and stated - held > max(_MISMATCH, 0.05 * stated):
        found.append(
            f"The header states {stated:.1f} s but the file holds {held:.1f} s: it was cut off."
        )
    elif stated is not None and others and others[0] is not None:
        difference = stated - others[0]
        if abs(difference) > _MISMATCH:
            longer, shorter = ("picture", "sound") if difference > 0 else ("sound", "picture")
            found.append(f"The {longer} lasts {abs(difference):.1f} s longer than the {shorter}.")
    return found


def _frame_rate(rate: float) -> list[str]:
    if min(abs(rate / usual - 1) for usual in _CAMERA_RATES) <= 0.003:
        return []
    return [f"The frame rate of {rate:.2f} a second is unusual for a camera."]


def _edits(file: BinaryIO) -> list[str]:
    """Edit lists and mixed sample descriptions (ISO/IEC 14496-12, 8.6.6 and 8.5.2)."""
    size = file.seek(0, 2)
    pieces, joined = 0, False
    for track in descend(file, 0, size, b"moov", b"trak"):
        for box in descend(file, track.start, track.end, b"edts", b"elst"):
            pieces = max(pieces, _pieces(payload(file, box)))
        for box in descend(file, track.start, track.end, b"mdia", b"minf", b"stbl", b"stsd"):
            joined |= int.from_bytes(payload(file, Box(box.kind, box.start, box.end), 8)[4:8]) > 1
    found = []
    if pieces > 1:
        found.append(f"An edit list plays the recording in {pieces} pieces.")
    if joined:
        found.append("Pieces that were compressed differently have been joined.")
    return found


def _pieces(data: bytes) -> int:
    """Entries of an edit list that play something: an empty one only delays the start."""
    width = 8 if data[:1] == b"\x01" else 4
    size = 2 * width + 4
    entries = [data[at : at + size] for at in range(8, len(data) - size + 1, size)]
    empty = b"\xff" * width
    return sum(entry[width : 2 * width] != empty for entry in entries)
