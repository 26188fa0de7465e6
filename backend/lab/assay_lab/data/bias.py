"""`bias-report`: what separates the classes of a data set without looking at a single face.

A detector that learns file sizes, durations or codecs is worth nothing. Each property of a file is
measured alone and all of them together, by a baseline that knows nothing else; the report says
where the training set must be balanced, and whether an evaluation set can be trusted.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import av
import numpy as np
import typer
from av.error import FFmpegError
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import trim
from assay.types import Doubles, Flags
from assay_lab.core.metrics import auc
from assay_lab.data.rows import Modality, Row, read_manifest
from assay_lab.data.speech import read_sound
from assay_lab.data.split import bucket

PROPERTIES: Final = (
    "kilobytes", "seconds", "width", "height", "frame_rate", "sample_rate",
    "kilobits_a_second", "leading_silence", "codec",
)  # fmt: skip
FOLDS: Final = 5
SHORTCUT: Final = 0.6
"""AUC of metadata alone from which a set is suspect."""


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    out: Annotated[Path, typer.Option(help="Folder for bias.json and bias.md")],
    each: Annotated[int, typer.Option(help="Files of every source and label")] = 200,
) -> None:
    """Measure how well metadata alone tells real from fake, as a table and per source."""
    rows = choose(read_manifest(data), each)
    report = {}
    for modality in ("image", "speech", "video"):
        some = [row for row in rows if row.modality == modality]
        if len({row.fake for row in some}) == 2:
            report[modality] = measure(some)
    out.mkdir(parents=True, exist_ok=True)
    (out / "bias.json").write_text(json.dumps(report, indent=2) + "\n")
    (out / "bias.md").write_text(table(report))
    typer.echo(table(report))


def choose(rows: Sequence[Row], each: int) -> list[Row]:
    """At most so many of each source and label, always the same ones."""
    counts: Counter[tuple[Modality, str, str]] = Counter()
    chosen = []
    for row in sorted(rows, key=lambda row: bucket(row.path.name, 2**32, salt="bias")):
        counts[row.modality, row.source, row.label] += 1
        if counts[row.modality, row.source, row.label] <= each:
            chosen.append(row)
    return chosen


def measure(files: Iterable[Row]) -> dict[str, object]:
    """Balance, the AUC of each property alone, and that of all together across groups.

    Args:
        files: Each is looked at before the next is asked for.

    Returns:
        real, fake and sources, counted; alone, by property; together, in [0, 1]: of the strongest
        property where the groups are too few for more.
    """
    measured = [(row, properties(row), codec(row)) for row in files]
    rows = [row for row, _, _ in measured]
    labels = np.array([row.fake for row in rows])
    codecs = _ranked([name for _, _, name in measured], labels)
    values = np.column_stack([[found for _, found, _ in measured], codecs])
    each = {name: _alone(labels, values[:, i]) for i, name in enumerate(PROPERTIES)}
    alone = {name: value for name, value in each.items() if value is not None}
    together = _together(values, labels, [row.group for row in rows])
    return {
        "real": int((~labels).sum()),
        "fake": int(labels.sum()),
        "sources": {source: {"real": real, "fake": fake} for source, real, fake in _balance(rows)},
        "alone": alone,
        "together": max(alone.values()) if together is None else together,
    }


def properties(row: Row) -> list[float]:
    """PROPERTIES of a file but its codec, NaN where it has none."""
    known = dict.fromkeys(PROPERTIES[:-1], float("nan"))
    known["kilobytes"] = row.path.stat().st_size / 1000
    try:
        with av.open(str(row.path)) as container:
            if container.duration and row.modality != "image":
                known["seconds"] = container.duration / 1e6
                known["kilobits_a_second"] = 8 * known["kilobytes"] / known["seconds"]
            if container.streams.video:
                picture = container.streams.video[0]
                known["width"], known["height"] = picture.width, picture.height
                if row.modality == "video" and picture.average_rate:
                    known["frame_rate"] = float(picture.average_rate)
            if container.streams.audio:
                known["sample_rate"] = container.streams.audio[0].rate
        if row.modality == "speech":
            known["leading_silence"] = trim(read_sound(row.path))[0] / RATE
    except (FFmpegError, IndexError):
        pass
    return list(known.values())


def codec(row: Row) -> str | None:
    """The codec of a file's picture, or of its sound where it has none; None if there is neither.

    Streams of data, as time codes are, and of codecs that FFmpeg lacks have no context.
    """
    try:
        with av.open(str(row.path)) as container:
            streams = [*container.streams.video, *container.streams.audio]
            contexts = [stream.codec_context for stream in streams if stream.codec_context]
            return contexts[0].name if contexts else None
    except FFmpegError:
        return None


def _ranked(names: Sequence[str | None], labels: Flags) -> Doubles:
    """Names as numbers that rise with the share of fakes, which is what an AUC can see of them."""
    known = np.array([name is not None for name in names])
    _, which = np.unique([name for name in names if name is not None], return_inverse=True)
    shares = np.bincount(which, weights=labels[known]) / np.bincount(which)
    ranks = np.full(len(names), np.nan)
    ranks[known] = np.argsort(np.argsort(shares, kind="stable"))[which]
    return ranks


def _balance(rows: Sequence[Row]) -> Iterator[tuple[str, int, int]]:
    for source in sorted({row.source for row in rows}):
        fakes = [row.fake for row in rows if row.source == source]
        yield source, len(fakes) - sum(fakes), sum(fakes)


def _alone(labels: Flags, values: Doubles) -> float | None:
    """AUC in whichever direction separates; None where fewer than half of the files have it."""
    have = ~np.isnan(values)
    if have.mean() < 0.5 or labels[have].min() == labels[have].max():
        return None
    found = auc(labels[have], values[have])
    return round(max(found, 1 - found), 4)


def _together(values: Doubles, labels: Flags, groups: Sequence[str]) -> float | None:
    """AUC of boosted trees on groups that they have not seen; None where there are too few.

    Only files of one fold are ranked against each other. The trees of each fold have a scale of
    their own, and what shifts it is which files the other folds hold: ranked across folds, a
    property that is the same in all files tells the classes apart.
    """
    # What a file lacks is a property as well.
    known = np.nan_to_num(values, nan=-1.0)
    count = min(FOLDS, len(set(groups)))
    if count < 2:
        return None
    folds = GroupKFold(count, shuffle=True, random_state=0)
    found, pairs = [], []
    for learn, judge in folds.split(known, labels, list(groups)):
        if len(set(labels[learn])) < 2 or len(set(labels[judge])) < 2:
            continue
        model = HistGradientBoostingClassifier(
            max_iter=100,
            max_leaf_nodes=8,
            class_weight="balanced",
            # Without an order: that of the numbers comes from all labels, also those judged here.
            categorical_features=[PROPERTIES.index("codec")],
            random_state=0,
        )
        model.fit(known[learn], labels[learn])
        found.append(auc(labels[judge], model.predict_proba(known[judge])[:, 1]))
        pairs.append(labels[judge].sum() * (~labels[judge]).sum())
    return round(float(np.average(found, weights=pairs)), 4) if found else None


def table(report: dict[str, dict[str, object]]) -> str:
    """The report for people."""
    lines = ["# What metadata alone gives away", ""]
    for modality, found in report.items():
        alone, sources = found["alone"], found["sources"]
        assert isinstance(alone, dict) and isinstance(sources, dict)
        together = found["together"]
        assert isinstance(together, float)
        verdict = "a shortcut: balance before training" if together > SHORTCUT else "balanced"
        lines += [f"## {modality}: AUC {together:.3f} of all together, {verdict}", ""]
        lines += ["| property | AUC alone |", "|---|---|"]
        lines += [f"| {name} | {value:.3f} |" for name, value in alone.items()]
        lines += ["", "| source | real | fake |", "|---|---|---|"]
        lines += [
            f"| {source} | {counts['real']} | {counts['fake']} |"
            for source, counts in sources.items()
        ]
        lines.append("")
    return "\n".join(lines)
