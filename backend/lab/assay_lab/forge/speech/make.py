"""Make a store of forgeries from the real speech of another: repeatable, logged, resumable.

Which method forges a recording, and all its parameters, follow from the recording's key, the
take's number and nothing else.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from numpy.random import Generator
from scipy.signal import butter, sosfiltfilt

from assay.branches.audio.cqcc import RATE
from assay.types import Floats
from assay_lab.data.speech import Store, StoreWriter, Utterance
from assay_lab.data.split import bucket
from assay_lab.forge.speech import Method, Parameters
from assay_lab.forge.speech.phase import griffin_lim, scramble, shift_pitch_or_time
from assay_lab.forge.speech.source_filter import harmonics_and_noise, lpc, world

EXCERPT_SECONDS = 4.5
"""Of each recording this much is forged and trained on."""

SIGNAL_METHODS = (
    Method("griffin-lim", "Griffin-Lim", 3.0, griffin_lim),
    Method("world", "WORLD", 3.0, world),
    Method("harmonics", "harmonics and noise", 1.5, harmonics_and_noise),
    Method("lpc", "LPC", 1.0, lpc),
    Method("scramble", "phase", 1.5, scramble),
    Method("shift", "phase vocoder", 1.0, shift_pitch_or_time),
)
"""Forgers that need no training."""


def excerpt(row: Utterance, wave: Floats) -> Floats:
    """The part of a recording that is forged and trained on: the same for every forgery."""
    length = int(EXCERPT_SECONDS * RATE)
    if len(wave) <= length:
        return wave
    start = bucket(row.key, len(wave) - length, salt="excerpt")
    return wave[start : start + length]


def splice(real: Floats, forged: Floats, rng: Generator) -> tuple[Floats, Parameters]:
    """Sometimes only a band is forged, so that no band alone may carry the decision."""
    if rng.random() > 0.25:
        return forged, {}
    edge = float(np.exp(rng.uniform(np.log(700), np.log(5000))))
    above = bool(rng.random() < 0.5)
    low = butter(6, edge, fs=RATE, output="sos")
    deep = sosfiltfilt(low, forged - real)
    mixed = forged - deep if above else real + deep
    return mixed.astype(np.float32), {"edge": edge, "above": above}


def forge_all(
    store: Store,
    folder: Path,
    methods: Sequence[Method],
    wanted: Callable[[Utterance], bool],
    takes: int,
    processes: int = 1,
) -> None:
    """Write a store of `takes` forgeries of every wanted real recording, and log.csv beside it."""
    rows = [row for row in store.rows if not row.fake and wanted(row)]
    jobs = [(row, take) for row in rows for take in range(takes)]
    work = partial(_forged, store.folder, tuple(methods))
    writer = StoreWriter(folder)
    with (folder / "log.csv").open("w", newline="") as file:
        log = csv.writer(file)
        log.writerow(["key", "method", "parameters"])
        for row, wave, parameters in _in_order(work, jobs, processes):
            writer.add(row, wave)
            log.writerow([row.key, row.generator, json.dumps(parameters, default=float)])
    writer.close()


_Result = tuple[Utterance, Floats, Parameters]


def _in_order(
    work: Callable[[tuple[Utterance, int]], _Result],
    jobs: Sequence[tuple[Utterance, int]],
    processes: int,
) -> Iterator[_Result]:
    if processes == 1:
        yield from map(work, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(work, jobs, chunksize=8)


_STORES: dict[Path, Store] = {}
"""Open stores of a worker process."""


def _forged(folder: Path, methods: Sequence[Method], job: tuple[Utterance, int]) -> _Result:
    row, take = job
    if folder not in _STORES:
        _STORES[folder] = Store(folder)
    real = excerpt(row, _STORES[folder].wave(row))
    names = ",".join(method.name for method in methods)
    rng = np.random.default_rng(bucket(f"{row.key}|{take}|{names}", 2**31, salt="forge"))
    weights = np.array([method.weight for method in methods])
    method = methods[rng.choice(len(methods), p=weights / weights.sum())]
    forged, drawn = method.forge(real, rng)
    forged, mixed = splice(real, forged, rng)
    utterance = Utterance(
        key=f"{row.key}-{method.name}-{take}",
        fake=True,
        generator=f"forged {method.name}",
        vocoder=method.vocoder,
        group=row.group,
        source=row.source,
        fold=row.fold,
        kind="forged",
        origin=row.key,
        taught=method.taught,
    )
    return utterance, forged, {**drawn, **mixed}
