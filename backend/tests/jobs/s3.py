"""An S3-compatible server of our own, which speaks HTTP and can go away and come back."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.serving import until

BUCKET = "media"

_PROGRAM = """
import sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
app = DomainDispatcherApplication(create_backend_app)
run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=True)
"""


class Bucket:
    """A server with one empty bucket. What it holds is lost when it is killed, not when paused."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self.environment = {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(self._port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._answers)
        httpx.put(f"{self.address}/{BUCKET}").raise_for_status()

    def names(self) -> list[str]:
        """Names of all objects."""
        listing = httpx.get(f"{self.address}/{BUCKET}", params={"list-type": "2"}).text
        return re.findall("<Key>([^<]+)</Key>", listing)

    def put(self, key: str, content: bytes) -> None:
        """As somebody else might."""
        httpx.put(f"{self.address}/{BUCKET}/{key}", content=content).raise_for_status()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)

    def _answers(self) -> bool:
        assert self._process.poll() is None, "the S3 server did not start"
        try:
            return httpx.get(self.address).status_code < 500
        except httpx.TransportError:
            return False


@contextmanager
def bucket() -> Iterator[Bucket]:
    """One that lives as long as the block, and that this process's environment names."""
    before = dict(os.environ)
    server = Bucket()
    os.environ.update(server.environment)
    try:
        yield server
    finally:
        os.environ.clear()
        os.environ.update(before)
        server.stop()
