"""The database file: who may read it, and what is left of what was deleted."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from assay.errors import AssayError
from assay.jobs.database import Database, workers
from assay.settings import Settings

NAME = "a-name-that-was-to-be-forgotten"


def test_what_was_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    (folder / "assay.sqlite").touch(mode=0o644)
    database = Database(Settings(data_dir=folder))
    database.prepare()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(list(folder.iterdir())) == 3, "the file and its logs"
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    database.close()


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AssayError, match="data folder cannot be used") as error:
        Database(Settings(data_dir=tmp_path / "file" / "data"))
    assert error.value.code == "storage_failed"


def test_a_deleted_name_is_gone_from_the_files_at_once(tmp_path: Path) -> None:
    database = Database(Settings(data_dir=tmp_path))

    def execute(*statements: str) -> None:
        with database.writing() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def written() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir())

    execute("CREATE TABLE names (name TEXT)", f"INSERT INTO names VALUES ('{NAME}')")
    assert NAME.encode() in written()
    execute("DELETE FROM names")
    database.forget()
    assert NAME.encode() not in written()
    database.close()


def test_looks_do_not_wait_for_a_writer_and_change_nothing(tmp_path: Path) -> None:
    database = Database(Settings(data_dir=tmp_path), patience=0.0)
    database.prepare()
    with database.writing() as connection:
        connection.execute(workers.insert().values(id="one", seen_ms=1))
        with database.reading() as view:
            assert view.execute(sa.select(workers)).all() == []
            with pytest.raises(OperationalError, match="readonly"):
                view.execute(workers.delete())
        with pytest.raises(OperationalError, match="locked"), database.writing():
            pass
    database.close()
