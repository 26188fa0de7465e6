"""A service that says what a file's bytes tell it to, and answers made up without one."""

import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assay.errors import AssayError
from assay.evidence import (
    FEATURES,
    Asked,
    BranchEvidence,
    BranchState,
    MediaInfo,
    Report,
    Verdict,
)
from assay.jobs.process import Analyse, Save
from assay.progress import Emit, ShouldContinue
from assay.settings import Settings
from assay_lab.data.rows import Row
from assay_lab.evaluation.folder.answers import Answer
from assay_lab.evaluation.folder.measure import Judged

PIPELINE = "1+a"


def load(settings: Settings) -> Analyse:
    """In place of `load_pipeline`."""
    return analyse


def analyse(
    path: Path, *, emit: Emit, should_continue: ShouldContinue, save: Save, asked: Asked
) -> Report:
    script = json.loads(path.read_bytes())
    if script.get("crash"):
        os.kill(os.getpid(), signal.SIGKILL)
    if "error" in script:
        raise AssayError(script["error"], "It is told to fail.")
    p = script["p"]
    return Report(
        verdict=verdict_on(p),
        confidence=50.0,
        probability=p,
        summary="As told.",
        early_exit=False,
        features=dict.fromkeys(FEATURES),
        branches={"visual": BranchEvidence(state=BranchState.DONE, score=p)} if p else {},
        media=MediaInfo(kind="image", container="png", size_bytes=1, sha256=""),
        version="1",
        pipeline=PIPELINE,
    )


def verdict_on(p: float | None) -> Verdict:
    if p is None or 0.2 < p < 0.8:
        return Verdict.INCONCLUSIVE
    return Verdict.DEEPFAKE if p >= 0.8 else Verdict.AUTHENTIC


def plant(place: Path, **script: object) -> Path:
    """A file that is answered as the script says."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(script))
    return place


def row(path: Path, label: str = "real", **more: str) -> Row:
    generator = "g" if label == "fake" else ""
    about = {
        "modality": "image",
        "label": label,
        "generator": generator,
        "group": path.stem,
        "source": "s",
    }
    return Row(path=path, **about | more)  # type: ignore[arg-type]


def judged(
    real: Sequence[float | None], fake: Sequence[float | None], prefix: str = "", **more: str
) -> list[Judged]:
    """Media with these probabilities, each a group of its own."""
    made = []
    for label, values in (("real", real), ("fake", fake)):
        for number, p in enumerate(values):
            name = f"{prefix}{label}{number}"
            scores = {"visual": p, "audio": None}
            answer = Answer(name, verdict_on(p), p, scores, None, PIPELINE)
            made.append(Judged(row(Path(f"{name}.png"), label, **more), answer))
    return made


def spread_out(count: int, seed: int = 0) -> list[Judged]:
    """Many media whose scores overlap."""
    rng = np.random.default_rng(seed)
    real = np.clip(rng.normal(0.35, 0.2, count), 0.02, 0.98).round(3)
    fake = np.clip(rng.normal(0.65, 0.2, count), 0.02, 0.98).round(3)
    return judged(real.tolist(), fake.tolist())
