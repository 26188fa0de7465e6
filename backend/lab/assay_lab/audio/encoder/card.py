"""The audio encoder's card, from its numbers alone."""

from collections.abc import Mapping
from typing import Any, Final

from assay_lab.core.scored import interval_words

WORST: Final = 30
"""Sources that the card shows."""
LEAST_FILES: Final = 5
PARTS: Final = {
    "out_of_fold": "out of fold, sites new to the CNN too",
    "out_of_fold_all_sites": "out of fold, all sites",
    "test": "test part",
}


def card(report: Mapping[str, Any]) -> str:
    """The model's card."""
    run, int8 = report["runs"][0], report["int8"]
    runs = len(report["runs"])
    return CARD.format(
        runs="One run" if runs == 1 else f"{runs} runs each",
        steps=run["schedule"]["steps"],
        pairs=run["pairs"],
        blocks=run["blocks"],
        frozen=run["frozen"],
        mix=", ".join(f"{name} {value:g}" for name, value in run["mix"].items()),
        bias=report["combination"]["bias"],
        **report["combination"]["weights"],
        rows="\n".join(_numbers(name, report[part]) for part, name in PARTS.items()),
        changed="\n".join(_condition(*item) for item in report["conditions"].items()),
        sources="\n".join(_worst(report["sources"])),
        before=int8["megabytes"],
        after=int8["megabytes_int8"],
        ms_before=int8["milliseconds"],
        ms_after=int8["milliseconds_int8"],
        loss=int8["auc"] - int8["auc_int8"],
    )


def _numbers(name: str, one: Mapping[str, Any]) -> str:
    both = interval_words(one["auc"])
    counts = f"{one['sources']} | {one['real']} | {one['fake']}"
    eers = f"{one['eer_cnn']:.1%} | {one['eer_encoder']:.1%} | {one['eer']:.1%}"
    rates = f"{one['false_alarms']:.1%} | {one['ece']:.3f}"
    return f"| {name} | {counts} | {eers} | {both} | {rates} |"


def _condition(name: str, one: Mapping[str, float]) -> str:
    return (
        f"| {name} | {one['auc']:.3f} | {one['eer']:.1%} | {one['real over half']:.1%} "
        f"| {one['fake over half']:.1%} |"
    )


def _worst(sources: list[dict[str, Any]]) -> list[str]:
    """The sources that fare worst, as lines of a table."""

    def wrong(row: Mapping[str, Any]) -> float:
        return abs(float(row["over_half"]) - (row["label"] == "fake"))

    large = [row for row in sources if row["files"] >= LEAST_FILES]
    return [
        f"| {row['source']} | {row['label']} | {row['files']} | {row['over_half']:.0%} |"
        for row in sorted(large, key=wrong, reverse=True)[:WORST]
    ]


CARD: Final = """# audio_encoder

The second network of the audio branch: the two convolutions and first {blocks} blocks of OpenAI's
Whisper base encoder, each layer pooled over time with attention (Okabe et al. 2018), one logit.
The branch's score of a window is one logistic regression on this logit and that of
`audio_cqcc_cnn`.

**Input** `spectra` (n, 80, frames): `assay.branches.audio.log_mel` of a window at a peak of 0.9.
**Output** `logit` (n,), `embedding` (n, 256).

## Where it comes from

Weights of Whisper base (Radford et al. 2022; OpenAI, MIT licence), fine-tuned by
`train-audio-encoder`: {steps} batches of {pairs} pairs, half of each batch real; convolutions and
the first {frozen} blocks kept. Shares: {mix};
a forged one is our own copy-synthesis beside the very recording that it was made from. {runs} left
out one fold of the sites, both classes alike, and none learned from the test part. Released: the
mean of the weights of all runs. Much of the data is for
research only; none of it is distributed.

## Numbers

Of every recording by a network that has not heard its site. Intervals by site.

| recordings | sites | real | fake | EER CNN | encoder | both | AUC (95 %) | real over 0.5 | ECE |
|---|---|---|---|---|---|---|---|---|---|
{rows}

Score of a window: sigmoid({encoder} x encoder + {cnn} x CNN + {bias}), fitted on sites that neither
has heard.

| condition (both, every site) | AUC | EER | real over 0.5 | fake over 0.5 |
|---|---|---|---|---|
{changed}

Sites and generators of five recordings or more that fare worst:

| source | label | files | over 0.5 |
|---|---|---|---|
{sources}

int8 matrices: {before} MB to {after} MB, a window of 4 s in {ms_before} to {ms_after} ms on two
threads, AUC lost {loss:.4f}.

## Limits

- Telephone lines and heavy noise cost it the most; see the conditions.
- Edited speech of which only words are synthetic may pass: it judges windows of seconds.
- It is not robust to attacks made against it.

## Licence of the weights it started from

MIT License, Copyright (c) 2022 OpenAI. Permission is granted, free of charge, to use, copy, modify,
merge, publish, distribute, sublicense and sell copies of the Software, provided that the above
copyright notice and this permission notice are included in all copies or substantial portions of
the Software. The Software is provided "as is", without warranty of any kind.
"""
