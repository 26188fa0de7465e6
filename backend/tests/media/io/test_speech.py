"""Sound: on the clock, at 16 kHz, bounded."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from assay.media.io.listening import Heard, places, stretches
from assay.media.io.reader import open_media
from assay.media.io.speech import resampled, waveform_peaks
from assay.media.material import Speech
from assay.media.sampling import MAX_SPEECH_SECONDS, Span
from assay.settings import Settings
from assay.types import Floats
from tests.media_factory import VOICE_RATE, speak, wav, write_sound, write_video
from tests.networks import vad


def read(path: Path, spans: list[Span] | None = None) -> Speech | None:
    with open_media(path, Settings(threads=2)) as media:
        return media.speech(spans or [], vad())


def clicks(seconds: float, rate: int, every: float = 1.0) -> Floats:
    """A short burst at each whole second."""
    wave = np.zeros(round(seconds * rate), np.float32)
    for start in np.arange(0.5, seconds, every):
        at = round(start * rate)
        wave[at : at + rate // 500] = 0.8
    return wave


def click_times(speech: Speech) -> list[float]:
    """When the bursts begin in what was read."""
    found = []
    for start, wave in speech.spans:
        loud = np.abs(wave) > 0.2
        onsets = np.flatnonzero(loud[1:] & ~loud[:-1])
        last = -1.0
        for onset in onsets:
            time = start + onset / Speech.RATE
            if time - last > 0.5:
                found.append(time)
            last = time
    return found


CODINGS = (
    ("wav", "pcm_s16le", 16_000),
    ("wav", "pcm_s24le", 48_000),
    ("wav", "pcm_f32le", 44_100),
    ("flac", "flac", 44_100),
    ("mp3", "libmp3lame", 44_100),
    ("ogg", "libopus", 48_000),
    ("m4a", "aac", 44_100),
    ("aac", "aac", 44_100),
    ("mka", "flac", 22_050),
    ("aiff", "pcm_s16be", 32_000),
)


def test_sound_that_begins_late_is_heard_to_its_end(tmp_path) -> None:
    path = write_video(
        tmp_path / "late.mp4",
        size=(32, 32),
        times=[float(second) for second in range(45)],
        sound=clicks(20, VOICE_RATE),
        sound_from=24.0,
    )
    speech = read(path, [Span(0.0, 2.0), Span(40.0, 42.0)])
    assert speech is not None
    assert 42 < max(click_times(speech)) < 44


@pytest.mark.parametrize(("suffix", "codec", "rate"), CODINGS)
def test_sound_keeps_its_time(suffix: str, codec: str, rate: int, tmp_path) -> None:
    path = write_sound(tmp_path / f"clicks.{suffix}", clicks(4.0, rate), rate, codec=codec)
    speech = read(path)
    assert speech is not None
    slack = 0.07 if suffix == "aac" else 0.005
    assert np.allclose(click_times(speech), [0.5, 1.5, 2.5, 3.5], atol=slack)
    assert speech.spans[0][1].dtype == np.float32


def test_sound_keeps_time_with_the_picture(tmp_path) -> None:
    path = write_video(
        tmp_path / "clip.mp4", seconds=4.0, sound=clicks(4.0, 44_100), sound_rate=44_100
    )
    speech = read(path, [Span(0.0, 4.0)])
    assert speech is not None
    assert np.allclose(click_times(speech), [0.5, 1.5, 2.5, 3.5], atol=0.005)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_a_long_video_gives_the_stretches_around_its_spans(suffix: str, tmp_path) -> None:
    path = write_video(
        tmp_path / f"clip.{suffix}",
        seconds=90.0,
        fps=5.0,
        size=(32, 32),
        sound=clicks(90.0, 16_000),
        options={"g": "10"},
        container="mpegts" if suffix == "ts" else None,
    )
    spans = [Span(10.0, 12.0), Span(33.0, 35.0), Span(56.0, 58.0), Span(79.0, 81.0)]
    speech = read(path, spans)
    assert speech is not None
    assert sum(len(wave) for _, wave in speech.spans) <= MAX_SPEECH_SECONDS * Speech.RATE
    for span in spans:
        assert any(
            start <= span.start and span.end <= start + len(wave) / Speech.RATE
            for start, wave in speech.spans
        )
    times = click_times(speech)
    assert len(times) >= 28
    # Transport streams and ADTS have nowhere to say what the encoder's padding is: 64 ms here.
    assert np.allclose([t % 1 for t in times], 0.5, atol=0.07)


def test_a_long_recording_is_spread(tmp_path) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(wav(32_000 * clicks(600.0, 8_000), 8_000))
    speech = read(path)
    assert speech is not None
    assert [round(start) for start, _ in speech.spans] == [71, 221, 371, 521]
    assert np.allclose([t % 1 for t in click_times(speech)], 0.5, atol=0.005)


def test_no_sound_is_none(tmp_path) -> None:
    assert read(write_video(tmp_path / "clip.mp4")) is None


def test_a_voice_is_found_where_it_is(tmp_path) -> None:
    pause = np.zeros(VOICE_RATE, np.float32)
    path = tmp_path / "voice.flac"
    write_sound(path, np.concatenate([pause, speak(), pause]), codec="flac")
    speech = read(path)
    assert speech is not None
    assert speech.voiced[0][0] == pytest.approx(1.0, abs=0.2)
    assert speech.voiced_seconds > 0.7 * len(speak()) / VOICE_RATE


def test_pieces_at_absurd_rates_are_passed_over() -> None:
    """At 3 Hz one packet would become hundreds of megabytes, whatever the header said before."""
    frames = []
    for second, rate in enumerate((16_000, 3, 16_000, 10**9, 16_000)):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 16_000 * second, Fraction(1, 16_000)
        frames.append(frame)
    found = [(time, len(samples)) for time, samples in resampled(iter(frames))]
    assert found == [(0.0, 16_000), (2.0, 16_000), (4.0, 16_000)]


def test_channels_are_averaged(tmp_path) -> None:
    left = np.full(16_000, 20_000)
    path = tmp_path / "stereo.wav"
    path.write_bytes(wav(np.stack([left, -left // 2], axis=1).ravel(), channels=2))
    speech = read(path)
    assert speech is not None
    assert float(np.median(speech.spans[0][1])) == pytest.approx(5_000 / 32_768, rel=0.02)


def test_full_scale_stays_within_range(tmp_path) -> None:
    path = tmp_path / "loud.wav"
    path.write_bytes(wav(np.tile([32_767, 32_767, -32_768, -32_768], 8_000), channels=2))
    speech = read(path)
    assert speech is not None
    assert np.abs(speech.spans[0][1]).max() <= 1.0


@pytest.mark.parametrize("duration", [None, 5.0, 30.0, 31.0, 100.0, 4000.0])
@pytest.mark.parametrize("runs", [0, 1, 4])
def test_the_budget_holds(duration: float | None, runs: int) -> None:
    picture = [Span(i * 20.0, i * 20.0 + 2.0) for i in range(runs)]
    spans = stretches(duration, picture)
    assert sum(s.end - s.start for s in spans) <= MAX_SPEECH_SECONDS + 1e-9
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(s.start < s.end for s in spans)


@pytest.mark.parametrize("part", [Span(5.0, 6.5), Span(600.0, 630.0), Span(600.0, 900.0)])
@pytest.mark.parametrize("runs", [0, 1, 4])
def test_of_a_part_nothing_outside_is_read(part: Span, runs: int) -> None:
    picture = [Span(part.start + i * 0.3, part.start + i * 0.3 + 0.2) for i in range(runs)]
    heard = [Heard(part.start + moment, 0.3) for moment in places(part.end - part.start)]
    spans = stretches(4000.0, picture, heard, part)
    assert sum(s.end - s.start for s in spans) <= MAX_SPEECH_SECONDS + 1e-9
    assert spans[0].start >= part.start
    assert spans[-1].end <= part.end
    assert all(s.start < s.end for s in spans)


def test_peaks_for_drawing() -> None:
    wave = np.linspace(-1.0, 1.0, 10_001).astype(np.float32)
    peaks = waveform_peaks(wave, 100)
    assert len(peaks) == 100
    assert peaks[0][0] == -1.0
    assert peaks[-1][1] == 1.0
    assert all(low <= high for low, high in peaks)
    assert waveform_peaks(wave[:3]) == [(w, w) for w in wave[:3].tolist()]
    assert waveform_peaks(wave[:0]) == []
