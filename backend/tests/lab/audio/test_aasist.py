"""AASIST-L: the published weights fit, and give what the published network gives for them."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch

from assay_lab.audio import baseline as baseline
from assay_lab.audio.aasist import SAMPLES, AasistL, fitted, load_aasist
from assay_lab.audio.scores import read_scores
from assay_lab.data.speech import StoreWriter, Utterance
from tests.lab.voice import voice

SHARED = Path(os.environ.get("ASSAY_SHARED", Path(__file__).resolve().parents[5] / "shared"))
WEIGHTS = SHARED / "weights" / "AASIST-L.pth"

EXPECTED = -12.7901
"""Of the public implementation for `sweep`, run once beside this one."""

published = pytest.mark.skipif(not WEIGHTS.is_file(), reason="the published weights are not here")


def sweep() -> torch.Tensor:
    """4 s that rise from 100 Hz to 7 kHz."""
    time = np.arange(SAMPLES) / 16_000
    phase = 2 * np.pi * (100 * time + (6_900 / 4.0375 / 2) * time**2)
    return torch.from_numpy((0.5 * np.sin(phase)).astype(np.float32))


def test_short_recordings_are_repeated_and_long_ones_cut() -> None:
    short, long = np.arange(1000, dtype=np.float32), np.arange(70_000, dtype=np.float32)

    assert fitted(short).tolist() == [n % 1000 for n in range(SAMPLES)]
    assert fitted(long).tolist() == long[:SAMPLES].tolist()


@published
def test_the_published_weights_give_the_published_answer() -> None:
    with torch.inference_mode():
        (logit,) = load_aasist(WEIGHTS)(sweep()[None])

    assert float(logit) == pytest.approx(EXPECTED, abs=2e-3)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    torch.save({"something": torch.zeros(1)}, tmp_path / "other.pth")

    with pytest.raises(RuntimeError):
        load_aasist(tmp_path / "other.pth")


def test_only_the_measured_half_is_scored_and_once(tmp_path: Path, monkeypatch) -> None:
    writer = StoreWriter(tmp_path / "stores" / "speech")
    for n in range(40):
        writer.add(
            Utterance(str(n), n % 2 == 1, "", "", f"site|{n}", "site", n % 4 // 2, "speech"),
            voice(0.1),
        )
    writer.close()
    scored: list[int] = []

    def net(waves: torch.Tensor) -> torch.Tensor:
        scored.append(waves.shape[1])
        return waves.mean(1)

    monkeypatch.setattr(baseline, "load_aasist", lambda weights: net)
    for _ in range(2):
        baseline.command(tmp_path, WEIGHTS, tmp_path / "baseline.csv", fold=0, each=3)

    rows = {row.key: row for row in baseline.Store(tmp_path / "stores" / "speech").rows}
    found = [rows[score.key] for score in read_scores(tmp_path / "baseline.csv")]
    assert len(scored) == len(found) == 6 and set(scored) == {SAMPLES}
    assert sum(row.fake for row in found) == 3
    assert {baseline.half(row) for row in found} == {"test"} and {row.fold for row in found} == {0}


def test_it_has_as_many_weights_as_was_published() -> None:
    assert sum(weight.numel() for weight in AasistL().parameters()) == 85_306
