import tempfile
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from assay.jobs.media_store import FolderStore

KEY = "ab" * 32


def test_an_upload_is_found_under_its_hash(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with store.incoming() as file:
        file.write(b"content")
        store.keep(Path(file.name), KEY)
    assert store.upload(KEY).read_bytes() == b"content"
    assert not Path(file.name).exists()
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
    def fail(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    store = FolderStore(tmp_path)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        store.save(KEY, "a.jpg", b"1")
    assert not list((tmp_path / "incoming").iterdir())


def _begin_an_upload(folder: Path, pipe: Connection) -> None:
    """A process that is in the middle of one."""
    with FolderStore(folder).incoming() as file:
        pipe.send(file.name)
        pipe.recv()


def test_what_a_killed_process_left_is_tidied_away_at_the_next_start(tmp_path: Path) -> None:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_begin_an_upload, args=(tmp_path, theirs))
    process.start()
    abandoned = Path(ours.recv())
    with FolderStore(tmp_path).incoming() as file:
        FolderStore(tmp_path)
        assert abandoned.exists(), "its process lives"
        process.kill()
        process.join()
        FolderStore(tmp_path)
        assert not abandoned.exists()
        assert Path(file.name).exists()


def test_a_file_that_was_tidied_away_at_once_is_not_handed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its making and its locking, another process starts."""
    made: list[str] = []
    make = tempfile.mkstemp

    def make_and_tidy(dir: Path) -> tuple[int, str]:
        handle, name = make(dir=dir)
        if not made:
            FolderStore(tmp_path)
        made.append(name)
        return handle, name

    store = FolderStore(tmp_path)
    monkeypatch.setattr(tempfile, "mkstemp", make_and_tidy)
    with store.incoming() as file:
        assert file.name == made[1]
        assert not Path(made[0]).exists()


def test_nobody_else_on_the_machine_can_look_in(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("", "uploads", "artefacts"):
        (data / name).mkdir(mode=0o755)
    store = FolderStore(data)
    store.save(KEY, "a.jpg", b"1")
    with store.incoming() as file:
        store.keep(Path(file.name), KEY)
    files = [path for path in data.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*data.iterdir(), *files])
