"""API keys: who may do what. A key is random, shown once, and kept as a hash.

Once the first key is made nobody is let in without one, and that stays so when all are revoked: a
key that was revoked stays in its table, so that the audit log knows whose it was.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from assay.errors import AssayError
from assay.jobs import audit
from assay.jobs.analysis import now_ms
from assay.jobs.database import Database, api_keys
from assay.jobs.people import Caller

PREFIX: Final = "assay_"
"""Of every key, so that whoever finds one, or a scanner, knows what it is."""
SECRET_BYTES: Final = 32
"""So much chance needs no slow hash: nobody can try them all."""
PER_MINUTE: Final = 600
"""Requests that a key may send in a minute, unless told otherwise."""
MOST_NAME: Final = 100


class Scope(StrEnum):
    """What a key may do. `admin` may do everything, with everybody's analyses."""

    READ = "read"
    SUBMIT = "submit"
    DELETE = "delete"
    METRICS = "metrics"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept; times in milliseconds since the epoch.

    per_minute: Requests. per_day: Analyses in any 24 hours; None: as many as there is room for.
    """

    id: str
    name: str
    secret_hash: str
    scopes: frozenset[Scope]
    created_ms: int
    expires_ms: int | None
    revoked_ms: int | None
    per_minute: int
    per_day: int | None

    @classmethod
    def read(cls, row: sa.Row[Any]) -> "Key":
        """From a row of the table. A scope of a later release is none here."""
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        values["scopes"] = frozenset(Scope(each) for each in row.scopes.split() if each in _SCOPES)
        return cls(**values)

    def is_valid(self, now: int) -> bool:
        """Whether it opens anything at that time."""
        return self.revoked_ms is None and (self.expires_ms is None or now < self.expires_ms)

    def allows(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes

    @property
    def caller(self) -> Caller:
        """Who acts with it."""
        return Caller(
            actor=self.id,
            owner=self.id,
            sees_all=Scope.ADMIN in self.scopes,
            per_day=self.per_day,
        )


_SCOPES: Final = frozenset(Scope)


class Keys:
    """All functions are blocking."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Sequence[Key]:
        """Every key there ever was, oldest first."""
        query = sa.select(api_keys).order_by(api_keys.c.created_ms, api_keys.c.id)
        with self._database.reading() as connection:
            return [Key.read(row) for row in connection.execute(query)]

    def create(
        self,
        name: str,
        scopes: Iterable[Scope],
        expires_ms: int | None = None,
        per_minute: int = PER_MINUTE,
        per_day: int | None = None,
    ) -> tuple[Key, str]:
        """Make a key.

        Args:
            name: For people, up to `MOST_NAME` printable characters.

        Returns:
            The key, and what its owner has to send: it is kept nowhere.

        Raises:
            AssayError: `invalid_request` for a name that cannot be.
        """
        if not (name.strip() and len(name) <= MOST_NAME and name.isprintable()):
            raise AssayError(
                "invalid_request", f"A key needs a name of 1 to {MOST_NAME} printable characters."
            )
        secret = _secret()
        key = Key(
            id=secrets.token_hex(4),
            name=name.strip(),
            secret_hash=hash_of(secret),
            scopes=frozenset(scopes),
            created_ms=now_ms(),
            expires_ms=expires_ms,
            revoked_ms=None,
            per_minute=per_minute,
            per_day=per_day,
        )
        values = {field: getattr(key, field) for field in Key.__dataclass_fields__}
        with self._database.writing() as connection:
            connection.execute(
                api_keys.insert().values(values | {"scopes": " ".join(sorted(key.scopes))})
            )
            audit.record(connection, audit.Action.CREATE_KEY, key.id)
        return key, secret

    def rotate(self, key_id: str) -> str:
        """Give a key another secret; the one before opens nothing from now on.

        Raises:
            AssayError: `not_found`, or `conflict` if it is revoked.
        """
        secret = _secret()
        self._change(key_id, audit.Action.ROTATE_KEY, secret_hash=hash_of(secret))
        return secret

    def revoke(self, key_id: str) -> None:
        """Let a key open nothing any more. What was analysed with it stays, for admins.

        Raises:
            AssayError: `not_found`, or `conflict` if it is revoked.
        """
        self._change(key_id, audit.Action.REVOKE_KEY, revoked_ms=now_ms())

    def _change(self, key_id: str, action: audit.Action, **values: object) -> None:
        row = api_keys.c.id == key_id
        with self._database.writing() as connection:
            found = connection.execute(
                sa.select(api_keys.c.revoked_ms).where(row).with_for_update()
            ).first()
            if found is None:
                raise AssayError("not_found", "There is no such key; see `assay keys list`.")
            if found.revoked_ms is not None:
                raise AssayError("conflict", "This key is revoked; make another.")
            connection.execute(api_keys.update().where(row).values(**values))
            audit.record(connection, action, key_id)


def hash_of(secret: str) -> str:
    """As a key is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _secret() -> str:
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)
