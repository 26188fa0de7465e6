"""Score recordings with a trained audio network, window by window, exactly as serving does."""

import csv
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import cache, partial
from pathlib import Path
from typing import Final

import numpy as np
import torch
from assay_lab.data.speech import Store, Utterance
from assay_lab.data.split import bucket
from assay_lab.forge.codec import Codec, through
from assay_lab.forge.degrade_speech import SpeechDegradation
from assay_lab.nets.cqcc_cnn import CqccCnn

from assay.branches.audio_cqcc import FRONT_END, trim, windows
from assay.branches.cqcc import Floats
from assay.media.material import Speech

Damage = Callable[[Floats], Floats]

CONDITIONS: Final[dict[str, Damage]] = {
    "clean": lambda wave: wave,
    "mp3 64k": lambda wave: through(wave, Codec("libmp3lame", "mp3", 44_100, 64_000)),
    "opus 24k": lambda wave: through(wave, Codec("libopus", "ogg", 48_000, 24_000)),
    "noise 20 dB": SpeechDegradation(noise=20.0, colour=1.0, seed=1).apply,
    "8 kHz": SpeechDegradation(rates=(8_000,)).apply,
    "amr 12.2k": lambda wave: through(wave, Codec("libopencore_amrnb", "amr", 8_000, 12_200)),
    "room": SpeechDegradation(reverberation=0.4, direct=6.0, seed=1).apply,
    "silence around": lambda wave: _with_silence(wave),
}
"""What may happen to a recording before it reaches us; the same for both classes."""


@dataclass(frozen=True, slots=True)
class Score:
    """One recording under one condition. logits: of its windows, spaces between."""

    key: str
    fold: int
    condition: str
    logit: float
    logits: str


def score_rows(
    run: Path, store: Path, rows: Sequence[Utterance], condition: str, processes: int = 2
) -> list[Score]:
    """Mean logit of each row's windows; rows in which nothing is left to judge are passed over.

    Args:
        run: Folder of a trained run.
        store: Where the rows' samples are.
        rows: To be scored, none of which the run has learned from.
        condition: A key of CONDITIONS.
        processes: Workers.
    """
    with ProcessPoolExecutor(processes) as pool:
        found = pool.map(partial(_score, run, store, condition), rows, chunksize=16)
        return [score for score in found if score is not None]


def write_scores(file: Path, scores: Iterable[Score]) -> None:
    """One line a score."""
    with file.open("w", newline="") as out:
        table = csv.DictWriter(out, [f.name for f in fields(Score)])
        table.writeheader()
        table.writerows(asdict(score) for score in scores)


def read_scores(file: Path) -> list[Score]:
    """What `write_scores` wrote."""
    with file.open(newline="") as lines:
        return [
            Score(
                line["key"],
                int(line["fold"]),
                line["condition"],
                float(line["logit"]),
                line["logits"],
            )
            for line in csv.DictReader(lines)
        ]


def window_logits(net: CqccCnn, wave: Floats) -> Floats:
    """Logits of the windows that serving would cut from a recording."""
    first, last = trim(wave)
    # The bound on how much is heard is the media room's; here it is the beginning.
    last = min(last, first + int(_LONGEST_SECONDS * Speech.RATE))
    logits = []
    with torch.inference_mode():
        for start, end in windows(last - first):
            cqcc = torch.from_numpy(FRONT_END(wave[first + start : first + end])[None])
            logits.append(float(net(cqcc).logit))
    return np.array(logits, np.float32)


_LONGEST_SECONDS = 12.0


@cache
def load(run: Path) -> CqccCnn:
    """The averaged network of a run."""
    torch.set_num_threads(1)
    net = CqccCnn()
    net.load_state_dict(torch.load(run / "checkpoint.pt", weights_only=True)["average"])
    return net.eval()


_open = cache(Store)


def _score(run: Path, store: Path, condition: str, row: Utterance) -> Score | None:
    wave = CONDITIONS[condition](_open(store).wave(row))
    logits = window_logits(load(run), wave)
    if len(logits) == 0:
        return None
    return Score(
        row.key, row.fold, condition, float(logits.mean()), " ".join(f"{x:.3f}" for x in logits)
    )


def _with_silence(wave: Floats) -> Floats:
    """Up to a second of faint noise on either side: trimming must make it not matter."""
    rng = np.random.default_rng(bucket(str(len(wave)), 2**31, salt="silence"))
    ends = (rng.integers(16_000, size=2) * [1, 1]).tolist()
    before, after = (rng.normal(0, 3e-4, int(n)).astype(np.float32) for n in ends)
    return np.concatenate([before, wave, after])
