"""How far the scores of a running service lie from those that the cards were written on.

The population stability index: over the tenths of the scale, the sum of (a - e) ln(a / e), where a
and e are the shares of what was seen and of what was expected. By the usual rule of thumb below 0.1
nothing has changed, and above 0.25 much has.
"""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from assay.jobs.counters import SCORE_BUCKETS

LEAST: Final = 100
"""Media below which chance alone makes the index large."""
_EMPTY: Final = 0.5
"""Added to every count, so that a tenth without any has a logarithm."""


def psi(expected: Sequence[float], seen: Sequence[float]) -> float | None:
    """The index of two histograms, counts by tenths; None while there is too little of either."""
    if min(sum(expected), sum(seen)) < LEAST:
        return None
    shares = [
        [(count + _EMPTY) / (sum(counts) + _EMPTY * len(counts)) for count in counts]
        for counts in (expected, seen)
    ]
    return math.fsum((a - e) * math.log(a / e) for e, a in zip(*shares, strict=True))


def card_histograms(models: Path) -> Mapping[str, Sequence[int]]:
    """By head, how many held-out media scored in each tenth; only of heads whose card tells it.

    A folder without such numbers, or with none that make sense, is no reason to tell no metrics.
    """
    try:
        heads = json.loads((models / "fusion" / "metrics.json").read_text("utf-8"))["heads"]
        found = {head: numbers.get("histogram") for head, numbers in heads.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {head: counts for head, counts in found.items() if _is_histogram(counts)}


def _is_histogram(counts: object) -> bool:
    return (
        isinstance(counts, list)
        and len(counts) == len(SCORE_BUCKETS)
        and all(type(count) is int and count >= 0 for count in counts)
    )
