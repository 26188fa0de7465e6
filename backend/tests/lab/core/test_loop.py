"""The loop of all trainers: resumed is the same as never stopped, and logs say what was done."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn

from assay_lab.core.device import moved
from assay_lab.core.loop import (
    CHECKPOINT,
    Average,
    Run,
    Schedule,
    cosine_rates,
    fit,
    load_average,
    mix_with_start,
    read_config,
)
from assay_lab.gate import train as gate
from assay_lab.gate.net import Student
from assay_lab.visual.resnet18 import train as visual
from assay_lab.visual.resnet18.net import FaceResNet

SCHEDULE = Schedule(
    20, peak_rate=1e-2, warmup=2, average=0.9, validate_every=10, save_every=5, log_every=10
)


class KilledError(Exception):
    """Where a run is stopped."""


def run(folder: Path, stop_before: int | None = None) -> nn.Module:
    """Twenty steps on a network with dropout; or killed before one of them."""

    def batches(first: int) -> Iterator[Tensor]:
        for step in range(first, SCHEDULE.steps):
            if step == stop_before:
                raise KilledError
            yield torch.randn(8, 4, generator=torch.Generator().manual_seed(step))

    def loss(net: nn.Module, batch: Tensor) -> dict[str, Tensor]:
        return {"class": nn.functional.mse_loss(net(batch).squeeze(1), batch.sum(dim=1))}

    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 1))
    return fit(Run(folder, SCHEDULE), net, SCHEDULE, batches, loss, lambda net: {"val": 0.0})


def losses(folder: Path) -> dict[int, float]:
    lines = map(json.loads, (folder / "log.jsonl").read_text().splitlines())
    return {line["step"]: line["class"] for line in lines if "class" in line}


@pytest.mark.parametrize("stop_before", [5, 7, 13])
def test_a_killed_run_ends_as_if_it_had_not_been(tmp_path: Path, stop_before: int) -> None:
    whole = run(tmp_path / "whole").state_dict()
    with pytest.raises(KilledError):
        run(tmp_path / "killed", stop_before)
    resumed = run(tmp_path / "killed").state_dict()

    for name, weights in whole.items():
        assert torch.equal(resumed[name], weights)
    # Steps 5 to 10 alone after the kill, but their mean, not half of it.
    assert losses(tmp_path / "killed")[10] == pytest.approx(losses(tmp_path / "whole")[10], rel=0.5)
    assert losses(tmp_path / "killed")[20] == pytest.approx(losses(tmp_path / "whole")[20], rel=0.5)


def test_a_checkpoint_from_before_the_scheduler_goes_on(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole").state_dict()
    with pytest.raises(KilledError):
        run(tmp_path / "killed", 7)
    file = tmp_path / "killed" / CHECKPOINT
    saved = torch.load(file, weights_only=True)
    for group in saved["optimiser"]["param_groups"]:
        del group["initial_lr"]
    torch.save(saved, file)

    resumed = run(tmp_path / "killed").state_dict()

    assert saved.keys() == {"step", "net", "average", "optimiser"}
    assert saved["average"].keys() == whole.keys()
    assert all(torch.equal(resumed[name], weights) for name, weights in whole.items())


def test_the_average_follows_fast_at_first_and_buffers_too() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
    average = Average(net, 0.5)
    wanted = {name: value.clone() for name, value in net.state_dict().items()}
    for step in range(12):
        net(torch.randn(8, 3))
        with torch.no_grad():
            net[0].weight += 1
        average.update_parameters(net)
        decay = min(0.5, (1 + step) / (10 + step))
        for name, value in net.state_dict().items():
            kept = decay * wanted[name] + (1 - decay) * value
            wanted[name] = kept if value.is_floating_point() else value.clone()

    for name, value in average.module.state_dict().items():
        torch.testing.assert_close(value, wanted[name])
    assert not average.module.training


@pytest.mark.parametrize("first", [0, 3, 9])
def test_rates_rise_then_fall_to_a_hundredth_wherever_a_run_goes_on(first: int) -> None:
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))])
    rates = cosine_rates(optimiser, steps=10, peak=2.0, warmup=4, first=first)
    found = []
    for _ in range(first, 11):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        rates.step()

    half = 2 * (0.01 + 0.99 / 2)
    known = {0: 0.5, 1: 1.0, 2: 1.5, 3: 2.0, 4: 2.0, 7: half, 10: 0.02}
    assert all(
        found[step - first] == pytest.approx(rate) for step, rate in known.items() if step >= first
    )


def test_the_result_is_what_load_average_gives(tmp_path: Path) -> None:
    net = run(tmp_path)
    again = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 1))

    assert load_average(tmp_path, again) == 20
    assert all(map(torch.equal, net.state_dict().values(), again.state_dict().values()))


def test_settings_are_told_without_paths_and_with_the_names_of_sources(tmp_path: Path) -> None:
    config = {"start": "/far/away/first", "data": "../lab/data", "unseen": ["site/one"], "n": 3}
    (tmp_path / "config.json").write_text(json.dumps(config))

    assert read_config(tmp_path) == {
        "start": "first",
        "data": "data",
        "unseen": ["site/one"],
        "n": 3,
    }


class Pair(NamedTuple):
    one: Tensor
    other: Tensor


def test_batches_keep_their_shape_when_moved() -> None:
    pair = Pair(torch.zeros(2), torch.ones(3))

    assert isinstance(moved(pair), Pair)
    assert torch.equal(moved(pair).other, pair.other)
    assert isinstance(moved((pair.one, [pair.other])), tuple)


def test_a_run_of_an_earlier_version_goes_on(tmp_path: Path) -> None:
    """Settings that came later have their defaults in it, and nothing else will do."""
    Run(tmp_path, Schedule(2))
    config = json.loads((tmp_path / "config.json").read_text())
    del config["warmup"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(SystemExit, match="another config"):
        Run(tmp_path, Schedule(2, warmup=1))
    Run(tmp_path, Schedule(2))
    assert "warmup" in json.loads((tmp_path / "config.json").read_text())


@pytest.mark.parametrize("name", ["visual", "gate"])
def test_losses_can_be_computed_in_bf16(name: str) -> None:
    """As on machines that have it; here it is emulated, and slow, but it has to be right."""
    schedule = Schedule(2)
    pictures = torch.randint(0, 256, (2, 2, 3, 64, 64), dtype=torch.uint8)
    if name == "visual":
        net: nn.Module = FaceResNet().eval()
        config = visual.Config((), schedule)
        batch = (pictures, torch.zeros(2, 2, 4, 4), torch.zeros(2))
        terms = {False: visual.loss(config, net, batch)}
        with torch.autocast("cpu", torch.bfloat16):
            terms[True] = visual.loss(config, net, batch)
    else:
        net, judge = Student().eval(), gate.label_loss(gate.Config((), schedule))
        cells = net(pictures[:, 0].float()).shape[1]
        batch = (pictures, torch.zeros(2, 2, cells, cells))
        terms = {False: judge(net, batch)}
        with torch.autocast("cpu", torch.bfloat16):
            terms[True] = judge(net, batch)

    for term, exact in terms[False].items():
        assert terms[True][term].item() == pytest.approx(exact.item(), rel=0.05)
    torch.stack([term.float() for term in terms[True].values()]).sum().backward()
    assert all(p.grad is None or p.grad.isfinite().all() for p in net.parameters())


def gone_on(folder: Path, start: Path | None) -> nn.Module:
    """A network whose run says that it went on from another one."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"start": start and str(start)}))
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    torch.save({"step": 3, "average": net.state_dict()}, folder / "checkpoint.pt")
    return net


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_weights_are_mixed_with_those_of_the_run_before(tmp_path: Path, share: float) -> None:
    earlier = gone_on(tmp_path / "earlier", None).state_dict()
    net = gone_on(tmp_path / "later", tmp_path / "earlier")
    later = {name: weights.clone() for name, weights in net.state_dict().items()}

    mix_with_start(tmp_path / "later", net, share)

    for name, weights in net.state_dict().items():
        wanted = (1 - share) * earlier[name] + share * later[name]
        torch.testing.assert_close(weights.float(), wanted.float())


@pytest.mark.parametrize("start", [None, Path("nowhere")])
def test_without_the_run_before_nothing_is_mixed(tmp_path: Path, start: Path | None) -> None:
    net = gone_on(tmp_path / "run", start)

    with pytest.raises(SystemExit, match="went on from no run"):
        mix_with_start(tmp_path / "run", net, 0.5)
