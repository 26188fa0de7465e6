"""Trials on media, and their numbers: with a victim whose score is its brightness."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import pytest
import torch
from torch import Tensor

from assay.detector import Detector
from assay.errors import AssayError
from assay.evidence import Report, Verdict
from assay_lab.core import json_lines
from assay_lab.core.linf import Budget, Score
from assay_lab.data.rows import Label, Row
from assay_lab.robustness.card import card
from assay_lab.robustness.measure import report_of
from assay_lab.robustness.sweep import Outcome, Trial, attack, read_outcomes, trials

PIPELINE = "1+a"


@dataclass(frozen=True)
class Grey:
    """Four values; the brighter, the more fake. Everybody's targets see the same."""

    level: float
    targets: Sequence[str] = ("net", "together")
    formats: Sequence[str] = ("png",)

    @property
    def values(self) -> Tensor:
        return torch.full((1, 4), self.level)

    def budget(self, epsilon: float) -> Budget:
        return Budget(epsilon, 0.0, 255.0)

    def score(self, target: str, towards: float) -> Score:
        return lambda values: towards * (values.mean(dim=1) - 100)

    def save(self, values: Tensor, folder: Path) -> Mapping[str, Path]:
        files = {name: folder / f"a.{name}" for name in self.formats}
        for file in files.values():
            file.write_text(str(float(values.mean())))
        return files


class Thermometer:
    """A detector that reads the level: above 120 Deepfake, below 80 Authentic."""

    def analyze(self, file: Path, *, full: bool) -> Report:
        assert full, "an early exit would hide what the networks were made to say"
        level = float(file.read_text())
        if level > 200:
            raise AssayError("unreadable", "Too bright.")
        verdict = Verdict.INCONCLUSIVE
        if level > 120:
            verdict = Verdict.DEEPFAKE
        elif level < 80:
            verdict = Verdict.AUTHENTIC
        return Report.model_construct(verdict=verdict, probability=min(1.0, level / 255))


DETECTOR = cast(Detector, Thermometer())


def row(name: str, label: Label) -> Row:
    return Row(Path(f"{name}.png"), "image", label, "", name, "s")


def outcomes(epsilons: Sequence[float] = (30.0, 60.0)) -> list[Outcome]:
    found = []
    for number in range(3):
        for label, level in (("real", 60.0 + number), ("fake", 140.0 - number)):
            victim = Grey(level)
            medium = row(f"{label}{number}", cast(Label, label))
            wanted = trials(victim.targets, epsilons, steps=3)
            found += attack(medium, victim, wanted, DETECTOR, PIPELINE)
    return found


def test_every_target_is_left_alone_once_and_attacked_by_each_method() -> None:
    assert trials(["a"], [1, 2], steps=7) == [
        Trial("a", "untouched", 0.0, 0),
        Trial("a", "fgsm", 1, 1),
        Trial("a", "fgsm", 2, 1),
        Trial("a", "pgd", 1, 7),
        Trial("a", "pgd", 2, 7),
    ]


def test_real_media_are_made_to_look_fake_and_fakes_real() -> None:
    found = {(one.id, one.trial): one for one in outcomes()}
    for method, steps in (("fgsm", 1), ("pgd", 3)):
        up = found["real0", Trial("net", method, 30.0, steps)]
        down = found["fake0", Trial("net", method, 30.0, steps)]
        assert up.logit == pytest.approx(-10, abs=1e-3)
        assert down.logit == pytest.approx(10, abs=1e-3)
    assert found["real0", Trial("net", "untouched", 0.0, 0)].logit == -40
    assert found["real0", Trial("net", "fgsm", 60.0, 1)].said["png"].verdict is Verdict.INCONCLUSIVE


def test_numbers_are_counted_for_each_trial() -> None:
    report = report_of(outcomes((80.0,)))
    before, fgsm, pgd = (one for one in report["trials"] if one["target"] == "net")
    assert (before["real"], before["fake"], before["unit"]) == (3, 3, "grey levels")
    assert before["network"] == {"auc": 1.0, "real_logit": -39.0, "fake_logit": 39.0}
    said = before["service"]["png"]
    assert said["real_called_authentic"] == said["fake_called_deepfake"] == 3
    assert said["real_called_deepfake"] == said["fake_called_authentic"] == 0
    for after in (fgsm, pgd):
        assert after["network"]["auc"] == after["service"]["png"]["auc"] == 0.0
        assert after["service"]["png"]["real_called_deepfake"] == 3
        assert after["service"]["png"]["fake_called_authentic"] == 3


def test_a_refused_file_has_no_verdict_and_is_no_error() -> None:
    (found,) = attack(
        row("a", "fake"), Grey(250.0), [Trial("net", "untouched", 0.0, 0)], DETECTOR, PIPELINE
    )
    assert found.said["png"].verdict is None and found.said["png"].probability is None
    said = report_of([found])["trials"][0]["service"]["png"]
    assert said["fake_called_authentic"] == 0 and said["fake_probability"] is None


def test_outcomes_are_the_same_when_they_are_read_again(tmp_path: Path) -> None:
    file, found = tmp_path / "outcomes.jsonl", outcomes()
    assert read_outcomes(file, PIPELINE) == []
    for outcome in found:
        json_lines.append(file, asdict(outcome))
    assert read_outcomes(file, PIPELINE) == found
    assert read_outcomes(file, "other") == []
    assert report_of(read_outcomes(file, PIPELINE)) == report_of(found)


def test_stills_and_voices_that_share_a_target_are_told_apart() -> None:
    wanted = [Trial("together", "untouched", 0.0, 0)]
    still = attack(row("a", "real"), Grey(60.0), wanted, DETECTOR, PIPELINE)
    voice = attack(row("b", "real"), Grey(60.0, formats=("flac",)), wanted, DETECTOR, PIPELINE)
    report = report_of([*still, *voice])
    assert [one["unit"] for one in report["trials"]] == [
        "grey levels",
        "thousandths of full scale",
    ]
    text = card({**report, "steps": 3})
    assert "## together (grey levels)" in text and "## together (thousandths" in text


def test_the_card_tells_each_trial_in_a_row() -> None:
    text = card({**report_of(outcomes((80.0,))), "steps": 3})
    assert "| fgsm | 80 | 0.00 | png | 3 of 3 | 0 of 3 | 0 of 3 | 3 of 3 | 0.00 |" in text
    assert "PGD 3 steps" in text


def test_where_nothing_was_attacked_the_card_says_so() -> None:
    assert "No medium could be attacked" in card({**report_of([]), "steps": 3})
