"""Numbers of judged media: against counting, of small sets and of one class, and the card."""

import json

import pytest

from assay_lab.evaluation.folder.card import card
from assay_lab.evaluation.folder.jpeg_sweep import sweep_table
from assay_lab.evaluation.folder.measure import Judged, measure, report_of, scored_of
from tests.lab.evaluation.folder.scripted import judged, spread_out


def told(media: list[Judged]) -> str:
    return card({**report_of(media), "jpeg": []})


def test_a_few_media_are_counted_right() -> None:
    whole = report_of(judged(real=[0.1, 0.3, 0.6], fake=[0.9, 0.4]))["sets"]["all"]
    assert (whole["real"], whole["fake"]) == (3, 2)
    assert whole["confusion"] == {"detected": 1, "missed": 1, "false_alarms": 1, "cleared": 2}
    assert whole["auc"] == pytest.approx(5 / 6, abs=1e-4)
    assert whole["accuracy"] == 0.6 and whole["recall"] == 0.5 and whole["precision"] == 0.5
    assert whole["real_called_deepfake"] == 0.0 and whole["coverage"] == 0.4
    assert whole["thresholds"]["best F1"]["f1"] == 0.8


def test_many_media_have_every_number() -> None:
    report = report_of(spread_out(200))
    whole = report["sets"]["all"]
    low, high = whole["auc_interval"]
    assert low < whole["auc"] < high
    for name in ("eer", "average_precision", "ece", "ece_by_chance", "f1"):
        assert 0 < whole[name] < 1, name
    assert report["branches"]["image"]["visual"]["auc"] == whole["auc"]
    assert "audio" not in report["branches"]["image"], "it applied to none"
    assert json.loads(json.dumps(report)) == report


@pytest.mark.parametrize(
    ("real", "fake", "lacking"), [([0.1, 0.7], [], "fake"), ([], [0.9, 0.2], "real")]
)
def test_one_class_alone_has_what_it_can_have(
    real: list[float], fake: list[float], lacking: str
) -> None:
    media = judged(real, fake)
    whole = report_of(media)["sets"]["all"]
    assert whole["auc"] is None and whole["eer"] is None and whole["thresholds"] == {}
    assert whole["accuracy"] == 0.5
    assert f"No {lacking} media" in told(media)


def test_nothing_judged_is_no_error() -> None:
    media = judged([None], [None])
    report = report_of(media)
    assert report["nothing_to_judge"] == 2 and report["sets"]["all"]["coverage"] == 0.0
    assert "No real media" in told(media)


def test_refused_files_are_counted_by_code_and_nowhere_else() -> None:
    media = judged([0.1, 0.2], [0.9])
    broken = media[0].answer
    media[0] = media[0]._replace(
        answer=type(broken)(broken.id, broken.verdict, None, {}, "unreadable", broken.pipeline)
    )
    report = report_of(media)
    assert report["refused"] == {"unreadable": 1} and report["nothing_to_judge"] == 0
    assert report["sets"]["all"]["real"] == 1
    assert "Refused: 1 unreadable" in told(media)


def test_each_group_has_its_row() -> None:
    media = [
        *judged([0.1, 0.6], [0.9], prefix="a", notes="given part train", source="one"),
        *judged([0.3], [0.2], prefix="b", notes="given part test", source="two", modality="speech"),
    ]
    report = report_of(media)
    assert list(report["sets"]) == ["all", "image", "speech"]
    assert list(report["by_part"]) == ["test", "train"]
    assert report["by_source"]["one"]["false_alarm_rate"] == 0.5
    assert report["by_generator"]["speech: g"]["real"] == 1, "against its own kind alone"
    assert report["by_generator"]["image: g"]["recall"] == 1.0
    text = told(media)
    assert "## Parts of the split" in text and "| speech: g |" in text


def test_a_generator_without_real_media_of_its_kind_is_still_told() -> None:
    media = [*judged([0.1], []), *judged([], [0.9], modality="speech")]
    row = report_of(media)["by_generator"]["speech: g"]
    assert row["auc"] is None and row["recall"] == 1.0


def test_names_of_folders_cannot_break_the_card() -> None:
    text = told(judged([0.1], [0.9], source="a|b<script>\n# title", generator="`x`"))
    (line,) = [line for line in text.splitlines() if "script" in line]
    assert "a\\|b\\<script\\>" in line and "# title" not in text.splitlines()


def test_few_media_are_said_to_be_few() -> None:
    assert "Few media (5 real, 5 fake)" in told(spread_out(5))
    assert "Few media" not in told(spread_out(30))


def test_a_sweep_falls_with_quality() -> None:
    untouched = scored_of(judged([0.1, 0.2], [0.8, 0.9]))
    coarse = scored_of(judged([0.1, 0.6], [0.3, 0.9]))
    none = scored_of([])
    table = sweep_table(untouched, {40: coarse, 90: untouched, 30: none})
    assert [row["quality"] for row in table] == [None, 90, 40], "none was left at 30"
    assert [row["auc"] for row in table] == [1.0, 1.0, 0.75]
    assert [row["recall"] for row in table] == [1.0, 1.0, 0.5]


def test_measures_of_one_class_have_the_same_names() -> None:
    both, one = measure(scored_of(judged([0.1], [0.9]))), measure(scored_of(judged([0.1], [])))
    assert set(one) <= set(both)
