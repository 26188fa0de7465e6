"""Where uploads and artefacts live, addressed by content.

An upload is named by its sha256; artefacts by the key of the work that made them, so that equal
work shares them. Names given by people never become paths.
"""

import fcntl
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

ARTEFACT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}\.(?:jpg|png|webp|json)")
"""What `save` and `load` accept: no path, no surprise of a content type."""
REPORT = "report.json"
"""The artefact that holds the whole report."""


class MediaStore(Protocol):
    """The seam to other kinds of storage. Keys and hashes are lower-case hexadecimal."""

    def incoming(self) -> IO[bytes]:
        """A fresh file for an upload in flight, local and on the store's own disk.

        It is taken for abandoned as soon as it is closed, so keep or remove it before.
        """
        ...

    def keep(self, incoming: Path, sha256: str) -> None:
        """Take over a finished upload."""
        ...

    def upload(self, sha256: str) -> Path:
        """A local path of an upload; it need not exist any more."""
        ...

    def save(self, key: str, name: str, content: bytes) -> None:
        """Write an artefact whole or not at all.

        Raises:
            ValueError: The name is not of the form `ARTEFACT_NAME`.
        """
        ...

    def load(self, key: str, name: str) -> bytes | None:
        """Read an artefact; None if there is none of that name."""
        ...

    def has(self, key: str, name: str) -> bool:
        """Whether `load` would find an artefact."""
        ...

    def drop_upload(self, sha256: str) -> None: ...

    def drop_artefacts(self, key: str) -> None: ...


class FolderStore:
    """The media store of a single machine: a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        for room in (self._incoming, folder / "uploads", folder / "artefacts"):
            room.mkdir(mode=0o700, parents=True, exist_ok=True)
            room.chmod(0o700)  # earlier versions left them open to others
        self._remove_abandoned()

    def incoming(self) -> IO[bytes]:
        # Whoever runs the service may have cleared the whole folder.
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            handle, name = tempfile.mkstemp(dir=self._incoming)
            os.close(handle)
            # A process that starts at this moment may have taken it for abandoned.
            with suppress(FileNotFoundError):
                file = Path(name).open("r+b")  # noqa: SIM115, for the caller to close
                if _lock(file.fileno()) and os.fstat(file.fileno()).st_nlink:
                    return file
                file.close()

    def keep(self, incoming: Path, sha256: str) -> None:
        target = self.upload(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        incoming.replace(target)

    def upload(self, sha256: str) -> Path:
        return self._folder / "uploads" / sha256[:2] / sha256

    def save(self, key: str, name: str, content: bytes) -> None:
        target = self._artefact(key, name)
        if target is None:
            raise ValueError("not an artefact name")
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.incoming() as file:
            draft = Path(file.name)
            try:
                file.write(content)
                file.flush()
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)

    def load(self, key: str, name: str) -> bytes | None:
        target = self._artefact(key, name)
        try:
            return target.read_bytes() if target else None
        except FileNotFoundError:
            return None

    def has(self, key: str, name: str) -> bool:
        target = self._artefact(key, name)
        return target is not None and target.is_file()

    def drop_upload(self, sha256: str) -> None:
        self.upload(sha256).unlink(missing_ok=True)

    def drop_artefacts(self, key: str) -> None:
        shutil.rmtree(self._artefacts(key), ignore_errors=True)

    def _remove_abandoned(self) -> None:
        """What is not locked belongs to a process that was killed: locks end with their process."""
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError), path.open("rb") as file:  # others come and go here
                if _lock(file.fileno()):
                    path.unlink()

    def _artefact(self, key: str, name: str) -> Path | None:
        return self._artefacts(key) / name if ARTEFACT_NAME.fullmatch(name) else None

    def _artefacts(self, key: str) -> Path:
        return self._folder / "artefacts" / key[:2] / key


def _lock(handle: int) -> bool:
    """Whether this open file has the lock now, which lasts until it is closed."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
