"""Static CQCC of many recordings, computed once: training reads frames instead of sound.

A set is a folder with frames.f16, one row of coefficients a frame, and index.csv. Copies of a
recording differ by how they were corrupted; copy 0 is untouched. A forgery's copy is corrupted as
the same copy of its original is.
"""

import csv
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assay.branches.audio.windows import FRONT_END
from assay.types import Floats
from assay_lab.augment.speech import SpeechCorruption
from assay_lab.data.speech import Store, Utterance
from assay_lab.data.split import bucket
from assay_lab.forge.speech.make import excerpt

Wanted = Callable[[Utterance], bool]
"""Which recordings of a store a set is made of."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """Frames of one copy of a recording: frames.f16[start : start + frames]."""

    key: str
    copy: int
    start: int
    frames: int


class Cepstra:
    """A finished set."""

    def __init__(self, folder: Path) -> None:
        with (folder / "index.csv").open(newline="") as file:
            self.sequences = [
                Sequence(line["key"], *(int(line[k]) for k in ("copy", "start", "frames")))
                for line in csv.DictReader(file)
            ]
        self.values: NDArray[np.float16] = np.memmap(
            folder / "frames.f16", np.float16, "r"
        ).reshape(-1, FRONT_END.coefficients)

    def of(self, sequence: Sequence) -> NDArray[np.float16]:
        """(frames, coefficients)."""
        return self.values[sequence.start : sequence.start + sequence.frames]


def write(folder: Path, parts: Iterable[tuple[str, int, Floats]]) -> None:
    """Write a set from (key, copy, static coefficients); the index comes last.

    Args:
        folder: Created if absent.
        parts: Coefficients are (coefficients, frames).
    """
    folder.mkdir(parents=True, exist_ok=True)
    at, sequences = 0, []
    with (folder / "frames.f16").open("wb") as file:
        for key, copy, static in parts:
            file.write(np.ascontiguousarray(static.T, np.float16).tobytes())
            sequences.append(Sequence(key, copy, at, static.shape[1]))
            at += static.shape[1]
    with (folder / "index.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, [f.name for f in fields(Sequence)])
        table.writeheader()
        table.writerows(asdict(sequence) for sequence in sequences)


def build_whole(store: Path, folder: Path, wanted: Wanted = lambda row: True) -> None:
    """The set that is judged on: whole recordings, untouched."""
    opened = Store(store)
    rows = filter(wanted, opened.rows)
    write(folder, ((row.key, 0, FRONT_END.static(opened.wave(row))) for row in rows))


def build_corrupted(
    store: Path,
    folder: Path,
    copies: int,
    of: int,
    processes: int = 1,
    wanted: Wanted = lambda row: True,
) -> None:
    """The set that is trained on: excerpts, `copies` a recording, chosen of `of` corruptions."""
    rows = filter(wanted, Store(store).rows)
    jobs = [(row, copy) for row in rows for copy in _chosen(row, copies, of)]
    with ProcessPoolExecutor(processes) as pool:
        write(folder, pool.map(partial(_corrupted, store), jobs, chunksize=16))


def _chosen(row: Utterance, copies: int, of: int) -> list[int]:
    rng = np.random.default_rng(bucket(row.key, 2**31, salt="copies"))
    return sorted(int(copy) for copy in rng.permutation(of)[:copies])


_open = cache(Store)


def _corrupted(folder: Path, job: tuple[Utterance, int]) -> tuple[str, int, Floats]:
    row, copy = job
    wave = excerpt(row, _open(folder).wave(row))
    if copy > 0:
        rng = np.random.default_rng(bucket(f"{row.origin or row.key}|{copy}", 2**31, salt="damage"))
        wave = SpeechCorruption.draw(rng).apply(wave)
    return row.key, copy, FRONT_END.static(wave)
