"""Settings, and that the README lists all of them."""

from pathlib import Path

import pytest

from assay.settings import REPOSITORY, Settings


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_lists_it(name: str) -> None:
    line = f"| `ASSAY_{name.upper()}` |"
    assert line in (REPOSITORY / "README.md").read_text("utf-8")


def test_a_variable_sets_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSAY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ASSAY_MAX_QUEUE", "3")
    settings = Settings()
    assert (settings.data_dir, settings.max_queue) == (tmp_path, 3)


def test_hosts_are_written_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().allowed_hosts == frozenset()
    monkeypatch.setenv("ASSAY_ALLOWED_HOSTS", "assay.example, Other.example,")
    assert Settings().allowed_hosts == {"assay.example", "other.example"}
    monkeypatch.setenv("ASSAY_ALLOWED_HOSTS", "")
    assert Settings().allowed_hosts == frozenset()


@pytest.mark.parametrize("name", ["MAX_UPLOAD_BYTES", "THREADS", "STALL_SECONDS"])
def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"ASSAY_{name}", "0")
    with pytest.raises(ValueError, match="greater than 0"):
        Settings()


def test_the_database_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_DATABASE_URL", "postgresql://me:secret@localhost/assay")
    assert "me:secret" not in repr(Settings())


def test_an_empty_database_address_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_DATABASE_URL", "")
    assert Settings().database_url is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [("sqlite:///secret.db", "sqlite is not supported"), ("me:secret@localhost", "no URL")],
)
def test_another_database_than_postgres_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    monkeypatch.setenv("ASSAY_DATABASE_URL", url)
    with pytest.raises(ValueError, match=reason) as error:
        Settings()
    assert "secret" not in str(error.value)


def test_a_bucket_is_named_by_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_MEDIA_URL", "s3://media-1/assay/here")
    assert Settings().media_url == "s3://media-1/assay/here"
    monkeypatch.setenv("ASSAY_MEDIA_URL", "")
    assert Settings().media_url is None


@pytest.mark.parametrize("url", ["media", "https://media.example/a", "s3://", "s3://A b", "s3://a"])
def test_what_names_no_bucket_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ASSAY_MEDIA_URL", url)
    with pytest.raises(ValueError, match="s3://bucket/prefix"):
        Settings()
