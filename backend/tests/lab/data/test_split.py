"""Who may learn from what."""

from dataclasses import replace
from pathlib import Path

import pytest

from assay_lab.data.held_out import has_unseen_generator, is_held_out
from assay_lab.data.rows import Row
from assay_lab.data.split import known_generator, split_of


def clip(label="fake", generator="A", source="site/a", group="somebody"):
    return Row(Path("clip.mp4"), "video", label, generator, group, source)


def test_generators_fall_on_both_sides():
    sides = {known_generator(f"site/{number}", "") for number in range(40)}
    assert sides == {True, False}


def test_all_offspring_of_one_family_falls_on_one_side():
    sites = ("OpenTalker/SadTalker", "another/page", "a/third")
    assert len({known_generator(site, "SadTalker (lips enhanced)") for site in sites}) == 1


@pytest.mark.parametrize("number", range(24))
def test_a_published_fake_is_held_out_by_its_generator_or_its_group(number):
    row = clip(source=f"site/{number % 12}", group=f"group {number}")
    unseen = not known_generator(row.source, row.generator)
    assert has_unseen_generator(row) == unseen
    assert is_held_out(row, ["val", "test"]) == (unseen or split_of(row.group) != "train")


def test_only_published_clips_have_unseen_generators():
    rows = [clip(source=f"site/{number}") for number in range(12)]
    assert any(has_unseen_generator(row) for row in rows)
    for row in rows:
        assert not has_unseen_generator(replace(row, modality="image"))
        assert not has_unseen_generator(replace(row, label="real", generator=""))
        assert not has_unseen_generator(replace(row, generator="forge:swap"))


@pytest.mark.parametrize("number", range(12))
def test_our_own_forgeries_and_real_clips_go_by_group(number):
    held_out = split_of(f"group {number}") != "train"
    for row in (
        clip(generator="forge:swap", group=f"group {number}"),
        clip(label="real", generator="", group=f"group {number}"),
    ):
        assert is_held_out(row, ["val", "test"]) == held_out
