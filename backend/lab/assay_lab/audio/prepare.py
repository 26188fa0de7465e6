"""Prepare speech for the audio branch: recordings, forgeries, and the cepstra of both.

    WORK/stores/{speech,forged-...}    samples, see `assay_lab.data.speech`
    WORK/views/...                     corrupted cepstra, to learn from
    WORK/whole                         clean cepstra of the held-out fold

A finished part is kept: what was killed goes on with the part it was in. Vocoders learn from the
decoded recordings, so forgeries of theirs are added by a second call.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from assay_lab.audio.cqcc.dataset import Cepstra, build_corrupted, build_whole
from assay_lab.core.loop import Run
from assay_lab.data.speech import Store, Utterance, build, half, learns
from assay_lab.data.split import bucket
from assay_lab.forge.speech import Method, neural
from assay_lab.forge.speech.make import SIGNAL_METHODS, forge_all
from assay_lab.forge.speech.tts import forge_texts

SENTENCES = 25
"""Of every installed voice that reads text."""


@dataclass(frozen=True, slots=True)
class Config:
    """What views are made of; see `command`."""

    fold: int
    most: int
    copies: int


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    work: Annotated[Path, typer.Option(help="Where stores and cepstra go")],
    fold: Annotated[int, typer.Option(help="Held-out fold; -1 holds nothing out")] = 0,
    most: Annotated[int, typer.Option(help="Recordings of a source and label to learn from")] = 250,
    copies: Annotated[int, typer.Option(help="Copies of a recording, the first untouched")] = 4,
    vocoders: Annotated[
        Path | None, typer.Option(help="Folder of train-vocoders, to forge with them too")
    ] = None,
    processes: int = 1,
) -> None:
    """Decode the recipe's speech, forge it, corrupt both, and compute cepstra."""
    # Parts of other settings would be taken for finished ones.
    Run(work / "prepared", Config(fold, most, copies))
    stores, views, whole = work / "stores", work / "views", work / "whole"
    recordings = stores / "speech"
    if not _finished(recordings):
        build(data, recordings)
    forgers: dict[str, Sequence[Method]] = {"forged-signal": SIGNAL_METHODS}
    if vocoders is not None:
        forgers["forged-neural"] = neural.methods(vocoders)
    for name, methods in forgers.items():
        if not _finished(stores / name):
            forge_all(
                Store(recordings),
                stores / name,
                methods,
                lambda row: row.kind == "speech",
                takes=1,
                processes=processes,
            )
    if not _finished(stores / "forged-tts"):
        forge_texts(stores / "forged-tts", SENTENCES)
    for name in ("speech", *forgers, "forged-tts"):
        if _finished(views / name):
            continue
        # A forgery is learnt beside its original, so only where that one is at hand.
        known = set() if name == "speech" else _keys(views / "speech")
        rows = [row for row in Store(stores / name).rows if learns(row, fold)]
        kept = {row.key for row in at_most(rows, most) if not row.origin or row.origin in known}
        some = copies if name == "speech" else max(1, copies // 2)
        build_corrupted(
            stores / name,
            views / name,
            some,
            copies,
            processes,
            partial(_is_one_of, kept),
        )
    if not _finished(whole):
        judged = max(fold, 0)
        build_whole(
            recordings,
            whole,
            lambda row: row.fold == judged and row.kind == "speech" and half(row) == "val",
        )


def at_most(rows: Iterable[Utterance], most: int) -> list[Utterance]:
    """At most so many rows of every source and label, the same ones every time."""
    taken: Counter[tuple[str, bool]] = Counter()
    kept = []
    for row in sorted(rows, key=lambda row: bucket(row.key, 2**31, salt="chosen")):
        taken[row.source, row.fake] += 1
        if taken[row.source, row.fake] <= most:
            kept.append(row)
    return kept


def _finished(folder: Path) -> bool:
    return (folder / "index.csv").exists()


def _keys(cepstra: Path) -> set[str]:
    return {sequence.key for sequence in Cepstra(cepstra).sequences}


def _is_one_of(keys: Collection[str], row: Utterance) -> bool:
    return row.key in keys
