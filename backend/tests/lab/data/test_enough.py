"""Folders that are too small to train on are told so in words."""

from pathlib import Path

import pytest

from assay_lab.data.enough import need_both, parts_in_words
from assay_lab.data.faces import FaceCache
from assay_lab.data.rows import Row, read_manifest, write_manifest
from assay_lab.data.split import split_of
from assay_lab.face_pairs import mixtures
from assay_lab.face_pairs.mixtures import build_mixture
from assay_lab.gate.train import command as train_gate


def some(folder: Path, count: int) -> Path:
    rows = [
        Row(folder / f"{label}{n}.png", "image", label, "", f"own|{n}", "own")
        for n in range(count)
        for label in ("real", "fake")
    ]
    write_manifest(folder, rows)
    (folder / "index.jsonl").touch()
    return folder


@pytest.fixture(autouse=True)
def _fresh() -> None:
    mixtures._rows.cache_clear()
    mixtures._bases.cache_clear()


def test_a_folder_without_a_manifest_is_told_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="build-data"):
        read_manifest(tmp_path)


def test_a_folder_without_faces_is_told_what_finds_them(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="extract-faces"):
        FaceCache(tmp_path)


@pytest.mark.parametrize("name", ["dfdc", "own", "self_blended", "swapped", "published"])
def test_a_part_that_lacks_what_a_source_needs_is_told_with_its_numbers(
    name: str, tmp_path: Path
) -> None:
    folder = some(tmp_path, 12)
    with pytest.raises(SystemExit, match=f"the val part of .* has no .*{parts_of(12)}"):
        build_mixture([(name, 1.0)], folder, folder, "val")


def test_a_trainer_says_it_before_any_work(tmp_path: Path) -> None:
    folder = some(tmp_path / "data", 3)
    with pytest.raises(SystemExit, match="too little"):
        train_gate(folder, tmp_path / "run", folder, shares="own")
    assert not (tmp_path / "run").exists()


def test_a_source_that_there_is_not_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="nothing is no source of pairs; there are dfdc"):
        build_mixture([("nothing", 1.0)], tmp_path, None, "train")


def parts_of(count: int) -> str:
    parts = [split_of(f"own|{n}") for n in range(count)]
    return f"train {parts.count('train')} real and {parts.count('train')} fake"


def test_parts_are_told_by_files_and_groups(tmp_path: Path) -> None:
    rows = read_manifest(some(tmp_path, 30))
    assert parts_of(30) in parts_in_words(rows)
    empty = parts_in_words([])
    assert empty.startswith("train 0 real and 0 fake of 0 groups, val 0")


@pytest.mark.parametrize(("fakes", "told"), [([], "0 real and 0"), ([False] * 3, "3 real and 0")])
def test_a_class_that_is_missing_is_told(fakes: list[bool], told: str) -> None:
    with pytest.raises(SystemExit, match=told):
        need_both(fakes, "what is learned from")


def test_both_classes_are_enough() -> None:
    need_both([True, False], "what is learned from")
