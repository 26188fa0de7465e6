"""The plan of what is decoded."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import AssayError
from assay.evidence import Hints, MediaInfo
from assay.media.sampling import (
    MAX_LEAD_SECONDS,
    MAX_PICTURE_SECONDS,
    SEGMENTS,
    Span,
    extent_of,
    plan,
)

LENGTH = MAX_PICTURE_SECONDS / SEGMENTS


def media(duration: float | None, kind: str = "video") -> MediaInfo:
    return MediaInfo(
        kind=kind,  # type: ignore[arg-type]
        container="mp4",
        size_bytes=1,
        sha256="0",
        duration=duration,
    )


def keys(distance: float, duration: float) -> list[float]:
    return [float(k) for k in np.arange(0.0, duration, distance)]


@pytest.mark.parametrize("duration", [0.04, 3.0, MAX_PICTURE_SECONDS])
def test_a_short_video_is_seen_whole(duration: float) -> None:
    assert plan(media(duration), Hints()) == [Span(0.0, duration)]


def test_an_unknown_length_is_seen_from_the_start() -> None:
    assert plan(media(None), None) == [Span(0.0, MAX_PICTURE_SECONDS)]


def test_of_a_range_nothing_outside_is_seen() -> None:
    spans = plan(media(3600.0), Hints(key_times=keys(7.0, 3600.0)), Span(600.0, 660.0))
    assert len(spans) == SEGMENTS
    assert spans[0].start >= 600.0
    assert spans[-1].end <= 660.0
    assert plan(media(3600.0), None, Span(10.0, 14.5)) == [Span(10.0, 14.5)]


def test_a_range_is_held_to_the_file() -> None:
    assert extent_of(media(10.0), 4.0, None) == Span(4.0, 10.0)
    assert extent_of(media(10.0), None, 99.0) == Span(0.0, 10.0)
    assert extent_of(media(None), 4.0, None) == Span(4.0, 34.0)
    assert extent_of(media(10.0), None, None) is None
    assert extent_of(media(None, "image"), 4.0, 5.0) is None


def test_a_range_behind_the_end_is_refused() -> None:
    with pytest.raises(AssayError, match="nothing there") as caught:
        extent_of(media(10.0), 10.0, 20.0)
    assert caught.value.code == "empty_range"


@pytest.mark.parametrize("kind", ["image", "audio"])
def test_only_videos_have_spans(kind: str) -> None:
    assert plan(media(60.0, kind), None) == []


def test_runs_sit_on_key_frames() -> None:
    spans = plan(media(3600.0), Hints(key_times=keys(7.0, 3600.0)))
    assert len(spans) == SEGMENTS
    assert all(span.start % 7.0 == 0 for span in spans)
    assert np.allclose([s.start for s in spans], [449, 1349, 2249, 3149], atol=4)


def test_runs_avoid_cuts() -> None:
    cuts = [x + 0.9 for x in range(0, 60, 3)]
    spans = plan(media(60.0), Hints(key_times=keys(0.5, 60.0), shot_cuts=cuts))
    assert not [c for c in cuts for s in spans if s.start < c < s.end]


def test_runs_avoid_the_dark() -> None:
    times = [float(t) for t in range(100)]
    sizes = [0.01 if t < 18 else 5.0 for t in times]
    hints = Hints(packet_times=times, packet_kilobytes=sizes, key_times=keys(1.0, 100.0))
    assert plan(media(100.0), hints)[0].start >= 17.0


def test_runs_avoid_silence() -> None:
    hints = Hints(key_times=keys(1.0, 100.0), silences=[(0.0, 20.0), (30.0, 38.5)])
    spans = plan(media(100.0), hints)
    assert not [s for s in spans for a, b in hints.silences if s.start < b and a < s.end]


def test_one_key_frame_means_the_beginning() -> None:
    assert plan(media(3600.0), Hints(key_times=[0.0])) == [Span(0.0, MAX_PICTURE_SECONDS)]


def test_slots_out_of_reach_leave_their_time_to_the_others() -> None:
    spans = plan(media(400.0), Hints(key_times=[0.0, 150.0]))
    assert [s.start for s in spans] == [pytest.approx(0.0, abs=MAX_LEAD_SECONDS), 150.0]
    assert sum(s.end - s.start for s in spans) == pytest.approx(MAX_PICTURE_SECONDS)


@given(
    st.floats(0.01, 100_000.0),
    st.lists(st.floats(0.0, 100_000.0), max_size=40).map(sorted),
    st.lists(st.floats(0.0, 100_000.0), max_size=40).map(sorted),
    st.lists(st.tuples(st.floats(0.0, 100_000.0), st.floats(0.0, 100.0)), max_size=40),
)
def test_any_hints_give_a_bounded_plan_in_order(duration, key_times, cuts, packets) -> None:
    hints = Hints(
        key_times=key_times,
        shot_cuts=cuts,
        packet_times=[t for t, _ in packets],
        packet_kilobytes=[size for _, size in packets],
    )
    spans = plan(media(duration), hints)
    assert 1 <= len(spans) <= SEGMENTS
    assert all(0.0 <= s.start < s.end <= duration + 1e-6 for s in spans)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(spans))
    assert sum(s.end - s.start for s in spans) <= MAX_PICTURE_SECONDS + 1e-6
    for span in spans:
        known = [k for k in key_times if k <= span.start + 0.01]
        assert not known or len(spans) == 1 or span.start - known[-1] <= MAX_LEAD_SECONDS
