"""Tables that the cards of the visual networks share, from their numbers alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from assay_lab.core.scored import interval_words

WORST: Final = 30
"""Sources that a card shows."""
LEAST_FILES: Final = 5
PARTS: Final = ("out_of_fold", "test")


def tables(report: Mapping[str, Any], networks: Sequence[str]) -> dict[str, Any]:
    """What a card's template asks for: rows, conditions and the sources that fare worst.

    Args:
        report: As `release-effnet` and `release-picture` make it.
        networks: Those that each row tells the AUC of, alone.
    """
    conditions = report["conditions"]
    names = list(conditions["clean"])
    return {
        "rows": "\n".join(
            _numbers(f"{kind}, {part.replace('_', ' ')}", one, networks)
            for part in PARTS
            for kind, one in report[part].items()
        ),
        "condition_head": " | ".join(names),
        "condition_line": "---|" * (len(names) + 1),
        "changed": "\n".join(
            f"| {name} | " + " | ".join(f"{values[key]:.3f}" for key in names) + " |"
            for name, values in conditions.items()
        ),
        "sources": "\n".join(_worst(report["sources"])),
    }


def _numbers(name: str, one: Mapping[str, Any], networks: Sequence[str]) -> str:
    counts = f"{one['sources']} | {one['real']} | {one['fake']}"
    alone = " | ".join(f"{one[f'auc_{network}']:.3f}" for network in networks)
    together = interval_words(one["auc"])
    return (
        f"| {name} | {counts} | {alone} | {together} "
        f"| {one['false_alarms']:.1%} | {one['ece']:.3f} |"
    )


def _worst(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """The sources that fare worst, as lines of a table."""

    def wrong(row: Mapping[str, Any]) -> float:
        return abs(float(row["over_half"]) - (row["label"] == "fake"))

    large = [row for row in sources if row["files"] >= LEAST_FILES]
    return [
        f"| {row['source']} | {row['kind']} | {row['label']} | {row['files']} "
        f"| {row['over_half']:.0%} |"
        for row in sorted(large, key=wrong, reverse=True)[:WORST]
    ]
