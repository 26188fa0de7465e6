"""How many CPUs this process may use: schedulers and containers grant less than the machine has."""

import os
import sys
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Final

MOST: Final = 8
"""A cap: the networks are small, and branches run side by side already."""


def usable_cpus(
    cgroups: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup")
) -> int:
    """CPUs by the scheduler's affinity and the quotas of cgroup v2, in 1..MOST.

    Args:
        cgroups: Where the hierarchy of cgroup v2 is mounted.
        membership: Which group of it this process belongs to.
    """
    granted = [ceil(quota) for quota in _quotas(cgroups, membership)]
    return max(1, min(_allowed(), MOST, *granted))


def _allowed() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(cgroups: Path, membership: Path) -> Iterator[float]:
    """CPUs that this process's group may use, and each group around it, where one has a limit."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:  # no Linux, or no cgroups
        return
    for line in lines:
        if not line.startswith("0::/"):  # a hierarchy of the first version
            continue
        own = cgroups / line.removeprefix("0::/")
        for group in (own, *own.parents):
            if not group.is_relative_to(cgroups):
                break
            try:
                quota, period = (group / "cpu.max").read_text().split()
                yield float(quota) / float(period)
            except (OSError, ValueError, ZeroDivisionError):  # none here, or "max": no limit
                continue
