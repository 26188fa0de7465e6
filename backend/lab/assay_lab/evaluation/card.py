"""The evaluation for people: card.md from the numbers alone."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assay_lab.core.scored import interval_words
from assay_lab.data.bias import SHORTCUT

Numbers = Mapping[str, Any]


def card(report: Numbers) -> str:
    """Markdown of what `evaluate` found."""
    return CARD.format(
        media=report["media"],
        refused=report["refused"],
        fused=_fused(report["fused"]),
        branches=_branches(report["branches"]),
        reals=_reals(report["by_real_source"]),
        generators=_generators(report["by_generator"]),
        conditions=_conditions(report["conditions"]),
        exits=_exits(report["early_exit"]),
        shortcuts=_shortcuts(report["shortcuts"]),
        alike=_alike(report["alike"]),
        limit=SHORTCUT,
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _auc(auc: Numbers | None) -> str:
    return "" if auc is None else interval_words(auc)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


_RANKED: Mapping[str, Callable[[Numbers], str]] = {
    "real": lambda n: str(n["real"]),
    "fake": lambda n: str(n["fake"]),
    "AUC (95 %)": lambda n: _auc(n["auc"]),
    "EER": lambda n: _share(n["eer"]),
    "AP": lambda n: f"{n['average_precision']:.3f}",
    "accuracy at 0.5": lambda n: _share(n["balanced_accuracy"]),
    "false alarms": lambda n: _share(n["false_alarms"]),
    "ECE (by chance)": lambda n: f"{n['ece']:.3f} ({n['ece_by_chance']:.3f})",
    "ECE, classes alike": lambda n: f"{n['ece_even']:.3f}",
    "Brier": lambda n: f"{n['brier']:.3f}",
    "NLL": lambda n: f"{n['nll']:.3f}",
    "Cllr": lambda n: f"{n['cllr']:.3f}",
    "accuracy at 80 % coverage": lambda n: _share(n["accuracy_at_80_percent_coverage"]),
}
_DECIDED: Mapping[str, Callable[[Numbers], str]] = {
    "decided": lambda n: _share(n["coverage"]),
    "right when decided": lambda n: _share(n["accuracy_when_decided"]),
    "real called Deepfake": lambda n: _share(n["real_called_deepfake"]),
    "fake called Authentic": lambda n: _share(n["fake_called_authentic"]),
}


def _fused(found: Numbers) -> str:
    columns = {**_RANKED, **_DECIDED}
    rows = (
        [name, *(tell(numbers) for tell in columns.values())] for name, numbers in found.items()
    )
    return _table(["set", *columns], rows)


def _branches(found: Numbers) -> str:
    rows = (
        [branch, name, *(tell(numbers) for tell in _RANKED.values())]
        for branch, sets in found.items()
        for name, numbers in sets.items()
    )
    return _table(["branch", "set", *_RANKED], rows)


def _reals(found: Numbers) -> str:
    rows = (
        [
            source,
            str(n["media"]),
            _share(n["above_half"]),
            f"{n['called_deepfake']:.1%} ({n['interval'][0]:.1%} to {n['interval'][1]:.1%})",
        ]
        for source, n in found.items()
    )
    return _table(["real media of", "media", "P(fake) > 0.5", "called Deepfake (95 %)"], rows)


def _generators(found: Numbers) -> str:
    rows = (
        [
            name,
            generator,
            str(n["media"]),
            _auc(n["auc"]),
            _share(n["above_half"]),
            _share(n["called_deepfake"]),
        ]
        for name, some in found.items()
        for generator, n in some.items()
        if n["auc"]
    )
    head = ["set", "generator", "media", "AUC (95 %)", "P(fake) > 0.5", "called Deepfake"]
    return _table(head, rows)


def _conditions(found: Numbers) -> str:
    rows = (
        [
            name,
            condition,
            f"{n['real']} + {n['fake']}",
            f"{n['auc_before']:.3f}",
            _auc(n["auc"]),
            f"{n['ece']:.3f}",
            _share(n["coverage"]),
            _share(n["accuracy_when_decided"]),
            _share(n["real_called_deepfake"]),
            ", ".join(
                f"{branch} {one['auc_before']:.2f} to {one['auc']['value']:.2f}"
                for branch, one in n["branches"].items()
            ),
        ]
        for name, some in found.items()
        for condition, n in some.items()
    )
    head = ["set", "condition", "real + fake", "AUC before", "AUC after (95 %)", "ECE", "decided"]
    head += ["right when decided", "real called Deepfake", "AUC of branches, before to after"]
    return _table(head, rows)


def _exits(found: Numbers) -> str:
    rows = ([name, _share(n["real"]), _share(n["fake"])] for name, n in found.items())
    return _table(["set", "real that exit", "fakes that exit, missed"], rows)


def _shortcuts(found: Numbers) -> str:
    rows = []
    for name, n in found.items():
        strongest = max(n["alone"], key=n["alone"].__getitem__)
        verdict = "passed" if n["together"] <= SHORTCUT else "a shortcut exists"
        single = f"{strongest} {n['alone'][strongest]:.3f}"
        rows.append([name, f"{n['together']:.3f}", single, verdict])
    return _table(["set", "AUC of metadata together", "strongest alone", f"{SHORTCUT} kept"], rows)


def _alike(alike: Numbers) -> str:
    rows = []
    for name, n in alike["fused"].items():
        baseline = alike["shortcuts"][name]["together"]
        rows.append(
            [
                name,
                str(n["real"]),
                str(n["fake"]),
                f"{baseline:.3f}",
                "passed" if baseline <= SHORTCUT else "a shortcut remains",
                _auc(alike["as_found"][name]["auc"]),
                _auc(n["auc"]),
                *(decided(n) for decided in _DECIDED.values()),
            ]
        )
    head = ["set", "real", "fake", "AUC of metadata", f"{SHORTCUT} kept"]
    return _table([*head, "AUC of the service, as found", "alike", *_DECIDED], rows)


CARD = """
# Evaluation

How good the service is on {media} media that nothing in it has learned from, {refused} of them
refused: groups, sites and published generators absent from training, by eye and by ear, judged as
uploads are, with every branch switched on. The fusion's heads are fitted anew for each fold of
groups on the others, so none judges a group that it knows.

Not all of it is equally far away. Among the groups are validation groups: on their pictures the
visual branch was chosen between trainings and as int8, its and the gate's calibration (two numbers
each) and the gate's exit were set; on half of the held-out speech the audio branch was stopped and
calibrated. The cards of the branches count on test groups, and on the other half, alone.

Thresholds: 0.5 for scores, the Inconclusive band for verdicts. Intervals resample whole groups.

## The service

{fused}

Accuracy at 0.5 is the mean of both classes' accuracies. ECE by chance is what perfect calibration
would show on so few media.

## Real media alone

{reals}

## Branches

{branches}

## Conditions

The same media before and after. Clips are cut to their first four seconds and encoded with crf 18
before any other corruption; that is what "before" means for them.

{conditions}

## Early exit

{exits}

## Generators

{generators}

Those with fewer media are in metrics.json alone.

## Shortcuts

What a baseline reaches that sees size, duration, resolution, rate, codec and leading silence of the
files, and nothing of their content, on groups that it does not know. Over {limit} a set is no proof
that anything else was learned.

{shortcuts}

So here are the same media made alike: every still letterboxed to one side and saved in as many
bytes, every clip cut to 1.16 s of one size, rate and weight with a sound track, every recording to
1.6 s of speech without what was before it. Media that are shorter are left out.

{alike}
"""
