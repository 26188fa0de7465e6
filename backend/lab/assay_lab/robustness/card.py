"""The attacks for people: card.md from the numbers alone."""

from collections.abc import Mapping, Sequence
from typing import Any

Numbers = Mapping[str, Any]

CARD = """# Under attack

Media were changed by whoever knows every weight, by at most epsilon a value: real ones to look
fake, fakes to look real. FGSM takes one step, PGD {steps}; PGD keeps the best of its places. Then
they were saved as files and given to the whole service, every branch switched on. Positions of
faces and windows of speech are those of the untouched media; the service finds its own.

{tables}

What this says: an attacker with the weights decides what the networks see, by changes that nobody
sees or hears. What it does not say: how hard it is without the weights, or how well a defence
works. Counts are of so few media that one more or less is chance.
"""

HEAD = (
    "attack",
    "epsilon",
    "AUC of the target",
    "file",
    "real: Deepfake",
    "real: Authentic",
    "fake: Deepfake",
    "fake: Authentic",
    "AUC of the service",
    "P(fake) of real",
    "P(fake) of fake",
)


def card(report: Numbers) -> str:
    """Markdown of what `attack` found."""
    tables = [
        f"## {target} ({unit})\n\n{_table(mine)}"
        for (target, unit), mine in _by_target(report["trials"]).items()
    ]
    steps = report["steps"]
    return CARD.format(
        steps=f"{steps} steps", tables="\n\n".join(tables) or "No medium could be attacked."
    )


def _by_target(trials: Sequence[Numbers]) -> dict[tuple[str, str], list[Numbers]]:
    found: dict[tuple[str, str], list[Numbers]] = {}
    for trial in trials:
        found.setdefault((trial["target"], trial["unit"]), []).append(trial)
    return found


def _table(trials: Sequence[Numbers]) -> str:
    lines = [HEAD, ["---"] * len(HEAD)]
    for trial in trials:
        for name, said in trial["service"].items():
            lines.append(
                (
                    trial["method"],
                    f"{trial['epsilon']:g}",
                    _number(trial["network"]["auc"]),
                    name,
                    f"{said['real_called_deepfake']} of {trial['real']}",
                    f"{said['real_called_authentic']} of {trial['real']}",
                    f"{said['fake_called_deepfake']} of {trial['fake']}",
                    f"{said['fake_called_authentic']} of {trial['fake']}",
                    _number(said["auc"]),
                    _number(said["real_probability"]),
                    _number(said["fake_probability"]),
                )
            )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
