"""What is kept, and for how long, under a clock of the test's own."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.evidence import AS_USUAL
from assay.jobs import audit
from assay.jobs.analysis import State
from assay.jobs.database import Database, analyses
from assay.jobs.listing import Wanted
from assay.jobs.media_store import REPORT, FolderStore
from assay.jobs.retention import GIVEN_MS, HOUR_MS, UNCLAIMED_MS, Retention
from assay.jobs.runs import Outcome, Runs
from assay.jobs.service import Look, Service, Upload, dbos_client
from assay.settings import Settings
from tests.jobs import scripted
from tests.serving import settings_for

CROP = "crop-0-0.jpg"


class World:
    """A service, a worker's hand and a clock."""

    def __init__(self, settings: Settings) -> None:
        self.database = Database(settings)
        self.database.prepare()
        self.media = FolderStore(settings.data_dir)
        self.service = Service(settings, self.database, self.media, scripted.GRAPH)
        self.runs = Runs(self.database, self.media, "test", 2)
        self.client = dbos_client(self.database)
        self.later = 0

    def sweep(self, hours: float | None = None) -> None:
        finished = [look.analysis.finished_ms or 0 for look in self.all()]
        now = max(finished, default=0) + self.later
        Retention(hours, self.database, self.media, self.client, lambda: now).sweep()

    def all(self) -> list[Look]:
        return self.service.page(100, None, Wanted()).items

    def submit(self, content: bytes = b"one", retained: bool = True) -> str:
        with self.media.incoming() as file:
            file.write(content)
            file.flush()
            digest = hashlib.sha256(content).hexdigest()
            upload = Upload(Path(file.name), digest, len(content), "a.png", "image/png")
            return self.service.submit(upload, AS_USUAL, None, retained).id

    def complete(self, analysis_id: str) -> None:
        run = self.runs.begin(analysis_id)
        if run is not None:  # else it was answered by one of the same work
            self.runs.save(run, CROP, b"\xff\xd8\xff")
            report = scripted.report().model_dump_json(by_alias=True).encode()
            self.runs.save(run, REPORT, report)
            self.runs.publish(analysis_id, Outcome(number=run.number))
        assert self.service.get(analysis_id).state is State.COMPLETE

    def kept(self, analysis_id: str) -> tuple[bool, bool]:
        """Whether its file is there, and its report."""
        stored = self.service.stored(self.service.get(analysis_id))
        return stored.upload, stored.report

    def is_gone(self, analysis_id: str) -> bool:
        try:
            self.service.get(analysis_id)
        except AssayError as error:
            return error.code == "gone"
        return False

    def files(self) -> list[str]:
        return [
            path.name
            for room in ("uploads", "artefacts", "incoming")
            for path in (self.media._folder / room).rglob("*")
            if path.is_file()
        ]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(settings_for(tmp_path))
    yield world
    world.database.close()


def test_without_a_limit_everything_stays(world: World) -> None:
    one = world.submit()
    world.complete(one)
    world.later = 10_000 * HOUR_MS
    world.sweep()
    assert world.kept(one) == (True, True)


def test_file_and_report_go_after_the_hours_and_the_line_stays(world: World) -> None:
    one = world.submit()
    world.complete(one)
    world.later = 2 * HOUR_MS - 1
    world.sweep(hours=2)
    assert world.kept(one) == (True, True)
    world.later += 1
    world.sweep(hours=2)
    assert world.kept(one) == (False, False)
    assert world.files() == []
    assert world.service.get(one).result is not None
    entry, *_ = audit.latest(world.database, 1)
    assert (entry.actor, entry.action, entry.subject) == ("retention", "clear", one)
    world.sweep(hours=2)
    assert audit.latest(world.database, 1)[0] == entry, "once is enough"


def test_what_waits_is_left_alone(world: World) -> None:
    one = world.submit()
    world.later = 100 * HOUR_MS
    world.sweep(hours=1)
    assert world.kept(one) == (True, False)


def test_what_a_younger_analysis_shares_stays_with_it(world: World) -> None:
    one = world.submit()
    world.complete(one)
    with world.database.writing() as connection:
        older = analyses.update().where(analyses.c.id == one)
        connection.execute(older.values(finished_ms=analyses.c.finished_ms - 1))
    two = world.submit()
    world.later = HOUR_MS - 1
    world.sweep(hours=1)
    assert audit.latest(world.database, 1)[0].subject == one
    assert world.kept(two) == (True, True)
    world.later = HOUR_MS
    world.sweep(hours=1)
    assert world.files() == []


def test_what_is_sent_again_after_it_was_cleared_is_deleted_with_its_own(world: World) -> None:
    one = world.submit()
    world.complete(one)
    world.later = HOUR_MS
    world.sweep(hours=1)
    two = world.submit()
    world.complete(two)
    assert world.kept(two) == (True, True)
    world.service.delete(two)
    assert world.files() == []


def test_of_what_is_not_retained_the_file_goes_at_the_end(world: World) -> None:
    one = world.submit(retained=False)
    world.sweep()
    assert world.kept(one) == (True, False)
    world.complete(one)
    world.sweep()
    assert world.kept(one) == (False, True)


def test_and_all_else_soon_after_its_report_was_given(world: World) -> None:
    one = world.submit(retained=False)
    world.complete(one)
    assert world.service.report(one)
    given = world.service.get(one).given_ms
    finished = world.service.get(one).finished_ms
    assert given is not None
    assert finished is not None
    world.later = given - finished + GIVEN_MS - 1
    world.sweep()
    assert world.service.artefact(one, CROP), "the page still shows its pictures"
    world.service.report(one)
    assert world.service.get(one).given_ms == given, "to read it again gains no time"
    world.later += 1
    world.sweep()
    assert world.is_gone(one)
    assert world.files() == []
    assert audit.latest(world.database, 1)[0].action == "delete"


def test_or_after_an_hour_if_nobody_asks_for_it(world: World) -> None:
    one = world.submit(retained=False)
    world.complete(one)
    world.later = UNCLAIMED_MS - 1
    world.sweep()
    assert not world.is_gone(one)
    world.later += 1
    world.sweep()
    assert world.is_gone(one)
    assert world.files() == []


def test_one_that_was_cancelled_goes_as_well(world: World) -> None:
    one = world.submit(retained=False)
    world.service.cancel(one)
    world.sweep()
    assert world.files() == []
    world.later = UNCLAIMED_MS
    world.sweep()
    assert world.is_gone(one)


def test_who_wants_the_same_file_kept_keeps_it(world: World) -> None:
    passing = world.submit(retained=False)
    staying = world.submit()
    world.complete(passing)
    world.complete(staying)
    world.later = UNCLAIMED_MS
    world.sweep()
    assert world.is_gone(passing)
    assert world.kept(staying) == (True, True)
    world.service.delete(staying)
    assert world.files() == []
