"""How many requests a key may send in a minute, and how that is told.

Counted in this process alone: with several, each allows as many. (Analyses a day are counted in the
database, see `jobs/quota.py`.) Headers as in draft-ietf-httpapi-ratelimit-headers-10.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from assay.errors import AssayError
from assay.jobs.keys import Key

WINDOW_SECONDS: Final = 60.0
DAY_SECONDS: Final = 24 * 3600


@dataclass(slots=True)
class _Window:
    """The requests of one key since a moment."""

    since: float
    count: int = 0


class Allowances:
    """One window a key, begun by its first request.

    Args:
        clock: Seconds, never set back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    def refusal(self, key: Key) -> AssayError | None:
        """Count a request; why it is one too many, if it is."""
        window = self._window(key)
        window.count += 1
        if window.count <= key.per_minute:
            return None
        return AssayError(
            "rate_limited",
            f"This key may send {key.per_minute} requests a minute; try again in a moment.",
            retry_after=self._reset(window),
        )

    def headers(self, key: Key) -> list[tuple[bytes, bytes]]:
        """What the key may do, and what is left of it."""
        window = self._window(key)
        policies = [f'"requests";q={key.per_minute};w={WINDOW_SECONDS:.0f}']
        if key.per_day is not None:
            policies.append(f'"analyses";q={key.per_day};w={DAY_SECONDS}')
        left = max(0, key.per_minute - window.count)
        state = f'"requests";r={left};t={self._reset(window)}'
        return [
            (b"ratelimit-policy", ", ".join(policies).encode()),
            (b"ratelimit", state.encode()),
        ]

    def _window(self, key: Key) -> _Window:
        window = self._windows.get(key.id)
        if window is None or self._clock() - window.since >= WINDOW_SECONDS:
            window = self._windows[key.id] = _Window(self._clock())
        return window

    def _reset(self, window: _Window) -> int:
        """Whole seconds until it begins anew."""
        return max(1, math.ceil(window.since + WINDOW_SECONDS - self._clock()))
