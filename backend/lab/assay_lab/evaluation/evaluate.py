"""`evaluate`: how good the service is on media that nothing in it has learned from.

    python -m assay_lab examine --data DATA --models models --out examined.jsonl
    python -m assay_lab evaluate examined.jsonl --data DATA --models models --work WORK

Writes models/evaluation/: metrics.json, card.md and figures. The lines are what the service says
with every branch switched on; WORK keeps what it says of corrupted copies, so that a stopped run
goes on.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from assay import branches as registry
from assay.evidence import Verdict
from assay_lab.augment.files import copies
from assay_lab.core.export import describe
from assay_lab.core.plots import wilson
from assay_lab.core.scored import THRESHOLD, auc_interval, numbers_of, share
from assay_lab.data import bias
from assay_lab.data.rows import Row, read_manifest
from assay_lab.data.speech import vocoder_of
from assay_lab.evaluation.card import card
from assay_lab.evaluation.conditions import (
    CLIP_AS_IT_IS,
    CONDITIONS,
    corruption_all,
    judge_copies,
    lines_of,
)
from assay_lab.evaluation.metadata_matched import alike
from assay_lab.fusion.decisions import (
    Answer,
    answer_all,
    by_set,
    scored_by,
    verdicts_of,
    weighed,
)
from assay_lab.fusion.examine import Examined, read_all
from assay_lab.fusion.sets import SETS, some_of_each

FOLDER = "evaluation"
CLEAN = "clean"
ALIKE = "alike"
FEWEST = 8
"""Media of each class under which no ranking is given."""

Answers = Sequence[Answer]
Numbers = dict[str, Any]


def command(
    lines: Annotated[list[Path], typer.Argument(help="What `examine` wrote")],
    data: Annotated[list[Path], typer.Option(help="Folders with manifest.csv, of these media")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
    work: Annotated[Path, typer.Option(help="Folder for what is said of corrupted copies")],
    each: Annotated[int, typer.Option(help="Media of a set and label under each condition")] = 30,
) -> None:
    """Measure branches and fusion on examined media, under conditions too, and write the card."""
    examined = read_all(lines, models)
    intact = [line for line in examined if not line.corrupted]
    rows = {row.path.stem: row for folder in data for row in read_manifest(folder)}
    judged = [line for line in intact if line.error is None and line.id in rows]
    corruption_all([rows[line.id] for line in some_of_each(judged, each)], work, models)
    judge_copies([rows[line.id] for line in judged], ALIKE, alike, work, models)
    known = {line.id for line in judged}
    asked = {CLEAN: judged} | {
        name: [line for line in read_all([lines_of(work, name)], models) if line.id in known]
        for name in (*CONDITIONS, ALIKE)
    }
    answers = answer_all(examined, asked)
    report = {
        "command": f"python -m assay_lab evaluate --each {each}",
        "media": len(intact),
        "refused": sum(line.error is not None for line in intact),
        **report_of(answers),
        "shortcuts": shortcuts(rows_by_set(answers[CLEAN], rows)),
        "alike": made_alike(answers, rows),
    }
    home = models / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    sets = {name: scored_by(mine) for name, mine in large_sets(answers[CLEAN]).items()}
    describe(home, report, card(report), sets)
    typer.echo((home / "card.md").read_text())


def report_of(answers: Mapping[str, Answers]) -> Numbers:
    """All numbers that follow from what was said, CLEAN and under the other conditions."""
    clean = answers[CLEAN]
    sets = large_sets(clean)
    branches = [branch.name for branch in registry.branches()]
    return {
        "fused": fused(clean),
        "branches": {
            branch: {
                name: numbers_of(scored_by(mine, branch))
                for name, mine in sets.items()
                if _enough(mine, branch)
            }
            for branch in branches
        },
        "by_real_source": real_sources(clean),
        "by_generator": generators(sets),
        "early_exit": early_exit(sets),
        "conditions": conditions(answers, branches),
    }


def fused(answers: Answers) -> dict[str, Numbers]:
    """What the service says of each set."""
    return {
        name: {**numbers_of(scored_by(mine)), **verdicts_of(mine)}
        for name, mine in large_sets(answers).items()
    }


def large_sets(answers: Answers) -> dict[str, list[Answer]]:
    """The sets that have enough media of both classes."""
    found = by_set(answers)
    return {name: found[name] for name in SETS if name in found and _enough(found[name])}


def _enough(answers: Answers, branch: str | None = None) -> bool:
    labels = scored_by(answers, branch).labels
    return min(int(labels.sum()), int((~labels).sum())) >= FEWEST


def real_sources(answers: Answers) -> dict[str, Numbers]:
    """False alarms of every source of real media alone."""
    found: dict[str, list[Answer]] = {}
    for answer in weighed(answers):
        if not answer.line.fake:
            found.setdefault(f"{answer.line.modality}: {answer.line.source}", []).append(answer)
    report = {}
    for source, mine in sorted(found.items()):
        called = share(np.array([a.verdict is Verdict.DEEPFAKE for a in mine])) or 0.0
        report[source] = {
            "media": len(mine),
            "above_half": share(scored_by(mine).probabilities > THRESHOLD),
            "called_deepfake": called,
            "interval": [round(edge, 4) for edge in wilson(called, len(mine))],
        }
    return report


def generators(sets: Mapping[str, Answers]) -> dict[str, dict[str, Numbers]]:
    """Each generator's fakes against all real media of its set; of speech, each vocoder's."""
    report: dict[str, dict[str, Numbers]] = {}
    for name, answers in sets.items():
        real = [answer for answer in answers if not answer.line.fake]
        fakes: dict[str, list[Answer]] = {}
        for answer in answers:
            if answer.line.fake:
                fakes.setdefault(_maker(answer.line), []).append(answer)
        report[name] = {
            generator: {
                "media": len(mine),
                "auc": auc_interval(scored_by([*real, *mine])) if len(mine) >= FEWEST else None,
                "above_half": share(scored_by(mine).probabilities > THRESHOLD),
                "called_deepfake": share(np.array([a.verdict is Verdict.DEEPFAKE for a in mine])),
            }
            for generator, mine in sorted(fakes.items())
        }
    return report


def _maker(line: Examined) -> str:
    return vocoder_of(line.generator) if line.modality == "speech" else line.generator


def early_exit(sets: Mapping[str, Answers]) -> dict[str, Numbers]:
    """Share of media for which the gate would spare the heavy branches; of fakes it is missed."""
    report: dict[str, Numbers] = {}
    for name, answers in sets.items():
        asked = [answer.line for answer in answers if answer.line.clears is not None]
        if asked:
            report[name] = {
                label: share(np.array([line.clears for line in asked if line.label == label]))
                for label in ("real", "fake")
            }
    return report


def conditions(
    answers: Mapping[str, Answers], branches: Sequence[str]
) -> dict[str, dict[str, Numbers]]:
    """For each set and condition: the same media before and after."""
    report: dict[str, dict[str, Numbers]] = {}
    for condition, corrupted in answers.items():
        if condition in (CLEAN, ALIKE, CLIP_AS_IT_IS):
            continue
        of_clips = CONDITIONS[condition].modality == "video"
        before = {
            answer.line.id: answer for answer in answers[CLIP_AS_IT_IS if of_clips else CLEAN]
        }
        for name, after in large_sets(corrupted).items():
            same = [answer for answer in after if answer.line.id in before]
            if not _enough(same):
                continue
            was = [before[answer.line.id] for answer in same]
            report.setdefault(name, {})[condition] = {
                **_compared(was, same, None),
                **verdicts_of(same),
                "branches": {
                    branch: _compared(was, same, branch)
                    for branch in branches
                    if _enough(was, branch) and _enough(same, branch)
                },
            }
    return report


def _compared(was: Answers, now: Answers, branch: str | None) -> Numbers:
    before, after = scored_by(was, branch), scored_by(now, branch)
    numbers = numbers_of(after)
    return {
        "auc_before": auc_interval(before)["value"],
        **{name: numbers[name] for name in ("real", "fake", "auc", "eer", "false_alarms", "ece")},
    }


def made_alike(answers: Mapping[str, Answers], rows: Mapping[str, Row]) -> Numbers:
    """The same media as found and alike, and what metadata tell of the alike ones."""
    judged = {answer.line.id for answer in answers[ALIKE]}
    sets = rows_by_set(answers[ALIKE], rows)
    return {
        "as_found": fused([answer for answer in answers[CLEAN] if answer.line.id in judged]),
        "fused": fused(answers[ALIKE]),
        "shortcuts": shortcuts({name: copies(mine, alike) for name, mine in sets.items()}),
    }


def rows_by_set(answers: Answers, rows: Mapping[str, Row]) -> dict[str, list[Row]]:
    """The files of each set that has enough media."""
    return {
        name: [rows[answer.line.id] for answer in mine]
        for name, mine in large_sets(answers).items()
    }


def shortcuts(files: Mapping[str, Iterable[Row]]) -> dict[str, Numbers]:
    """How far the metadata of each set's files alone tell the classes: must stay under 0.6."""
    found = {name: bias.measure(mine) for name, mine in files.items()}
    return {
        name: {"together": measured["together"], "alone": measured["alone"]}
        for name, measured in found.items()
    }
