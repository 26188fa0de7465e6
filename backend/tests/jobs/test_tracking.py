import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.evidence import StageEvent, StageState
from assay.jobs.tracking import (
    CLASSIFYING,
    EXTRACTING,
    QUEUED,
    RUNNING,
    STAGE_NAMES,
    Tracker,
    untouched,
)
from assay.progress import Progress
from tests.jobs.scripted import GRAPH


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def event(stage: str, state: str = "running", percent: float = 0.0) -> StageEvent:
    return StageEvent(stage=stage, state=StageState(state), percent=percent)


def test_percent_is_the_mean_of_the_stages_and_below_100() -> None:
    tracker = Tracker(untouched(GRAPH))
    tracker.apply(event("ingest", "done"))
    assert tracker.percent == pytest.approx(33.3)
    tracker.apply(event("visual", "running", 50))
    assert tracker.percent == 50
    tracker.apply(event("visual", "skipped"))
    tracker.apply(event("verdict", "done"))
    assert tracker.percent == 99


@pytest.mark.parametrize(
    ("stage", "name"),
    [
        ("ingest", EXTRACTING),
        ("hints", EXTRACTING),
        ("faces", EXTRACTING),
        ("gate", RUNNING),
        ("a_branch_of_tomorrow", RUNNING),
        ("fusion", CLASSIFYING),
        ("verdict", CLASSIFYING),
    ],
)
def test_every_stage_has_one_of_the_four_names(stage: str, name: str) -> None:
    tracker = Tracker(untouched(GRAPH))
    assert tracker.apply(event(stage, "queued")).stage_name == QUEUED  # type: ignore[union-attr]
    assert tracker.apply(event(stage)).stage_name == name  # type: ignore[union-attr]


def test_equal_updates_within_a_quarter_second_are_said_once() -> None:
    clock = Clock()
    tracker = Tracker(untouched(GRAPH), clock=clock)
    assert tracker.apply(event("visual", percent=1))
    assert tracker.apply(event("visual", percent=2)) is None
    clock.now += 0.2
    assert tracker.apply(event("visual", percent=3)) is None
    assert tracker.apply(event("ingest", percent=3)), "another stage has its own pace"
    clock.now += 0.1
    assert tracker.apply(event("visual", percent=4))
    assert tracker.apply(event("visual", "done")), "a change of state is always said"


def test_a_stage_that_the_early_exit_spares_is_told_apart() -> None:
    events: list[StageEvent] = []
    progress = Progress(events.append, lambda: True)
    progress.spare("faces", "The gate was sure.")
    with progress.stage("hints") as stage:
        stage.skip("There is nothing to read.")
    told = Tracker(untouched(GRAPH))
    updates = [told.apply(event) for event in events]
    ended = [(u.stage, u.spared) for u in updates if u and u.state is StageState.SKIPPED]
    assert ended == [("faces", True), ("hints", False)]
    kept = {stage.stage: stage.spared for stage in told.stages}
    assert (kept["faces"], kept["hints"]) == (True, False)


def test_a_second_run_does_not_fall_behind_the_first() -> None:
    tracker = Tracker(untouched(GRAPH), percent=60.0)
    update = tracker.apply(event("ingest"))
    assert update is not None
    assert update.overall_percent == 60.0


states = st.sampled_from(list(StageState))
stages = st.sampled_from([info.name for info in GRAPH] + ["unheard_of"])


@given(st.lists(st.tuples(stages, states, st.floats(0, 100)), max_size=40))
def test_whatever_happens_progress_only_grows(
    happenings: list[tuple[str, StageState, float]],
) -> None:
    tracker = Tracker(untouched(GRAPH))
    before = (0.0, 0)
    for stage, state, percent in happenings:
        tracker.apply(StageEvent(stage=stage, state=state, percent=percent))
        now = (tracker.percent, STAGE_NAMES.index(tracker.stage_name))
        assert now[0] >= before[0]
        assert now[1] >= before[1]
        assert now[0] <= 99
        before = now
