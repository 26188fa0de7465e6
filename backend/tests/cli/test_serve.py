"""`assay serve` and `assay worker` as commands, in processes of their own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assay.stages import stages
from tests.model_factory import install
from tests.serving import PATIENCE, until


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    for name in {model for stage in stages() for model in stage.models}:
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.onnx").touch()  # nobody opens it: nothing is judged here
        install(tmp_path, name, "model.onnx")
    return os.environ | {
        "ASSAY_DATA_DIR": str(tmp_path / "data"),
        "ASSAY_MODELS_DIR": str(tmp_path),
        "ASSAY_DASHBOARD_DIR": str(tmp_path / "none"),
    }


def command(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).parent / "assay"), *arguments]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def served(environment: dict[str, str], port: int) -> Iterator["subprocess.Popen[str]"]:
    server = subprocess.Popen(
        command("serve", "--port", str(port)), env=environment, stderr=subprocess.PIPE, text=True
    )
    until(lambda: _ready(port) or server.poll() is not None)
    assert server.returncode is None, server.communicate()[1]
    yield server
    server.kill()
    server.communicate()


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def processes(data: Path) -> list[int]:
    """Everybody who has something of this data folder open."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if any(
                str(file.readlink()).startswith(str(data)) for file in (folder / "fd").iterdir()
            ):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, -15)])
def test_it_serves_until_it_is_told_to_stop(
    served: "subprocess.Popen[str]", port: int, tmp_path: Path, number: int, status: int
) -> None:
    assert httpx.get(f"http://127.0.0.1:{port}/livez").status_code == 200
    assert len(processes(tmp_path / "data")) >= 2, "the server and its worker"
    served.send_signal(number)
    _, said = served.communicate(timeout=PATIENCE)
    assert served.returncode == status
    assert processes(tmp_path / "data") == []
    assert "Traceback" not in said


def test_its_worker_goes_when_it_is_killed(served: "subprocess.Popen[str]", tmp_path: Path) -> None:
    served.kill()
    until(lambda: processes(tmp_path / "data") == [])


def test_a_second_worker_is_told_why_not(
    served: "subprocess.Popen[str]", environment: dict[str, str]
) -> None:
    done = subprocess.run(
        command("worker"), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "ASSAY_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken(environment: dict[str, str], port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(
            command("serve", "--port", str(port)),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert done.returncode != 0
    assert "address already in use" in done.stderr


@pytest.mark.parametrize("name", ["serve", "worker"])
def test_a_database_that_is_none_is_said_in_one_sentence(
    environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "assay.sqlite").write_bytes(b"Dear diary" * 1000)
    done = subprocess.run(
        command(name), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "The database cannot be used: file is not a database.\n"


def test_others_do_not_reach_it_by_mistake(environment: dict[str, str], port: int) -> None:
    done = subprocess.run(
        command("serve", "--host", "0.0.0.0", "--port", str(port)),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Others would reach this service")
    assert len(done.stderr.splitlines()) == 1
