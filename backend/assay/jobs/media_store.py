"""Where uploads and artefacts live, addressed by content.

An upload is named by its sha256; artefacts by the key of the work that made them, so that equal
work shares them. Names given by people never become paths.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Final, Protocol

from assay.jobs.drafts import Drafts

ARTEFACT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}\.(?:jpg|png|webp|json)")
"""What `save` and `load` accept: no path, no surprise of a content type."""
REPORT = "report.json"
"""The artefact that holds the whole report."""
CHUNK: Final = 1024 * 1024
"""Bytes that are handed on at once."""


class StoreAwayError(OSError):
    """The store does not answer, or refuses us. That says nothing of the file."""


class MediaStore(Protocol):
    """The seam to other kinds of storage. Keys and hashes are lower-case hexadecimal.

    All but `local` may raise OSError, which is a `StoreAwayError` if trying again may help.
    """

    def check(self) -> None:
        """See whether it answers."""
        ...

    def incoming(self) -> IO[bytes]:
        """A fresh local file for an upload in flight.

        It is taken for abandoned as soon as it is closed, so keep or remove it before.
        """
        ...

    def brought(self, incoming: Path) -> AbstractContextManager[None]:
        """Do what takes long before a finished upload can be kept, within the block."""
        ...

    def keep(self, incoming: Path, sha256: str) -> None:
        """Take over a finished upload that was `brought`. Short."""
        ...

    def has_upload(self, sha256: str, fresh: bool = True) -> bool:
        """Whether an upload is there; if not fresh, it may have gone some seconds ago."""
        ...

    def fetched(self, sha256: str) -> AbstractContextManager[Path]:
        """A local path of an upload, within the block; it need not exist any more."""
        ...

    def local(self, sha256: str) -> Path | None:
        """Where an upload lies, if it is a file of this machine."""
        ...

    def read(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes of an upload from `start` up to and without `end`."""
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

    def has(self, key: str, name: str, fresh: bool = True) -> bool:
        """Whether `load` would find an artefact; if not fresh, see `has_upload`."""
        ...

    def drop_upload(self, sha256: str) -> None: ...

    def drop_artefacts(self, key: str) -> None: ...


class FolderStore:
    """The media store of a single machine: a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts = Drafts(folder / "incoming")
        for room in (folder / "uploads", folder / "artefacts"):
            room.mkdir(mode=0o700, parents=True, exist_ok=True)
            room.chmod(0o700)  # earlier versions left them open to others

    def check(self) -> None:
        """A folder answers."""

    def incoming(self) -> IO[bytes]:
        return self._drafts.open()

    def brought(self, incoming: Path) -> AbstractContextManager[None]:
        return nullcontext()

    def keep(self, incoming: Path, sha256: str) -> None:
        target = self.upload(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        incoming.replace(target)

    def has_upload(self, sha256: str, fresh: bool = True) -> bool:
        return self.upload(sha256).is_file()

    def fetched(self, sha256: str) -> AbstractContextManager[Path]:
        return nullcontext(self.upload(sha256))

    def local(self, sha256: str) -> Path | None:
        return self.upload(sha256)

    def read(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        with self.upload(sha256).open("rb") as file:
            file.seek(start)
            while start < end and (piece := file.read(min(CHUNK, end - start))):
                start += len(piece)
                yield piece

    def upload(self, sha256: str) -> Path:
        """The path of an upload; it need not exist any more."""
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

    def has(self, key: str, name: str, fresh: bool = True) -> bool:
        target = self._artefact(key, name)
        return target is not None and target.is_file()

    def drop_upload(self, sha256: str) -> None:
        self.upload(sha256).unlink(missing_ok=True)

    def drop_artefacts(self, key: str) -> None:
        shutil.rmtree(self._artefacts(key), ignore_errors=True)

    def _artefact(self, key: str, name: str) -> Path | None:
        return self._artefacts(key) / name if ARTEFACT_NAME.fullmatch(name) else None

    def _artefacts(self, key: str) -> Path:
        return self._folder / "artefacts" / key[:2] / key
