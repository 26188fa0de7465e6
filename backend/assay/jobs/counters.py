"""Counters that outlive processes and deletions, kept in the database; `metrics.py` shows them.

Workers do not listen on a port, so a counter in their memory could not be scraped; and counting
rows would fall whenever somebody deletes an analysis.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from assay.evidence import Fused, StageTiming

BUCKETS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, float("inf"))
"""Upper bounds of the stage histogram, seconds."""

OUTCOMES = "assay_analyses_total"
STAGE_SECONDS = "assay_stage_seconds"
SCORE = "assay_score"
SCORE_BUCKETS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Upper bounds of the histogram of probabilities: the tenths that cards tell as well."""


def count_outcome(connection: sa.Connection, outcome: str) -> None:
    """One more analysis ended like this."""
    _add(connection, [(OUTCOMES, f'outcome="{outcome}"', 1.0)])


def observe_stages(connection: sa.Connection, timings: Iterable[StageTiming]) -> None:
    """Add the stages of one report to the histogram."""
    rows = []
    for timing in timings:
        label, seconds = f'stage="{timing.stage}"', timing.ms / 1000
        bucket = f"{STAGE_SECONDS}_bucket"
        rows.append((f"{STAGE_SECONDS}_sum", label, seconds))
        rows.append((f"{STAGE_SECONDS}_count", label, 1.0))
        rows.extend(
            (
                bucket,
                f'{label},le="{bound_name(bound)}"',
                float(seconds <= bound),
            )
            for bound in BUCKETS
        )
    _add(connection, rows)


def observe_score(connection: sa.Connection, fused: Fused) -> None:
    """Add the probability of one report to the histogram of the head that gave it."""
    label = f'head="{fused.head}"'
    rows = [(f"{SCORE}_sum", label, fused.probability)]
    rows += [
        (f"{SCORE}_bucket", f'{label},le="{bound_name(bound)}"', float(fused.probability <= bound))
        for bound in SCORE_BUCKETS
    ]
    _add(connection, rows)


def bound_name(bound: float) -> str:
    """A bound as the label `le` has it."""
    return "+Inf" if bound == float("inf") else f"{bound:g}"


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
