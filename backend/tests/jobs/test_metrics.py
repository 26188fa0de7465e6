"""What Prometheus scrapes, read back with its own parser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assay.evidence import StageState, StageTiming
from assay.jobs.counters import BUCKETS, count_outcome, observe_stages
from assay.jobs.database import Database, counters
from assay.jobs.metrics import TableCollector
from assay.settings import Settings


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(Settings(data_dir=tmp_path))
    database.prepare()
    yield database
    database.close()


Key = tuple[str, frozenset[tuple[str, str]]]


def samples(database: Database) -> dict[Key, float]:
    text = TableCollector(database).text().decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def key(name: str, **labels: str) -> Key:
    return name, frozenset(labels.items())


def timing(stage: str, ms: float) -> StageTiming:
    return StageTiming(stage=stage, state=StageState.DONE, ms=ms)


def test_a_database_without_history_shows_an_empty_queue(database: Database) -> None:
    assert samples(database) == {key("assay_queued"): 0.0, key("assay_running"): 0.0}


def test_outcomes_and_stages_are_counted(database: Database) -> None:
    with database.writing() as connection:
        for outcome in ("complete", "complete", "error"):
            count_outcome(connection, outcome)
        observe_stages(connection, [timing("faces", 50), timing("gate", 1)])
        observe_stages(connection, [timing("faces", 5000)])
    found = samples(database)
    assert found[key("assay_analyses_total", outcome="complete")] == 2
    assert found[key("assay_analyses_total", outcome="error")] == 1
    assert found[key("assay_stage_seconds_count", stage="faces")] == 2
    assert found[key("assay_stage_seconds_sum", stage="faces")] == pytest.approx(5.05)
    assert found[key("assay_stage_seconds_count", stage="gate")] == 1
    faces = [
        value
        for (name, labels), value in found.items()
        if name == "assay_stage_seconds_bucket" and ("stage", "faces") in labels
    ]
    assert faces == sorted(faces), "in ascending order, each holding those below"
    assert len(faces) == len(BUCKETS)
    assert (faces[0], faces[-1]) == (0, 2)


def test_counters_keep_every_digit(database: Database) -> None:
    row = {"name": "assay_analyses_total", "labels": 'outcome="error"', "value": 12_345_678.0}
    with database.writing() as connection:
        connection.execute(counters.insert().values(row))
    assert samples(database)[key("assay_analyses_total", outcome="error")] == 12_345_678
