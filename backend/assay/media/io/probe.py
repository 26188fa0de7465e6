"""The gate: what a file is, how large, how long, and whether it can be read at all."""

import hashlib
import math
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Literal, cast

import av
from av.container import InputContainer

from assay.errors import AssayError
from assay.evidence import AudioStream, MediaInfo, VideoStream
from assay.media.io.container import (
    SOUND_RATES,
    configure,
    max_pixels,
    open_container,
    packets,
    picture_stream,
    pixel_aspect,
    seek,
    sound_stream,
)
from assay.media.io.duration import declared_duration, measure
from assay.media.io.encryption import refuse_encrypted
from assay.media.io.picture import displayed_size, orientation_of
from assay.media.io.sniff import HEAD_BYTES, STILLS, not_media, sniff
from assay.media.io.still_header import StillHeader, read_still_header
from assay.media.io.sync import id3_size
from assay.media.io.text import clean_tags
from assay.settings import Settings

FIRST_PACKETS = 2_000
"""Packets within which a readable stream gives its first picture or sound."""
FIRST_PIXELS = 3_000_000_000
"""Pixels that are decoded in search of the first picture: 1,400 pictures of 1080p."""
LATER = (0.25, 0.5, 0.75)
"""Shares of the length at which a first picture is looked for if the beginning has none."""
MAX_BYTES_PER_PIXEL = 4
"""Of the largest still, so deeper ones are held to fewer pixels."""

Turn = Literal[0, 90, 180, 270]


def probe(
    path: Path,
    family: str,
    settings: Settings,
    *,
    sha256: str | None = None,
    sound_only: bool = False,
) -> MediaInfo:
    """Describe a file and prove that its first picture, or its first sound, can be decoded.

    Sizes are checked against the limits before anything is decoded.

    Args:
        path: A local file. Its name has no influence.
        family: From `identify`.
        settings: `max_picture_pixels`.
        sha256: The file's hash, where it is known already: it is the one cost that grows with size.
        sound_only: Treat a video as if it had no picture, because nothing can read it.

    Raises:
        AssayError: `unreadable`, `no_streams`, `encrypted`, `no_frames` or `too_big_picture`.
    """
    info = _describe(path, family, settings, sound_only)
    return info.model_copy(update={"sha256": sha256 or sha256_of(path)})


def _describe(path: Path, family: str, settings: Settings, sound_only: bool) -> MediaInfo:
    """All of it but the hash."""
    if family in STILLS:
        return describe_still(path, read_still_header(path, family), settings)
    refuse_encrypted(path, family)
    with open_container(path, family, settings) as container:
        picture = None if sound_only else picture_stream(container)
        sound = sound_stream(container)
        if picture is not None:
            return _probe_video(path, family, container, picture, sound, settings)
        if sound is not None:
            return _probe_audio(path, family, container, sound)
        contexts = [stream.codec_context for stream in container.streams.audio]
        if any(context is not None and context.sample_rate > 0 for context in contexts):
            # Not "unreadable": repairing would convert it, which is what must not be tried.
            raise AssayError(
                "no_frames",
                "The sound has a sampling rate that none has; please upload the original.",
            )
        if contexts:
            raise undecodable()
    raise AssayError(
        "no_streams", "The file holds neither picture nor sound; please upload another."
    )


def identify(path: Path) -> str:
    """The family of a file as `sniff` names it.

    Raises:
        AssayError: `missing_file`, `empty_file` or `not_media`.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            tag = id3_size(head)
            if tag >= len(head):
                file.seek(tag)
                behind = file.read(HEAD_BYTES)
            else:
                behind = b""
    except OSError as error:
        raise AssayError("missing_file", "There is no such file, or it may not be read.") from error
    if not head:
        raise AssayError("empty_file", "The file is empty; please choose another.")
    # A tag with large pictures hides what follows it from the first look.
    family = (behind and sniff(behind)) or sniff(head)
    if family is None:
        raise not_media(head)
    return family


def undecodable() -> AssayError:
    """The container is sound but its contents are coded in a way that we have no decoder for."""
    return AssayError(
        "unreadable",
        "The file's coding is unknown or damaged; please convert it to MP4 (H.264) and try again.",
    )


def check_size(width: int, height: int, limit: int) -> None:
    """Refuse a picture beyond the limit.

    Raises:
        AssayError: `too_big_picture`.
    """
    if width * height > limit:
        raise AssayError(
            "too_big_picture",
            f"The picture has more than {limit // 1_000_000} million pixels; "
            "please upload a smaller version.",
        )


def describe_still(path: Path, header: StillHeader, settings: Settings) -> MediaInfo:
    """A still, or an animation as the video that it is, by its header; all but the hash.

    Raises:
        AssayError: `too_big_picture`.
    """
    check_size(header.width, header.height, settings.max_picture_pixels)
    if header.decoded_bytes > settings.max_picture_pixels * MAX_BYTES_PER_PIXEL:
        raise AssayError(
            "too_big_picture",
            f"The picture takes too much memory at {header.depth} bits a colour; "
            "please export it with 8 bits.",
        )
    width, height = header.displayed_size
    return MediaInfo(
        kind="image" if header.seconds is None else "video",
        container=header.family,
        size_bytes=path.stat().st_size,
        sha256="",
        duration=header.seconds,
        video=VideoStream(codec=header.family, width=width, height=height),
        tags=clean_tags(header.exif.items()),
    )


def _probe_video(
    path: Path,
    demuxer: str,
    container: InputContainer,
    picture: av.VideoStream,
    sound: av.AudioStream | None,
    settings: Settings,
) -> MediaInfo:
    if picture.codec_context is None:
        raise undecodable()
    context = picture.codec_context
    check_size(context.width, context.height, max_pixels(settings))
    first = _first_picture(container, picture, settings)
    turn = clockwise_turn(first)
    size = displayed_size(first.width, first.height, pixel_aspect(picture))
    check_size(*size, max_pixels(settings))
    width, height = size[::-1] if turn in (90, 270) else size
    return MediaInfo(
        kind="video",
        container=container_name(demuxer, container),
        size_bytes=path.stat().st_size,
        sha256="",
        duration=measure(container, picture, demuxer, path.stat().st_size),
        video=VideoStream(
            codec=context.name,
            width=width,
            height=height,
            fps=_rate(picture.average_rate) or _rate(picture.guessed_rate),
            rotation=turn,
            pixel_format=first.format.name,
            bit_rate=context.bit_rate or None,
        ),
        audio=describe_sound(sound) if sound is not None else None,
        tags=_tags(container, picture),
    )


def _probe_audio(
    path: Path, demuxer: str, container: InputContainer, sound: av.AudioStream
) -> MediaInfo:
    _first_sound(container, sound)
    return MediaInfo(
        kind="audio",
        container=container_name(demuxer, container),
        size_bytes=path.stat().st_size,
        sha256="",
        duration=measure(container, sound, demuxer, path.stat().st_size),
        audio=describe_sound(sound),
        tags=_tags(container, sound),
    )


def _first_picture(
    container: InputContainer, stream: av.VideoStream, settings: Settings
) -> av.VideoFrame:
    """Decode one picture.

    From the first packet alone, else from the beginning on, else from later key frames.

    Raises:
        AssayError: `no_frames` when there is nothing to decode, `unreadable` when it fails,
            `too_big_picture` when the stream turns out larger than the header said.
    """
    configure(stream, settings)
    ways = (_from_one_packet, _from_here_on)
    length = declared_duration(container, stream) or 0.0
    later = [share * length for share in LATER if length]
    for moment, way in [(None, ways[0]), (0.0, ways[1]), *((at, ways[1]) for at in later)]:
        if moment is not None:
            stream.codec_context.flush_buffers()
            # Where even that fails the packets go on from where they are, which may do as well.
            seek(container, moment)
        picture = way(container, stream)
        if picture is not None:
            check_size(picture.width, picture.height, max_pixels(settings))
            return picture
    seek(container, 0.0)
    raise (
        undecodable()
        if any(packet.size for packet in islice(packets(container, stream), FIRST_PACKETS))
        else AssayError("no_frames", "The video has no pictures in it; please upload the original.")
    )


def _from_one_packet(container: InputContainer, stream: av.VideoStream) -> av.VideoFrame | None:
    """Draining gives a key frame out at once, which otherwise waits for those behind it."""
    first = next((packet for packet in packets(container, stream) if packet.size), None)
    if first is None:
        return None
    try:
        pictures = [*first.decode(), *stream.codec_context.decode(None)]
    except av.FFmpegError:
        return None
    return pictures[0] if pictures else None


def _from_here_on(container: InputContainer, stream: av.VideoStream) -> av.VideoFrame | None:
    """A clip that was cut without encoding begins with many pictures that are not shown."""
    pixels = stream.codec_context.width * stream.codec_context.height
    affordable = min(FIRST_PACKETS, FIRST_PIXELS // max(1, pixels))
    for packet in islice(packets(container, stream), affordable):
        try:
            pictures = packet.decode()
        except av.FFmpegError:
            continue
        if pictures:
            return pictures[0]
    return None


def _first_sound(container: InputContainer, stream: av.AudioStream) -> None:
    """Decode one piece of sound.

    Raises:
        AssayError: `no_frames` or `unreadable`.
    """
    seen = 0
    for packet in islice(packets(container, stream), FIRST_PACKETS):
        seen += packet.size > 0
        try:
            if any(cast(av.AudioFrame, frame).samples > 0 for frame in packet.decode()):
                return
        except av.FFmpegError:
            continue
    raise (
        undecodable()
        if seen
        else AssayError("no_frames", "The file has no sound in it; please upload the original.")
    )


def clockwise_turn(picture: av.VideoFrame) -> Turn:
    """Turn that the display matrix asks for, to the next quarter, after it has mirrored."""
    return cast(Turn, -90 * orientation_of(picture).quarter_turns % 360)


def container_name(demuxer: str, container: InputContainer) -> str:
    """What people call the container: MP4, MOV, WebM and MKV share demuxers."""
    if demuxer == "mov":
        brand = container.metadata.get("major_brand", "").strip()
        return "mov" if brand in ("qt", "") else "mp4"
    if demuxer == "matroska":
        codecs = {s.codec_context.name for s in container.streams if s.codec_context is not None}
        webm = {"vp8", "vp9", "libvpx", "libvpx-vp9", "av1", "libdav1d", "opus", "vorbis"}
        return "webm" if codecs and codecs <= webm else "mkv"
    return demuxer


def describe_sound(stream: av.AudioStream) -> AudioStream | None:
    """A sound stream in our words; None if its header is nonsense."""
    context = stream.codec_context
    if context.sample_rate not in SOUND_RATES or context.channels <= 0:
        return None
    return AudioStream(
        codec=context.name,
        sample_rate=context.sample_rate,
        channels=context.channels,
        bit_rate=context.bit_rate or None,
    )


def _rate(rate: Fraction | None) -> float | None:
    """A believable frame rate, pictures per second."""
    value = float(rate) if rate else 0.0
    return value if math.isfinite(value) and 0.01 <= value <= 1000 else None


def _tags(container: InputContainer, stream: av.VideoStream | av.AudioStream) -> dict[str, str]:
    return clean_tags([*container.metadata.items(), *stream.metadata.items()])


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
