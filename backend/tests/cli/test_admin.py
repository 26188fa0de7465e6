"""`assay keys`, `audit`, `backup` and `restore` as commands."""

import json
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from assay.cli import app
from assay.settings import get_settings
from tests.serving import PATIENCE, serving, settings_for


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSAY_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*arguments: str) -> Result:
    get_settings.cache_clear()
    return CliRunner().invoke(app, arguments)


def test_a_key_from_its_making_to_its_end(data: Path, tmp_path: Path) -> None:
    made = run("keys", "create", "City desk", "--scope", "read", "--per-day", "5", "--days", "30")
    assert made.exit_code == 0, made.output
    secret = made.stdout.strip()
    (line,) = run("keys", "list").stdout.splitlines()
    key_id, state, *rest = line.split("\t")
    assert state.startswith("until ")
    assert rest == ["read", "600/min, 5/day", "City desk"]
    with serving(settings_for(tmp_path)) as address:
        headers = {"Authorization": f"Bearer {secret}"}
        assert (
            httpx.get(f"{address}/analyses", headers=headers, timeout=PATIENCE).status_code == 200
        )
        assert httpx.get(f"{address}/analyses", timeout=PATIENCE).status_code == 401
    assert run("keys", "rotate", key_id).stdout.strip() != secret
    assert run("keys", "revoke", key_id).exit_code == 0
    again = run("keys", "revoke", key_id)
    assert again.exit_code == 1
    assert "This key is revoked" in again.output
    assert "\trevoked " in run("keys", "list").stdout
    told = [json.loads(line) for line in run("audit", "--json").stdout.splitlines()]
    assert [(entry["actor"], entry["action"], entry["subject"]) for entry in told] == [
        ("operator", action, key_id) for action in ("revoke_key", "rotate_key", "create_key")
    ]
    last = run("audit", "--last", "1").stdout
    assert last.split("\t")[1:] == ["operator", "revoke_key", f"{key_id}\n"]
    assert run("audit", "--actor", "nobody").stdout == ""


def test_scopes_are_named(data: Path) -> None:
    refused = run("keys", "create", "mine", "--scope", "fly")
    assert refused.exit_code == 2
    assert "a scope is one of" in refused.output


def test_there_and_back(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("keys", "create", "kept")
    assert run("backup", str(tmp_path / "all.tar")).exit_code == 0
    monkeypatch.setenv("ASSAY_DATA_DIR", str(tmp_path / "again"))
    assert run("restore", str(tmp_path / "all.tar")).exit_code == 0
    assert run("keys", "list").stdout.endswith("\tkept\n")
    refused = run("restore", str(tmp_path / "all.tar"))
    assert refused.exit_code == 1
    assert "holds a service already" in refused.output
