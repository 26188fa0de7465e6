"""The drawing of the rooms: up to date, free of what follows from the rest, and never a circle."""

import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def architecture(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return pytest.importorskip("architecture")


def test_the_drawing_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPTS / "architecture.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_no_module_imports_itself_by_way_of_others() -> None:
    grimp = pytest.importorskip("grimp")
    graph = grimp.build_graph("assay", "assay_lab")
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    # The package hands out its detector when somebody asks for it; importing it loads none.
    imports["assay"] = imports["assay"] - {"assay.detector"}
    TopologicalSorter(imports).prepare()  # raises CycleError


def test_imports_that_follow_from_others_are_not_drawn(architecture: ModuleType) -> None:
    rooms = {"a": {"b", "c", "d"}, "b": {"c"}, "c": {"d"}, "d": set(), "e": {"a", "d"}}

    direct = architecture.direct({room: frozenset(others) for room, others in rooms.items()})

    assert direct == {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": set(), "e": {"a"}}


def test_a_circle_is_refused_and_told(architecture: ModuleType) -> None:
    with pytest.raises(ValueError, match="a circle: "):
        architecture.direct({"a": frozenset({"b"}), "b": frozenset({"a"})})


@pytest.mark.parametrize(
    ("module", "room"),
    [
        ("assay.media.io.probe", "assay.media.io"),
        ("assay.media.material", "assay.media.material"),
        ("assay.branches", "assay.branches"),
        ("assay.branches.visual.branch", "assay.branches.visual"),
        ("assay.api.routes.health", "assay.api"),
        ("assay.pipeline", "assay.pipeline"),
        ("assay_lab.forge.speech.tts", "assay_lab.forge"),
    ],
)
def test_a_module_stands_in_its_room(architecture: ModuleType, module: str, room: str) -> None:
    assert architecture.room_of(module) == room
