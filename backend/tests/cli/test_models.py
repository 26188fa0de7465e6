from pathlib import Path

import pytest
from typer.testing import CliRunner

from assay.cli import app
from assay.settings import get_settings
from tests.model_factory import install, write_manifest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSAY_MODELS_DIR", str(tmp_path))
    get_settings.cache_clear()
    write_manifest(tmp_path, {})
    for name in ("tiny", "visual"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.onnx").write_bytes(name.encode())
        install(tmp_path, name, "model.onnx")
    return tmp_path


@pytest.fixture(autouse=True)
def forget_settings() -> None:
    get_settings.cache_clear()


def test_models_are_listed_and_verified(folder: Path) -> None:
    result = CliRunner().invoke(app, ["models"])
    assert result.exit_code == 0
    assert "tiny" in result.stdout
    assert result.stdout.count("verified") == 2


def test_a_changed_model_is_named(folder: Path) -> None:
    (folder / "tiny" / "model.onnx").write_bytes(b"something else")
    result = CliRunner().invoke(app, ["models"], env={"COLUMNS": "200"})
    assert result.exit_code == 1
    assert result.stdout.count("verified") == 1
    assert "not the one that was released" in result.stdout


def test_without_models_there_is_one_sentence(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    result = CliRunner().invoke(app, ["models"])
    assert result.exit_code == 1
    assert result.stderr.strip().endswith("restore the models folder.")
