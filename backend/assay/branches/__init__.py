"""The registry: which branches there are. A new one is a package here and a line in `PACKAGES`.

A package declares its branch as `BRANCH` and imports nothing for it. The code that examines media
is imported when it is first run (`base.load`), so whoever only asks what there is stays light.
"""

from functools import cache
from importlib import import_module
from typing import Final

from assay.branches.info import BranchInfo
from assay.branches.registry import RegistryError, in_order
from assay.media.stages import EXTRACTION

PACKAGES: Final = (
    "gate",
    "visual",
    "temporal",
    "audio",
    "av_sync",
)
"""In the order in which people read them, as far as their needs allow."""


@cache
def branches() -> tuple[BranchInfo, ...]:
    """All branches, each behind those that it needs.

    Raises:
        RegistryError: A declaration makes no sense; says which and why.
    """
    return in_order(list(map(_declared_in, PACKAGES)), [stage.name for stage in EXTRACTION])


def _declared_in(package: str) -> BranchInfo:
    branch: BranchInfo = import_module(f"{__name__}.{package}").BRANCH
    if branch.name != package:
        raise RegistryError(f"The package {package} declares a branch named {branch.name!r}.")
    return branch
