"""What a branch is: one question asked of the material, and what it answers with."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import TypeVar

from assay.branches.info import BranchInfo
from assay.evidence import BranchEvidence, BranchState
from assay.media.material import Material
from assay.models.sessions import ModelStore

OnProgress = Callable[[float], None]
"""Called with percent done; raises `AssayError("cancelled")` when nobody wants the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A branch's answer.

    One that is done answers with a class of its own, which adds what later branches and
    `explain.py` take from it (`found`).

    evidence: what people and the report see. features: this branch's share of the twelve, empty
    unless it is done. clears: the branch is so sure of a real media that heavy branches may be
    skipped.
    """

    evidence: BranchEvidence
    features: Mapping[str, float] = field(default_factory=dict)
    clears: bool = False


Findings = Mapping[str, Finding]
"""By the name of the branch."""

_Kind = TypeVar("_Kind", bound=Finding)


def found(findings: Findings, kind: type[_Kind]) -> _Kind | None:
    """The finding of the branch that answers with this class; None unless it is done."""
    for finding in findings.values():
        if isinstance(finding, kind):
            return finding
    return None


class Branch(ABC):
    """A detector for one kind of trace. What it is called and needs is in its `BranchInfo`."""

    def __init__(self, models: ModelStore) -> None:
        self.models = models

    @abstractmethod
    def examine(self, material: Material, earlier: Findings, on_progress: OnProgress) -> Finding:
        """Look at the material.

        Args:
            material: What the media room extracted.
            earlier: Findings of the branches that this one needs.
            on_progress: Report progress in percent; also the place where a cancellation surfaces.

        Returns:
            A finding whose evidence is `done` with a score, or `not_applicable` with a reason.
        """


def load(info: BranchInfo) -> type[Branch]:
    """Import the code of a branch."""
    branch: type[Branch] = resolve_name(info.implementation)
    return branch


def not_applicable(info: BranchInfo, reason: str) -> Finding:
    """The finding of a branch whose material is absent: no score, no features."""
    return without_score(info, BranchState.NOT_APPLICABLE, reason)


def without_score(info: BranchInfo, state: BranchState, reason: str) -> Finding:
    """The finding of a branch that was not done, and why."""
    return Finding(evidence=BranchEvidence(state=state, reason=reason, models=info.models))


def faceless(info: BranchInfo, material: Material) -> Finding:
    """The finding of a branch that examines faces, where there are none."""
    if material.media.kind == "audio":
        return not_applicable(info, "The media has no picture.")
    counters = material.faces
    if counters.faces_not_photographs > 0:
        return not_applicable(
            info, "The faces look drawn, painted or masked; those are not judged."
        )
    flaws = {
        "too small": counters.faces_too_small,
        "too blurred": counters.faces_too_blurred,
        "cut off by the edge": counters.faces_cut_off,
    }
    flawed = [flaw for flaw, faces in flaws.items() if faces > 0]
    if not flawed:
        return not_applicable(info, "No face was found.")
    return not_applicable(info, f"No face can be examined: those found are {_either(flawed)}.")


def soundless(info: BranchInfo, material: Material) -> Finding:
    """The finding of a branch that listens, where nothing was heard."""
    is_silent = material.media.audio is None
    reason = "The media has no sound." if is_silent else "The sound could not be read."
    return not_applicable(info, reason)


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
