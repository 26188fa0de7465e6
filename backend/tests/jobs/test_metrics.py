"""What Prometheus scrapes, read back with its own parser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assay.evidence import StageState, StageTiming
from assay.jobs.counters import BUCKETS, count_outcome, observe_score, observe_stages
from assay.jobs.database import Database, counters
from assay.jobs.metrics import TableCollector
from assay.settings import Settings
from tests.fused import fused


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(Settings(data_dir=tmp_path))
    database.prepare()
    yield database
    database.close()


Key = tuple[str, frozenset[tuple[str, str]]]


def samples(database: Database, models: Path = Path("none")) -> dict[Key, float]:
    text = TableCollector(database, models).text().decode()
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


def test_scores_stand_beside_those_of_the_card(database: Database, tmp_path: Path) -> None:
    (tmp_path / "fusion").mkdir()
    heads = {"audio": {"histogram": [100] * 5 + [0] * 5}, "tiny": {}}
    (tmp_path / "fusion" / "metrics.json").write_text(json.dumps({"heads": heads}))
    with database.writing() as connection:
        for _ in range(120):
            observe_score(connection, fused(0.95, "audio"))
        observe_score(connection, fused(0.1, "tiny"))
    found = samples(database, tmp_path)
    assert found[key("assay_score_bucket", head="audio", le="0.9")] == 0
    assert found[key("assay_score_bucket", head="audio", le="1")] == 120
    assert found[key("assay_score_count", head="audio")] == 120
    assert found[key("assay_score_sum", head="audio")] == pytest.approx(114)
    assert found[key("assay_score_bucket", head="tiny", le="0.1")] == 1
    assert found[key("assay_card_score_bucket", head="audio", le="0.3")] == 300
    assert found[key("assay_card_score_bucket", head="audio", le="+Inf")] == 500
    assert found[key("assay_score_psi", head="audio")] > 1
    assert key("assay_score_psi", head="tiny") not in found
    assert key("assay_card_score_bucket", head="tiny", le="1") not in found
