"""One file that holds all of an installation on SQLite, and the way back.

The database is copied by SQLite's own backup, a consistent moment even while others write; the
files after it, so that none is missing that the copy knows of, unless it was deleted in between.
"""

import io
import json
import os
import sqlite3
import tarfile
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from assay import __version__
from assay.calibration import FILE as CALIBRATION
from assay.calibration import OFF as CALIBRATION_OFF
from assay.errors import AssayError
from assay.jobs.database import Database
from assay.settings import Settings
from assay.signing import KEY_FILE

DATABASE: Final = "assay.sqlite"
LABEL: Final = "backup.json"
"""First in the archive: what it is, and which release wrote it."""
FILES: Final = (KEY_FILE, CALIBRATION, CALIBRATION_OFF)
FOLDERS: Final = ("uploads", "artefacts")


def back_up(settings: Settings, target: Path) -> None:
    """Write the archive, whole or not at all. What lies there already is not overwritten.

    Raises:
        AssayError: `conflict`, `not_ready` or `storage_failed`.
    """
    _refuse_postgres(settings)
    folder = settings.data_dir
    if not (folder / DATABASE).is_file():
        raise AssayError(
            "not_ready", "There is no database in the data folder; check ASSAY_DATA_DIR."
        )
    if target.exists():
        raise AssayError("conflict", "There is such a file already; name another.")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent)  # readable by its owner alone
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file, tempfile.TemporaryDirectory(dir=folder) as work:
                copy = Path(work) / DATABASE
                _copy_database(folder / DATABASE, copy)
                _write(file, folder, copy)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise AssayError("storage_failed", f"The backup failed: {_why(error)}.") from error


def bring_back(settings: Settings, source: Path) -> None:
    """Unpack an archive into a data folder without a database, and bring its tables up to date.

    Raises:
        AssayError: `conflict` if the folder holds a service already, `invalid_request` for what is
            no backup, `not_ready` for one of a later release, or `storage_failed`.
    """
    _refuse_postgres(settings)
    folder = settings.data_dir
    taken = [name for name in (DATABASE, *FILES, *FOLDERS) if (folder / name).exists()]
    if taken:
        raise AssayError(
            "conflict",
            f"The data folder holds a service already ({taken[0]}); name an empty one "
            "in ASSAY_DATA_DIR.",
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            _unpack(source, Path(work))
            _check(Path(work) / DATABASE)
            # The database last: with it, the folder is that of a service.
            for name in (*FOLDERS, *FILES, DATABASE):
                if (Path(work) / name).exists():
                    (Path(work) / name).rename(folder / name)
    except (OSError, sqlite3.Error) as error:
        raise AssayError("storage_failed", f"It cannot be restored: {_why(error)}.") from error
    database = Database(settings)
    try:
        database.prepare()
    finally:
        database.close()


def _refuse_postgres(settings: Settings) -> None:
    if settings.database_url is not None:
        raise AssayError(
            "invalid_request",
            "This is for SQLite; a Postgres database is backed up by pg_dump (docs/backup.md).",
        )


def _copy_database(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as database,
        closing(sqlite3.connect(target)) as copy,
    ):
        database.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def _write(file: io.BufferedWriter | io.BytesIO, folder: Path, database: Path) -> None:
    label = {"assay": __version__, "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    with tarfile.open(fileobj=file, mode="w") as archive:  # media are compressed already
        content = json.dumps(label).encode()
        entry = tarfile.TarInfo(LABEL)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
        archive.add(database, DATABASE)
        paths = [folder / name for name in FILES]
        for name in FOLDERS:
            paths += sorted((folder / name).rglob("*"))
        for path in paths:
            with suppress(FileNotFoundError):  # deleted while we were at it
                if path.is_file() and not path.is_symlink():
                    archive.add(path, path.relative_to(folder).as_posix())


def _unpack(source: Path, folder: Path) -> None:
    """Files of ours alone: whoever wrote the archive, nothing leaves the folder."""
    try:
        with tarfile.open(source, mode="r:") as archive:
            first = archive.next()
            if first is None or first.name != LABEL:
                raise _no_backup()
            while (member := archive.next()) is not None:
                top = member.name.partition("/")[0]
                if not member.isfile() or top not in (DATABASE, *FILES, *FOLDERS):
                    raise _no_backup()
                archive.extract(member, folder, filter="data")
                (folder / member.name).chmod(0o600)
    except (tarfile.TarError, EOFError) as error:
        raise _no_backup() from error
    for name in FOLDERS:
        if (folder / name).is_dir():
            (folder / name).chmod(0o700)


def _check(database: Path) -> None:
    if not database.is_file():
        raise _no_backup()
    with closing(sqlite3.connect(database)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise AssayError("storage_failed", "The database of this backup is damaged.")


def _no_backup() -> AssayError:
    return AssayError("invalid_request", "This is no backup of Assay, or it is damaged.")


def _why(error: OSError | sqlite3.Error) -> str:
    """Without the paths of the server."""
    return (error.strerror or "it cannot be read") if isinstance(error, OSError) else str(error)
