"""Work on many things at once: order, bounds, errors, and leaving in the middle."""

import threading
from collections.abc import Generator, Iterator

import pytest

from assay.side_by_side import ahead, side_by_side


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_answers_come_in_the_order_of_the_items(count: int, threads: int) -> None:
    assert list(side_by_side(lambda n: n * n, range(count), threads)) == [
        n * n for n in range(count)
    ]


def test_two_items_are_at_work_at_once() -> None:
    both = threading.Barrier(2, timeout=10)
    assert sorted(side_by_side(lambda _: both.wait(), range(2), 2)) == [0, 1]


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def endless() -> Iterator[int]:
        while True:
            taken.append(len(taken))
            yield taken[-1]

    answers = side_by_side(lambda n: n, endless(), 2)
    assert next(answers) == 0
    assert len(taken) == 4


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_of_the_work_comes_where_its_answer_would(threads: int) -> None:
    answers = side_by_side(lambda n: 6 // n, [3, 2, 0, 1], threads)
    assert [next(answers), next(answers)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(answers)


def counted(made: list[int], closed: threading.Event) -> Generator[int, None, None]:
    try:
        for number in range(100):
            made.append(number)
            yield number
    finally:
        closed.set()


@pytest.mark.parametrize("most", [1, 8])
def test_what_is_made_ahead_comes_whole_and_in_order(most: int) -> None:
    closed = threading.Event()
    assert list(ahead(counted([], closed), most)) == list(range(100))
    assert closed.is_set()


def test_no_more_is_made_than_may_wait() -> None:
    made: list[int] = []
    closed = threading.Event()
    items = ahead(counted(made, closed), 3)
    assert next(items) == 0
    items.close()  # type: ignore[attr-defined]
    # The one in hand, three that wait, one that found no room any more.
    assert len(made) <= 5
    assert closed.is_set()


def test_who_leaves_at_once_closes_what_is_made_ahead() -> None:
    closed = threading.Event()
    for _ in ahead(counted([], closed), 1):
        break
    assert closed.wait(10)


def test_nothing_is_made_before_somebody_asks() -> None:
    made: list[int] = []
    ahead(counted(made, threading.Event()), 2)
    assert made == []


def test_an_error_comes_behind_what_was_made_before_it() -> None:
    def spoilt() -> Generator[int, None, None]:
        yield 1
        raise ValueError("damaged")

    items = ahead(spoilt(), 4)
    assert next(items) == 1
    with pytest.raises(ValueError, match="damaged"):
        next(items)


def test_it_is_made_in_another_thread_which_ends_with_it() -> None:
    def here() -> Generator[int, None, None]:
        yield threading.get_ident()

    [there] = ahead(here(), 1)
    assert there != threading.get_ident()
    assert there not in {thread.ident for thread in threading.enumerate()}
