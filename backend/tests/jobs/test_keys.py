"""Keys as they are kept."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from assay.errors import AssayError
from assay.jobs.database import Database, api_keys
from assay.jobs.keys import PREFIX, Key, Keys, Scope, hash_of
from assay.settings import Settings


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(Settings(data_dir=tmp_path))
    database.prepare()
    return database


def test_what_opens_a_key_is_kept_nowhere(database: Database, tmp_path: Path) -> None:
    keys = Keys(database)
    key, secret = keys.create("mine", [Scope.READ])
    rotated = keys.rotate(key.id)
    database.forget()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("assay.sqlite*"))
    for each in (secret, rotated):
        assert each.startswith(PREFIX)
        assert len(each) > 40
        assert each.encode() not in kept
    assert hash_of(rotated).encode() in kept
    assert hash_of(secret).encode() not in kept


def test_a_key_knows_what_it_may(database: Database) -> None:
    key, _ = Keys(database).create("mine", [Scope.READ, Scope.SUBMIT])
    admin, _ = Keys(database).create("admin", [Scope.ADMIN])
    assert [key.allows(scope) for scope in Scope] == [True, True, False, False, False]
    assert all(admin.allows(scope) for scope in Scope)
    assert not key.caller.sees_all
    assert admin.caller.sees_all


def test_a_scope_of_a_later_release_is_none(database: Database) -> None:
    Keys(database).create("mine", [Scope.READ])
    with database.writing() as connection:
        connection.execute(api_keys.update().values(scopes="read fly"))
        row = connection.execute(sa.select(api_keys)).one()
    assert Key.read(row).scopes == {Scope.READ}


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[31m", "x" * 101, "\u202eabc"])
def test_a_name_that_cannot_be(database: Database, name: str) -> None:
    with pytest.raises(AssayError, match="printable"):
        Keys(database).create(name, [Scope.READ])


def test_it_is_over_at_its_time() -> None:
    key = Key("id", "name", "", frozenset(), 0, 1000, None, 1, None)
    assert key.is_valid(999)
    assert not key.is_valid(1000)


def test_what_is_revoked_stays_revoked(database: Database) -> None:
    keys = Keys(database)
    key, _ = keys.create("mine", [Scope.READ])
    keys.revoke(key.id)
    for change in (keys.revoke, keys.rotate):
        with pytest.raises(AssayError, match="is revoked"):
            change(key.id)
        with pytest.raises(AssayError, match="no such key"):
            change("unknown")
    assert [each.revoked_ms is None for each in keys.all()] == [False]
