"""The database file: who may read it, and what is left of what was deleted."""

from pathlib import Path

import sqlalchemy as sa

from assay.jobs.database import Database, _sqlite_engine
from assay.settings import Settings

NAME = "a-name-that-was-to-be-forgotten"


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    Database(Settings(data_dir=folder))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_deleted_name_is_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "names.sqlite"
    engine = _sqlite_engine(f"sqlite:///{path}")

    def write(*statements: str) -> None:
        with engine.connect() as connection:
            connection = connection.execution_options(writing=True)
            with connection.begin():
                for statement in statements:
                    connection.execute(sa.text(statement))

    write("CREATE TABLE names (name TEXT)", f"INSERT INTO names VALUES ('{NAME}')")
    write("DELETE FROM names")
    engine.dispose()
    assert NAME.encode() not in path.read_bytes()
