"""Drafts: files that are being written, which end with the process that writes them."""

import fcntl
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO


class Drafts:
    """A folder of them. What processes left there that were killed is removed at the start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)  # earlier versions left them open to others
        self._remove_abandoned()

    def open(self) -> IO[bytes]:
        """A fresh file. It is taken for abandoned once it is closed: move or remove it before."""
        # Whoever runs the service may have cleared the whole folder.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            handle, name = tempfile.mkstemp(dir=self._folder)
            os.close(handle)
            # A process that starts at this moment may have taken it for abandoned.
            with suppress(FileNotFoundError):
                file = Path(name).open("r+b")  # noqa: SIM115, for the caller to close
                if _lock(file.fileno()) and os.fstat(file.fileno()).st_nlink:
                    return file
                file.close()

    def _remove_abandoned(self) -> None:
        """What is not locked belongs to a process that was killed: locks end with their process."""
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError), path.open("rb") as file:  # others come and go here
                if _lock(file.fileno()):
                    path.unlink()


def _lock(handle: int) -> bool:
    """Whether this open file has the lock now, which lasts until it is closed."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
