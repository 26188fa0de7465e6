"""Sound to speech: 16 kHz mono of the moments that matter, and where in it somebody speaks."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from assay.evidence import MediaInfo
from assay.media.io.container import (
    SOUND_RATES,
    Losses,
    only,
    open_container,
    origin,
    packets,
    seek,
    sound_stream,
    unexamined_tracks,
)
from assay.media.io.duration import declared_end
from assay.media.io.listening import PIECE, Heard, places, stretches
from assay.media.io.vad import Session, speech_seconds, speech_spans
from assay.media.material import Speech
from assay.media.sampling import MAX_SPEECH_SECONDS, Span
from assay.settings import Settings
from assay.types import Waveform

PREROLL: Final = 0.3
"""Seconds decoded ahead of a span: codecs need a few packets to settle after a jump."""
CANCELLED: Final = 0.01
"""Share of a channel's power below which the mean of two has lost them: 20 dB."""
_MAX_PIECES: Final = 30_000
"""Packets decoded for one span: an attack may hold millions of a sample each."""


def read_speech(
    path: Path,
    demuxer: str,
    info: MediaInfo,
    spans: Sequence[Span],
    vad: Session,
    settings: Settings,
    losses: Losses,
    within: Span | None = None,
) -> Speech | None:
    """Decode the sound of the examined spans.

    All of a short file; of a longer one the stretches that `listening` chooses:
    `MAX_SPEECH_SECONDS` in all at most.

    Args:
        path: A local file that `probe` accepted.
        demuxer: As `sniff` names it.
        info: Of that file, for its kind and length.
        spans: The picture's spans, from `sampling.plan`; none for sound files.
        vad: Of the model vad.
        settings: As for `probe`.
        losses: Takes note of what could not be decoded.
        within: The part of the sound to be examined; None for all of it.

    Returns:
        None if there is no sound that can be decoded.
    """
    with open_container(path, demuxer, settings) as container:
        stream = sound_stream(container)
        if stream is None:
            return None
        losses.notes.update(unexamined_tracks(container, info.kind))
        only(stream)
        end = declared_end(container, stream) if info.kind == "video" else None
        length = end or info.duration
        heard = _listen(container, stream, within or Span(0.0, length or 0.0), vad)
        wanted = stretches(length, spans, heard, within)
        pieces = _read_pieces(container, stream, wanted, losses)
    if not pieces and within is None:
        # The stretches asked for are missing from the file, or cannot be reached; its beginning
        # may be there, and a container that was just opened stands at it.
        pieces = _read_beginning(path, demuxer, settings, losses)
    if not pieces:
        losses.notes.add("The sound could not be read.")
        return None
    voiced = [
        (start + begin, start + end)
        for start, wave in pieces
        for begin, end in speech_spans(wave, vad)
    ]
    return Speech(pieces, voiced)


def read_all_speech(
    path: Path, demuxer: str, whole: Span, vad: Session, settings: Settings, losses: Losses
) -> Iterator[Speech]:
    """All the sound of a part of a file, in pieces of `MAX_SPEECH_SECONDS`: memory is bounded.

    Arguments as for `read_speech`.
    """
    with open_container(path, demuxer, settings) as container:
        stream = sound_stream(container)
        if stream is None:
            return
        only(stream)
        start = whole.start
        while start < whole.end:
            span = Span(start, min(start + MAX_SPEECH_SECONDS, whole.end))
            for begin, wave in _read_pieces(container, stream, [span], losses):
                spoken = speech_spans(wave, vad)
                yield Speech([(begin, wave)], [(begin + a, begin + b) for a, b in spoken])
            start = span.end


def waveform_peaks(wave: Waveform, points: int = 1000) -> list[tuple[float, float]]:
    """Lowest and highest sample of at most `points` equal slices, in -1..1, for drawing."""
    slices = np.array_split(wave, min(points, len(wave))) if len(wave) else []
    return [(float(piece.min()), float(piece.max())) for piece in slices]


def _read_pieces(
    container: InputContainer, stream: av.AudioStream, spans: Sequence[Span], losses: Losses
) -> list[tuple[float, Waveform]]:
    read = (
        (span.start, _read_span(container, stream, span, losses))
        for span in spans
        if seek(container, max(0.0, span.start - PREROLL))
    )
    return [(start, wave) for start, wave in read if len(wave)]


def _read_beginning(
    path: Path, demuxer: str, settings: Settings, losses: Losses
) -> list[tuple[float, Waveform]]:
    with open_container(path, demuxer, settings) as container:
        stream = sound_stream(container)
        if stream is None:
            return []
        only(stream)
        wave = _read_span(container, stream, Span(0.0, MAX_SPEECH_SECONDS), losses)
    return [(0.0, wave)] if len(wave) else []


def _listen(
    container: InputContainer, stream: av.AudioStream, whole: Span, vad: Session
) -> list[Heard]:
    """How much speech there is at places all over a long sound, as far as they can be reached."""
    if whole.end - whole.start <= MAX_SPEECH_SECONDS:
        return []
    heard = []
    ignored = Losses()
    for moment in (whole.start + place for place in places(whole.end - whole.start)):
        wave = np.zeros(0, np.float32)
        if seek(container, moment):
            wave = _read_span(container, stream, Span(moment, moment + PIECE), ignored)
        heard.append(Heard(moment, speech_seconds(wave, vad)))
    return heard


def _read_span(
    container: InputContainer, stream: av.AudioStream, span: Span, losses: Losses
) -> Waveform:
    """One span as it lies on the clock, from the present position on.

    Where sound is missing there is silence.
    """
    begin = origin(container, stream)
    wave = np.zeros(round((span.end - span.start) * Speech.RATE), np.float32)
    filled = 0
    try:
        for time, samples in resampled(_decoded(container, stream, losses)):
            at = round((time - begin - span.start) * Speech.RATE)
            if at >= len(wave):
                break
            first, last = max(0, -at), min(len(samples), len(wave) - at)
            if last > first:
                wave[at + first : at + last] = samples[first:last]
                filled = max(filled, at + last)
    except av.FFmpegError:
        losses.notes.add("The sound has an arrangement of channels that cannot be mixed.")
    # Sound stored as floating point may hold anything.
    np.nan_to_num(wave, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.clip(wave[:filled], -1.0, 1.0)


def _decoded(
    container: InputContainer, stream: av.AudioStream, losses: Losses
) -> Iterator[av.AudioFrame]:
    for number, packet in enumerate(packets(container, stream)):
        if number >= _MAX_PIECES:
            return
        try:
            yield from cast(list[av.AudioFrame], packet.decode())
        except av.error.EOFError:
            return
        except av.FFmpegError:
            losses.packets += 1


def resampled(frames: Iterator[av.AudioFrame]) -> Iterator[tuple[float, Waveform]]:
    """Pieces of 16 kHz mono with their times, as stamped in the container."""
    resampler: AudioResampler | None = None
    due = 0.0
    for frame in frames:
        # The rate may leave the header's: what a packet says of itself counts.
        if frame.samples <= 0 or frame.sample_rate not in SOUND_RATES:
            continue
        if frame.pts is None:
            frame.pts = round(due * frame.sample_rate)
            frame.time_base = Fraction(1, frame.sample_rate)
        due = (frame.time or 0.0) + frame.samples / frame.sample_rate
        resampler = resampler or _resampler(frame)
        try:
            pieces = resampler.resample(frame)
        except ValueError:  # the sound changed its format midway
            resampler = _resampler(frame)
            pieces = resampler.resample(frame)
        for piece in pieces:
            planes = [
                np.frombuffer(memoryview(plane), np.float32)[: piece.samples]
                for plane in piece.planes
            ]
            yield piece.time or 0.0, planes[0] if len(planes) == 1 else mixed(*planes)


def mixed(left: Waveform, right: Waveform) -> Waveform:
    """The mean of two channels; the louder one where they cancel each other out.

    A cable with its wires crossed inverts one channel: on headphones one still hears everything,
    and in the mean there is nothing left.
    """
    mean: Waveform = np.asarray((left + right) / 2, np.float32)
    powers = [float(np.mean(np.square(channel, dtype=np.float64))) for channel in (left, right)]
    if np.mean(np.square(mean, dtype=np.float64)) >= CANCELLED * max(powers):
        return mean
    return left if powers[0] >= powers[1] else right


def _resampler(frame: av.AudioFrame) -> AudioResampler:
    """Two channels are kept apart, to be `mixed`.

    More are averaged by FFmpeg, which without the limit adds them up, beyond full scale.
    """
    return AudioResampler(
        format="fltp",
        layout="stereo" if frame.layout.nb_channels == 2 else "mono",
        rate=Speech.RATE,
        options={"rematrix_maxval": "1.0"},
    )
