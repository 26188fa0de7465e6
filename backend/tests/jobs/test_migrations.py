"""Tables of other times and other people: brought up to date, or refused in one sentence."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from assay.errors import AssayError
from assay.jobs.database import VERSION_TABLE, Database, _alembic, analyses, metadata
from assay.settings import Settings

OLD_ROW = {
    "id": "00000000-0000-0000-0000-000000000001",
    "created_ms": 1,
    "file_name": "old.png",
    "name_folded": "old.png",
    "media_type": "image/png",
    "size_bytes": 1,
    "sha256": "ab" * 32,
    "work_key": "cd" * 32,
    "full": 0,
    "cached": 0,
    "state": "complete",
    "percent": 100.0,
    "stage_name": "Final classification",
    "stages": "[]",
    "last_seq": 0,
    "run": 1,
    "crashes": 0,
}


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(Settings(data_dir=tmp_path))


def execute(database: Database, *statements: str) -> None:
    with database.writing() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def test_the_migrations_lead_to_the_tables_of_the_code(database: Database) -> None:
    database.prepare()
    with database.reading() as connection:
        ours = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        context = MigrationContext.configure(connection, opts={"compare_type": True, **ours})
        assert compare_metadata(context, metadata) == []


def test_a_database_from_before_migrations_keeps_what_it_has(database: Database) -> None:
    with database.writing() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        columns = ", ".join(OLD_ROW)
        values = ", ".join(f":{name}" for name in OLD_ROW)
        insert = sa.text(f"INSERT INTO analyses ({columns}) VALUES ({values})")
        connection.execute(insert, OLD_ROW | {"id": "later", "created_ms": 2, "full": 1})
        connection.execute(insert, OLD_ROW)
        connection.execute(sa.text(f"DROP TABLE {VERSION_TABLE}"))
    for _ in range(2):
        database.prepare()
    with database.reading() as connection:
        rows = connection.execute(sa.select(analyses).order_by(analyses.c.number)).all()
    assert [(row.id, row.number, row.kills, row.asked) for row in rows] == [
        (OLD_ROW["id"], 1, 0, {}),
        ("later", 2, 0, {"full": True}),
    ]


def test_a_table_that_lacks_a_column_is_noticed(database: Database) -> None:
    database.prepare()
    execute(database, "ALTER TABLE analyses DROP COLUMN crashes")
    for look in (database.check, database.prepare):
        with pytest.raises(AssayError, match="lack") as error:
            look()
        assert error.value.code == "not_ready"


def test_a_database_of_a_later_release_is_left_alone(database: Database) -> None:
    database.prepare()
    execute(database, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    for look in (database.check, database.prepare):
        with pytest.raises(AssayError, match="release"):
            look()


def test_tables_of_another_program_are_noticed(database: Database) -> None:
    execute(database, "CREATE TABLE analyses (id INTEGER)")
    with pytest.raises(AssayError, match="cannot be used"):
        database.prepare()


def test_what_is_no_database_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "assay.sqlite").write_bytes(b"Dear diary" * 1000)
    with pytest.raises(AssayError, match="not a database") as error:
        Database(Settings(data_dir=tmp_path)).prepare()
    assert "\n" not in error.value.message


def test_what_cannot_be_opened_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "assay.sqlite").mkdir()
    with pytest.raises(AssayError, match="unable to open"):
        Database(Settings(data_dir=tmp_path)).prepare()


def test_a_database_that_may_not_be_written_is_said_in_one_sentence(database: Database) -> None:
    database.prepare()
    database.close()

    @sa.event.listens_for(database.engine, "connect")
    def forbid(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    with database.reading() as connection:
        connection.execute(sa.select(analyses))
    execute_migration = f"DELETE FROM {VERSION_TABLE}"
    with closing(sqlite3.connect(database.engine.url.database or "")) as owner:
        owner.execute(execute_migration)
        owner.commit()
    with pytest.raises(AssayError, match="readonly"):
        database.prepare()


def test_a_server_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    with pytest.raises(AssayError, match="cannot be used") as error:
        Database(Settings(data_dir=tmp_path, database_url=url)).prepare()
    assert "\n" not in error.value.message
