"""The models folder: what its manifest says, and that its files are those of the manifest."""

import hashlib
import os
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.models.manifest import ModelFolder
from tests.model_factory import install, write_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One model of two files."""
    (tmp_path / "visual").mkdir()
    (tmp_path / "visual" / "model.onnx").write_bytes(b"network")
    (tmp_path / "visual" / "known.joblib").write_bytes(b"statistics")
    install(tmp_path, "visual", "model.onnx", {"slope": 1.5})
    return tmp_path


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"version": 1}', '{"version": 1, "models": {"a": {}}}']
)
def test_a_damaged_manifest_is_rejected(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)

    with pytest.raises(AssayError) as caught:
        ModelFolder(tmp_path)

    assert caught.value.code == "model_rejected"


def test_no_manifest_means_no_models(tmp_path: Path) -> None:
    with pytest.raises(AssayError) as caught:
        ModelFolder(tmp_path)

    assert caught.value.code == "models_missing"


def test_what_is_not_in_the_manifest_is_missing(folder: Path) -> None:
    models = ModelFolder(folder)
    assert models.parameters("visual") == {"slope": 1.5}
    (folder / "visual" / "stray.joblib").write_bytes(b"")

    with pytest.raises(AssayError, match="nonesuch"):
        models.parameters("nonesuch")
    for ask in (models.hash, models.read):
        with pytest.raises(AssayError) as caught:
            ask("visual", "stray.joblib")
        assert caught.value.code == "models_missing"


def test_a_file_that_matches_is_read(folder: Path) -> None:
    models = ModelFolder(folder)

    assert models.read("visual", "model.onnx") == b"network"
    assert models.hash("visual", "model.onnx") == hashlib.sha256(b"network").hexdigest()
    models.check("visual")


def test_check_looks_at_every_file(folder: Path) -> None:
    (folder / "visual" / "known.joblib").write_bytes(b"x")

    with pytest.raises(AssayError, match="visual") as caught:
        ModelFolder(folder).check("visual")

    assert caught.value.code == "model_rejected"


@pytest.mark.parametrize("ask", ["read", "check"])
def test_a_missing_file_is_told_apart_from_a_wrong_one(folder: Path, ask: str) -> None:
    (folder / "visual" / "model.onnx").unlink()
    models = ModelFolder(folder)

    with pytest.raises(AssayError) as caught:
        _ = models.check("visual") if ask == "check" else models.read("visual", "model.onnx")

    assert caught.value.code == "models_missing"


def test_a_file_that_has_not_changed_is_not_hashed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = ModelFolder(folder)
    models.check("visual")
    hashed: list[str] = []
    real = hashlib.file_digest

    def note(file: object, name: str) -> object:
        hashed.append(Path(file.name).name)  # type: ignore[attr-defined]
        return real(file, name)  # type: ignore[call-overload]

    monkeypatch.setattr(hashlib, "file_digest", note)
    models.check("visual")
    assert hashed == []

    file = folder / "visual" / "model.onnx"
    file.write_bytes(b"NETWORK")
    os.utime(file, ns=(1, 1))
    with pytest.raises(AssayError, match="not the one"):
        models.check("visual")
    assert hashed == ["model.onnx"]


def test_what_is_opened_is_hashed_whatever_its_time_says(folder: Path) -> None:
    file = folder / "visual" / "model.onnx"
    models = ModelFolder(folder)
    models.check("visual")
    before = file.stat()
    file.write_bytes(b"NETWORK")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(AssayError, match="not the one"):
        models.read("visual", "model.onnx")


def test_the_digest_changes_with_a_parameter(folder: Path) -> None:
    before = ModelFolder(folder).digest
    assert ModelFolder(folder).digest == before
    install(folder, "visual", "model.onnx", {"slope": 1.6})

    assert ModelFolder(folder).digest != before


def test_a_folder_may_hold_no_model(tmp_path: Path) -> None:
    write_manifest(tmp_path, {})

    assert ModelFolder(tmp_path).manifest.models == {}
