"""FedProx in one process: sites train by turns, the server takes the mean of their weights.

Li et al., "Federated Optimization in Heterogeneous Networks", MLSys 2020: each site minimises its
own loss plus mu / 2 times the squared distance from the weights that the round began with. At
mu = 0 it is federated averaging (McMahan et al., AISTATS 2017); with a single site that is central
training, to the bit. Sites keep their optimiser from round to round, as hospitals or newsrooms
would that take part in all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from assay_lab.core.device import DEVICE
from assay_lab.core.loop import Run, Schedule, cosine_rates, descend, parameter_groups
from assay_lab.core.soup import State, averaged

Net = TypeVar("Net", bound=nn.Module)
Loss = Callable[[Any, Any], dict[str, Tensor]]


@dataclass(frozen=True, slots=True)
class Site:
    """Who takes part. weight: of its weights in the mean. batches: from a step on, as in `fit`."""

    name: str
    weight: float
    batches: Callable[[int], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """rounds of local_steps each at every site. mu: of the proximal term. peak_rate: as in `fit`.

    Warm-up and cosine run over all rounds.
    """

    rounds: int
    local_steps: int
    mu: float
    peak_rate: float = 3e-3

    @property
    def schedule(self) -> Schedule:
        """The same steps for one who trains centrally."""
        steps = self.rounds * self.local_steps
        return Schedule(steps=steps, peak_rate=self.peak_rate, warmup=steps // 10)


def federate(
    run: Run,
    net: Net,
    plan: Plan,
    sites: Sequence[Site],
    loss: Loss,
    judge: Callable[[Net], dict[str, float]],
) -> Net:
    """Train by rounds, or go on where a killed run stopped: the result is the same.

    Args:
        run: Where checkpoint and log live; a line a round.
        net: Fresh or pre-trained; replaced by the checkpoint where there is one.
        plan: Rounds, steps, mu.
        sites: Who takes part.
        loss: Weighted terms of a batch, the same at all sites.
        judge: Numbers on data not trained on, given the mean network on the CPU.

    Returns:
        The mean network, on the CPU.
    """
    clients = [_Client(site, net, plan) for site in sites]
    done = _resume(run, net, clients)
    for client in clients:
        client.begin(done * plan.local_steps)
    for number in range(done + 1, plan.rounds + 1):
        begun = {name: value.clone() for name, value in net.state_dict().items()}
        losses = [client.train(begun, loss) for client in clients]
        states = [client.state for client in clients]
        net.load_state_dict(averaged(states, [site.weight for site in sites]))
        run.record(
            step=number * plan.local_steps,
            round=number,
            loss=round(fmean(losses), 4),
            drift=round(_drift(states, net), 4),
            **judge(net.eval()),
        )
        run.save(
            step=number * plan.local_steps,
            round=number,
            net=net.state_dict(),
            average=net.state_dict(),
            optimisers={client.site.name: client.optimiser.state_dict() for client in clients},
        )
    return net.eval()


class _Client(Generic[Net]):
    """A site at work: a network and an optimiser of its own."""

    def __init__(self, site: Site, net: Net, plan: Plan) -> None:
        self.site, self._plan = site, plan
        self._net = deepcopy(net).to(DEVICE)
        weight_decay = plan.schedule.weight_decay
        self.optimiser = torch.optim.AdamW(parameter_groups(self._net, weight_decay))

    def begin(self, step: int) -> None:
        """Get ready for the steps from here on."""
        schedule = self._plan.schedule
        self._step = step
        self._rates = cosine_rates(
            self.optimiser, schedule.steps, schedule.peak_rate, schedule.warmup, step
        )
        self._batches: Iterator[Any] = iter(self.site.batches(step))

    def train(self, begun: State, loss: Loss) -> float:
        """The steps of a round, from the weights that all begin with.

        Returns:
            The mean loss, without the proximal term.
        """
        self._net.load_state_dict(begun)
        held = near(self._net, loss, self._plan.mu) if self._plan.mu > 0 else loss
        losses = []
        for batch in islice(self._batches, self._plan.local_steps):
            terms = descend(self._net, self.optimiser, self._rates, self._step, batch, held)
            losses.append(sum(term.item() for name, term in terms.items() if name != PROXIMAL))
            self._step += 1
        return fmean(losses)

    @property
    def state(self) -> State:
        """What the site gives away, on the CPU."""
        return {name: value.detach().cpu() for name, value in self._net.state_dict().items()}


PROXIMAL = "proximal"


def near(net: nn.Module, loss: Loss, mu: float) -> Loss:
    """The loss, and a term that holds the network near where it is now."""
    anchor = [parameter.detach().clone() for parameter in net.parameters()]

    def held(net: nn.Module, batch: Any) -> dict[str, Tensor]:
        pairs = zip(net.parameters(), anchor, strict=True)
        apart = torch.stack([(now - then).square().sum() for now, then in pairs]).sum()
        return {**loss(net, batch), PROXIMAL: mu / 2 * apart}

    return held


def _drift(states: Sequence[State], net: nn.Module) -> float:
    """Mean distance of the sites' weights from the mean network's, as a share of its size."""
    mean = {name: value.detach().cpu() for name, value in net.named_parameters()}
    size = _norm(mean.values())
    apart = [_norm(state[name] - value for name, value in mean.items()) for state in states]
    return fmean(apart) / size


def _norm(values: Iterable[Tensor]) -> float:
    return float(torch.stack([value.square().sum() for value in values]).sum().sqrt())


def _resume(run: Run, net: nn.Module, clients: Sequence[_Client[Any]]) -> int:
    saved = run.load()
    if saved is None:
        return 0
    net.load_state_dict(saved["net"])
    for client in clients:
        client.optimiser.load_state_dict(saved["optimisers"][client.site.name])
    return int(saved["round"])
