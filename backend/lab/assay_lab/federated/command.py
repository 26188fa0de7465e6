"""`federate`: the gate's student by sites that share weights only, beside central training.

    python -m assay_lab federate --data DATA --faces FACES --sites dfdc,stylegan,painted --out OUT

Each source of pairs (as `train-gate --shares` names them) is a site that never shows its faces to
the others: what one site holds differs in kind from what another holds. Trained are FedProx at each
mu (0 is federated averaging), every site alone, and one who has all the data, each on as many pairs
a site. OUT gets a run folder a training, metrics.json and card.md; a stopped command goes on. The
runs are like those of train-gate's student: `runs` lists them, `merge` joins them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

import torch
import typer
from torch import nn

from assay_lab.core.export import describe
from assay_lab.core.loop import Run
from assay_lab.face_pairs.mixtures import build_mixture, parse_shares
from assay_lab.face_pairs.pairs import Mixture
from assay_lab.federated.fedprox import Plan, Site, federate
from assay_lab.gate.net import Student
from assay_lab.gate.train import Config, CutJudge, cut_batches, label_loss, train

JUDGED: Final = 120
"""Held-out pairs of a site that its AUC is measured on."""

Aucs = dict[str, float]


@dataclass(frozen=True, slots=True)
class FederatedConfig:
    """Settings of one federated run."""

    gate: Config
    plan: Plan


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    out: Annotated[Path, typer.Option(help="Folder for the results; a second run continues it")],
    faces: Annotated[Path | None, typer.Option(help="Cache of extract-faces")] = None,
    sites: Annotated[
        str, typer.Option(help="Pair sources and their weights, as in dfdc=3,painted=1")
    ] = "dfdc,stylegan",
    rounds: Annotated[int, typer.Option(min=1, help="After each, weights are averaged")] = 10,
    local_steps: Annotated[int, typer.Option(min=1, help="Batches of a site in a round")] = 20,
    mu: Annotated[str, typer.Option(help="Of the proximal term, several by commas")] = "0,0.1",
    threads: Annotated[int, typer.Option(min=1, help="Of the network")] = 1,
) -> None:
    """Train the gate's student by FedProx over sites, beside central training."""
    torch.set_num_threads(threads)
    strengths = _strengths(mu)
    shares = parse_shares(sites)
    if len(dict(shares)) < len(shares) or any(weight <= 0 for _, weight in shares):
        raise SystemExit("each site is named once, with a weight above 0")
    plan = Plan(rounds, local_steps, 0.0)
    config = Config(shares, plan.schedule)
    held = {
        name: build_mixture([(name, 1.0)], data, faces, "train", native=True) for name, _ in shares
    }
    judge = SiteJudge(
        {
            name: CutJudge(
                build_mixture([(name, 1.0)], data, faces, "val", native=True), config, JUDGED
            )
            for name, _ in shares
        }
    )
    taking_part = [
        Site(name, weight, cut_batches(held[name], replace(config, seed=number)))
        for number, (name, weight) in enumerate(shares, 1)
    ]
    found: dict[str, Aucs] = {}
    for strength in strengths:
        name = "federated averaging" if strength == 0 else f"FedProx, mu = {strength:g}"
        settings = FederatedConfig(config, replace(plan, mu=strength))
        run = Run(out / f"mu-{strength:g}", settings)
        found[name] = judge(_federated(run, settings, taking_part, judge))
    for site in taking_part:
        run = Run(out / f"alone-{site.name}", config)
        found[f"{site.name} alone"] = judge(_central(run, config, held[site.name], judge))
    longer = replace(plan, rounds=rounds * len(shares)).schedule
    central = replace(config, schedule=longer)
    together = Mixture({n: one.sources[n] for n, one in held.items()}, dict(shares))
    found["central, all data"] = judge(
        _central(Run(out / "central", central), central, together, judge)
    )
    report = {
        "command": f"python -m assay_lab federate --sites {sites} --rounds {rounds} "
        f"--local-steps {local_steps} --mu {mu}",
        "sites": dict(shares),
        "pairs_of_a_site": plan.schedule.steps * config.pairs,
        "judged_pairs_of_a_site": JUDGED,
        "auc": found,
    }
    describe(out, report, card(report))
    typer.echo((out / "card.md").read_text())


class SiteJudge:
    """AUC on held-out pairs of every site, and their mean."""

    def __init__(self, judges: Mapping[str, CutJudge]) -> None:
        self._judges = judges

    def __call__(self, net: nn.Module) -> Aucs:
        found = {f"val_{name}": judge(net)["val_auc"] for name, judge in self._judges.items()}
        return {**found, "val_mean": round(sum(found.values()) / len(found), 4)}


def _federated(
    run: Run, settings: FederatedConfig, sites: Sequence[Site], judge: SiteJudge
) -> Student:
    torch.manual_seed(settings.gate.seed)
    loss = label_loss(settings.gate)
    return federate(run, Student(), settings.plan, sites, loss, judge)


def _central(run: Run, config: Config, mixture: Mixture, judge: SiteJudge) -> Student:
    torch.manual_seed(config.seed)
    return train(run, config, mixture, judge, Student(), label_loss(config))


def _strengths(text: str) -> list[float]:
    try:
        strengths = sorted({float(each) for each in text.split(",")})
    except ValueError:
        strengths = []
    if not strengths or not 0 <= strengths[0] <= strengths[-1] < float("inf"):
        raise SystemExit("mu is one number of 0 or more, or several by commas")
    return strengths


CARD: Final = """
# The gate's student, federated

{sites} sites, each with pairs of one kind of its own: {names}. None shows its faces to the others;
they share weights after each round, and the server takes their mean. Every site trains on
{pairs_of_a_site:,} pairs, whoever trains; the central one sees as many of each.

AUC on {judged_pairs_of_a_site} held-out pairs of each site, corrupted as in training:

{table}

Central training keeps averaged weights (EMA), federated training the last mean: differences of a
few hundredths say nothing, and pairs are too few for more.
"""


def card(report: Mapping[str, Any]) -> str:
    """Markdown, from the numbers alone."""
    names = [*report["sites"], "mean"]
    rows = ["| training | " + " | ".join(names) + " |", "|---" * (1 + len(names)) + "|"]
    for training, aucs in report["auc"].items():
        told = " | ".join(f"{aucs[f'val_{name}']:.3f}" for name in names)
        rows.append(f"| {training} | {told} |")
    words = {**report, "sites": len(report["sites"]), "names": ", ".join(report["sites"])}
    return CARD.format(table="\n".join(rows), **words)
