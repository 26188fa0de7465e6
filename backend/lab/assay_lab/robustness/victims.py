"""A medium under attack, whatever its kind: values that may change, scores, and how it is saved."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from torch import Tensor

from assay_lab.core.linf import Budget, Score

TOGETHER: Final = "together"
"""The target that fools all networks of a medium at once."""


class Victim(Protocol):
    """One medium, as the service took it apart."""

    @property
    def values(self) -> Tensor:
        """(1, ...) what the attacker may change."""
        ...

    @property
    def targets(self) -> Sequence[str]:
        """What can be attacked: networks, and all of them together."""
        ...

    def budget(self, epsilon: float) -> Budget:
        """Epsilon in the unit of this kind of media."""
        ...

    def score(self, target: str, towards: float) -> Score:
        """What an attack raises: `towards` 1 to make it look fake, -1 to make it look real."""
        ...

    def save(self, values: Tensor, folder: Path) -> Mapping[str, Path]:
        """Files with these values, by format."""
        ...
