"""The registry: what is declared fits together, or it is said what does not."""

import itertools
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assay.branches as registry
from assay.branches import PACKAGES, branches
from assay.branches.base import Branch, load
from assay.branches.info import BranchInfo
from assay.branches.registry import RegistryError, in_order
from assay.evidence import FEATURES

STAGES = ("ingest", "faces")


def info(name: str, *needs: str, **more: Any) -> BranchInfo:
    values: dict[str, Any] = {
        "title": name.title(),
        "description": "Looks",
        "models": (name,),
        "features": (),
        "implementation": f"assay.branches.{name}.branch:{name.title()}",
    }
    return BranchInfo(name=name, needs=needs, **values | more)


def names(declared: list[BranchInfo]) -> list[str]:
    return [branch.name for branch in in_order(declared, STAGES)]


def test_the_released_branches_in_the_order_in_which_people_read_them() -> None:
    assert [branch.name for branch in branches()] == list(PACKAGES)


def test_the_released_branches_provide_all_twelve_features() -> None:
    provided = [feature for branch in branches() for feature in branch.features]
    assert sorted(provided) == sorted(FEATURES)


@pytest.mark.parametrize("branch", branches(), ids=lambda branch: branch.name)
def test_what_is_declared_can_be_loaded(branch: BranchInfo) -> None:
    assert issubclass(load(branch), Branch)


def test_to_declare_imports_no_code_of_a_branch() -> None:
    program = (
        "import sys; from assay.branches import branches; branches(); "
        "print(sorted({'numpy', 'cv2', 'onnxruntime', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


# ------------------------------------------------------------------------------------ order


def test_a_branch_stands_behind_what_it_needs_and_else_where_it_was_put() -> None:
    temporal, gate, audio = info("temporal", "visual"), info("gate", "faces"), info("audio")
    visual = info("visual", "gate", "faces")
    assert names([temporal, gate, audio, visual]) == ["gate", "visual", "temporal", "audio"]
    assert names([gate, visual, temporal, audio]) == ["gate", "visual", "temporal", "audio"]
    assert names([audio, gate, visual, temporal]) == ["audio", "gate", "visual", "temporal"]
    assert names([]) == []


@given(st.data())
def test_any_order_of_lines_gives_an_order_that_can_run(data: st.DataObject) -> None:
    letters = "abcdefg"
    declared = [
        info(name, *data.draw(st.lists(st.sampled_from([*STAGES, *letters[:place]]), unique=True)))
        for place, name in enumerate(letters)
    ]
    shuffled = data.draw(st.permutations(declared))
    ordered = in_order(shuffled, STAGES)
    assert sorted(branch.name for branch in ordered) == sorted(letters)
    before = set(STAGES)
    for branch in ordered:
        assert set(branch.needs) <= before
        before.add(branch.name)
    assert in_order(ordered, STAGES) == ordered, "what can run already stays as it is"


# ------------------------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ([info("gate", "facse")], "gate needs 'facse', which is neither"),
        ([info("gate", "fusion")], "there are ingest, faces, gate"),
        ([info("gate"), info("gate")], "Two stages are named 'gate'"),
        ([info("faces")], "Two stages are named 'faces'"),
        ([info("gate", title=" ")], "gate has no title"),
        ([info("gate", features=("tiny_mean",))], "gate provides 'tiny_mean', which is none"),
        (
            [info("a", features=("sync_prob",)), info("b", features=("sync_prob",))],
            "'sync_prob' is provided twice, by a and b",
        ),
        ([info("a", features=("sync_prob", "sync_prob"))], "twice, by a and a"),
        ([info("a", "a")], "for ever: a needs a"),
    ],
)
def test_a_fault_is_named(declared: list[BranchInfo], words: str) -> None:
    with pytest.raises(RegistryError, match=words):
        in_order(declared, STAGES)


def test_a_circle_is_walked_once_around() -> None:
    declared = [info("a", "faces"), info("b", "d"), info("c", "b", "a"), info("d", "c")]
    with pytest.raises(RegistryError) as caught:
        in_order(declared, STAGES)
    walk = str(caught.value).partition(": ")[2].rstrip(".").split(" needs ")
    assert walk[0] == walk[-1]
    assert set(walk) == {"b", "c", "d"}
    needs = {branch.name: branch.needs for branch in declared}
    assert all(there in needs[here] for here, there in itertools.pairwise(walk))


def test_a_branch_is_named_as_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    stray = SimpleNamespace(BRANCH=info("gait"))
    monkeypatch.setattr(registry, "import_module", lambda name: stray)
    words = f"The package {PACKAGES[0]} declares a branch named 'gait'"
    with pytest.raises(RegistryError, match=words):
        branches.__wrapped__()
