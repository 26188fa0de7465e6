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
)
from assay.media.io.duration import declared_end
from assay.media.io.voice import voiced_spans
from assay.media.material import Speech
from assay.media.sampling import MAX_SPEECH_SECONDS, SEGMENTS, Span
from assay.settings import Settings
from assay.types import Waveform

PREROLL: Final = 0.3
"""Seconds decoded ahead of a span: codecs need a few packets to settle after a jump."""
_MAX_PIECES: Final = 30_000
"""Packets decoded for one span: an attack may hold millions of a sample each."""


def read_speech(
    path: Path,
    demuxer: str,
    info: MediaInfo,
    spans: Sequence[Span],
    settings: Settings,
    losses: Losses,
) -> Speech | None:
    """Decode the sound of the examined spans.

    All of a short file; of a longer one, stretches around the spans of the picture, or, without a
    picture, spread over the file: `MAX_SPEECH_SECONDS` in all at most.

    Args:
        path: A local file that `probe` accepted.
        demuxer: As `sniff` names it.
        info: Of that file, for its kind and length.
        spans: The picture's spans, from `sampling.plan`; none for sound files.
        settings: As for `probe`.
        losses: Takes note of what could not be decoded.

    Returns:
        None if there is no sound that can be decoded.
    """
    with open_container(path, demuxer, settings) as container:
        stream = sound_stream(container)
        if stream is None:
            return None
        only(stream)
        end = declared_end(container, stream) if info.kind == "video" else None
        wanted = speech_spans(end or info.duration, spans)
        pieces = _read_pieces(container, stream, wanted, losses)
        if not pieces and wanted[0].start > 0:
            # The stretches asked for are missing from the file; its beginning may be there.
            beginning = [Span(0.0, MAX_SPEECH_SECONDS)]
            pieces = _read_pieces(container, stream, beginning, losses)
    if not pieces:
        losses.notes.add("The sound could not be read.")
        return None
    voiced = [
        (start + begin, start + end) for start, wave in pieces for begin, end in voiced_spans(wave)
    ]
    return Speech(pieces, voiced)


def speech_spans(end: float | None, picture: Sequence[Span]) -> list[Span]:
    """Which stretches of the sound are decoded, in order of time and without overlap.

    Args:
        end: Of the sound, seconds; None if unknown.
        picture: The picture's spans. Each is widened evenly to its share of the budget.
    """
    length = end or MAX_SPEECH_SECONDS
    if length <= MAX_SPEECH_SECONDS:
        return [Span(0.0, MAX_SPEECH_SECONDS)]  # stated lengths are often a little short
    slot = length / SEGMENTS
    middles = [(span.start + span.end) / 2 for span in picture if span.start < length] or [
        (i + 0.5) * slot for i in range(SEGMENTS)
    ]
    half = MAX_SPEECH_SECONDS / len(middles) / 2
    found: list[Span] = []
    for middle in middles:
        start = min(max(middle - half, found[-1].end if found else 0.0), length)
        end = min(start + 2 * half, length)
        if end > start:
            found.append(Span(start, end))
    return found


def waveform_peaks(wave: Waveform, points: int = 1000) -> list[tuple[float, float]]:
    """Lowest and highest sample of at most `points` equal slices, in -1..1, for drawing."""
    slices = np.array_split(wave, min(points, len(wave))) if len(wave) else []
    return [(float(piece.min()), float(piece.max())) for piece in slices]


def _read_pieces(
    container: InputContainer, stream: av.AudioStream, spans: Sequence[Span], losses: Losses
) -> list[tuple[float, Waveform]]:
    read = ((span.start, _read_span(container, stream, span, losses)) for span in spans)
    return [(start, wave) for start, wave in read if len(wave)]


def _read_span(
    container: InputContainer, stream: av.AudioStream, span: Span, losses: Losses
) -> Waveform:
    """One span as it lies on the clock: where sound is missing there is silence."""
    begin = origin(container, stream)
    wave = np.zeros(round((span.end - span.start) * Speech.RATE), np.float32)
    filled = 0
    if not seek(container, max(0.0, span.start - PREROLL)):
        return wave[:0]
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
    resampler, due = _resampler(), 0.0
    for frame in frames:
        # The rate may leave the header's: what a packet says of itself counts.
        if frame.samples <= 0 or frame.sample_rate not in SOUND_RATES:
            continue
        if frame.pts is None:
            frame.pts = round(due * frame.sample_rate)
            frame.time_base = Fraction(1, frame.sample_rate)
        due = (frame.time or 0.0) + frame.samples / frame.sample_rate
        try:
            pieces = resampler.resample(frame)
        except ValueError:  # the sound changed its format midway
            resampler = _resampler()
            pieces = resampler.resample(frame)
        for piece in pieces:
            samples = np.frombuffer(memoryview(piece.planes[0]), np.float32)[: piece.samples]
            yield piece.time or 0.0, samples


def _resampler() -> AudioResampler:
    """Channels are averaged: without the limit FFmpeg adds them up, beyond full scale."""
    return AudioResampler(
        format="flt", layout="mono", rate=Speech.RATE, options={"rematrix_maxval": "1.0"}
    )
