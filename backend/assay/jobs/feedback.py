"""What files turned out to be, as people told, beside what was said of them."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from assay.evidence import Reason, Verdict
from assay.jobs.analysis import Analysis


class Truth(StrEnum):
    """What a file turned out to be."""

    REAL = "real"
    FAKE = "fake"
    UNSURE = "unsure"


class Fared(NamedTuple):
    """How many files were answered so and turned out so; no verdict where nothing was judged."""

    verdict: Verdict | None
    truth: Truth
    files: int


def fared(told: Iterable[Analysis]) -> list[Fared]:
    """How verdicts fared; a file counts once, by the first analysis of it in this order."""
    of_file: dict[str, tuple[Verdict | None, Truth]] = {}
    for analysis in told:
        if analysis.result is not None and analysis.truth is not None:
            nothing = Reason.NOTHING_TO_JUDGE in analysis.result["reasons"]
            verdict = None if nothing else Verdict(analysis.result["verdict"])
            of_file.setdefault(analysis.sha256, (verdict, Truth(analysis.truth)))
    counts = Counter(of_file.values())
    return [
        Fared(verdict, truth, files)
        for verdict in (*Verdict, None)
        for truth in Truth
        if (files := counts[verdict, truth])
    ]
