"""A PostgreSQL server of our own, where one is installed."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from tests.serving import until

INITDB = shutil.which("initdb")
POSTGRES = shutil.which("postgres")
NOBODY = 65534


class Server:
    """A database server of our own, empty, on a free port; it can go away and come back."""

    def __init__(self, folder: str, user: int) -> None:
        self._folder, self._user = folder, user
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = SecretStr(f"postgresql://assay@127.0.0.1:{self._port}/postgres")
        subprocess.run(
            [str(INITDB), "-D", f"{folder}/data", "-U", "assay", "-A", "trust", "--no-sync"],
            user=user,
            check=True,
            capture_output=True,
        )
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *(str(POSTGRES), "-D", f"{self._folder}/data"),
                *("-p", str(self._port), "-k", self._folder, "-F"),
            ],
            user=self._user,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: _answers(self._port))

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)


@contextmanager
def postgres() -> Iterator[Server]:
    """One that lives as long as the block."""
    # It refuses to run as root, and folders of ours belong to root alone.
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chown(folder, user, -1)
        server = Server(folder, user)
        try:
            yield server
        finally:
            server.stop()


def _answers(port: int) -> bool:
    import psycopg

    try:
        psycopg.connect(f"postgresql://assay@127.0.0.1:{port}/postgres").close()
    except psycopg.OperationalError:
        return False
    return True
