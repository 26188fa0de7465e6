from collections.abc import Iterator

import pytest

from tests.jobs.processes import Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.end()
