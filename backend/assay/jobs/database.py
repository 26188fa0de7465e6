"""Our tables, in the same database as DBOS's own, so that a job and its row begin together.

The event stream is a table of ours and not a DBOS stream: a re-run after a crash must continue the
sequence that browsers resume from, and an event must be refused once its run has been superseded
or cancelled. Both are one transaction here.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from dbos import DBOS
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from assay.errors import AssayError
from assay.settings import Settings

# They announce themselves at every start; DBOS also that SQLite is not for production.
logging.getLogger("dbos").setLevel(logging.WARNING)
logging.getLogger("alembic").setLevel(logging.WARNING)

VERSION_TABLE: Final = "assay_version"
"""Where Alembic notes which of `migrations/versions` have run. A database may have other users."""
# A change of these tables is a new file there; a test holds both together.
metadata = sa.MetaData()

analyses = sa.Table(
    "analyses",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    # What orders them: the next one's is higher, whatever the clock says.
    sa.Column("number", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("finished_ms", sa.BigInteger),
    # What was uploaded. The name is for display and search, never a path.
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("name_folded", sa.Text, nullable=False),
    # What a person wrote about it, and as it is searched.
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("note_folded", sa.Text, nullable=False, server_default=""),
    # What it turned out to be, where a person has told: see `feedback.Truth`.
    sa.Column("truth", sa.String(8)),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    # Content, models, flags and version: equal keys have equal reports, stored once.
    sa.Column("work_key", sa.String(64), nullable=False, index=True),
    # How it is to be examined, see `evidence.Asked`.
    sa.Column("asked", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("cached", sa.Boolean, nullable=False),
    # queued -> running -> complete | error | cancelled; running -> queued when a worker stops.
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("percent", sa.Float, nullable=False),
    sa.Column("stage_name", sa.Text, nullable=False),
    sa.Column("stages", sa.JSON, nullable=False),
    sa.Column("result", sa.JSON(none_as_null=True)),
    sa.Column("error_code", sa.Text),
    sa.Column("error_message", sa.Text),
    sa.Column("last_seq", sa.Integer, nullable=False),
    # The number of the run: a run whose number is no longer in the row may not write.
    sa.Column("run", sa.Integer, nullable=False),
    # Runs that ended without an outcome: by the file's own doing, and by somebody outside.
    sa.Column("crashes", sa.Integer, nullable=False),
    sa.Column("kills", sa.Integer, nullable=False, server_default="0"),
    sa.Column("worker", sa.String(36)),
    # Who is told of the end, see `webhooks.py`.
    sa.Column("webhook_url", sa.Text),
    sa.Column("webhook_state", sa.String(16)),
    sa.Column("webhook_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("webhook_error", sa.Text),
    # The key that submitted it, see `keys.py`; null where nobody had to show one.
    sa.Column("owner", sa.String(16)),
    # False: nothing is kept once it has ended, see `retention.py`; and when its report was given.
    sa.Column("retained", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("given_ms", sa.BigInteger),
    # Whether its upload, and its report with the artefacts, are to be stored on its account.
    sa.Column("claims_upload", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("claims_report", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Index("analyses_newest", "number", "id"),
    sa.Index("analyses_by_state", "state", "number"),
    sa.Index("analyses_by_webhook", "webhook_state"),
    sa.Index("analyses_by_truth", "truth", "number"),
    sa.Index("analyses_by_owner", "owner", "number"),
    sa.Index("analyses_by_retained", "retained"),
    sa.Index("analyses_by_claim", "claims_report", "finished_ms"),
)

# All that is left of an analysis that was deleted: whoever has its address learns that much.
deletions = sa.Table(
    "deletions",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("deleted_ms", sa.BigInteger, nullable=False),
)

events = sa.Table(
    "analysis_events",
    metadata,
    sa.Column("analysis_id", sa.String(36), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("seen_ms", sa.BigInteger, nullable=False),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    # By spaces.
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger),
    sa.Column("revoked_ms", sa.BigInteger),
    sa.Column("per_minute", sa.Integer, nullable=False),
    sa.Column("per_day", sa.Integer),
)

# Who did what, see `audit.py`. Ids only: it outlives what it tells of.
audit_log = sa.Table(
    "audit_log",
    metadata,
    # SQLite numbers rows by itself only where the type is INTEGER.
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.String(16), nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(36), nullable=False),
    sa.Index("audit_by_actor", "actor", "at_ms"),
)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("labels", sa.String(128), primary_key=True),
    sa.Column("value", sa.Float, nullable=False),
)


READ_SECONDS: Final = 2.0
"""How long a look may wait, for a connection or for whatever Postgres has locked."""


class Database:
    """One database: SQLite in the data folder, or the Postgres of the settings.

    Looks and changes have connections of their own, so that those who wait for the only writer of
    SQLite, or for a lock of Postgres, are in nobody's way.

    Args:
        settings: Where it is.
        patience: Seconds that a change waits for others before it gives up.
    """

    def __init__(self, settings: Settings, patience: float = 30.0) -> None:
        self.is_sqlite = settings.database_url is None
        if settings.database_url is None:
            url = sa.URL.create("sqlite", database=str(_private_file(settings.data_dir)))
            self.engine = _sqlite_writers(url, patience)
            self._readers = _sqlite_readers(url)
        else:
            url = sa.make_url(settings.database_url.get_secret_value())
            # The driver that DBOS brings along, whatever spelling the URL has.
            url = url.set(drivername="postgresql+psycopg")
            self.engine = _postgres(url, patience)
            self._readers = _postgres(url, READ_SECONDS, "SET TRANSACTION READ ONLY")
        self.url = url.render_as_string(hide_password=False)

    def prepare(self) -> None:
        """Bring the tables up to date; safe when several processes start at once.

        Raises:
            AssayError: `not_ready`; its sentence is for whoever starts the service.
        """
        try:
            with self.reading():  # or DBOS would try for long to reach what is not there
                pass
            DBOS.migrate(self.url)
            with self.writing() as connection:
                self.lock(connection, "schema")
                config = _alembic()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except DBAPIError as error:
            raise _unusable(str(error.orig).splitlines()[0]) from error
        except CommandError as error:
            raise _unusable("it belongs to a later release, or to another program") from error
        self.check()

    def check(self) -> None:
        """See whether the tables are those that this release works with.

        Raises:
            AssayError: `not_ready` if they are not.
        """
        with self.reading() as connection:
            options = {"version_table": VERSION_TABLE}
            found = MigrationContext.configure(connection, opts=options).get_current_revision()
            if found != _newest():
                raise _unusable("its tables are of another release; restart the service")
            try:
                for table in metadata.sorted_tables:
                    connection.execute(sa.select(table).limit(0))
            except (OperationalError, ProgrammingError) as error:
                raise _unusable("its tables lack something; restore a backup") from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A consistent view that blocks nobody."""
        with self._readers.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction, committed at the end; on SQLite it is the only writer from the start."""
        with self.engine.begin() as connection:
            yield connection

    def lock(self, connection: sa.Connection, name: str) -> None:
        """Exclude other transactions that lock the same name, until this one ends."""
        if not self.is_sqlite:
            number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))

    def forget(self) -> None:
        """Have what was deleted leave the files as well: the log of SQLite still tells of it.

        Who reads at the moment may keep us from it for now; the log is overwritten sooner or later.
        """
        if self.is_sqlite:
            connection = self.engine.raw_connection()  # outside of any transaction
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def close(self) -> None:
        self.engine.dispose()
        self._readers.dispose()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "assay.jobs:migrations")
    return config


def _private_file(folder: Path) -> Path:
    """Where SQLite keeps it. What earlier versions or others have made may be open to all.

    Raises:
        AssayError: `storage_failed`.
    """
    file = folder / "assay.sqlite"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        file.touch(mode=0o600)  # its logs get the same mode from SQLite
        for each in folder.glob("assay.sqlite*"):
            each.chmod(0o600)
    except OSError as error:
        reason = f"The data folder cannot be used: {error.strerror}."
        raise AssayError("storage_failed", reason) from error
    return file


@cache
def _newest() -> str | None:
    """The last of the migrations."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _unusable(reason: str) -> AssayError:
    return AssayError("not_ready", f"The database cannot be used: {reason}.")


def _sqlite_writers(url: sa.URL, patience: float) -> sa.Engine:
    """Writers queue from their first statement (IMMEDIATE), so none is thrown out half-way."""
    return _sqlite(
        url,
        "BEGIN IMMEDIATE",
        f"PRAGMA busy_timeout={int(patience * 1000)}",
        "PRAGMA journal_mode=WAL",  # readers never wait for them
        "PRAGMA synchronous=NORMAL",
        "PRAGMA secure_delete=ON",  # a name that was deleted is gone
        "PRAGMA foreign_keys=ON",  # for the tables of DBOS
    )


def _sqlite_readers(url: sa.URL) -> sa.Engine:
    busy = f"PRAGMA busy_timeout={int(READ_SECONDS * 1000)}"
    return _sqlite(url, "BEGIN", busy, "PRAGMA query_only=ON")


def _sqlite(url: sa.URL, start: str, *pragmas: str) -> sa.Engine:
    engine = sa.create_engine(url, **_ROOM)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; see below
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(start)

    return engine


def _postgres(url: sa.URL, patience: float, *first: str) -> sa.Engine:
    """Transactions that begin with some statements, and wait for locks only so long (seconds)."""
    engine = sa.create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 10_000},
        **_ROOM,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        for statement in (f"SET LOCAL lock_timeout = {int(patience * 1000)}", *first):
            connection.exec_driver_sql(statement)

    return engine


_ROOM: Final[dict[str, Any]] = {
    # A connection for every thread of the API, so that nobody waits for one.
    "pool_size": 8,
    "max_overflow": 40,
    "pool_timeout": READ_SECONDS,
}
CONNECT_SECONDS: Final = 5
