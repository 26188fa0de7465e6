"""Where uploads and artefacts live, addressed by content.

An upload is named by its sha256; artefacts by the key of the work that made them, so that equal
work shares them. Names given by people never become paths.
"""

import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

ARTEFACT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}\.(?:jpg|png|webp|json)")
"""What `save` and `load` accept: no path, no surprise of a content type."""
REPORT = "report.json"
"""The artefact that holds the whole report."""


class MediaStore(Protocol):
    """The seam to other kinds of storage. Keys and hashes are lower-case hexadecimal."""

    def incoming(self) -> Path:
        """A fresh file for an upload in flight, local and on the store's own disk."""
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


ABANDONED_SECONDS = 24 * 3600
"""An upload in flight for so long belongs to a process that was killed."""


class FolderStore:
    """The media store of a single machine: a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._remove_abandoned()

    def incoming(self) -> Path:
        # Whoever runs the service may have cleared the whole folder.
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._incoming)
        os.close(handle)
        return Path(name)

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
        draft = self.incoming()
        try:
            draft.write_bytes(content)
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
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):  # others come and go here
                if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                    path.unlink()

    def _artefact(self, key: str, name: str) -> Path | None:
        return self._artefacts(key) / name if ARTEFACT_NAME.fullmatch(name) else None

    def _artefacts(self, key: str) -> Path:
        return self._folder / "artefacts" / key[:2] / key
