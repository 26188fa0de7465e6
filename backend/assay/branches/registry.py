"""Checks what branches declare, and puts each behind those that it needs."""

from collections import Counter
from collections.abc import Collection, Sequence
from graphlib import CycleError, TopologicalSorter

from assay.branches.info import BranchInfo
from assay.evidence import FEATURES


class RegistryError(ValueError):
    """The declarations of the branches do not fit together. A fault of the code, not of a user."""


def in_order(declared: Sequence[BranchInfo], stages: Collection[str]) -> tuple[BranchInfo, ...]:
    """The branches so that each stands behind all that it needs, otherwise as they were declared.

    Args:
        declared: In any order.
        stages: What branches may need besides each other: the stages before them.

    Raises:
        RegistryError: Says which declaration is wrong, and what is wrong with it.
    """
    names = [*stages, *(branch.name for branch in declared)]
    for name, count in Counter(names).items():
        if count > 1:
            raise RegistryError(f"Two stages are named {name!r}.")
    for branch in declared:
        _check(branch, names)
    _check_features(declared)
    return _sorted(declared)


def _check(branch: BranchInfo, names: Collection[str]) -> None:
    """A declaration for itself."""
    if not branch.title.strip():
        raise RegistryError(f"The branch {branch.name} has no title.")
    for need in branch.needs:
        if need not in names:
            raise RegistryError(
                f"The branch {branch.name} needs {need!r}, which is neither a branch nor a stage "
                f"before the branches; there are {', '.join(names)}."
            )
    for feature in branch.features:
        if feature not in FEATURES:
            raise RegistryError(
                f"The branch {branch.name} provides {feature!r}, which is none of the twelve."
            )


def _check_features(declared: Sequence[BranchInfo]) -> None:
    """No feature comes twice."""
    providers: dict[str, str] = {}
    for branch in declared:
        for feature in branch.features:
            if feature in providers:
                both = f"{providers[feature]} and {branch.name}"
                raise RegistryError(f"The feature {feature!r} is provided twice, by {both}.")
            providers[feature] = branch.name


def _sorted(declared: Sequence[BranchInfo]) -> tuple[BranchInfo, ...]:
    by_name = {branch.name: branch for branch in declared}
    needs = {branch.name: [need for need in branch.needs if need in by_name] for branch in declared}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " needs ".join(reversed(error.args[1]))
        raise RegistryError(f"Branches wait for each other for ever: {circle}.") from None
    placed: dict[str, BranchInfo] = {}

    def place(name: str) -> None:
        for need in needs[name]:
            place(need)
        placed.setdefault(name, by_name[name])

    for name in by_name:
        place(name)
    return tuple(placed.values())
