import os
import time
from pathlib import Path

import pytest

from assay.jobs.media_store import ABANDONED_SECONDS, FolderStore

KEY = "ab" * 32


def test_an_upload_is_found_under_its_hash(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    draft = store.incoming()
    draft.write_bytes(b"content")
    store.keep(draft, KEY)
    assert store.upload(KEY).read_bytes() == b"content"
    assert not draft.exists()
    store.drop_upload(KEY)
    store.drop_upload(KEY)
    assert not store.upload(KEY).exists()


def test_artefacts_share_a_key_and_go_together(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.save(KEY, "a.jpg", b"1")
    store.save(KEY, "a.jpg", b"2")
    store.save(KEY, "b.json", b"3")
    assert (store.load(KEY, "a.jpg"), store.load(KEY, "c.jpg")) == (b"2", None)
    store.drop_artefacts(KEY)
    store.drop_artefacts(KEY)
    assert store.load(KEY, "b.json") is None
    assert not list((tmp_path / "incoming").iterdir())


def test_an_artefact_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    store = FolderStore(tmp_path)
    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="No space"):
        store.save(KEY, "a.jpg", b"1")
    assert not list((tmp_path / "incoming").iterdir())


def test_only_what_killed_processes_left_is_tidied_away(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    old, new = store.incoming(), store.incoming()
    past = time.time() - ABANDONED_SECONDS - 60
    os.utime(old, (past, past))
    FolderStore(tmp_path)
    assert new.exists()
    assert not old.exists()


def test_nobody_else_on_the_machine_can_look_in(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "data")
    assert store.incoming().stat().st_mode & 0o077 == 0
