"""The graph that the API and the page show."""

from assay import fusion
from assay.branches import branches
from assay.evidence import StageEvent, StageState
from assay.jobs.tracking import CLASSIFYING, EXTRACTING, RUNNING, Tracker, untouched
from assay.stages import stages


def test_every_stage_stands_behind_what_it_needs() -> None:
    before: set[str] = set()
    for stage in stages():
        assert set(stage.needs) <= before
        before.add(stage.name)
    assert len(before) == len(stages())


def test_a_branch_is_a_stage_of_the_same_name() -> None:
    examination = [stage for stage in stages() if stage.name in {b.name for b in branches()}]
    assert [(stage.name, stage.title, stage.models) for stage in examination] == [
        (branch.name, branch.title, branch.models) for branch in branches()
    ]


def test_the_fusion_weighs_all_branches_with_its_own_model() -> None:
    weigh, verdict = stages()[-2:]
    assert weigh.needs == tuple(branch.name for branch in branches())
    assert weigh.models == (fusion.MODEL,)
    assert verdict.needs == (weigh.name,)


def test_people_read_one_of_four_names_for_each() -> None:
    names = {}
    for stage in stages():
        update = Tracker(untouched(stages())).apply(
            StageEvent(stage=stage.name, state=StageState.RUNNING)
        )
        assert update is not None
        names[stage.name] = update.stage_name
    of_branches = {branch.name: RUNNING for branch in branches()}
    assert names == {
        "ingest": EXTRACTING,
        "hints": EXTRACTING,
        "faces": EXTRACTING,
        **of_branches,
        "fusion": CLASSIFYING,
        "verdict": CLASSIFYING,
    }
