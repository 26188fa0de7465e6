"""What /metrics shows: the counters of the database and the length of the queue.

By the client library of Prometheus.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from assay.jobs.analysis import State
from assay.jobs.counters import (
    BUCKETS,
    OUTCOMES,
    SCORE,
    SCORE_BUCKETS,
    STAGE_SECONDS,
    bound_name,
)
from assay.jobs.database import Database, analyses, counters
from assay.jobs.drift import card_histograms, psi

_LABEL = re.compile(r'(\w+)="([^"]*)"')


class TableCollector(Collector):
    """Reads the tables at every scrape; nothing is counted in memory.

    Args:
        database: Where the counters are.
        models: The folder of models, whose cards tell what scores are usual.
    """

    def __init__(self, database: Database, models: Path) -> None:
        self._database = database
        self._models = models

    def collect(self) -> Iterator[Metric]:
        """All metrics of the service."""
        with self._database.reading() as connection:
            states: Sequence[str] = (
                connection.execute(sa.select(analyses.c.state).where(analyses.c.state.in_(_GAUGES)))
                .scalars()
                .all()
            )
            rows = connection.execute(sa.select(counters)).all()
        for state, (name, text) in _GAUGES.items():
            yield GaugeMetricFamily(name, text, value=states.count(state))
        yield _outcomes(rows)
        yield _stages(rows)
        yield from _scores(rows, card_histograms(self._models))

    def text(self) -> bytes:
        """In the format that Prometheus scrapes."""
        return generate_latest(self)


_GAUGES = {
    State.QUEUED: ("assay_queued", "Analyses that wait."),
    State.RUNNING: ("assay_running", "Analyses that run."),
}


def _outcomes(rows: Sequence[sa.Row[Any]]) -> Metric:
    family = CounterMetricFamily(OUTCOMES, "Analyses that ended, by outcome.", labels=["outcome"])
    for row in rows:
        if row.name == OUTCOMES:
            family.add_metric([_labels(row)["outcome"]], row.value)
    return family


def _stages(rows: Sequence[sa.Row[Any]]) -> Metric:
    family = HistogramMetricFamily(
        STAGE_SECONDS, "Time spent in each stage of a completed analysis.", labels=["stage"]
    )
    bounds = [bound_name(bound) for bound in BUCKETS]
    for stage, counts, total in _histograms(rows, STAGE_SECONDS, "stage"):
        family.add_metric([stage], [(bound, counts[bound]) for bound in bounds], total)
    return family


def _scores(
    rows: Sequence[sa.Row[Any]], cards: Mapping[str, Sequence[int]]
) -> Iterator[HistogramMetricFamily | GaugeMetricFamily]:
    """What was scored here, what the cards have measured, and how far the two lie apart."""
    seen = HistogramMetricFamily(
        SCORE, "P(fake) of what was judged here, by the head that judged.", labels=["head"]
    )
    card = HistogramMetricFamily(
        "assay_card_score", "The same of the held-out media of the head's card.", labels=["head"]
    )
    drift = GaugeMetricFamily(
        "assay_score_psi", "Population stability index of the two.", labels=["head"]
    )
    bounds = [*map(bound_name, SCORE_BUCKETS)]
    for head, counts, total in _histograms(rows, SCORE, "head"):
        upto = [counts[bound] for bound in bounds]
        seen.add_metric([head], _with_end(bounds, upto), total)
        if head in cards:
            usual = list(accumulate(cards[head]))
            card.add_metric([head], _with_end(bounds, usual), None)
            each = [after - before for before, after in pairwise([0.0, *upto])]
            index = psi(cards[head], each)
            if index is not None:
                drift.add_metric([head], index)
    yield seen
    yield card
    yield drift


def _histograms(
    rows: Sequence[sa.Row[Any]], name: str, label: str
) -> list[tuple[str, dict[str, float], float]]:
    """Of each value of a label, in order: the counts up to each bound, and the sum."""
    buckets: dict[str, dict[str, float]] = {}
    sums: dict[str, float] = {}
    for row in rows:
        labels = _labels(row)
        if row.name == f"{name}_bucket":
            buckets.setdefault(labels[label], {})[labels["le"]] = row.value
        elif row.name == f"{name}_sum":
            sums[labels[label]] = row.value
    return [(value, counts, sums[value]) for value, counts in sorted(buckets.items())]


def _with_end(bounds: Sequence[str], upto: Sequence[float]) -> list[tuple[str, float]]:
    """Prometheus wants a last bucket for all."""
    return [*zip(bounds, upto, strict=True), ("+Inf", upto[-1])]


def _labels(row: sa.Row[Any]) -> dict[str, str]:
    return dict(_LABEL.findall(row.labels))
