"""Release the fusion: fit its heads on held-out media, measure them, write the card.

Every number here is out of fold: the regression that judged a medium had not seen its group, and
no branch had trained on it.
"""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import joblib
import numpy as np
import typer
from numpy.typing import NDArray

from assay.fusion import MODEL
from assay_lab.evaluation.scored import Scored, numbers_of, verdict_rates
from assay_lab.examine import Examined, read_all
from assay_lab.export import release
from assay_lab.train.fusion import (
    FALSE_ALARMS,
    HEADS,
    MISSES,
    Head,
    are_enough,
    fit_head,
    fit_heads,
    settings_of,
    usable,
)

DRAWN = {"tiny+visual": "stills", "audio": "speech", HEADS[3]: "clips"}
"""Heads whose figures the card shows: those that most media come to."""


def command(
    lines: Annotated[list[Path], typer.Argument(help="What `examine` wrote")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
) -> None:
    """Fit every head that has enough held-out media, and put them under models/."""
    examined = read_all(lines)
    heads = fit_heads(examined)
    print("Too few media for", [name for name in HEADS if name not in heads])
    report = {
        "command": "python -m assay_lab release-fusion",
        "media": sum(not line.damaged for line in examined),
        "damaged_copies": sum(line.damaged for line in examined),
        "failed": sum(line.error is not None for line in examined),
        "heads": {name: measure(head, usable(examined, name)) for name, head in heads.items()},
        "ablation": ablation(examined),
    }
    files = {name: content for head in heads.values() for name, content in bundles(head).items()}
    release(
        models,
        MODEL,
        files,
        serve=f"{next(iter(heads.values())).file}_calibrated.joblib",
        metrics=report,
        card=card(report),
        scored={
            f"{media}: {name}": scored_by(heads[name], usable(examined, name))
            for name, media in DRAWN.items()
            if name in heads
        },
        parameters=settings_of(heads),
    )
    print(json.dumps(report, indent=2))


def bundles(head: Head) -> dict[str, bytes]:
    """The head as it was fitted and with its temperature, by file name."""
    made = {}
    for suffix, temperature in (("", 1.0), ("_calibrated", head.temperature)):
        content = io.BytesIO()
        joblib.dump(head.bundle(temperature), content)
        made[f"{head.file}{suffix}.joblib"] = content.getvalue()
    return made


def measure(head: Head, lines: Sequence[Examined]) -> dict[str, Any]:
    """Numbers of a head on the media it can judge, out of fold."""
    copies = scored_by(head, lines, damaged=True)
    return {
        **_told(head, scored_by(head, lines)),
        "temperature": round(head.temperature, 4),
        "strength": head.strength,
        "band": [round(head.authentic_below, 4), round(head.deepfake_above, 4)],
        "by_generator": by_generator(lines, head.out_of_fold),
        "damaged": _told(head, copies) if copies.has_both else None,
    }


def _told(head: Head, scored: Scored) -> dict[str, Any]:
    y, p, _ = scored
    rates = verdict_rates(y, p >= head.deepfake_above, p <= head.authentic_below)
    return numbers_of(scored) | rates


def scored_by(head: Head, lines: Sequence[Examined], damaged: bool = False) -> Scored:
    """What a head said of the media it learned from, out of fold: as they are, or damaged."""
    everything = Scored(head.labels, head.out_of_fold, [line.group for line in lines])
    return everything.where(np.array([line.damaged for line in lines]) == damaged)


def by_generator(lines: Sequence[Examined], p: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """Mean P(fake) by generator or real source, of media as they are."""
    kinds: dict[str, list[float]] = {}
    for line, probability in zip(lines, p, strict=True):
        if line.damaged:
            continue
        name = f"fake: {line.generator}" if line.fake else f"real: {line.source}"
        kinds.setdefault(name, []).append(float(probability))
    return {
        name: {"media": len(some), "mean_probability": round(float(np.mean(some)), 3)}
        for name, some in sorted(kinds.items())
    }


def ablation(examined: Sequence[Examined]) -> dict[str, dict[str, Any]]:
    """The 2- to 5-way heads on the very same media: those that have all five modalities."""
    lines = usable(examined, HEADS[3])
    if not are_enough(lines):
        return {}
    report = {}
    for name in HEADS[:4]:
        head = fit_head(lines, name, FALSE_ALARMS, MISSES)
        report[name] = numbers_of(scored_by(head, lines))
    return report


def card(report: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    heads = report["heads"]
    rows = _table(heads)
    damaged = {name: head["damaged"] for name, head in heads.items() if head["damaged"]}
    if damaged:
        rows += [
            "",
            "Copies of them that everyday damage has come to, judged by the same heads:",
            "",
        ]
        rows += _table(damaged)
    if report["ablation"]:
        rows += ["", "On the same media, those that have all five:", ""]
        rows += ["| head | AUC | ECE | NLL | accuracy at 80 % coverage |", "|---|---|---|---|---|"]
        for name, head in report["ablation"].items():
            rows.append(
                f"| {name} | {head['auc']['value']:.3f} | {head['ece']:.3f} | {head['nll']:.3f} "
                f"| {head['accuracy_at_80_percent_coverage']:.1%} |"
            )
    return CARD.format(
        table="\n".join(rows),
        temperatures=", ".join(f"{name} {head['temperature']:g}" for name, head in heads.items()),
        false_alarms=f"{FALSE_ALARMS:.0%}",
        misses=f"{MISSES:.0%}",
    )


def _table(heads: Mapping[str, Mapping[str, Any]]) -> list[str]:
    rows = [
        "| head | real | fake | AUC (95 %) | ECE | accuracy at 80 % coverage | decided "
        "| right when decided | real called Deepfake |",
        "|---" * 9 + "|",
    ]
    for name, head in heads.items():
        auc = head["auc"]
        right = head["accuracy_when_decided"]
        rows.append(
            f"| {name} | {head['real']} | {head['fake']} "
            f"| {auc['value']:.3f} ({auc['low']:.3f} to {auc['high']:.3f}) | {head['ece']:.3f} "
            f"| {head['accuracy_at_80_percent_coverage']:.1%} | {head['coverage']:.1%} "
            f"| {'' if right is None else f'{right:.1%}'} | {head['real_called_deepfake']:.1%} |"
        )
    return rows


CARD = """
# fusion

Twelve features to one calibrated probability: a logistic regression for every pattern of
modalities that media come with, each with its temperature and its Inconclusive band. A modality
that is absent selects another head; it is never filled in. A branch may be ignored but never be
read backwards, and counts of faces and patches have no vote.

## Data

Media that no branch learned from, by eye or by ear: groups held out of training, published fake
clips of families of generators that no branch has seen, speech of sites that none has heard, and
forgeries of held-out clips made by our forge beside their originals under the same encoder. Each
also as a copy after everyday damage (codecs, sizes, noise, rooms), so that scores and bands allow
for what messengers do.

## Numbers

All out of fold, by group.

{table}

Temperatures: {temperatures}. One of exactly 1 stands where the refitted one sat on its bound and
was rejected: such a head knows next to nothing, and its band shows it. The band is
class-conditional conformal (Vovk 2012): at most {false_alarms} of real media should be called
Deepfake and at most {misses} of fakes Authentic, for media like these.

## Known limits

- Real clips are mostly short broadcast excerpts; other cameras may shift the scores.
- A head promises its rates only for media like those it was fitted on.
"""
