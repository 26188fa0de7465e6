"""How many threads the models get by default."""

import os
from pathlib import Path

import pytest

from assay.cpus import MOST, usable_cpus
from assay.settings import Settings


@pytest.fixture
def affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that grants six of many CPUs."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(10, 16)))
    monkeypatch.setattr(os, "cpu_count", lambda: 64)


def cgroup(folder: Path, quotas: dict[str, str], own: str) -> tuple[Path, Path]:
    """A hierarchy with these `cpu.max`, and a process in the group `own`."""
    root = folder / "cgroup"
    (root / own).mkdir(parents=True)
    for group, quota in quotas.items():
        (root / group / "cpu.max").write_text(f"{quota}\n")
    membership = folder / "membership"
    membership.write_text(f"12:cpu:/old\n0::/{own}\n")
    return root, membership


@pytest.mark.usefixtures("affinity")
@pytest.mark.parametrize(
    ("quotas", "own", "cpus"),
    [
        ({}, "", 6),
        ({"": "max 100000"}, "", 6),
        ({"": "200000 100000"}, "", 2),
        ({"": "150000 100000"}, "", 2),
        ({"": "5000 100000"}, "", 1),
        ({"": "900000 100000"}, "", 6),
        ({"a": "300000 100000", "a/b": "max 100000"}, "a/b", 3),
        ({"a": "max 100000", "a/b": "100000 50000"}, "a/b", 2),
        ({"a": "nonsense", "a/b": "4 0"}, "a/b", 6),
    ],
)
def test_affinity_and_quota_both_bound_it(
    tmp_path: Path, quotas: dict[str, str], own: str, cpus: int
) -> None:
    assert usable_cpus(*cgroup(tmp_path, quotas, own)) == cpus


@pytest.mark.usefixtures("affinity")
def test_without_cgroups_affinity_decides(tmp_path: Path) -> None:
    assert usable_cpus(tmp_path / "none", tmp_path / "no-membership") == 6


def test_large_machines_are_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(96)))
    assert usable_cpus(tmp_path, tmp_path / "none") == MOST


def test_the_models_get_so_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSAY_THREADS", raising=False)
    assert Settings().threads == usable_cpus()
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {3})
    assert Settings().threads == 1
