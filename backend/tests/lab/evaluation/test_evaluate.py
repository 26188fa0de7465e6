"""The evaluation: honest folds, the right sets, numbers that follow from what was said."""

import numpy as np
import pytest

from assay.evidence import FEATURES, Verdict
from assay_lab.data import bias
from assay_lab.data.rows import DFDC_CROPS
from assay_lab.evaluation import evaluate
from assay_lab.evaluation.card import card
from assay_lab.evaluation.evaluate import ALIKE, CLEAN, large_sets, made_alike, report_of
from assay_lab.fusion.decisions import Answer, answer_all
from assay_lab.fusion.examine import Examined
from assay_lab.fusion.sets import set_of, some_of_each


def line(number: int, fake: bool, modality: str = "speech", **more: object) -> Examined:
    """A medium whose only branch scores fakes a little higher."""
    rng = np.random.default_rng(number)
    score = float(np.clip(rng.normal(0.65 if fake else 0.35, 0.15), 0.01, 0.99))
    features = dict.fromkeys(FEATURES) | {"audio_prob_fake": score}
    scores = dict.fromkeys(("gate", "visual", "temporal", "av_sync")) | {"audio": score}
    about = {
        "id": f"{modality}{number}",
        "modality": modality,
        "label": "fake" if fake else "real",
        "generator": "g" if fake else "",
        "group": f"group {number // 2}",
        "source": f"site {number // 4}",
    }
    return Examined(
        **(about | more), features=features, scores=scores, ood_score=0.0, error=None, clears=fake
    )


def said(about: Examined, verdict: Verdict) -> Answer:
    return Answer(about, 0.5, verdict, "audio")


@pytest.fixture(scope="module")
def speech() -> list[Examined]:
    return [line(number, number % 2 == 0) for number in range(240)]


def test_the_report_follows_from_what_was_said(speech) -> None:
    answers = answer_all(speech, {CLEAN: speech, "mp3 64k": speech[:60]})

    report = report_of(answers)

    fused, audio = report["fused"]["speech"], report["branches"]["audio"]["speech"]
    assert fused["real"] == fused["fake"] == 120
    assert audio["auc"]["low"] < audio["auc"]["value"] > 0.85
    assert fused["auc"]["value"] == pytest.approx(audio["auc"]["value"], abs=0.05)
    assert report["branches"]["visual"] == {}
    # The same media, uncorrupted in truth: nothing may change.
    same = report["conditions"]["speech"]["mp3 64k"]
    assert same["auc"]["value"] == same["auc_before"]
    assert same["branches"]["audio"]["real"] == 30
    assert report["early_exit"]["speech"] == {"real": 0.0, "fake": 1.0}
    assert len(report["by_real_source"]) == 60
    assert report["by_generator"]["speech"]["g"]["media"] == 120


def test_the_card_says_the_numbers(speech) -> None:
    report = report_of(answer_all(speech, {CLEAN: speech, "mp3 64k": speech[:60]}))
    alone = {"seconds": 0.7, "kilobytes": 0.55}
    report |= {
        "media": 240,
        "refused": 0,
        "shortcuts": {"speech": {"together": 0.65, "alone": alone}},
        "alike": {
            "as_found": report["fused"],
            "fused": report["fused"],
            "shortcuts": {"speech": {"together": 0.55, "alone": alone}},
        },
    }

    text = card(report)

    assert f"| speech | 120 | 120 | {report['fused']['speech']['auc']['value']:.3f} (" in text
    assert "| speech | mp3 64k | 30 + 30 |" in text
    assert "| speech | 0.650 | seconds 0.700 | a shortcut exists |" in text
    assert "| speech | 120 | 120 | 0.550 | passed |" in text
    assert "{" not in text


def test_what_is_alike_is_compared_with_the_same_media_as_found(
    monkeypatch: pytest.MonkeyPatch, speech: list[Examined]
) -> None:
    measured: list[list[str]] = []
    monkeypatch.setattr(
        bias,
        "measure",
        lambda files: measured.append(list(files)) or {"together": 0.5, "alone": {}},
    )
    monkeypatch.setattr(evaluate, "copies", lambda files, write: [f"copy of {f}" for f in files])
    answers = answer_all(speech, {CLEAN: speech, ALIKE: speech[:100]})

    found = made_alike(answers, {one.id: one.id for one in speech})

    assert found["as_found"] == found["fused"]
    assert found["fused"]["speech"]["real"] == found["fused"]["speech"]["fake"] == 50
    assert set(measured[0]) == {f"copy of {one.id}" for one in speech[:100]}


def test_sets() -> None:
    assert set_of(line(0, True, "image", source=DFDC_CROPS)) == ["face swaps (DFDC)"]
    assert set_of(line(0, False, "image")) == ["stills"]
    assert set_of(line(0, True, "video", id="abc")) == ["published clips"]
    assert set_of(line(0, False, "video", id="abc-0-real")) == ["forged clips and their originals"]
    assert large_sets([said(line(0, True), Verdict.DEEPFAKE)]) == {}


def test_media_in_which_nothing_is_judged_are_in_no_set() -> None:
    lines = [line(number, number % 2 == 0, source=f"site {number}") for number in range(40)]
    empty = [Answer(one, None, Verdict.INCONCLUSIVE, None) for one in lines]
    judged = [said(one, Verdict.INCONCLUSIVE) for one in lines]

    assert large_sets(empty) == {}
    assert len(large_sets([*empty, *judged])["speech"]) == 40


def test_generators_take_turns() -> None:
    many = [line(n, True, "video", generator="many") for n in range(50)]
    few = [line(n, True, "video", generator="few") for n in range(50, 53)]

    chosen = some_of_each([*many, *few], 6)

    assert sorted(one.generator for one in chosen) == ["few"] * 3 + ["many"] * 3
    assert chosen == some_of_each([*few, *many], 6)
