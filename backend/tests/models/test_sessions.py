"""The model store: nothing is opened before its hash matched."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import joblib
import pytest

from assay.errors import AssayError
from assay.models.sessions import ModelStore
from assay.settings import Settings
from tests.model_factory import install, write_manifest
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


def test_check_names_the_model_whose_file_changed(tmp_path: Path) -> None:
    bundle(tmp_path, {"temperature": 1.5})
    (tmp_path / "fusion" / "head.joblib").write_bytes(b"x")

    with pytest.raises(AssayError, match="fusion"):
        ModelStore(tmp_path, 1).check("fusion")


def test_a_missing_file_is_told_apart_from_a_wrong_one(tmp_path: Path) -> None:
    bundle(tmp_path, {})
    (tmp_path / "fusion" / "head.joblib").unlink()

    with pytest.raises(AssayError) as caught:
        ModelStore(tmp_path, 1).bundle("fusion", "head.joblib")

    assert caught.value.code == "models_missing"


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"version": 1}', '{"version": 1, "models": {"a": {}}}']
)
def test_a_damaged_manifest_is_rejected(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)

    with pytest.raises(AssayError) as caught:
        ModelStore(tmp_path, 1)

    assert caught.value.code == "model_rejected"


def test_no_manifest_means_no_models(tmp_path: Path) -> None:
    with pytest.raises(AssayError) as caught:
        ModelStore(tmp_path, 1)

    assert caught.value.code == "models_missing"


def test_an_unknown_model_is_missing(tmp_path: Path) -> None:
    write_manifest(tmp_path, {})

    with pytest.raises(AssayError, match="nonesuch"):
        ModelStore(tmp_path, 1).parameters("nonesuch")


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


def test_the_digest_changes_with_the_manifest(tmp_path: Path) -> None:
    write_manifest(tmp_path, {})
    before = ModelStore(tmp_path, 1).digest
    bundle(tmp_path, {})

    assert ModelStore(tmp_path, 1).digest != before


def test_hash_is_that_of_the_served_file(tmp_path: Path) -> None:
    bundle(tmp_path, {})

    content = (tmp_path / "fusion" / "head.joblib").read_bytes()
    assert ModelStore(tmp_path, 1).hash("fusion") == hashlib.sha256(content).hexdigest()
    assert json.loads((tmp_path / "manifest.json").read_text())["models"]["fusion"]


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
