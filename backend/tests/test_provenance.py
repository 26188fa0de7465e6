"""The version of the pipeline, and the key under which answers are kept."""

import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from assay import __version__, provenance
from assay.evidence import Asked
from assay.jobs.service import work_key
from assay.models.manifest import ModelFolder
from assay.provenance import APART, LIBRARIES, PACKAGE, code_digest, pipeline_version
from assay.settings import REPOSITORY
from tests.model_factory import write_manifest

SHA256 = "0" * 64


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's sources, to be changed."""
    return shutil.copytree(PACKAGE, tmp_path / "assay", ignore=shutil.ignore_patterns("*.pyc"))


def test_it_is_the_semantic_version_and_twelve_digits() -> None:
    found = pipeline_version("digest of a manifest")
    assert re.fullmatch(re.escape(__version__) + r"\+[0-9a-f]{12}", found)
    assert found == pipeline_version("digest of a manifest")


def test_it_is_the_same_in_another_process_and_folder(copy: Path) -> None:
    assert code_digest(copy) == code_digest(PACKAGE)
    program = "from assay.provenance import pipeline_version; print(pipeline_version('a'))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == pipeline_version("a")


@pytest.mark.parametrize(
    "room",
    [
        "pipeline.py",
        "fusion.py",
        "explain.py",
        "settings.py",
        "media/io/video.py",
        "media/faces/detector.py",
        "branches/__init__.py",
        "branches/gate/branch.py",
        "branches/audio/cqcc.py",
        "models/sessions.py",
    ],
)
def test_a_byte_of_what_can_change_an_answer_changes_it(copy: Path, room: str) -> None:
    with (copy / room).open("a") as file:
        file.write("#")
    assert code_digest(copy) != code_digest(PACKAGE)


@pytest.mark.parametrize(
    "room", ["api/app.py", "api/routes/health.py", "jobs/service.py", "cli.py"]
)
def test_what_carries_answers_does_not(copy: Path, room: str) -> None:
    with (copy / room).open("a") as file:
        file.write("#")
    (copy / Path(room).parent / "more.pyi").write_text("")
    assert code_digest(copy) == code_digest(PACKAGE)


def test_a_file_more_and_another_name_change_it(copy: Path) -> None:
    (copy / "branches" / "gate" / "empty.py").touch()
    more = code_digest(copy)
    (copy / "branches" / "gate" / "empty.py").rename(copy / "branches" / "gate" / "bare.py")
    assert len({code_digest(PACKAGE), more, code_digest(copy)}) == 3


def test_every_room_counts_that_is_not_named() -> None:
    assert {name for name in APART if not (PACKAGE / name).exists()} == set()


@pytest.mark.parametrize("library", LIBRARIES)
def test_another_version_of_a_library_changes_it(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    real = provenance._installed
    assert real(library) == version(library)
    before = code_digest(PACKAGE)
    monkeypatch.setattr(
        provenance, "_installed", lambda name: "0.0" if name == library else real(name)
    )
    assert code_digest(PACKAGE) != before


def test_the_libraries_are_those_that_the_service_depends_on() -> None:
    declared = (REPOSITORY / "backend" / "pyproject.toml").read_text("utf-8")
    assert all(f'"{name}>=' in declared for name in LIBRARIES)


def test_a_byte_of_the_manifest_changes_the_key(tmp_path: Path) -> None:
    write_manifest(tmp_path, {})
    before = pipeline_version(ModelFolder(tmp_path).digest)
    with (tmp_path / "manifest.json").open("a") as file:
        file.write(" ")
    after = pipeline_version(ModelFolder(tmp_path).digest)
    assert before != after
    assert work_key(SHA256, before, Asked()) != work_key(SHA256, after, Asked())


def test_the_key_changes_with_content_code_and_what_was_asked(
    monkeypatch: pytest.MonkeyPatch, copy: Path
) -> None:
    def key(content: str = SHA256, full: bool = False) -> str:
        return work_key(content, pipeline_version("manifest"), Asked(full=full))

    keys = {key(), key("1" * 64), key(full=True)}
    (copy / "fusion.py").write_text("changed = True")
    monkeypatch.setattr(provenance, "_CODE", code_digest(copy))
    keys.add(key())
    assert len(keys) == 4
    monkeypatch.setattr(provenance, "_CODE", code_digest(PACKAGE))
    assert key() in keys
    monkeypatch.setattr(provenance, "__version__", "9.9.9")
    assert key() not in keys


def test_to_ask_for_it_loads_nothing_heavy() -> None:
    program = (
        "import sys, assay.provenance; "
        "print({'av', 'cv2', 'numpy', 'onnxruntime', 'pydantic', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()"
