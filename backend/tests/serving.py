"""A real server on a real port, for tests: uvicorn, a database file and, if wanted, a worker."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from assay.api.app import create_app
from assay.api.server import Server
from assay.errors import AssayError
from assay.jobs.database import Database
from assay.jobs.supervisor import Supervisor
from assay.models.manifest import ModelFolder
from assay.settings import Settings
from assay.stages import stages
from tests.jobs import scripted
from tests.model_factory import write_manifest

PATIENCE = 240.0
"""Seconds after which something that should happen will not: long, for no test judges a time."""


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Everything under one folder, with an (empty) set of models."""
    models = folder / "models"
    models.mkdir(exist_ok=True)
    write_manifest(models, {})
    values: dict[str, Any] = {
        "data_dir": folder / "data",
        "models_dir": models,
        "dashboard_dir": folder / "no-page",
    }
    return Settings(**values | changes)


def has_all_models() -> bool:
    """Whether every stage of the real pipeline finds its model."""
    try:
        installed = ModelFolder(Settings().models_dir).manifest.models
    except AssayError:
        return False
    return {model for stage in stages() for model in stage.models} <= set(installed)


@contextmanager
def serving(
    settings: Settings, supervisor: Supervisor | None = None, graph: Any = scripted.GRAPH
) -> Iterator[str]:
    """Serve until the block ends.

    Yields:
        The address.
    """
    database = Database(settings)
    database.prepare()
    database.close()
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(settings, supervisor, graph)
    server = Server(app, "127.0.0.1", 0, log_level="warning")
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until(lambda: server.started or not thread.is_alive())
    assert server.started, "the server did not start"
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listener.close()
        assert not thread.is_alive(), "the server did not stop"


def upload(client: httpx.Client, content: bytes, name: str = "clip.png", **more: Any) -> str:
    """Submit a file.

    Returns:
        The id of the analysis.
    """
    answer = client.post("/analyze", files={"file": (name, content)}, **more)
    assert answer.status_code == 202, answer.text
    analysis_id: str = answer.json()["analysisId"]
    return analysis_id


def finished(client: httpx.Client, analysis_id: str, seconds: float = PATIENCE) -> dict[str, Any]:
    """The status of an analysis once it is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = client.get(f"/status/{analysis_id}", params={"wait": 5})
        assert answer.status_code == 200, answer.text
        status: dict[str, Any] = answer.json()
        if status["status"] != "processing":
            return status
    raise AssertionError(f"not over after {seconds} s: {status}")


def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


Event = tuple[int, str, dict[str, Any]]
"""Sequence number, kind and data."""


def read_events(answer: httpx.Response) -> Iterator[Event]:
    """Parse an event stream the way a browser does."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield int(fields.get("id", -1)), fields["event"], json.loads(fields["data"])
            fields = {}
