"""Score recordings with an exported audio network, window by window, exactly as serving does."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import onnxruntime as ort

from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import FRONT_END, trim, windows
from assay.types import Floats
from assay_lab.augment.codec import Codec, through
from assay_lab.augment.speech import SpeechCorruption
from assay_lab.data.speech import Store, Utterance
from assay_lab.data.split import bucket

Corruption = Callable[[Floats], Floats]

CONDITIONS: Final[dict[str, Corruption]] = {
    "clean": lambda wave: wave,
    "mp3 64k": lambda wave: through(wave, Codec("libmp3lame", "mp3", 44_100, 64_000)),
    "opus 24k": lambda wave: through(wave, Codec("libopus", "ogg", 48_000, 24_000)),
    "noise 20 dB": SpeechCorruption(noise=20.0, colour=1.0, seed=1).apply,
    "8 kHz": SpeechCorruption(rates=(8_000,)).apply,
    "amr 12.2k": lambda wave: through(wave, Codec("libopencore_amrnb", "amr", 8_000, 12_200)),
    "room": SpeechCorruption(reverberation=0.4, direct=6.0, seed=1).apply,
    "silence around": lambda wave: _with_silence(wave),
}
"""What may happen to a recording before it reaches us; the same for both classes."""

LONGEST_SECONDS = 12.0
"""Heard of a recording. In serving the media room bounds it; here it is the beginning."""


class Score(NamedTuple):
    """A recording and the mean logit of its windows."""

    key: str
    logit: float


def score_rows(
    net: ort.InferenceSession, store: Store, rows: Sequence[Utterance], condition: str
) -> list[Score]:
    """Mean logit of each row; rows in which nothing is left to judge are passed over.

    Args:
        net: Of `open_session`.
        store: Where the rows' samples are.
        rows: To be scored, none of which the network has learned from.
        condition: A key of CONDITIONS.
    """
    scores = []
    for row in rows:
        heard = cqcc_windows(CONDITIONS[condition](store.wave(row)))
        logits = [float(net.run(["logit"], {"cqcc": cqcc[None]})[0][0]) for cqcc in heard]
        if logits:
            scores.append(Score(row.key, float(np.mean(logits))))
    return scores


def cqcc_windows(wave: Floats) -> list[Floats]:
    """CQCC of the windows that serving would cut from a recording, each (3, 96, frames)."""
    first, last = trim(wave)
    last = min(last, first + int(LONGEST_SECONDS * RATE))
    return [FRONT_END(wave[first + start : first + end]) for start, end in windows(last - first)]


def read_scores(file: Path) -> list[Score]:
    """Scores of another system: a table with columns key and logit, the higher the more fake."""
    with file.open(newline="") as lines:
        return [Score(line["key"], float(line["logit"])) for line in csv.DictReader(lines)]


def _with_silence(wave: Floats) -> Floats:
    """Up to a second of faint noise on either side: trimming must make it not matter."""
    rng = np.random.default_rng(bucket(str(len(wave)), 2**31, salt="silence"))
    before, after = (
        rng.normal(0, 3e-4, int(samples)).astype(np.float32)
        for samples in rng.integers(RATE, size=2)
    )
    return np.concatenate([before, wave, after])
