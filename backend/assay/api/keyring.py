"""The keys as this process knows them: read again every two seconds, if somebody asks.

All of them at once, so that whoever tries keys at random costs a look into a dictionary, and a
request of somebody known costs no query. A key that was revoked opens nothing two seconds later.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import anyio
from starlette.concurrency import run_in_threadpool

from assay.jobs.analysis import now_ms
from assay.jobs.keys import Key, Keys, hash_of

REFRESH_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Known:
    """The keys at one moment, by the hash of what opens them.

    is_open: Nobody is asked for a key.
    """

    is_open: bool
    by_hash: Mapping[str, Key] = field(default_factory=dict)

    def find(self, secret: str | None) -> Key | None:
        """The valid key that a secret belongs to."""
        key = None if secret is None else self.by_hash.get(hash_of(secret))
        return key if key is not None and key.is_valid(now_ms()) else None


class Keyring:
    """For coroutines.

    Args:
        keys: Where they are kept.
        is_open: Nobody shall be asked for a key, whether or not there are any.
    """

    def __init__(self, keys: Keys, is_open: bool) -> None:
        self._keys = keys
        self._is_open = is_open
        self._known = Known(is_open=True)
        self._until = 0.0 if not is_open else float("inf")
        self._turn = anyio.Lock()

    async def known(self) -> Known:
        """The keys, as they were two seconds ago at most.

        Raises:
            SQLAlchemyError: As the database does. Nobody is let in by what was known before.
        """
        if time.monotonic() >= self._until:
            async with self._turn:
                if time.monotonic() >= self._until:
                    await self._read()
        return self._known

    async def _read(self) -> None:
        keys = await run_in_threadpool(self._keys.all)
        # Without any there has never been one: a service that asks for keys does not stop to.
        self._known = Known(is_open=not keys, by_hash={key.secret_hash: key for key in keys})
        self._until = time.monotonic() + REFRESH_SECONDS
