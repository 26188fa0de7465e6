"""Who may write what, without any process: rows, runs and files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dbos import DBOSClient

from assay.errors import AssayError
from assay.evidence import Asked, StageEvent, StageState
from assay.jobs.analysis import State, now_ms
from assay.jobs.database import Database
from assay.jobs.listing import Wanted
from assay.jobs.media_store import REPORT, FolderStore
from assay.jobs.runs import MAX_KILLS, WORKER_LOST_SECONDS, Outcome, Run, Runs
from assay.jobs.service import Service, Upload, work_key
from assay.settings import Settings
from tests.jobs import scripted
from tests.serving import settings_for

SHA = "ab" * 32
EVENT = StageEvent(stage="ingest", state=StageState.RUNNING)


class Bench:
    """Both sides of the table, and the folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings)
        self.database.prepare()
        self.media = FolderStore(settings.data_dir)
        self.service = Service(settings, self.database, self.media, scripted.GRAPH)
        self.runs = self.worker("one")

    def worker(self, name: str) -> Runs:
        return Runs(self.database, self.media, name, self.settings.max_attempts)

    def submit(self, sha256: str = SHA) -> str:
        with self.media.incoming() as file:
            file.write(b"content")
            upload = Upload(Path(file.name), sha256, 7, "a.png", "image/png")
            return self.service.submit(upload).id

    def begin(self, analysis_id: str, worker: Runs | None = None) -> Run:
        run = (worker or self.runs).begin(analysis_id)
        assert run is not None
        return run

    def state(self, analysis_id: str) -> State:
        return self.service.get(analysis_id).state

    def living(self) -> set[str]:
        with self.database.reading() as connection:
            return self.runs.living(connection)

    def kinds(self, analysis_id: str) -> list[str]:
        news = self.service.news({analysis_id: 0})[analysis_id]
        assert not isinstance(news, AssayError)
        return [str(event.kind) for event in news]

    def artefacts(self, sha256: str = SHA) -> list[Path]:
        return sorted((self.settings.data_dir / "artefacts").rglob("*.*"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(settings_for(tmp_path))
    yield bench
    bench.service.close()
    bench.database.close()


def outcome(run: Run, error: str | None = None) -> Outcome:
    return Outcome(number=run.number, error_code=error, error_message=error and "Why.")


def save_report(bench: Bench, run: Run) -> None:
    bench.runs.save(run, REPORT, scripted.report().model_dump_json(by_alias=True).encode())


def test_publishing_twice_is_publishing(bench: Bench) -> None:
    analysis_id = bench.submit()
    run = bench.begin(analysis_id)
    save_report(bench, run)
    for _ in range(2):
        bench.runs.publish(analysis_id, outcome(run))
    assert bench.state(analysis_id) is State.COMPLETE
    assert bench.kinds(analysis_id) == ["queued", "started", "end"]
    text = bench.service.metrics().decode()
    assert 'assay_analyses_total{outcome="complete"} 1.0\n' in text


def test_a_report_that_was_lost_is_an_error_of_ours(bench: Bench) -> None:
    analysis_id = bench.submit()
    bench.runs.publish(analysis_id, outcome(bench.begin(analysis_id)))
    assert bench.service.get(analysis_id).error_code == "internal"


def test_a_run_that_was_taken_over_can_write_nothing(bench: Bench) -> None:
    analysis_id = bench.submit()
    old = bench.begin(analysis_id)
    new = bench.begin(analysis_id, bench.worker("two"))
    before = bench.kinds(analysis_id)
    assert not bench.runs.is_wanted(old)
    bench.runs.tell(old, EVENT)
    bench.runs.publish(analysis_id, outcome(old, "unreadable"))
    assert bench.kinds(analysis_id) == before
    assert bench.runs.is_wanted(new)
    bench.runs.tell(new, EVENT)
    assert bench.kinds(analysis_id) == [*before, "stage"]


def test_cancelling_wins_against_publishing(bench: Bench) -> None:
    analysis_id = bench.submit()
    run = bench.begin(analysis_id)
    save_report(bench, run)
    bench.service.cancel(analysis_id)
    assert not bench.runs.is_wanted(run)
    bench.runs.tell(run, EVENT)
    bench.runs.publish(analysis_id, outcome(run))
    assert bench.state(analysis_id) is State.CANCELLED
    assert bench.kinds(analysis_id) == ["queued", "started", "end"]
    assert bench.artefacts() == []


def test_deleting_in_the_middle_leaves_nothing(bench: Bench) -> None:
    analysis_id = bench.submit()
    run = bench.begin(analysis_id)
    bench.runs.save(run, "crop-0-0.jpg", b"1")
    bench.service.delete(analysis_id)
    bench.runs.save(run, "crop-0-1.jpg", b"2")  # the worker has not noticed yet
    save_report(bench, run)
    bench.runs.tell(run, EVENT)
    assert bench.artefacts() == []
    assert not bench.media.upload(SHA).exists()
    assert bench.runs.begin(analysis_id) is None


def test_cancelling_in_the_middle_leaves_no_artefacts(bench: Bench) -> None:
    analysis_id = bench.submit()
    run = bench.begin(analysis_id)
    bench.runs.save(run, "crop-0-0.jpg", b"1")
    bench.service.cancel(analysis_id)
    save_report(bench, run)  # the worker has not noticed yet
    assert bench.artefacts() == []


def test_cancelling_spares_what_others_share(bench: Bench) -> None:
    first, second = bench.submit(), bench.submit()
    run = bench.begin(first)
    bench.runs.save(run, "crop-0-0.jpg", b"1")
    bench.service.cancel(first)
    assert len(bench.artefacts()) == 1, "the second will need it, or write it again"
    bench.service.delete(first)
    assert bench.media.upload(SHA).exists()
    bench.service.delete(second)
    assert bench.artefacts() == []
    assert not bench.media.upload(SHA).exists()


def test_stopping_is_not_crashing(bench: Bench) -> None:
    analysis_id = bench.submit()
    for _ in range(5):
        bench.begin(analysis_id)
        bench.runs.leave()
        assert bench.state(analysis_id) is State.QUEUED
    assert bench.begin(analysis_id).number == 6
    assert bench.service.get(analysis_id).crashes == 0


def test_what_was_analysed_when_the_worker_stopped_can_still_be_published(bench: Bench) -> None:
    analysis_id = bench.submit()
    run = bench.begin(analysis_id)
    save_report(bench, run)
    bench.runs.leave()
    bench.runs.publish(analysis_id, outcome(run))
    assert bench.state(analysis_id) is State.COMPLETE


def test_an_outcome_that_an_older_release_remembered_can_be_read() -> None:
    Outcome.model_validate({"number": 1, "sha256": SHA, "work_key": SHA})


def test_crashing_is_counted_up_to_the_limit(bench: Bench) -> None:
    analysis_id = bench.submit()
    for _ in range(bench.settings.max_attempts):
        bench.runs.give_back(bench.begin(analysis_id), was_killed=False)
    assert bench.runs.begin(analysis_id) is None
    assert bench.service.get(analysis_id).error_code == "analysis_crashed"


def test_being_killed_is_no_crash_and_has_a_limit_of_its_own(bench: Bench) -> None:
    analysis_id = bench.submit()
    bench.runs.give_back(bench.begin(analysis_id), was_killed=True)
    for _ in range(MAX_KILLS - 1):
        bench.begin(analysis_id)  # and the worker is gone
    assert bench.service.get(analysis_id).crashes == 0
    assert bench.runs.begin(analysis_id) is None
    assert bench.service.get(analysis_id).error_code == "analysis_killed"


def test_a_run_that_was_taken_over_is_not_given_back(bench: Bench) -> None:
    analysis_id = bench.submit()
    old = bench.begin(analysis_id)
    bench.begin(analysis_id, bench.worker("two"))
    bench.runs.give_back(old, was_killed=False)
    assert bench.state(analysis_id) is State.RUNNING
    assert bench.service.get(analysis_id).crashes == 0


def test_a_worker_lives_until_it_leaves_or_has_not_been_seen_for_long(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = bench.worker("two")
    with monkeypatch.context() as past:
        past.setattr("assay.jobs.runs.now_ms", lambda: now_ms() - 1000 * WORKER_LOST_SECONDS)
        other.beat()
    bench.runs.beat()
    assert bench.living() == {"one"}
    other.beat()
    assert bench.living() == {"one", "two"}
    bench.runs.leave()
    assert bench.living() == {"two"}


def test_a_clock_that_is_set_back_neither_reorders_nor_ends_before_the_beginning(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [bench.submit()]
    with monkeypatch.context() as past:
        for room in ("service", "analysis"):
            past.setattr(f"assay.jobs.{room}.now_ms", lambda: now_ms() - 3_600_000)
        ids.append(bench.submit("cd" * 32))
        page = bench.service.page(10, None, Wanted()).items
        assert [(look.analysis.id, look.queue_position) for look in page] == [
            (ids[1], 2),
            (ids[0], 1),
        ]
        first = bench.service.page(1, None, Wanted())
        rest = bench.service.page(1, first.next_cursor, Wanted())
        assert [look.analysis.id for look in first.items + rest.items] == ids[::-1]
        save_report(bench, run := bench.begin(ids[0]))
        bench.runs.publish(ids[0], outcome(run))
    ended = bench.service.get(ids[0])
    assert ended.finished_ms == ended.created_ms
    handed_out = DBOSClient(system_database_url=bench.database.url).list_workflows(
        workflow_ids=ids, sort_desc=False
    )
    priorities = {job.workflow_id: job.priority for job in handed_out}
    assert priorities[ids[0]] < priorities[ids[1]]


@pytest.mark.parametrize("name", ["../x.jpg", "x", "x.exe", "X.jpg", "", "a/b.jpg", "x.jpg\n"])
def test_artefacts_have_plain_names(bench: Bench, name: str) -> None:
    run = bench.begin(bench.submit())
    with pytest.raises(ValueError, match="artefact"):
        bench.runs.save(run, name, b"")
    assert bench.media.load(run.work_key, name) is None


def test_a_full_queue_is_refused(tmp_path: Path) -> None:
    bench = Bench(settings_for(tmp_path, max_queue=1))
    bench.submit()
    with pytest.raises(AssayError) as error:
        bench.submit("cd" * 32)
    assert error.value.code == "busy"
    bench.service.close()


def test_the_key_of_work_tells_all_that_matters_apart() -> None:
    keys = {
        work_key(sha256, models, Asked(full=full))
        for sha256 in ("a", "b")
        for models in ("a", "b")
        for full in (False, True)
    }
    assert len(keys) == 8


def test_the_data_folder_may_have_any_name(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, data_dir=tmp_path / "100%? #1 ü")
    bench = Bench(settings)
    assert bench.state(bench.submit()) is State.QUEUED
    assert (settings.data_dir / "assay.sqlite").exists()
    bench.service.close()
