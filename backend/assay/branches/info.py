"""What a branch declares of itself. Light: whoever reads it imports none of its code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchInfo:
    """A branch in the registry. The graph of the API and of the page follows from it."""

    name: str
    """Its package under branches/, its stage in the graph, its key in reports."""
    title: str
    """What people call it."""
    description: str
    """What it looks at, in half a sentence."""
    models: tuple[str, ...]
    """Folders under models/ that it asks."""
    needs: tuple[str, ...]
    """Stages of the extraction, and branches, that must have finished before."""
    features: tuple[str, ...]
    """Which of the twelve features it provides; none for a branch without a vote."""
    implementation: str
    """Where its `Branch` is, as `module:Class`."""
    heavy: bool = False
    """Skipped by the gate's early exit."""
