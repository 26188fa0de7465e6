"""What a branch is: one file, one model, one question asked of the material."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from assay.evidence import BranchEvidence, BranchState
from assay.media.material import Material
from assay.models.sessions import ModelStore

OnProgress = Callable[[float], None]
"""Called with percent done; raises `AssayError("cancelled")` when nobody wants the answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A branch's answer.

    evidence: what people and the report see. features: this branch's share of the twelve, empty
    unless it is done. series: arrays for later branches and for `explain.py`. clears: the
    branch is so sure of a real media that heavy branches may be skipped.
    """

    evidence: BranchEvidence
    features: dict[str, float] = field(default_factory=dict)
    series: Mapping[str, Any] = field(default_factory=dict)
    clears: bool = False


class Branch(ABC):
    """A detector for one kind of trace.

    Subclasses name themselves in class attributes; the stage list of the API, the graph of the
    dashboard and the pipeline's order all derive from these.
    """

    name: ClassVar[str]
    """Key in reports, and the file this class lives in."""
    stage: ClassVar[str]
    """Its node in the pipeline graph."""
    title: ClassVar[str]
    description: ClassVar[str]
    model: ClassVar[str]
    """Folder under models/."""
    needs: ClassVar[tuple[str, ...]]
    """Stages that must have finished first."""
    features: ClassVar[tuple[str, ...]]
    """Which of the twelve features it provides."""
    heavy: ClassVar[bool] = False
    """Skipped by the gate's early exit."""

    def __init__(self, models: ModelStore) -> None:
        self.models = models

    @abstractmethod
    def examine(
        self, material: Material, earlier: Mapping[str, Finding], on_progress: OnProgress
    ) -> Finding:
        """Look at the material.

        Args:
            material: What the media room extracted.
            earlier: Findings of the branches whose stages are in `needs`, by branch name.
            on_progress: Report progress in percent; also the place where a cancellation surfaces.

        Returns:
            A finding whose evidence is `done` with a score, or `not_applicable` with a reason.
        """


def not_applicable(branch: type[Branch], reason: str) -> Finding:
    """The finding of a branch whose material is absent: no score, no features."""
    return Finding(
        BranchEvidence(state=BranchState.NOT_APPLICABLE, reason=reason, model=branch.model)
    )


def faceless(branch: type[Branch], material: Material) -> Finding:
    """The finding of a branch that examines faces, where there are none."""
    if material.media.kind == "audio":
        return not_applicable(branch, "The media has no picture.")
    counters = material.faces
    flaws = {
        "too small": counters.faces_too_small,
        "too blurred": counters.faces_too_blurred,
        "cut off by the edge": counters.faces_cut_off,
    }
    found = [flaw for flaw, faces in flaws.items() if faces > 0]
    if not found:
        return not_applicable(branch, "No face was found.")
    return not_applicable(branch, f"No face can be examined: those found are {_either(found)}.")


def soundless(branch: type[Branch], material: Material) -> Finding:
    """The finding of a branch that listens, where nothing was heard."""
    is_silent = material.media.audio is None
    reason = "The media has no sound." if is_silent else "The sound could not be read."
    return not_applicable(branch, reason)


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
