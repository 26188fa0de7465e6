"""A service that others reach does not start without a key."""

from pathlib import Path

import pytest

from assay.api.exposure import is_loopback, refuse_exposed
from assay.errors import AssayError
from assay.jobs.database import Database
from assay.jobs.keys import Keys, Scope
from assay.settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"])
def test_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "192.168.1.2", "example.org", "localhost.evil.example", "fe80::1"]
)
def test_others_as_well(host: str) -> None:
    assert not is_loopback(host)


def prepared(folder: Path, **values: object) -> tuple[Settings, Database]:
    settings = Settings(data_dir=folder, **values)
    database = Database(settings)
    database.prepare()
    return settings, database


def test_it_is_open_on_loopback(tmp_path: Path) -> None:
    refuse_exposed(*prepared(tmp_path), "127.0.0.1")


@pytest.mark.parametrize(
    ("host", "names"), [("0.0.0.0", frozenset()), ("127.0.0.1", frozenset({"assay.example"}))]
)
def test_elsewhere_and_under_public_names_it_needs_a_key(
    tmp_path: Path, host: str, names: frozenset[str]
) -> None:
    settings, database = prepared(tmp_path, allowed_hosts=names)
    with pytest.raises(AssayError, match="assay keys create NAME") as refused:
        refuse_exposed(settings, database, host)
    assert "ASSAY_OPEN=1" in refused.value.message
    key, _ = Keys(database).create("first", [Scope.READ])
    refuse_exposed(settings, database, host)
    Keys(database).revoke(key.id)
    refuse_exposed(settings, database, host)


def test_unless_it_is_told_to_be_open(tmp_path: Path) -> None:
    settings, database = prepared(tmp_path, open=True)
    refuse_exposed(settings, database, "0.0.0.0")
