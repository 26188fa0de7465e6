"""`remove-duplicates`: a manifest without near-duplicates, whose groups hold them together.

    python -m assay_lab remove-duplicates --data DATA --out CLEAN

DATA stays as it is. CLEAN gets manifest.csv (of DATA's files, which are not copied), duplicates.csv
(each file that was left out, why, and which file it is like) and the prints, so that another run
takes seconds.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from assay_lab.data.duplicates.fingerprints import read_prints
from assay_lab.data.duplicates.matches import Match, find_matches
from assay_lab.data.duplicates.verdicts import Verdicts, judge
from assay_lab.data.rows import Modality, Row, read_manifest, write_manifest

MODALITIES: Final[tuple[Modality, ...]] = ("image", "speech", "video")


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    out: Annotated[Path, typer.Option(help="Folder of the clean manifest")],
) -> None:
    """Leave out near-duplicates and join the groups that share them."""
    rows = [replace(row, path=row.path.absolute()) for row in read_manifest(data)]
    matches = match_all(rows, out)
    verdicts = judge(rows, matches)
    write_manifest(out, verdicts.apply(rows))
    _write_left_out(out / "duplicates.csv", rows, verdicts)
    for line in report(rows, matches, verdicts):
        typer.echo(line)


def match_all(rows: Sequence[Row], cache: Path) -> list[Match]:
    """Alike rows of all modalities, by place; prints are kept in `cache`."""
    matches: list[Match] = []
    for modality in MODALITIES:
        places = [place for place, row in enumerate(rows) if row.modality == modality]
        some = [rows[place] for place in places]
        if some:
            prints = read_prints(some, cache / f"prints-{modality}.sqlite", typer.echo)
            matches += [
                replace(match, first=places[match.first], second=places[match.second])
                for match in find_matches(some, prints)
            ]
    return matches


def report(rows: Sequence[Row], matches: Sequence[Match], verdicts: Verdicts) -> Iterator[str]:
    """What was found, in numbers."""
    pairs: Counter[tuple[Modality, str]] = Counter()
    for match in matches:
        one, other = rows[match.first], rows[match.second]
        likeness = "identical" if match.identical else "alike"
        labels = f"both {one.label}" if one.label == other.label else "real and fake"
        place = "within a group" if one.group == other.group else "across groups"
        pairs[one.modality, f"{likeness}, {labels}, {place}"] += 1
    for (modality, kind), count in sorted(pairs.items()):
        yield f"{count:7} pairs of {modality}: {kind}"
    reasons: Counter[tuple[Modality, str, str, str]] = Counter(
        (row.modality, reason, row.label, row.source)
        for place, (reason, _) in verdicts.left_out.items()
        for row in (rows[place],)
    )
    for (modality, reason, label, source), count in sorted(reasons.items()):
        yield f"{count:7} left out: {reason}, {modality} {label}, {source}"
    for modality in MODALITIES:
        yield from _group_report(modality, rows, verdicts)


def _group_report(modality: Modality, rows: Sequence[Row], verdicts: Verdicts) -> Iterator[str]:
    places = [place for place, row in enumerate(rows) if row.modality == modality]
    if not places:
        return
    before = {rows[place].group for place in places}
    after = Counter(verdicts.groups[place] for place in places)
    largest, size = after.most_common(1)[0]
    change = f"{len(before)} groups become {len(after)}"
    yield f"{modality}: {change}; the largest, {largest}, has {size} files"


def _write_left_out(file: Path, rows: Sequence[Row], verdicts: Verdicts) -> None:
    with file.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(("file", "modality", "label", "source", "reason", "like"))
        for place, (reason, like) in sorted(verdicts.left_out.items()):
            row = rows[place]
            table.writerow(
                (row.path.name, row.modality, row.label, row.source, reason, rows[like].path.name)
            )
