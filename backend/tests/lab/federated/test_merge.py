"""`merge`: the mean of sites, as a run that can be gone on with."""

from pathlib import Path

import pytest
import torch

from assay_lab.core.loop import Run, load_average
from assay_lab.core.soup import averaged
from assay_lab.federated.merge import Config, command
from assay_lab.gate.net import Student


def site(folder: Path, value: float, step: int = 10) -> Path:
    net = Student()
    for parameter in net.parameters():
        torch.nn.init.constant_(parameter, value)
    Run(folder, Config((), ())).save(step=step, average=net.state_dict(), net=net.state_dict())
    return folder


def test_the_mean_is_weighted_and_can_be_loaded(tmp_path: Path) -> None:
    command([site(tmp_path / "a", 1.0), site(tmp_path / "b", 5.0)], tmp_path / "mean", "3,1")
    net = Student()
    assert load_average(tmp_path / "mean", net) == 20
    assert all(torch.equal(p, torch.full_like(p, 2.0)) for p in net.parameters())


def test_without_weights_all_weigh_the_same(tmp_path: Path) -> None:
    command([site(tmp_path / "a", 1.0), site(tmp_path / "b", 5.0)], tmp_path / "mean")
    net = Student()
    load_average(tmp_path / "mean", net)
    assert all(torch.equal(p, torch.full_like(p, 3.0)) for p in net.parameters())


@pytest.mark.parametrize("weights", ["1", "1,2,3", "-1,2", "0,0", "a,b", "nan,1", "inf,1"])
def test_weights_that_make_no_mean_are_refused(weights: str, tmp_path: Path) -> None:
    runs = [site(tmp_path / "a", 1.0), site(tmp_path / "b", 5.0)]
    with pytest.raises(SystemExit):
        command(runs, tmp_path / "mean", weights)
    assert not (tmp_path / "mean").exists()


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    one = site(tmp_path / "a", 1.0)
    (tmp_path / "b").mkdir()
    with pytest.raises(SystemExit, match="has no checkpoint"):
        command([one, tmp_path / "b"], tmp_path / "mean")
    (tmp_path / "b" / "checkpoint.pt").write_bytes(b"PK no archive")
    with pytest.raises(SystemExit, match="cannot be read"):
        command([one, tmp_path / "b"], tmp_path / "mean")


def test_networks_of_two_kinds_are_refused(tmp_path: Path) -> None:
    one = site(tmp_path / "a", 1.0)
    other = torch.nn.Linear(2, 1)
    Run(tmp_path / "b", Config((), ())).save(step=1, average=other.state_dict())
    with pytest.raises(SystemExit, match="one kind"):
        command([one, tmp_path / "b"], tmp_path / "mean")


def test_the_mean_of_equals_is_that_to_the_bit() -> None:
    state = {"w": torch.randn(50), "n": torch.tensor(7)}
    mean = averaged([state, state, state], [0.1, 0.2, 0.7])
    assert torch.equal(mean["w"], state["w"])
    assert torch.equal(mean["n"], state["n"])
    with pytest.raises(ValueError, match="one kind"):
        averaged([{"w": torch.ones(2)}, {"w": torch.ones(3)}])
