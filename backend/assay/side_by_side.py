"""Work on many things at once, where each piece of it runs on one CPU and lets Python go on.

Networks and decoders do. Several pieces side by side keep the CPUs busier than several threads
within each: those would meet after every operator of a network.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import chain, islice
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import NamedTuple, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """What `work` makes of each item, in their order.

    Items are taken as they are needed: at most twice as many as threads are at work or done ahead.

    Args:
        work: May run in any thread.
        items: Are taken in the caller's thread.
        threads: How many items are worked on at once.

    Raises:
        What `work` raises.
    """
    items = iter(items)
    first = list(islice(items, 2))
    if threads == 1 or len(first) < 2:
        yield from map(work, chain(first, items))
        return
    with ThreadPoolExecutor(threads) as pool:
        pending: deque[Future[R]] = deque()
        for item in chain(first, items):
            pending.append(pool.submit(work, item))
            if len(pending) >= 2 * threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def ahead(items: Generator[T, None, None], most: int) -> Iterator[T]:
    """The same items, made by a thread of their own while the caller is busy with those before.

    Args:
        items: Is run and closed in that thread alone.
        most: Items that wait for the caller at most.

    Raises:
        What `items` raises, where it does.
    """
    made: SimpleQueue[T | _End] = SimpleQueue()
    room, left = Semaphore(most), Event()

    def make() -> None:
        try:
            with closing(items):
                for item in items:
                    made.put(item)
                    room.acquire()
                    if left.is_set():
                        return
            made.put(_End(None))
        except BaseException as error:
            made.put(_End(error))

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while not isinstance(item := made.get(), _End):
            yield item
            room.release()
        if item.error is not None:
            raise item.error
    finally:
        left.set()
        room.release()
        thread.join()


class _End(NamedTuple):
    """Behind the last item: what it was that ended them, if it was an error."""

    error: BaseException | None
