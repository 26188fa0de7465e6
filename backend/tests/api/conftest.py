from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assay.jobs.supervisor import Supervisor
from tests.jobs import scripted
from tests.serving import PATIENCE, serving, settings_for, until


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole service: API here, a worker and its analysis process beside."""
    settings = settings_for(tmp_path_factory.mktemp("served"), max_upload_bytes=3 * 1024 * 1024)
    with serving(settings, Supervisor(settings, scripted.load)) as address:
        until(lambda: httpx.get(f"{address}/readyz").status_code == 200)
        yield address


@pytest.fixture
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[httpx.Client]:
    """An API without any worker: what is submitted stays queued."""
    with (
        serving(settings_for(tmp_path, max_queue=3)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        yield client
