"""Who may learn from what."""

from dataclasses import replace
from pathlib import Path

import pytest

from assay_lab.data.held_out import is_held_out
from assay_lab.data.rows import DFDC_CROPS, Row
from assay_lab.data.split import cross_fold, known_generator, runs_by_fold, split_of


def clip(label="fake", generator="A", source="site/a", group="somebody"):
    return Row(Path("clip.mp4"), "video", label, generator, group, source)


def test_generators_fall_on_both_sides():
    sides = {known_generator(f"site/{number}", "") for number in range(40)}
    assert sides == {True, False}


def test_all_offspring_of_one_family_falls_on_one_side():
    sites = ("OpenTalker/SadTalker", "another/page", "a/third")
    assert len({known_generator(site, "SadTalker (lips enhanced)") for site in sites}) == 1


UNSEEN, LEARNT, KNOWN, TEST = (
    "yangxy/GPEN",
    "podgorskiy/ALAE",
    "middleyuan/All-Age-Faces-Dataset",
    "carpedm20/BEGAN-tensorflow",
)
"""Sources of folds.csv: of fold 0, of another fold, of the first recipe, of the test part."""


@pytest.mark.parametrize("modality", ["image", "video"])
@pytest.mark.parametrize("label", ["real", "fake"])
def test_pictures_are_held_out_by_their_whole_source(modality, label):
    for source, held_out in {UNSEEN: True, TEST: True, LEARNT: False, KNOWN: False}.items():
        for number in range(12):
            row = replace(clip(label=label, source=source, group=str(number)), modality=modality)
            assert is_held_out(row, ["test"]) == held_out


def test_what_we_forge_goes_with_the_source_of_its_original():
    assert is_held_out(clip(generator="forge:swap", source=UNSEEN), ["test"])
    assert not is_held_out(clip(generator="forge:swap", source=LEARNT), ["test"])


def test_dfdc_is_held_out_by_original_video_and_fold():
    rows = [clip(source=DFDC_CROPS, group=f"original {number}") for number in range(400)]
    held_out = [row for row in rows if is_held_out(row, ["val", "test"])]

    assert held_out
    for row in rows:
        unseen = cross_fold(row.source, row.group) in (0, "test")
        assert (row in held_out) == (unseen and split_of(row.group) != "train")


def test_runs_are_those_that_there_are_by_the_fold_they_held_out(tmp_path):
    (tmp_path / "net-0").mkdir()
    (tmp_path / "net-2").mkdir()

    assert runs_by_fold(tmp_path / "net", "train-net") == {
        "0": tmp_path / "net-0",
        "2": tmp_path / "net-2",
    }
    with pytest.raises(SystemExit, match="train-other --hold-out 0"):
        runs_by_fold(tmp_path / "other", "train-other")
