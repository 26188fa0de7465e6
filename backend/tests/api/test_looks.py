"""Who asks at once is answered at once, from one query."""

import threading
from collections.abc import Iterable

import anyio
import anyio.to_thread
import pytest
from sqlalchemy.exc import OperationalError

from assay.api.looks import Looks
from assay.errors import AssayError
from assay.jobs.service import Look


class Asked:
    """A service that notes what it is asked, and answers when told."""

    def __init__(self) -> None:
        self.queries: list[set[str]] = []
        self.was_asked = threading.Event()
        self.may_answer = threading.Event()

    def looks(self, ids: Iterable[str]) -> dict[str, Look | AssayError]:
        self.queries.append(set(ids))
        self.was_asked.set()
        self.may_answer.wait()
        if "down" in ids:
            raise OperationalError("select", {}, Exception("away"))
        return {each: AssayError("not_found", f"{each} is none of ours") for each in ids}


def test_those_who_come_during_a_query_share_the_next_one() -> None:
    service = Asked()
    looks = Looks(service)  # type: ignore[arg-type]
    told: list[tuple[str, str]] = []

    async def ask(name: str) -> None:
        try:
            await looks.status(name)
        except AssayError as error:
            told.append((name, error.message))

    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(looks.run)
            async with anyio.create_task_group() as crowd:
                crowd.start_soon(ask, "first")
                await anyio.to_thread.run_sync(service.was_asked.wait)
                for name in ("a", "b", "a", "c"):
                    crowd.start_soon(ask, name)
                await anyio.sleep(0.05)
                service.may_answer.set()
            tasks.cancel_scope.cancel()

    anyio.run(main)
    assert service.queries == [{"first"}, {"a", "b", "c"}]
    assert sorted(told) == [
        (name, f"{name} is none of ours") for name in ("a", "a", "b", "c", "first")
    ]


def test_a_query_that_fails_is_told_to_those_it_was_for_and_the_next_one_works() -> None:
    service = Asked()
    service.may_answer.set()
    looks = Looks(service)  # type: ignore[arg-type]

    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(looks.run)
            with pytest.raises(OperationalError):
                await looks.status("down")
            with pytest.raises(AssayError):
                await looks.status("other")
            tasks.cancel_scope.cancel()

    anyio.run(main)
