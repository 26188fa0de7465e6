"""One file that holds everything, and the way back; archives of strangers are refused."""

import io
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.jobs.backup import DATABASE, LABEL, back_up, bring_back
from assay.jobs.database import Database
from assay.jobs.keys import Keys, Scope
from assay.settings import Settings
from assay.signing import KEY_FILE, Signer
from tests.jobs.test_retention import World
from tests.serving import settings_for


def folder_of(path: Path) -> Settings:
    return Settings(data_dir=path)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Of a service with a complete analysis, while another connection has the database open."""
    world = World(settings_for(tmp_path))
    analysis_id = world.submit(b"some media")
    world.complete(analysis_id)
    Signer(tmp_path / "data")
    Keys(world.database).create("kept", [Scope.READ])
    (tmp_path / "data" / "incoming" / "draft").write_bytes(b"half an upload")
    with world.database.writing():  # nobody has to stop for it
        back_up(folder_of(tmp_path / "data"), tmp_path / "all.tar")
    world.database.close()
    return tmp_path / "all.tar"


def test_what_comes_back_is_what_there_was(archive: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "data", tmp_path / "again"
    bring_back(folder_of(after), archive)
    for room in ("uploads", "artefacts"):
        files = [path for path in (before / room).rglob("*") if path.is_file()]
        assert files
        for path in files:
            assert (after / path.relative_to(before)).read_bytes() == path.read_bytes()
    assert (after / KEY_FILE).read_bytes() == (before / KEY_FILE).read_bytes()
    assert not (after / "incoming").exists()
    database = Database(folder_of(after))
    database.check()
    assert [key.name for key in Keys(database).all()] == ["kept"]
    database.close()


def test_only_its_owner_can_read_it(archive: Path, tmp_path: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    bring_back(folder_of(tmp_path / "again"), archive)
    for path in (tmp_path / "again").rglob("*"):
        private = path.is_file() or path.parent == tmp_path / "again"
        assert not private or path.stat().st_mode & 0o077 == 0, path


def test_nothing_is_overwritten(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="such a file already"):
        back_up(folder_of(tmp_path / "data"), archive)
    with pytest.raises(AssayError, match="holds a service already"):
        bring_back(folder_of(tmp_path / "data"), archive)


def test_a_folder_without_a_service_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="no database in the data folder"):
        back_up(folder_of(tmp_path), tmp_path / "all.tar")
    assert list(tmp_path.iterdir()) == []


def test_postgres_has_tools_of_its_own(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://nobody@localhost/none")
    for do in (back_up, bring_back):
        with pytest.raises(AssayError, match="pg_dump"):
            do(settings, tmp_path / "all.tar")


def changed(archive: Path, change: Callable[[tarfile.TarFile], None]) -> Path:
    """An archive with something more in it."""
    target = archive.with_name("changed.tar")
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        change(new)
    return target


def a_file(name: str, **values: object) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    for field, value in values.items():
        setattr(entry, field, value)
    return entry


@pytest.mark.parametrize(
    "entry",
    [
        a_file("../evil"),
        a_file("/etc/evil"),
        a_file("uploads/../../evil"),
        a_file("worker.lock"),
        a_file("uploads/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        a_file("uploads/hard", type=tarfile.LNKTYPE, linkname="../../etc/passwd"),
        a_file("uploads/device", type=tarfile.CHRTYPE),
        a_file("uploads/pipe", type=tarfile.FIFOTYPE),
    ],
    ids=lambda entry: entry.name,
)
def test_what_is_none_of_ours_is_refused(
    archive: Path, tmp_path: Path, entry: tarfile.TarInfo
) -> None:
    evil = changed(archive, lambda new: new.addfile(entry))
    with pytest.raises(AssayError, match="no backup of Assay"):
        bring_back(folder_of(tmp_path / "again"), evil)
    assert list((tmp_path / "again").iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_what_is_no_archive_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for number, content in enumerate((b"", b"Dear diary" * 1000, whole[:700], whole[512:])):
        (tmp_path / "bad.tar").write_bytes(content)
        with pytest.raises(AssayError):
            bring_back(folder_of(tmp_path / f"again{number}"), tmp_path / "bad.tar")
        assert not (tmp_path / f"again{number}" / DATABASE).exists()


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as new:
        for name, content in ((LABEL, b"{}"), (DATABASE, b"SQLite format 3\0" + b"\xff" * 5000)):
            entry = a_file(name, size=len(content))
            new.addfile(entry, io.BytesIO(content))
    with pytest.raises(AssayError) as refused:
        bring_back(folder_of(tmp_path / "again"), tmp_path / "bad.tar")
    assert refused.value.code == "storage_failed"
    assert list((tmp_path / "again").iterdir()) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="No such file"):
        bring_back(folder_of(tmp_path / "again"), tmp_path / "none.tar")


def test_the_copy_is_one_consistent_file(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as old:
        assert old.getnames()[:2] == [LABEL, DATABASE]
        old.extract(DATABASE, tmp_path / "out", filter="data")
    connection = sqlite3.connect(tmp_path / "out" / DATABASE)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT count(*) FROM analyses").fetchone() == (1,)
    connection.close()
