"""Speech is found wherever it is in a long sound."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.media.io.listening import PLACES, Heard, places, stretches
from assay.media.io.reader import open_media
from assay.media.sampling import MAX_SPEECH_SECONDS, Span
from assay.settings import Settings
from tests.media_factory import VOICE_RATE, speak, write_sound
from tests.networks import vad

SIXTEEN_SECONDS = np.tile(speak(), 10)[: 16 * VOICE_RATE]


@pytest.mark.parametrize(("container", "codec"), [("ogg", "libopus"), ("mp3", "libmp3lame")])
@pytest.mark.parametrize("at", [0, 140, 284])
def test_sixteen_seconds_in_five_minutes(container: str, codec: str, at: int, tmp_path) -> None:
    wave = np.random.default_rng(1).normal(0, 1e-4, 300 * VOICE_RATE).astype(np.float32)
    wave[at * VOICE_RATE : (at + 16) * VOICE_RATE] += SIXTEEN_SECONDS
    path = write_sound(tmp_path / f"long.{container}", wave, codec=codec)
    with open_media(path, Settings(threads=1)) as media:
        speech = media.speech([], vad())
    assert speech is not None
    assert sum(len(w) for _, w in speech.spans) <= MAX_SPEECH_SECONDS * speech.RATE
    assert speech.voiced_seconds > 7
    assert all(at - 3 <= start <= at + 17 for start, _ in speech.voiced)


def test_steady_speech_is_sampled_as_ever() -> None:
    heard = [Heard(moment, 0.3) for moment in places(600.0)]
    assert stretches(600.0, [], heard) == stretches(600.0, [])


def test_beside_a_picture_half_is_left_for_speech_elsewhere() -> None:
    picture = [Span(start, start + 2.0) for start in (30.0, 100.0, 180.0, 260.0)]
    heard = [Heard(moment, 0.4 if moment > 285 else 0.0) for moment in places(300.0)]
    spans = stretches(300.0, picture, heard)
    assert all(any(s.start <= p.start and p.end <= s.end for s in spans) for p in picture)
    assert sum(s.end - s.start for s in spans if s.start >= 280) >= 7


@given(
    st.floats(30.1, 20_000),
    st.lists(st.floats(0, 0.99), max_size=4),
    st.lists(st.floats(0, 0.4), min_size=PLACES, max_size=PLACES),
)
def test_the_budget_holds_whatever_was_heard(length, starts, voiced) -> None:
    picture = [Span(start * length, start * length + 2.0) for start in sorted(set(starts))]
    heard = [Heard(moment, share) for moment, share in zip(places(length), voiced, strict=False)]
    spans = stretches(length, picture, heard)
    assert spans
    assert sum(s.end - s.start for s in spans) <= MAX_SPEECH_SECONDS + 1e-6
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(spans))
    assert all(0 <= s.start < s.end <= length + 1e-6 for s in spans)


@given(st.floats(30.1, 1e6))
def test_places_lie_within(length: float) -> None:
    moments = places(length)
    assert 0 < len(moments) <= PLACES
    assert all(0 <= moment < length for moment in moments)
