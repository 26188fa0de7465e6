"""The database file: who may read it, and what is left of what was deleted."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from assay.jobs.database import Database, workers
from assay.settings import Settings

NAME = "a-name-that-was-to-be-forgotten"


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    Database(Settings(data_dir=folder))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_deleted_name_is_gone_from_the_file(tmp_path: Path) -> None:
    database = Database(Settings(data_dir=tmp_path))

    def write(*statements: str) -> None:
        with database.writing() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    write("CREATE TABLE names (name TEXT)", f"INSERT INTO names VALUES ('{NAME}')")
    write("DELETE FROM names")
    database.close()
    assert NAME.encode() not in (tmp_path / "assay.sqlite").read_bytes()


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
