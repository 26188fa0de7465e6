"""Federated training against what it must equal, and against closed forms."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from assay_lab.core.loop import Run, Schedule, fit
from assay_lab.federated.fedprox import PROXIMAL, Plan, Site, federate, near


def run_in(folder: Path) -> Run:
    return Run(folder, Schedule(1))


def network() -> nn.Module:
    torch.manual_seed(4)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.2), nn.Linear(4, 1))


def site(name: str, weight: float = 1.0, shift: float = 0.0) -> Site:
    """Batches by step alone; `shift` moves what a site holds."""

    def batches(first: int) -> Iterator[tuple[Tensor, Tensor]]:
        for step in range(first, 1000):
            rng = torch.Generator().manual_seed(step)
            x = torch.randn(8, 3, generator=rng) + shift
            yield x, (x.sum(dim=1) > shift).float()

    return Site(name, weight, batches)


def loss(net: nn.Module, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
    x, y = batch
    return {"class": nn.functional.binary_cross_entropy_with_logits(net(x)[:, 0], y)}


def judge(net: nn.Module) -> dict[str, float]:
    return {"weights": float(sum(p.sum() for p in net.parameters()).detach())}


def equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


def test_one_site_without_a_proximal_term_is_central_training_to_the_bit(tmp_path: Path) -> None:
    plan = Plan(rounds=4, local_steps=5, mu=0.0)
    alone = federate(run_in(tmp_path / "one"), network(), plan, [site("a", 3.0)], loss, judge)
    central = run_in(tmp_path / "central")
    steps = plan.schedule.steps
    fit(
        central,
        network(),
        plan.schedule,
        lambda _: islice(site("a").batches(0), steps),
        loss,
        judge,
    )
    saved = central.load()
    assert saved is not None
    assert equal(alone.state_dict(), saved["net"])


def test_sites_that_hold_the_same_are_central_training_too(tmp_path: Path) -> None:
    plan = Plan(rounds=3, local_steps=4, mu=0.0)
    twins = [site("a"), site("b"), site("c")]
    three = federate(run_in(tmp_path / "three"), network(), plan, twins, loss, judge)
    one = federate(run_in(tmp_path / "one"), network(), plan, [site("a")], loss, judge)
    assert equal(three.state_dict(), one.state_dict())


def test_a_killed_run_goes_on_to_the_same_end(tmp_path: Path) -> None:
    plan = Plan(rounds=4, local_steps=3, mu=0.5)
    sites = [site("a"), site("b", shift=2.0)]
    whole = federate(run_in(tmp_path / "whole"), network(), plan, sites, loss, judge)

    class KilledError(Exception):
        pass

    seen = 0

    def killing(net: nn.Module) -> dict[str, float]:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise KilledError
        return judge(net)

    broken = tmp_path / "broken"
    with pytest.raises(KilledError):
        federate(run_in(broken), network(), plan, sites, loss, killing)
    resumed = federate(run_in(broken), network(), plan, sites, loss, judge)
    assert equal(whole.state_dict(), resumed.state_dict())


def drift(folder: Path) -> list[float]:
    return [json.loads(line)["drift"] for line in (folder / "log.jsonl").open()]


def test_the_proximal_term_holds_unlike_sites_together(tmp_path: Path) -> None:
    sites = [site("a", shift=-2.0), site("b", shift=2.0)]
    for mu in (0.0, 50.0):
        plan = Plan(rounds=3, local_steps=10, mu=mu, peak_rate=0.05)
        federate(run_in(tmp_path / f"{mu:g}"), network(), plan, sites, loss, judge)
    assert drift(tmp_path / "50")[-1] < drift(tmp_path / "0")[-1]


def test_the_proximal_term_is_half_mu_times_the_squared_distance() -> None:
    net = nn.Linear(2, 1, bias=False)
    nn.init.constant_(net.weight, 1.0)
    held = near(net, lambda net, batch: {"class": net(batch).mean()}, mu=0.5)
    nn.init.constant_(net.weight, 3.0)
    terms: dict[str, Any] = held(net, torch.ones(1, 2))
    assert terms[PROXIMAL].item() == pytest.approx(0.5 / 2 * (4 + 4))
    terms[PROXIMAL].backward()
    assert net.weight.grad is not None
    assert net.weight.grad.flatten().tolist() == pytest.approx([1.0, 1.0]), "mu (w - w0)"


def test_heavier_sites_weigh_more(tmp_path: Path) -> None:
    """Between the two networks that each site alone would give, where the weight says."""
    plan = Plan(rounds=1, local_steps=5, mu=0.0)
    ends = {
        name: federate(run_in(tmp_path / name), network(), plan, [one], loss, judge).state_dict()
        for name, one in {"a": site("a"), "b": site("b", shift=3.0)}.items()
    }
    both = [site("a", 3.0), site("b", 1.0, shift=3.0)]
    mean = federate(run_in(tmp_path / "both"), network(), plan, both, loss, judge).state_dict()
    wanted = 0.75 * ends["a"]["0.weight"] + 0.25 * ends["b"]["0.weight"]
    assert torch.allclose(mean["0.weight"], wanted, atol=1e-6)
    assert not torch.allclose(mean["0.weight"], ends["a"]["0.weight"], atol=1e-4)
