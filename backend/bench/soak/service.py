"""The service as processes of its own, to be killed, filled and asked."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests.model_factory import write_manifest
from tests.serving import until

STOP_SECONDS = 30.0


class Service:
    """`bench.soak.entry serve` on one folder; it can be killed and started again.

    Args:
        folder: Data, models and the log live here.
        more: Further variables of the environment.
    """

    def __init__(self, folder: Path, **more: str) -> None:
        self._log = folder / "log"
        models = folder / "models"
        models.mkdir(parents=True, exist_ok=True)
        write_manifest(models, {})
        self.data = folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {
            "ASSAY_DATA_DIR": str(self.data),
            "ASSAY_MODELS_DIR": str(models),
            "ASSAY_DASHBOARD_DIR": str(folder / "no-page"),
            "ASSAY_MAX_QUEUE": "1000000",
            **more,
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.server = self._run("serve", str(self.port))
        until(lambda: self.is_alive() or self.server.poll() is not None)
        assert self.server.poll() is None, self.log()

    def refuses_to_start(self) -> str:
        """What the server says in place of starting."""
        server = self._run("serve", str(self.port))
        server.wait(STOP_SECONDS)
        return self.log()

    def start_worker(self) -> subprocess.Popen[bytes]:
        """One more worker, where there may be several."""
        return self._run("worker")

    def is_alive(self) -> bool:
        return self._answers("/livez")

    def is_ready(self) -> bool:
        """Whether there is a worker as well."""
        return self._answers("/readyz")

    def log(self) -> str:
        return self._log.read_text()

    def processes(self) -> dict[str, int]:
        """Process ids of the server, of the worker beside it and of its analysis, if they live."""
        found = {"server": self.server.pid}
        for role, parent in (("worker", "server"), ("analysis", "worker")):
            children = _spawned_by(found[parent]) if parent in found else []
            if children:
                found[role] = children[0]
        return found

    def stop(self) -> None:
        """End everything that was started here."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _answers(self, path: str) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(self.address + path, timeout=30).is_success
        return False

    def _run(self, *words: str) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bench.soak.entry", *words],
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self._processes.append(process)
        return process


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Service]:
    """A started service, stopped at the end."""
    service = Service(folder, **more)
    try:
        service.start()
        yield service
    finally:
        service.stop()


def _spawned_by(parent: int) -> list[int]:
    """Children that Python's multiprocessing has made; its resource tracker is none of them."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # it has ended
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == parent and b"spawn_main" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


def cpu_seconds(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kill(pid: int) -> bool:
    """SIGKILL; False if it had ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False
