"""Release the audio branch: calibrate it, measure it under conditions, write its card."""

import json
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from assay.models.sessions import open_session
from assay_lab.audio.cqcc.net import CqccCnn
from assay_lab.audio.report import (
    Judged,
    evened,
    headline,
    judge,
    per_family,
    per_source,
    ranking,
    some_of_each,
)
from assay_lab.audio.scores import CONDITIONS, read_scores, score_rows
from assay_lab.core.calibrate import fit_platt
from assay_lab.core.export import release, to_onnx
from assay_lab.core.loop import load_average, read_config
from assay_lab.core.scored import Scored, interval_words
from assay_lab.data.speech import Store, half, has_new_voice

NAME = "audio_cqcc_cnn"


def command(
    work: Annotated[Path, typer.Option(help="Folder of prepare-speech")],
    run: Annotated[str, typer.Option(help="The run's folder in WORK/runs")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    each: Annotated[int, typer.Option(help="Recordings of a label under each condition")] = 300,
    note: Annotated[str, typer.Option(help="What else a reader of the card must know")] = "",
    baseline: Annotated[
        Path | None, typer.Option(help="Table of key and logit: another system, for comparison")
    ] = None,
) -> None:
    """Export the averaged weights of a run, measure them on its held-out fold, and release them."""
    torch.set_num_threads(1)
    home = work / "runs" / run
    config = read_config(home)
    net = CqccCnn()
    steps = load_average(home, net)
    content = export(net)
    measured, clean = measure(
        content, Store(work / "stores" / "speech"), config["fold"], each, baseline
    )
    report = {
        "command": f"python -m assay_lab release-audio --run {run} --each {each}",
        "run": config,
        "steps": steps,
        "note": note,
        "parameters": sum(p.numel() for p in net.parameters()),
        **measured,
    }
    release(
        models,
        NAME,
        {"model.onnx": content},
        serve="model.onnx",
        metrics=report,
        card=card(report),
        scored={"held-out speech": scored_by(evened(clean))},
        parameters=report["calibration"],
    )
    print(json.dumps(report, indent=2))


def export(net: CqccCnn) -> bytes:
    """The network as an ONNX file, for windows of any length."""
    return to_onnx(
        net,
        {"cqcc": torch.randn(2, 3, 96, 200)},
        ("logit", "embedding"),
        {"cqcc": {0: "batch", 3: "time"}},
    )


def measure(
    content: bytes, store: Store, fold: int, each: int, baseline: Path | None
) -> tuple[dict[str, Any], Judged]:
    """Calibration from one half of the held-out fold, all other numbers from the other half.

    Returns:
        The numbers, and the clean recordings of the measured half as they were judged.
    """
    net = open_session(content)
    rows = [row for row in store.rows if row.fold == fold and row.kind == "speech"]
    val = [row for row in rows if half(row) == "val"]
    test = [row for row in rows if half(row) == "test"]
    label = {row.key: row.fake for row in val}
    scores = score_rows(net, store, val, "clean")
    platt = fit_platt([label[score.key] for score in scores], [score.logit for score in scores])
    clean = judge(test, score_rows(net, store, test, "clean"), platt)
    some = some_of_each(test, each)
    by_condition = {
        condition: ranking(judge(some, score_rows(net, store, some, condition), platt))
        for condition in CONDITIONS
    }
    report = {
        "calibration": platt._asdict(),
        "test": headline(clean),
        "new_voices": ranking(clean.where(has_new_voice)),
        "by_condition": by_condition,
        "by_family": per_family(clean),
        "by_real_source": per_source(clean),
    }
    if baseline is not None:
        theirs = judge(test, read_scores(baseline), platt)
        known = {row.key for row in theirs.rows}
        report["baseline"] = {
            "name": baseline.stem,
            "theirs": _ranks_only(ranking(theirs)),
            "ours": _ranks_only(ranking(clean.where(lambda row: row.key in known))),
        }
    return report, clean


def scored_by(judged: Judged) -> Scored:
    """For the figures."""
    return Scored(judged.labels, judged.probabilities, [row.group for row in judged.rows])


def _ranks_only(numbers: dict[str, Any]) -> dict[str, Any]:
    """Without what depends on a threshold: the calibration is not the baseline's."""
    return {name: numbers[name] for name in ("real", "fake", "auc", "eer")}


def card(report: dict[str, Any]) -> str:
    """The model card, from the numbers alone."""
    conditions = [
        "| condition | real | fake | AUC (95 %) | EER (95 %) | false alarms | misses |",
        "|---|---|---|---|---|---|---|",
        _line("all, clean", report["test"]),
        _line("new voices, clean", report["new_voices"]),
        *(_line(name, numbers) for name, numbers in report["by_condition"].items()),
    ]
    families = [
        "| family of vocoders | fakes | in training | AUC | detected |",
        "|---|---|---|---|---|",
    ]
    for name, numbers in report["by_family"].items():
        seen = "no" if numbers["unseen"] else "other sites"
        families.append(
            f"| {name} | {numbers['fakes']} | {seen} | {numbers['auc']:.3f} "
            f"| {numbers['detected']:.0%} |"
        )
    sources = ["| real speech of | recordings | false alarms |", "|---|---|---|"]
    for name, numbers in report["by_real_source"].items():
        sources.append(f"| {name} | {numbers['real']} | {numbers['false_alarms']:.1%} |")
    return CARD.format(
        conditions="\n".join(conditions),
        families="\n".join(families),
        sources="\n".join(sources),
        beside=_baseline(report),
        **report,
    )


def _line(name: str, numbers: dict[str, Any]) -> str:
    eer = numbers["eer"]
    return (
        f"| {name} | {numbers['real']} | {numbers['fake']} "
        f"| {interval_words(numbers['auc'])} "
        f"| {eer['value']:.1%} ({eer['low']:.1%} to {eer['high']:.1%}) "
        f"| {numbers['false_alarms']:.1%} | {numbers['misses']:.1%} |"
    )


def _baseline(report: dict[str, Any]) -> str:
    if "baseline" not in report:
        return ""
    name, theirs, ours = (report["baseline"][part] for part in ("name", "theirs", "ours"))
    return (
        f"\nOn {theirs['real']} real and {theirs['fake']} fake ones of these, clean, {name} as "
        f"published has an EER of {theirs['eer']['value']:.1%}, this model one of "
        f"{ours['eer']['value']:.1%}.\n"
    )


CARD = """
# audio_cqcc_cnn

Listens to one window of speech at a time. A residual CNN over time on constant-Q cepstra (Todisco
et al. 2017) with attentive statistics pooling (Okabe et al. 2018). {parameters:,} parameters; own
training.

**Input** `cqcc` (n, 3, 96, frames): static, delta and delta-delta coefficients of 16 kHz speech,
100 frames a second, cut by `backend/assay/branches/audio/branch.py`. **Output** `logit` (n,), to be
calibrated with the manifest's slope and bias; `embedding` (n, 64).

## Data

Speech of public demonstration pages, in four folds by site, and the sound of real clips of training
groups, whose pictures the other branches learn from too. Fold {run[fold]} was held out: this very
network has heard none of its sites, and of its families of vocoders only those marked below. To
what is built on top of it, the fusion above all, the fold is therefore unseen. Its speakers are not
all new: LJSpeech, VCTK and LibriTTS are spoken at several sites. "New voices" below leaves these
corpora out.

{steps} batches of {run[pairs]} pairs; in {run[twins]:.0%} of the pairs a real voice stands beside a
forgery of itself (Griffin-Lim, WORLD, LPC, disturbed phases, vocoders trained here). Both classes
come clean and through codecs, noise, rooms and telephones. Much of the data is for research only;
none of it is distributed. {note}

## Numbers

The fold's speakers are in two halves: choices and calibration come from one, all numbers here from
the other. Intervals are bootstraps over speakers.

{conditions}

Calibration, on as many fake as real ones: ECE {test[ece]:.3f}, Brier {test[brier]:.3f}, Cllr
{test[cllr]:.3f}; {test[risk_at_80_percent_coverage]:.1%} errors at 80 % coverage.
{beside}
{families}

{sources}

## Known limits

- The fakes of one site and the real speech of two are a narrow test: other sites, languages and
  microphones may do better or worse.
- Above 4 kHz is where many vocoders betray themselves; what a telephone leaves is hard to judge.
- Commercial voice cloning since 2023 is nearly absent from training and test.
- Music, laughter and several voices at once were not examined.
"""
