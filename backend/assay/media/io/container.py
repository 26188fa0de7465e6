"""Opening media with FFmpeg's libraries, safely; every reader of streams goes through here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Disposition, Stream

from assay.errors import AssayError
from assay.settings import Settings

TIMEOUT_S: Final = 20.0
"""Longest wait for one call into a demuxer."""
MAX_DAMAGE: Final = 500
"""Damaged places after which the rest of a stream is given up."""
MAX_VIDEO_PIXELS: Final = 7680 * 4320
"""Decoders hold up to twenty pictures, so videos are held to 8K whatever stills may have."""
SINGLE_THREAD_PIXELS: Final = 4096 * 2304
"""Above this each decoder thread would hold tens of megabytes more."""
SOUND_RATES: Final = range(2_000, 768_001)
"""Samples per second, from below any telephone's to the finest studio's. Conversion of anything
else to 16 kHz takes gigabytes: at 1 Hz a packet of sound would last for hours."""
UNINDEXED: Final = frozenset({"mpegts", "mpeg"})
"""Formats without an index; what FFmpeg notes as one while it searches calls any packet a key."""

UNTIMED: Final = frozenset({"h264", "hevc", "mpegvideo", "m4v", "vc1"})
"""Video without a container: no times, so pictures are counted, and no way but from the start."""

_BLIND_SEEK: Final = 3.0
"""Seconds; broadcasts send key frames every second or two."""
_MAX_DELAY: Final = 60.0
"""Seconds by which picture or sound may begin after the other."""
_COVER: Final = Disposition.attached_pic | Disposition.timed_thumbnails
_FEW_PICTURES: Final = 2
"""A track of no more than these is no film."""
_SIDE_SOUND: Final = (
    Disposition.comment
    | Disposition.hearing_impaired
    | Disposition.visual_impaired
    | Disposition.descriptions
    | Disposition.karaoke
)


@dataclass(slots=True)
class Losses:
    """What could not be read. Shared by the readers of one file."""

    packets: int = 0
    notes: set[str] = field(default_factory=set)

    def sentences(self) -> list[str]:
        """Warnings for a person."""
        pieces = "1 damaged piece" if self.packets == 1 else f"{self.packets} damaged pieces"
        damage = [f"Skipped {pieces} of the file."] if self.packets else []
        return damage + sorted(self.notes)


def open_container(path: Path, demuxer: str, settings: Settings) -> InputContainer:
    """Open a local file with one demuxer and no other protocol than reading that file.

    Args:
        path: A local file; whatever its name looks like, it is never taken for a URL or pattern.
        demuxer: FFmpeg's name of it, from `sniff`.
        settings: Limit of picture size.

    Raises:
        AssayError: `unreadable`.
    """
    try:
        return av.open(
            f"file:{path.absolute()}",
            mode="r",
            format=demuxer,
            # While opening, streams are described by their headers alone; nothing is decoded.
            options={"skip_frame": "all", "max_pixels": str(max_pixels(settings))},
            container_options={"protocol_whitelist": "file", "max_streams": "100"},
            metadata_errors="replace",
            timeout=TIMEOUT_S,
        )
    except (av.FFmpegError, OSError, ValueError, RuntimeError) as error:
        raise AssayError(
            "unreadable",
            "The file is damaged or incomplete; please upload the original or export it again.",
        ) from error


def max_pixels(settings: Settings) -> int:
    """Largest picture of a video that is decoded."""
    return min(settings.max_picture_pixels, MAX_VIDEO_PIXELS)


def picture_stream(container: InputContainer) -> av.VideoStream | None:
    """The stream that a player would show: a film before a picture, the default one, the largest.

    Covers and thumbnails are none. Phones and editors also keep a track of one or two pictures,
    the best of the film or its poster, which would win by its size.
    """
    return max(picture_streams(container), key=_prominence, default=None)


def picture_streams(container: InputContainer) -> list[av.VideoStream]:
    """All streams of pictures but covers."""
    return [stream for stream in container.streams.video if not stream.disposition & _COVER]


def _prominence(stream: av.VideoStream) -> tuple[bool, bool, bool, int]:
    if stream.codec_context is None:
        return False, False, False, 0
    area = stream.codec_context.width * stream.codec_context.height
    is_film = not 0 < stream.frames <= _FEW_PICTURES
    return True, is_film, bool(stream.disposition & Disposition.default), area


def unexamined_tracks(container: InputContainer, kind: str) -> list[str]:
    """Sentences about what a file holds beside what is examined of a "video" or an "audio"."""
    notes, pictures = [], picture_streams(container)
    if kind == "video" and len(pictures) > 1:
        notes.append(
            f"The file has {len(pictures)} picture tracks; only the main one was examined."
        )
    if kind == "audio" and any(s.disposition & _COVER for s in container.streams.video):
        notes.append("The file has a cover picture; only the sound was examined.")
    sounds = len(sound_streams(container))
    if sounds > 1:
        notes.append(f"The file has {sounds} sound tracks; only the main one was examined.")
    return notes


def pixel_aspect(stream: av.VideoStream) -> float:
    """Width of a stored pixel over its height as container or codec have it, 0 if unknown."""
    return float(stream.sample_aspect_ratio or 0)


def sound_stream(container: InputContainer) -> av.AudioStream | None:
    """The sound that a player would play, among those that can be decoded.

    The default one, else the longest; comments and descriptions for the blind or deaf only where
    there is nothing else.
    """
    return max(sound_streams(container), key=_audibility, default=None)


def sound_streams(container: InputContainer) -> list[av.AudioStream]:
    """All streams of sound that can be decoded."""
    return [
        stream
        for stream in container.streams.audio
        if stream.codec_context is not None and stream.codec_context.sample_rate in SOUND_RATES
    ]


def _audibility(stream: av.AudioStream) -> tuple[bool, bool, float]:
    base = stream.time_base
    length = float(stream.duration * base) if stream.duration and base else 0.0
    is_main = not stream.disposition & _SIDE_SOUND
    return is_main, bool(stream.disposition & Disposition.default), length


def only(stream: Stream) -> None:
    """Let the demuxer pass over all other streams of the container."""
    for other in stream.container.streams:
        if other.index != stream.index:
            other.discard = Discard.all


def configure(stream: av.VideoStream, settings: Settings, threads: int = 1) -> None:
    """Limit a picture decoder before it is opened: pixels, threads."""
    context = stream.codec_context
    context.options = {"max_pixels": str(max_pixels(settings))}
    large = context.width * context.height > SINGLE_THREAD_PIXELS
    context.thread_count = 1 if large else max(1, min(settings.threads, threads))
    context.thread_type = "AUTO"


def origin(container: InputContainer, stream: Stream) -> float:
    """Time stamp at which the media begins, seconds; all times we give are relative to it.

    Picture and sound share it, unless one of them begins absurdly late.
    """
    starts = [] if container.start_time is None else [container.start_time / av.time_base]
    picture = picture_stream(container)
    if container.format.name.startswith("matroska") and picture is not None:
        begin = beginning(picture)
        starts += [] if begin is None else [begin]
    start, own = min(starts, default=0.0), beginning(stream)
    return own if own is not None and own - start > _MAX_DELAY else start


def beginning(stream: Stream) -> float | None:
    """Time stamp at which a stream begins, seconds; None if unknown.

    FFmpeg would have to decode H.264 in Matroska to learn its delay, and until then it knows no
    beginning or takes the sound's. There the index starts with the first picture.
    """
    stamp = stream.start_time
    if isinstance(stream, av.VideoStream) and stream.container.format.name.startswith("matroska"):
        stamp = stream.index_entries[0].timestamp if len(stream.index_entries) else stamp
    return None if stamp is None or not stream.time_base else float(stamp * stream.time_base)


def seek(container: InputContainer, moment: float) -> bool:
    """Jump to the last key frame at or before a moment, as far as the container knows it.

    What demuxers accept differs: the picture's index is tried first, then the sound's, then the
    container's own clock, and for the beginning the first byte.

    Args:
        moment: Seconds from the beginning of the media.

    Returns:
        Whether it worked; the position is undefined if not.
    """
    blind = container.format.name in UNINDEXED
    # Without an index start early, so that a key frame passes by before the moment.
    early = _BLIND_SEEK if blind else 0.0
    if blind and moment <= early:
        return _jumps(container, 0, unsupported_byte_offset=True)
    for guide in _guides(container, blind):
        if guide.time_base:
            target = origin(container, guide) + moment - early
            if _jumps(container, int(target / guide.time_base), stream=guide):
                return True
    start = (container.start_time or 0) / av.time_base
    if _jumps(container, int((start + moment - early) * av.time_base)):
        return True
    return moment <= early and _jumps(container, 0, unsupported_byte_offset=True)


def _guides(container: InputContainer, blind: bool) -> list[Stream]:
    """Streams by which to search, the best first.

    The picture leads, for it is what containers index; the sound beside it comes along. A search
    without an index passes over streams that nobody wants, so there it must be a wanted one.
    """
    picture, sound = picture_stream(container), sound_stream(container)
    leads = picture is not None and (
        picture.discard != Discard.all if blind else len(picture.index_entries) > 0
    )
    order = (picture, sound) if leads else (sound, picture)
    return [stream for stream in order if stream is not None]


def _jumps(container: InputContainer, offset: int, **how: Any) -> bool:
    try:
        container.seek(offset, **how)
    except (av.FFmpegError, OverflowError):
        return False
    return True


def packets(container: InputContainer, stream: Stream) -> Iterator["Packet[Any]"]:
    """Packets of one stream from the present position, past damaged places.

    The last packet is empty and tells the decoder to give out what it holds back.
    """
    counted = _counted(container, stream)
    for _ in range(MAX_DAMAGE):
        try:
            for packet in map(counted, container.demux(stream)):
                # An empty packet with a time is a frame that the camera dropped, not the end.
                if packet.size > 0 or (packet.pts is None and packet.dts is None):
                    yield packet
            return
        except av.error.ExitError:
            return  # timed out
        except (av.FFmpegError, IndexError):
            continue  # an index error is PyAV's answer to a stream that appears midway


def _counted(container: InputContainer, stream: Stream) -> "Callable[[Packet[Any]], Packet[Any]]":
    """Gives packets of an untimed stream the time that their number says."""
    is_video = isinstance(stream, av.VideoStream)
    rate = (stream.average_rate or stream.guessed_rate) if is_video else None
    if container.format.name not in UNTIMED or not rate or not stream.time_base:
        return lambda packet: packet
    step, numbers = 1 / (rate * stream.time_base), count()

    def stamp(packet: "Packet[Any]") -> "Packet[Any]":
        if packet.size > 0:
            packet.dts = round(next(numbers) * step)
            packet.duration = round(step)
        return packet

    return stamp


def packet_time(packet: "Packet[Any]") -> float | None:
    """Presentation time of a packet as stamped, seconds; decoding time if there is no other."""
    stamp = packet.pts if packet.pts is not None else packet.dts
    return None if stamp is None else float(stamp * packet.time_base)
