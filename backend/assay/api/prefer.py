"""`Prefer: wait=N` (RFC 7240): a request that would answer at once waits for its end."""

import math
from collections.abc import Iterable
from typing import Final

LONGEST_WAIT: Final = 60.0
"""Seconds that any request waits for an end, at most."""


def wait_of(headers: Iterable[str]) -> float:
    """Seconds that are preferred, within LONGEST_WAIT; 0 for none.

    A preference that means nothing is no error, as the RFC has it; of several the first counts.

    Args:
        headers: The values of all `Prefer` of a request.
    """
    for preference in ",".join(headers).split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        if name.strip().lower() != "wait":
            continue
        try:
            seconds = float(value.strip().strip('"'))
        except ValueError:
            return 0.0
        return min(seconds, LONGEST_WAIT) if seconds > 0 and math.isfinite(seconds) else 0.0
    return 0.0
