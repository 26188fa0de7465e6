"""Counters that outlive processes and deletions, kept in the database for /metrics.

Workers do not listen on a port, so a counter in their memory could not be scraped; and counting
rows would fall whenever somebody deletes an analysis.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from assay.evidence import StageTiming
from assay.jobs.database import counters

BUCKETS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, float("inf"))
"""Upper bounds of the stage histogram, seconds."""

OUTCOMES = "assay_analyses_total"
STAGE_SECONDS = "assay_stage_seconds"


def count_outcome(connection: sa.Connection, outcome: str) -> None:
    """One more analysis ended like this."""
    _add(connection, [(OUTCOMES, f'outcome="{outcome}"', 1.0)])


def observe_stages(connection: sa.Connection, timings: Iterable[StageTiming]) -> None:
    """Add the stages of one report to the histogram."""
    rows = []
    for timing in timings:
        label, seconds = f'stage="{timing.stage}"', timing.ms / 1000
        rows.append((f"{STAGE_SECONDS}_sum", label, seconds))
        rows.append((f"{STAGE_SECONDS}_count", label, 1.0))
        rows.extend(
            (f"{STAGE_SECONDS}_bucket", f'{label},le="{_bound(bound)}"', float(seconds <= bound))
            for bound in BUCKETS
        )
    _add(connection, rows)


def exposition(connection: sa.Connection) -> str:
    """All counters in the Prometheus text format."""
    rows = connection.execute(sa.select(counters)).all()
    lines = [
        f"# HELP {OUTCOMES} Analyses that ended, by outcome.",
        f"# TYPE {OUTCOMES} counter",
        *sorted(
            f"{row.name}{{{row.labels}}} {_number(row.value)}"
            for row in rows
            if row.name == OUTCOMES
        ),
        f"# HELP {STAGE_SECONDS} Time spent in each stage of a completed analysis.",
        f"# TYPE {STAGE_SECONDS} histogram",
    ]
    values = {(row.name, row.labels): row.value for row in rows}
    for name, label in sorted(values):
        if name == f"{STAGE_SECONDS}_count":
            lines += _histogram(values, label)
    return "\n".join(lines) + "\n"


def _histogram(values: dict[tuple[str, str], float], label: str) -> list[str]:
    """One stage, its buckets in ascending order as the format wants them."""
    buckets = [f'{label},le="{_bound(bound)}"' for bound in BUCKETS]
    return [
        f"{STAGE_SECONDS}_bucket{{{bucket}}} {_number(values[f'{STAGE_SECONDS}_bucket', bucket])}"
        for bucket in buckets
    ] + [
        f"{STAGE_SECONDS}_sum{{{label}}} {_number(values[f'{STAGE_SECONDS}_sum', label])}",
        f"{STAGE_SECONDS}_count{{{label}}} {_number(values[f'{STAGE_SECONDS}_count', label])}",
    ]


def _bound(bound: float) -> str:
    return "+Inf" if bound == float("inf") else f"{bound:g}"


def _number(value: float) -> str:
    """Every digit: a counter that is rounded seems to stand still."""
    return repr(value).removesuffix(".0")


# Both databases speak this; SQLAlchemy has it per dialect only.
_UPSERT = sa.text(
    "INSERT INTO counters (name, labels, value) VALUES (:name, :labels, :value)"
    " ON CONFLICT (name, labels) DO UPDATE SET value = counters.value + excluded.value"
)


def _add(connection: sa.Connection, rows: list[tuple[str, str, float]]) -> None:
    """Sorted, so that two workers lock the rows in the same order."""
    if rows:
        connection.execute(
            _UPSERT,
            [
                {"name": name, "labels": labels, "value": value}
                for name, labels, value in sorted(rows)
            ],
        )
