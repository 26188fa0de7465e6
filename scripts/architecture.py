"""Draws the rooms of both packages into docs/architecture.md from their imports; --check compares.

.venv/bin/python scripts/architecture.py [--check]
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import grimp

from marked import main

PACKAGES = {"assay": "The service", "assay_lab": "The lab"}
HOUSES = ("assay.branches", "assay.media")
"""Rooms that are drawn room by room."""

Rooms = Mapping[str, frozenset[str]]
"""Each room with those that it imports."""


def drawing(graph: grimp.ImportGraph, package: str) -> str:
    """A package's rooms as a flowchart in Mermaid's words."""
    rooms = direct(rooms_of(graph, package))
    lines = ["```mermaid", "flowchart TD"]
    for house in ("", *HOUSES):
        inside = [f"    {_node(room)}" for room in rooms if _house(room) == house]
        if house and inside:
            inside = [f'  subgraph {_key(house)}_rooms ["{_name(house)}"]', *inside, "  end"]
        lines += inside
    for room, others in rooms.items():
        lines += [f"  {_key(room)} --> {_key(other)}" for other in sorted(others)]
    return "\n".join([*lines, "```"])


def rooms_of(graph: grimp.ImportGraph, package: str) -> Rooms:
    """Rooms that import others or are imported, by name."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in _inside(graph.modules, package):
        for other in _inside(graph.find_modules_directly_imported_by(module), package):
            room, imported = room_of(module), room_of(other)
            found[room] |= {imported} - {room}
            found[imported] |= set()
    return {room: frozenset(found[room]) for room in sorted(found)}


def room_of(module: str) -> str:
    """The room that a module stands in: `assay.media.io` of `assay.media.io.probe`."""
    return ".".join(module.split(".")[: 3 if _house(module) else 2])


def direct(rooms: Rooms) -> Rooms:
    """Without the imports that follow from others: of a to c where a to b and b to c are.

    Raises:
        ValueError: Rooms import each other in a circle.
    """
    below: dict[str, frozenset[str]] = {}

    def reach(room: str, path: tuple[str, ...] = ()) -> frozenset[str]:
        if room in path:
            raise ValueError(f"a circle: {' -> '.join((*path, room))}")
        if room not in below:
            further = (reach(other, (*path, room)) for other in rooms[room])
            below[room] = rooms[room].union(*further)
        return below[room]

    return {
        room: frozenset(o for o in others if not any(o in reach(other) for other in others))
        for room, others in rooms.items()
    }


def _inside(modules: Iterable[str], package: str) -> Iterator[str]:
    return (module for module in modules if module.startswith(f"{package}."))


def _house(module: str) -> str:
    return next((house for house in HOUSES if f"{module}.".startswith(f"{house}.")), "")


def _key(room: str) -> str:
    return room.replace(".", "_")


def _name(room: str) -> str:
    return room.rpartition(".")[2]


def _node(room: str) -> str:
    name = "__init__" if room in HOUSES else _name(room)
    return f'{_key(room)}["{name}"]'


if __name__ == "__main__":
    made = grimp.build_graph(*PACKAGES)
    drawings = [f"### {title}\n\n{drawing(made, package)}" for package, title in PACKAGES.items()]
    sys.exit(main("architecture.py", "rooms", {"docs/architecture.md": "\n\n".join(drawings)}))
