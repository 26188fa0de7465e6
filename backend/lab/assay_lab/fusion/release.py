"""Release the fusion: fit its heads on held-out media, measure them, write the card.

Every number here is out of fold: the regression that judged a medium, its temperature and its band
had not seen its group, and no branch had trained on it.
"""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import joblib
import numpy as np
import typer

from assay.fusion import MODEL
from assay.types import Doubles, Flags
from assay_lab.core.export import release
from assay_lab.core.scored import Scored, interval_words, numbers_of, verdict_rates
from assay_lab.fusion.decisions import answer_all, rates_by_set, reliability, untouched
from assay_lab.fusion.examine import Examined, read_all
from assay_lab.fusion.heads import (
    DECISIVE_FALSE_ALARMS,
    FALSE_ALARMS,
    MISSES,
    Head,
    fit_heads,
    settings_of,
)
from assay_lab.fusion.out_of_fold import Judged, judged_by_others
from assay_lab.fusion.patterns import HEADS, are_enough, usable

DRAWN = {"tiny+visual": "stills", "audio": "speech", HEADS[3]: "clips"}
"""Heads whose figures the card shows: those that most media come to."""


def command(
    lines: Annotated[list[Path], typer.Argument(help="What `examine` wrote")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
) -> None:
    """Fit every head that has enough held-out media, and put them under models/."""
    examined = read_all(lines, models)
    heads = fit_heads(examined)
    if not heads:
        raise SystemExit("no head has enough media of both classes; examine more")
    media = {name: usable(examined, name) for name in heads}
    judged = {name: judged_by_others(lines, name) for name, lines in media.items()}
    print("Not fitted:", [name for name in HEADS if name not in heads])
    report = {
        "command": "python -m assay_lab release-fusion",
        "media": sum(not line.corrupted for line in examined),
        "corrupted_copies": sum(line.corrupted for line in examined),
        "failed": sum(line.error is not None for line in examined),
        "heads": {name: measure(head, media[name], judged[name]) for name, head in heads.items()},
        "ablation": ablation(examined),
    }
    intact = [line for line in examined if not line.corrupted]
    copies = [line for line in examined if line.corrupted]
    said = answer_all(examined, {"intact": intact, "corrupted": copies})
    report["decisions"] = {
        "out of fold": rates_by_set(said["intact"]),
        "test part": rates_by_set(untouched(examined)),
        "corrupted copies, out of fold": rates_by_set(said["corrupted"]),
    }
    files = {name: content for head in heads.values() for name, content in bundles(head).items()}
    settings = settings_of(heads) | {"reliability": reliability(said["intact"])}
    release(
        models,
        MODEL,
        files,
        serve=settings["heads"][next(iter(settings["heads"]))]["file"],
        metrics=report,
        card=card(report),
        scored={
            f"{kind}: {name}": scored_by(judged[name], media[name], ~are_corrupted(media[name]))
            for name, kind in DRAWN.items()
            if name in heads
        },
        parameters=settings,
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


def measure(head: Head, lines: Sequence[Examined], judged: Judged) -> dict[str, Any]:
    """Settings of a head, and numbers of heads like it that did not know the media's groups."""
    corrupted = are_corrupted(lines)
    has_copies = scored_by(judged, lines, corrupted).has_both
    return {
        **_told(judged, lines, ~corrupted),
        "temperature": round(head.temperature, 4),
        "strength": head.strength,
        "band": [round(head.authentic_below, 4), round(head.deepfake_above, 4)],
        "by_generator": by_generator(lines, judged.probabilities),
        "corrupted": _told(judged, lines, corrupted) if has_copies else None,
    }


def _told(judged: Judged, lines: Sequence[Examined], keep: Flags) -> dict[str, Any]:
    scored = scored_by(judged, lines, keep)
    rates = verdict_rates(scored.labels, judged.called[keep], judged.cleared[keep])
    return numbers_of(scored) | rates


def are_corrupted(lines: Sequence[Examined]) -> Flags:
    """Which lines are of corrupted copies, (n,)."""
    return np.array([line.corrupted for line in lines], bool)


def scored_by(judged: Judged, lines: Sequence[Examined], keep: Flags) -> Scored:
    """Some of the media, as they were judged."""
    labels = np.array([line.fake for line in lines])
    return Scored(labels, judged.probabilities, [line.unit for line in lines]).where(keep)


def by_generator(lines: Sequence[Examined], p: Doubles) -> dict[str, dict[str, float]]:
    """Mean P(fake) by generator or real source, of media as they are."""
    kinds: dict[str, list[float]] = {}
    for line, probability in zip(lines, p, strict=True):
        if line.corrupted:
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
        judged = judged_by_others(lines, name)
        report[name] = numbers_of(scored_by(judged, lines, ~are_corrupted(lines)))
    return report


def card(report: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    heads = report["heads"]
    rows = _table(heads)
    corrupted = {name: head["corrupted"] for name, head in heads.items() if head["corrupted"]}
    if corrupted:
        rows += [
            "",
            "Copies of them that everyday corruption has come to, judged by the same heads:",
            "",
        ]
        rows += _table(corrupted)
    if report["ablation"]:
        rows += ["", "On the same media, those that have all five:", ""]
        rows += ["| head | AUC | ECE | NLL | accuracy at 80 % coverage |", "|---|---|---|---|---|"]
        for name, head in report["ablation"].items():
            rows.append(
                f"| {name} | {head['auc']['value']:.3f} | {head['ece']:.3f} | {head['nll']:.3f} "
                f"| {head['accuracy_at_80_percent_coverage']:.1%} |"
            )
    return CARD.format(
        decisions="\n\n".join(
            f"{part[0].upper()}{part[1:]}:\n\n{_decided(sets)}"
            for part, sets in report["decisions"].items()
            if sets
        ),
        table="\n".join(rows),
        temperatures=", ".join(f"{name} {head['temperature']:g}" for name, head in heads.items()),
        false_alarms=f"{FALSE_ALARMS:.0%}",
        misses=f"{MISSES:.0%}",
        decisive=f"{DECISIVE_FALSE_ALARMS:.0%}",
    )


def _decided(sets: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        "| media | sources | real | fake | AUC (95 %) | decided | right when decided "
        "| real called Deepfake | fake called Authentic |",
        "|---" * 9 + "|",
    ]
    for name, one in sets.items():
        interval = interval_words(one["auc"]) if one["auc"] else ""
        rates = (
            "coverage",
            "accuracy_when_decided",
            "real_called_deepfake",
            "fake_called_authentic",
        )
        shares = " | ".join("" if one[rate] is None else f"{one[rate]:.1%}" for rate in rates)
        rows.append(
            f"| {name} | {one['sources']} | {one['real']} | {one['fake']} | {interval} | {shares} |"
        )
    return "\n".join(rows)


def _table(heads: Mapping[str, Mapping[str, Any]]) -> list[str]:
    rows = [
        "| head | real | fake | AUC (95 %) | ECE (by chance) | ECE, classes alike "
        "| accuracy at 80 % coverage | decided | right when decided | real called Deepfake |",
        "|---" * 10 + "|",
    ]
    for name, head in heads.items():
        right = head["accuracy_when_decided"]
        rows.append(
            f"| {name} | {head['real']} | {head['fake']} "
            f"| {interval_words(head['auc'])} "
            f"| {head['ece']:.3f} ({head['ece_by_chance']:.3f}) | {head['ece_even']:.3f} "
            f"| {head['accuracy_at_80_percent_coverage']:.1%} | {head['coverage']:.1%} "
            f"| {'' if right is None else f'{right:.1%}'} | {head['real_called_deepfake']:.1%} |"
        )
    return rows


CARD = """
# fusion

Twelve features to one calibrated probability: a logistic regression for every pattern of
modalities that media come with, each with its temperature and its Inconclusive band. A modality
that is absent selects another head; it is never filled in. A branch may be ignored but never be
read backwards, and counts of faces and patches have no vote. Picture, voice, and how lips and voice
fit are judged by heads of their own besides; one that passes its decisive edge makes the whole a
Deepfake, whatever the others say.

## Data

Media of whole sources that no branch learned from, of neither class: their cameras, sites, speakers
and generators are new to every network. (DFDC is one source: there by original video.) To them come
forgeries of held-out clips made by our forge beside their originals under the same encoder, and
copies after everyday corruption (codecs, sizes, noise, rooms), so that scores and bands allow for
what messengers do.

## What the service decides

The whole verdict, by heads that were fitted without the medium's source. The test part are sources
of which no choice knows anything: not when to stop a training, how networks combine, nor how the
heads of this row were fitted.

{decisions}

## Heads

Out of fold by whole source: what judges a medium, its temperature and band included, was fitted
without its source. So the shares of the last columns are counted, not set. The
calibration error that labels drawn with the very probabilities stated would show stands in
brackets: what few media show even where each statement is true. The heads were fitted with both
classes weighing the same, so P(fake) supposes as many fakes as real media; the next column lets
them weigh so.

{table}

Temperatures: {temperatures}. One of exactly 1 stands where the refitted one sat on its bound and
was rejected: such a head knows next to nothing, and its band shows it. The band is
class-conditional conformal (Vovk 2012; weighted, Tibshirani et al. 2019): at most {misses} of fakes
should be called Authentic, and at most {false_alarms} of real media Deepfake where sources weigh as
the roots of their numbers of groups, so that one with many easy clips does not pay for the others.
The decisive edge is set for {decisive} of real media.

## Known limits

- Real clips are few and of few cameras; others may shift the scores.
- A head promises its rates only for media like those it was fitted on.
"""
