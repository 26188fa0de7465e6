"""The registry. A new branch is a file of its own and one line here."""

from importlib import import_module

from assay.branches.base import Branch

_REGISTRY: tuple[tuple[str, str], ...] = (
    ("gate", "Gate"),
    ("visual", "Visual"),
    ("temporal", "Temporal"),
    ("audio.branch", "Audio"),
    ("av_sync.branch", "AvSync"),
)


def branch_types() -> tuple[type[Branch], ...]:
    """All branches in the order in which people read them."""
    return tuple(getattr(import_module(f"assay.branches.{file}"), cls) for file, cls in _REGISTRY)
