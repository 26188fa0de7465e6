"""The clock of frames, on pictures at any times."""

from itertools import count, groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assay.media.io.grid import KEY_STEP, MAX_HOLD, TOLERANCE, Shown, on_grid
from assay.media.io.picture import ArrayPicture, SampledFrame
from assay.media.sampling import MOUTH_RATE, Span

STEP = 1 / MOUTH_RATE


def play(times: list[float], span: Span, last_seconds: float = STEP) -> list[SampledFrame]:
    shown = [Shown(t, last_seconds, ArrayPicture(np.zeros((2, 2, 3), np.uint8))) for t in times]
    numbers = {id(item.picture): i for i, item in enumerate(shown)}
    frames = list(on_grid(shown, span, count()))
    for frame in frames:
        frame.picture.number = numbers[id(frame.picture)]  # type: ignore[attr-defined]
    return frames


def numbers(frames: list[SampledFrame]) -> list[int]:
    return [frame.picture.number for frame in frames]  # type: ignore[attr-defined]


def test_25_a_second_pass_through() -> None:
    frames = play([i * STEP for i in range(30)], Span(0.2, 1.0))
    assert numbers(frames) == list(range(5, 25))
    assert np.allclose([f.time for f in frames], [0.2 + i * STEP for i in range(20)])
    assert {f.segment for f in frames} == {0}


def test_50_a_second_lose_every_other() -> None:
    assert numbers(play([i / 50 for i in range(50)], Span(0.0, 1.0))) == list(range(0, 50, 2))


def test_30_a_second_show_the_latest() -> None:
    shown = numbers(play([i / 30 for i in range(31)], Span(0.0, 1.0)))
    assert shown == [int(k * 30 / 25 + 1e-6) for k in range(25)]


def test_10_a_second_repeat_and_share_the_picture() -> None:
    frames = play([i / 10 for i in range(11)], Span(0.0, 1.0))
    assert numbers(frames) == [int(k * 10 / 25 + 1e-6) for k in range(25)]
    assert len({id(f.picture) for f in frames}) == 10


def test_rounded_time_stamps_change_nothing() -> None:
    times = [round(i * STEP + 0.0004 * (-1) ** i, 3) for i in range(30)]
    assert numbers(play(times, Span(0.0, 1.0))) == list(range(25))


def test_a_late_start_shifts_the_run() -> None:
    frames = play([0.5 + i * STEP for i in range(20)], Span(0.0, 1.0))
    assert np.isclose(frames[0].time, 0.5)
    assert frames[0].is_detection_frame


def test_a_hole_ends_the_run() -> None:
    frames = play([0.0, 0.04, 0.08, 3.0, 3.04, 3.08], Span(0.0, 4.0))
    assert [f.segment for f in frames if f.time < 2] == [0] * len([f for f in frames if f.time < 2])
    second = [f for f in frames if f.segment == 1]
    assert np.isclose(second[0].time, 3.0)
    assert max(f.time for f in frames if f.segment == 0) < 0.08 + MAX_HOLD


def test_the_last_picture_stays_as_long_as_it_says() -> None:
    assert len(play([0.0], Span(0.0, 8.0), last_seconds=0.2)) == 5
    assert len(play([0.0], Span(0.0, 8.0), last_seconds=1000.0)) == round(MAX_HOLD * MOUTH_RATE)


def test_nothing_gives_nothing() -> None:
    assert play([], Span(0.0, 8.0)) == []


@given(
    st.lists(st.floats(0.001, 2.5), min_size=1, max_size=60),
    st.floats(0.0, 5.0),
    st.floats(0.1, 8.0),
)
def test_every_run_is_regular_and_shows_what_a_player_would(
    gaps: list[float], start: float, length: float
) -> None:
    times = np.cumsum(gaps).tolist()
    span = Span(start, start + length)
    # As the readers do: the first picture is the one on display at the start.
    first = max((i for i, t in enumerate(times) if t <= start), default=0)
    frames = play(times[first:], span)
    for _, group in groupby(frames, key=lambda f: f.segment):
        run = list(group)
        moments = np.array([f.time for f in run])
        assert np.allclose(np.diff(moments), STEP)
        assert [f.is_detection_frame for f in run] == [i % KEY_STEP == 0 for i in range(len(run))]
        for frame, number in zip(run, numbers(run), strict=True):
            shown_at = times[first + number]
            assert shown_at <= frame.time + TOLERANCE
            assert frame.time < shown_at + MAX_HOLD
            later = [t for t in times if t > shown_at]
            assert not later or later[0] > frame.time - TOLERANCE
    moments = [f.time for f in frames]
    assert moments == sorted(moments)
    assert all(span.start <= m < span.end for m in moments)
    assert len(frames) <= length * MOUTH_RATE + 1
