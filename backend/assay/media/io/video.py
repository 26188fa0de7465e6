"""The first reader of video: PyAV, from key frame to key frame, one picture at a time."""

import itertools
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

import av
from av.container import InputContainer
from av.packet import Packet

from assay.evidence import MediaInfo
from assay.media.io.container import (
    UNINDEXED,
    UNTIMED,
    Losses,
    configure,
    only,
    open_container,
    origin,
    packet_time,
    packets,
    picture_stream,
    pixel_aspect,
    seek,
    unexamined_tracks,
)
from assay.media.io.grid import MAX_HOLD, TOLERANCE, Shown, on_grid
from assay.media.io.picture import UPRIGHT, DecodedPicture, SampledFrame, orientation_of
from assay.media.sampling import MAX_LEAD_SECONDS, MAX_PICTURE_SECONDS, MOUTH_RATE, Span
from assay.settings import Settings

THREADS: Final = 4
"""Decoder threads at most: each holds a picture of its own."""
MAX_PICTURES: Final = 6_000
"""Pictures decoded for 8 s that are wanted: at 240 a second, and the way there."""
MAX_DECODED_PIXELS: Final = 12_000_000_000
"""Pixels decoded for 8 s that are wanted: of 4K at 120 pictures a second."""

BLIND_LEAD_SECONDS: Final = 3.0
"""Where key frames are unknown, a longer way than this is jumped rather than decoded."""
MAX_TO_KEY: Final = 300
"""Packets that are passed over in search of a key frame after a jump."""
HOLDS: Final = 4
"""Lengths of a picture for which it may at most stay on display: lengths are those of the order
of decoding, and vary where a camera's rate does."""
_DROPS_UNREFERENCED: Final = frozenset({"h264", "hevc"})
"""Decoders that can leave out pictures no other picture needs without changing the others."""


def read_frames(
    path: Path,
    demuxer: str,
    info: MediaInfo,
    spans: Sequence[Span],
    settings: Settings,
    losses: Losses,
) -> Iterator[SampledFrame]:
    """Frames of the spans on the grid of `grid.py`.

    Memory does not grow with the length of the media: besides the decoder's own references, two
    pictures exist at a time, the one on display and the one that ends its display.

    Args:
        path: A local file that `probe` accepted.
        demuxer: As `sniff` names it.
        info: Of that file, for the size at which pictures are shown.
        spans: In order of time, without overlap.
        settings: Threads, limit of picture size.
        losses: Takes note of what could not be decoded.

    Raises:
        AssayError: `unreadable`, when the file cannot be opened.
    """
    runs, found = count(), False
    with open_container(path, demuxer, settings) as container:
        stream = picture_stream(container)
        if stream is None:
            return
        losses.notes.update(unexamined_tracks(container, info.kind))
        wanted = sum(span.end - span.start for span in spans)
        tape = _Tape(container, stream, info, settings, losses, wanted)
        for span in spans:
            for frame in on_grid(tape.play(span), span, runs):
                found = True
                yield frame
    if found:
        return
    # The stretches asked for are missing from the file, or cannot be reached; its beginning is
    # known to be there, and a container that was just opened stands at it.
    losses.notes.add("Only the beginning of the video could be read.")
    with open_container(path, demuxer, settings) as container:
        stream = picture_stream(container)
        if stream is not None:
            span = Span(0.0, MAX_PICTURE_SECONDS)
            tape = _Tape(container, stream, info, settings, losses)
            yield from on_grid(tape.play(span), span, runs)


def read_key_frames(
    path: Path,
    demuxer: str,
    info: MediaInfo,
    moments: Sequence[float],
    settings: Settings,
    losses: Losses,
) -> Iterator[SampledFrame]:
    """The key frame at or before each of some moments, each once, at its own time.

    Arguments as for `read_frames`. What cannot be reached is left out.
    """
    with open_container(path, demuxer, settings) as container:
        stream = picture_stream(container)
        if stream is None or container.format.name in UNTIMED:
            return
        only(stream)
        tape = _Tape(container, stream, info, settings, losses)
        latest = -1.0
        for number, moment in enumerate(moments):
            shown = tape.key_frame(moment)
            if shown is not None and shown.time > latest:
                latest = shown.time
                yield SampledFrame(shown.time, number, True, shown.picture)


_UNREACHED: Final = "Parts of the video could not be reached and were left out."


class _Tape:
    """A picture stream with a position that moves forward, or jumps when that is cheaper."""

    def __init__(
        self,
        container: InputContainer,
        stream: av.VideoStream,
        info: MediaInfo,
        settings: Settings,
        losses: Losses,
        wanted: float = MAX_PICTURE_SECONDS,
    ) -> None:
        """Take up a stream; the budget grows with the `wanted` seconds."""
        self._container, self._stream, self._losses = container, stream, losses
        self._origin = origin(container, stream)
        self._aspect = pixel_aspect(stream)
        assert info.video is not None
        self._shown = (info.video.width, info.video.height)
        times = max(1.0, wanted / MAX_PICTURE_SECONDS)
        self._pictures_left, self._pixels_left = times * MAX_PICTURES, times * MAX_DECODED_PIXELS
        self._wanted = 0.0
        self._jumped = False
        self._is_untimed = container.format.name in UNTIMED
        self._position: float | None = None
        self._size: tuple[int, int] | None = None
        self._rotation: int | None = None
        self._orientation = UPRIGHT
        self._ahead: Shown | None = None
        only(stream)
        # One of the threads is busy with what the others have decoded.
        configure(stream, settings, min(THREADS, settings.threads - 1))
        self._pictures = self._decode()

    def play(self, span: Span) -> Iterator[Shown]:
        """Pictures from the one on display at the span's start to the first beyond its end."""
        if not self._go_to(span.start):
            self._losses.notes.add(_UNREACHED)
            return
        before: Shown | None = None
        ahead = [self._ahead] if self._ahead is not None else []
        self._ahead = None
        for shown in itertools.chain(ahead, self._pictures):
            if shown.time < span.start - MAX_LEAD_SECONDS and not self._is_untimed:
                self._ahead = shown
                self._losses.notes.add(_UNREACHED)
                return
            if shown.time <= span.start + TOLERANCE:
                before = shown
                continue
            if before is not None:
                yield before
                before = None
            if shown.time >= span.end:
                self._ahead = shown
                yield shown
                return
            yield shown
        if before is not None:
            yield before

    def key_frame(self, moment: float) -> Shown | None:
        """The first picture that a jump to a moment gives; None if there is none near."""
        if not seek(self._container, moment):
            return None
        context = self._stream.codec_context
        self._position, context.skip_frame = None, "NONKEY"
        for packet in itertools.islice(packets(self._container, self._stream), MAX_TO_KEY):
            if not packet.is_keyframe and packet.size:
                continue
            try:
                frames = [*packet.decode(), *context.decode(None)]
            except av.FFmpegError:
                frames = []
            context.flush_buffers()
            shown = [each for frame in frames if (each := self._accept(frame)) is not None]
            if shown:
                return shown[0]
        return None

    def _go_to(self, moment: float) -> bool:
        """Prepare to decode up to a moment: go on from here, or jump to the key frame before it."""
        self._wanted = moment
        if not self._must_seek(moment):
            return True
        self._jumped = True
        if not seek(self._container, moment):
            return False
        self._position = self._ahead = None
        self._pictures = self._decode()
        return True

    def _must_seek(self, moment: float) -> bool:
        if self._is_untimed:
            return self._jumped and self._position is None
        if self._position is None:
            return self._jumped or moment > 0.0
        if not 0.0 <= moment - self._position <= MAX_LEAD_SECONDS:
            return True
        if self._container.format.name in UNINDEXED:
            return False  # a jump might land far before the next key frame
        key = self._key_before(moment)
        if key is None:
            return moment - self._position > BLIND_LEAD_SECONDS
        return key > self._position

    def _key_before(self, moment: float) -> float | None:
        """The last key frame before a moment, if the index reaches as far."""
        entries, base = self._stream.index_entries, self._stream.time_base
        if base is None or not len(entries):
            return None
        stamp = int((moment + self._origin) / base)
        found = entries.search_timestamp(stamp)
        if found < 0 or entries[len(entries) - 1].timestamp < stamp:
            return None
        return float(entries[found].timestamp * base) - self._origin

    def _decode(self) -> Iterator[Shown]:
        """All pictures from the present position on, in order of time, as far as the budget goes.

        On the way to the wanted moment, pictures that no other needs are not decoded.
        """
        context = self._stream.codec_context
        droppable = context.name in _DROPS_UNREFERENCED
        for packet in packets(self._container, self._stream):
            if droppable:
                context.skip_frame = "NONREF" if self._is_gone(packet) else "DEFAULT"
            try:
                frames = packet.decode()
            except av.error.EOFError:
                return
            except av.FFmpegError:
                # After a jump, pieces that refer to what was jumped over are not damage.
                self._losses.packets += self._position is not None
                continue
            for frame in frames:
                if not self._affords(frame):
                    self._losses.notes.add("The video is very heavy; only a part was examined.")
                    return
                shown = self._accept(frame)
                if shown is not None:
                    yield shown

    def _is_gone(self, packet: "Packet[Any]") -> bool:
        """Whether a picture has surely left the display before the wanted moment."""
        time, hold = packet_time(packet), MAX_HOLD
        if packet.pts is not None and packet.duration:
            hold = min(hold, HOLDS * float(packet.duration * packet.time_base))
        return time is not None and time - self._origin + hold < self._wanted

    def _affords(self, frame: av.VideoFrame) -> bool:
        """Charge a decoded picture to the budget of the file."""
        self._pictures_left -= 1
        self._pixels_left -= frame.width * frame.height
        return self._pictures_left >= 0 and self._pixels_left >= 0

    def _accept(self, frame: av.VideoFrame) -> Shown | None:
        """A picture with its time; None if it is spoilt or its time runs backwards."""
        base = frame.time_base or self._stream.time_base
        stamp = frame.pts if frame.pts is not None else frame.dts
        if frame.is_corrupt or stamp is None or base is None:
            return None
        time = float(stamp * base) - self._origin
        if self._position is not None and time <= self._position:
            return None
        self._position = time
        size = (frame.width, frame.height)
        if self._size not in (None, size):
            self._losses.notes.add("The picture changes its size midway.")
        self._size = size
        seconds = float(frame.duration * base) if frame.duration else 1 / MOUTH_RATE
        if self._rotation != frame.rotation:
            self._rotation, self._orientation = frame.rotation, orientation_of(frame)
        picture = DecodedPicture(frame, self._aspect, self._shown, self._orientation)
        return Shown(time, seconds, picture)
