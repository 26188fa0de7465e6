"""The model store: nothing is opened before its hash matched, and what was used is known."""

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import joblib
import pytest

from assay.errors import AssayError
from assay.models.sessions import ModelStore
from assay.settings import REPOSITORY, Settings
from tests.model_factory import install
from tests.serving import has_all_models


class Bomb:
    """A pickle that would run code."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.marker,)  # type: ignore[return-value]


def bundle(folder: Path, content: object) -> None:
    (folder / "fusion").mkdir()
    joblib.dump(content, folder / "fusion" / "head.joblib")
    install(folder, "fusion", serve="head.joblib")


def test_a_bundle_with_the_right_hash_is_opened(tmp_path: Path) -> None:
    bundle(tmp_path, {"temperature": 1.5})

    assert ModelStore(tmp_path, 1).bundle("fusion", "head.joblib") == {"temperature": 1.5}


def test_a_bundle_that_was_tampered_with_is_never_unpickled(tmp_path: Path) -> None:
    bundle(tmp_path, {"temperature": 1.5})
    marker = tmp_path / "ran"
    joblib.dump(Bomb(marker), tmp_path / "fusion" / "head.joblib")

    with pytest.raises(AssayError) as caught:
        ModelStore(tmp_path, 1).bundle("fusion", "head.joblib")

    assert caught.value.code == "model_rejected"
    assert not marker.exists()


def test_the_bomb_of_these_tests_would_go_off(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    joblib.dump(Bomb(marker), tmp_path / "bomb")

    joblib.load(tmp_path / "bomb")

    assert marker.exists()


def test_many_threads_load_a_bundle_once(tmp_path: Path) -> None:
    bundle(tmp_path, {"list": []})
    store = ModelStore(tmp_path, 1)
    found: list[object] = []

    def load() -> None:
        found.append(store.bundle("fusion", "head.joblib"))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert all(item is found[0] for item in found)


def test_what_was_used_is_tracked_for_each_analysis(tmp_path: Path) -> None:
    bundle(tmp_path, {})
    joblib.dump({}, tmp_path / "fusion" / "other.joblib")
    install(tmp_path, "fusion", serve="head.joblib")
    store = ModelStore(tmp_path, 1)
    first, second = store.tracked(), store.tracked()

    loaded = first.bundle("fusion", "head.joblib")
    assert second.bundle("fusion", "head.joblib") is loaded, "models are shared"
    second.bundle("fusion", "other.joblib")
    second.bundle("fusion", "head.joblib")

    files = {
        f"fusion/{name}": hashlib.sha256((tmp_path / "fusion" / name).read_bytes()).hexdigest()
        for name in ("head.joblib", "other.joblib")
    }
    assert first.used == {"fusion/head.joblib": files["fusion/head.joblib"]}
    assert second.used == files
    assert store.used == store.tracked().used == {}


def test_what_could_not_be_loaded_was_not_used(tmp_path: Path) -> None:
    bundle(tmp_path, {})
    (tmp_path / "fusion" / "head.joblib").write_bytes(b"x")
    store = ModelStore(tmp_path, 1)

    with pytest.raises(AssayError):
        store.bundle("fusion", "head.joblib")

    assert store.used == {}


def test_all_sessions_are_opened_in_one_place() -> None:
    """Options that only some sessions have would make the lab measure another network."""
    backend = REPOSITORY / "backend"
    files = [*backend.glob("assay/**/*.py"), *backend.glob("lab/**/*.py")]
    opening = [file for file in files if "InferenceSession(" in file.read_text("utf-8")]
    assert [file.name for file in opening] == ["sessions.py"]


@pytest.mark.skipif(not has_all_models(), reason="models are missing")
def test_nothing_is_kept_to_be_reported(tmp_path: Path) -> None:
    """onnxruntime would leave an identity and its events at home before it sends them."""
    program = "import sys; from pathlib import Path; from assay.models.sessions import ModelStore; "
    program += "ModelStore(Path(sys.argv[1]), 1).session('blazeface')"
    environment = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
    subprocess.run(
        [sys.executable, "-c", program, str(Settings().models_dir)],
        env=environment | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        check=True,
    )
    assert not list(tmp_path.rglob("*onnxruntime*"))
