"""The report on a folder for people: card.md from the numbers alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

Numbers = Mapping[str, Any]
Columns = Mapping[str, Callable[[Numbers], str]]

FEW: Final = 30
"""Media of a class below which a rate's uncertainty is told first."""


def card(report: Numbers) -> str:
    """Markdown of what `evaluate-folder` found."""
    parts = [
        "# Evaluation of a folder",
        _opening(report),
        *_warnings(report),
        "## How well it ranks and calls",
        "Fake is what has P(fake) above 0.5. Fakes are the positive class. ECE over ten bins of "
        "equal mass; beside it what perfect calibration would show on as few media.",
        table(report["sets"], "set", RANKED),
        "## Confusion",
        table(report["sets"], "set", CONFUSION),
        "## Verdicts",
        "At the service's own edges, with *Inconclusive* between them.",
        table(report["sets"], "set", VERDICTS),
        "## Thresholds",
        "A threshold chosen on the media that it is measured on flatters. The last columns choose "
        "it on one half of the groups and measure it on the other, both ways.",
        *_thresholds(report["sets"]),
        *_section("JPEG", _sweep(report["jpeg"])),
        *_section("Branches", _branches(report["branches"])),
        *_section("Parts of the split", _groups(report["by_part"], "part")),
        *_section("Sources", _groups(report["by_source"], "source")),
        *_section(
            "Generators, each against all real media of its kind",
            _groups(report["by_generator"], "generator"),
        ),
        "## Before you trust this",
        "Whether the classes differ in anything but forgery (size, codec, length, source) is not "
        "measured here: `bias-report` tells it. P(fake) assumes as many fakes as real media. Files "
        "that a model has learned from say nothing; those of the recipe are listed in its cards.",
    ]
    return "\n\n".join(part for part in parts if part)


def _opening(report: Numbers) -> str:
    refused = report["refused"]
    told = ", ".join(f"{count} {code}" for code, count in refused.items())
    return (
        f"{report['media']} files, judged as uploads are. Refused: {told or 'none'}. "
        f"Nothing to judge (no face, no speech): {report['nothing_to_judge']}; these have no "
        "probability and are in the verdicts alone."
    )


def _warnings(report: Numbers) -> list[str]:
    whole = report["sets"]["all"]
    lacking = [label for label in ("real", "fake") if whole[label] == 0]
    if lacking:
        return [f"**No {lacking[0]} media: what needs both classes is left empty.**"]
    if min(whole["real"], whole["fake"]) < FEW:
        return [
            f"**Few media ({whole['real']} real, {whole['fake']} fake): read the intervals, not "
            "the numbers.**"
        ]
    return []


def table(rows: Mapping[str, Numbers], first: str, columns: Columns) -> str:
    """A table with a line for each of the named rows."""
    cells = [[name, *(tell(row) for tell in columns.values())] for name, row in rows.items()]
    return _lines([first, *columns], cells)


def _lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_safe(cell) for cell in line) + " |" for line in lines)


def _safe(cell: str) -> str:
    """Names of people's folders must not break a table, nor be taken for markup."""
    return "".join(
        f"\\{each}" if each in "|<>`*_[]\\" else each for each in cell if each.isprintable()
    )


def _section(title: str, body: str) -> list[str]:
    return [f"## {title}", body] if body else []


def _number(name: str) -> Callable[[Numbers], str]:
    return lambda row: "" if row.get(name) is None else f"{row[name]:.3f}"


def _percent(name: str) -> Callable[[Numbers], str]:
    return lambda row: "" if row.get(name) is None else f"{row[name]:.1%}"


def _count(name: str) -> Callable[[Numbers], str]:
    return lambda row: str(row["confusion"][name])


def _auc(row: Numbers) -> str:
    if row["auc"] is None:
        return ""
    low, high = row["auc_interval"]
    return f"{row['auc']:.3f} ({low:.3f} to {high:.3f})"


def _ece(row: Numbers) -> str:
    return "" if row["ece"] is None else f"{row['ece']:.3f} ({row['ece_by_chance']:.3f})"


SIZES: Final[Columns] = {"real": lambda n: str(n["real"]), "fake": lambda n: str(n["fake"])}
CALLS: Final[Columns] = {
    "accuracy": _percent("accuracy"),
    "balanced": _percent("balanced_accuracy"),
    "precision": _percent("precision"),
    "recall": _percent("recall"),
    "F1": _number("f1"),
    "false alarms": _percent("false_alarm_rate"),
}
VERDICTS: Final[Columns] = {
    "decided": _percent("coverage"),
    "right when decided": _percent("accuracy_when_decided"),
    "real called Deepfake": _percent("real_called_deepfake"),
    "fake called Authentic": _percent("fake_called_authentic"),
}
RANKED: Final[Columns] = {
    **SIZES,
    "AUC (95 %)": _auc,
    "EER": _percent("eer"),
    "AP": _number("average_precision"),
    "ECE (by chance)": _ece,
    **CALLS,
}
CONFUSION: Final[Columns] = {
    "fake called fake": _count("detected"),
    "fake called real": _count("missed"),
    "real called fake": _count("false_alarms"),
    "real called real": _count("cleared"),
}


def _thresholds(sets: Mapping[str, Numbers]) -> list[str]:
    elsewhere: Columns = {
        f"{name}, chosen elsewhere": _elsewhere(tell)
        for name, tell in CALLS.items()
        if name in ("balanced", "recall", "false alarms")
    }
    columns: Columns = {"threshold": _number("threshold"), **CALLS, **elsewhere}
    return [
        f"**{name}**\n\n{table(row['thresholds'], 'by', columns)}"
        for name, row in sets.items()
        if row["thresholds"]
    ] or ["Both classes are needed."]


def _elsewhere(tell: Callable[[Numbers], str]) -> Callable[[Numbers], str]:
    return lambda row: "" if row["chosen_elsewhere"] is None else tell(row["chosen_elsewhere"])


def _sweep(saved: Sequence[Numbers]) -> str:
    if len(saved) < 2:
        return ""
    named = {
        "as it is" if row["quality"] is None else f"quality {row['quality']}": row for row in saved
    }
    columns: Columns = {**SIZES, "AUC (95 %)": _auc, "EER": _percent("eer"), **CALLS}
    return f"{table(named, 'saved', columns)}\n\n![Saved once more as JPEG](jpeg-quality.svg)"


def _branches(found: Mapping[str, Mapping[str, Numbers]]) -> str:
    rows = {
        f"{modality}: {branch}": row
        for modality, branches in found.items()
        for branch, row in branches.items()
    }
    return table(rows, "branch", {**SIZES, "AUC": _number("auc"), **CALLS}) if rows else ""


def _groups(found: Mapping[str, Numbers], first: str) -> str:
    columns: Columns = {**SIZES, "AUC": _number("auc"), **CALLS, **VERDICTS}
    return table(found, first, columns) if found else ""
