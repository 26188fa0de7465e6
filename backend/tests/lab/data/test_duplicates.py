"""Near-duplicates: found however they were saved, joined into groups, never across classes."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data as pictures

from assay_lab.data.duplicates.command import command
from assay_lab.data.duplicates.fingerprints import read_prints
from assay_lab.data.duplicates.hashes import distance, near_pairs, picture_hash
from assay_lab.data.duplicates.matches import Match
from assay_lab.data.duplicates.verdicts import CONTRADICTION, COPY, TRACELESS, judge
from assay_lab.data.rows import Row, read_manifest, write_manifest

REAL = Row(Path("a.jpg"), "image", "real", "", "g1", "s")


@given(st.integers(0, 2**32 - 1), st.integers(0, 15))
def test_banding_finds_exactly_the_pairs_within_the_radius(seed: int, radius: int) -> None:
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**64, (12, 4), np.uint64)
    near = hashes[rng.integers(12, size=8)].copy()
    for one in near:
        for bit in rng.integers(256, size=int(rng.integers(24))):
            one[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    every = np.concatenate([hashes, near])

    found = {tuple(pair) for pair in near_pairs(every, radius).tolist()}

    assert found == {
        (one, other)
        for one in range(len(every))
        for other in range(one + 1, len(every))
        if distance(every[one], every[other]) <= radius
    }


def test_a_radius_that_banding_cannot_promise_is_refused() -> None:
    with pytest.raises(ValueError, match="radii"):
        near_pairs(np.zeros((2, 4), np.uint64), 16)


def test_a_saved_and_shrunk_picture_keeps_its_hash_and_another_does_not() -> None:
    one = cv2.cvtColor(pictures.astronaut(), cv2.COLOR_RGB2GRAY)
    _, saved = cv2.imencode(".jpg", cv2.resize(one, None, fx=0.6, fy=0.6), [1, 50])
    again = picture_hash(cv2.imdecode(saved, cv2.IMREAD_GRAYSCALE))
    first, other = picture_hash(one), picture_hash(pictures.camera())

    assert first is not None and again is not None and other is not None
    assert distance(first, again) <= 15 < distance(first, other)


def test_a_picture_of_nothing_has_no_hash() -> None:
    assert picture_hash(np.full((50, 50), 90, np.uint8)) is None


@pytest.fixture
def rows(tmp_path: Path) -> list[Row]:
    """Real of g1, its copy in g2, a fake of g1, a fake of g3."""
    files = [tmp_path / f"{name}.jpg" for name in "abcd"]
    for size, file in enumerate(files, 1):
        file.write_bytes(bytes(size))
    return [
        replace(REAL, path=files[0]),
        replace(REAL, path=files[1], group="g2"),
        replace(REAL, path=files[2], label="fake", generator="x"),
        replace(REAL, path=files[3], label="fake", generator="x", group="g3"),
    ]


def test_of_copies_the_largest_stays_and_their_groups_become_one(rows: list[Row]) -> None:
    verdicts = judge(rows, [Match(0, 1, identical=True)])

    assert verdicts.left_out == {0: (COPY, 1)}
    assert verdicts.groups[0] == verdicts.groups[1] != verdicts.groups[3]


def test_a_fake_that_equals_its_original_shows_nothing(rows: list[Row]) -> None:
    assert judge(rows, [Match(0, 2, identical=True)]).left_out == {2: (TRACELESS, 0)}


def test_equal_files_of_both_labels_in_two_groups_contradict_each_other(rows: list[Row]) -> None:
    verdicts = judge(rows, [Match(0, 3, identical=True)])

    assert {reason for reason, _ in verdicts.left_out.values()} == {CONTRADICTION}
    assert set(verdicts.left_out) == {0, 3}


def test_alike_files_stay_and_share_a_group(rows: list[Row]) -> None:
    verdicts = judge(rows, [Match(0, 3, identical=False)])

    assert verdicts.left_out == {}
    assert verdicts.groups[0] == verdicts.groups[3]


def test_the_command_leaves_the_second_saving_of_a_photograph_out(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "image").mkdir(parents=True)
    found = []
    for name, picture, quality in (
        ("one", pictures.astronaut(), 95),
        ("again", pictures.astronaut(), 60),
        ("other", pictures.chelsea(), 95),
    ):
        file = folder / "image" / f"{name}.jpg"
        cv2.imwrite(str(file), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        found.append(Row(file, "image", "real", "", name, "s"))
    (folder / "image" / "broken.jpg").write_bytes(b"no picture")
    found.append(Row(folder / "image" / "broken.jpg", "image", "real", "", "broken", "s"))
    write_manifest(folder, found)

    command(folder, tmp_path / "clean")

    kept = {row.path.name for row in read_manifest(tmp_path / "clean")}
    assert kept == {"one.jpg", "other.jpg", "broken.jpg"}
    assert "again.jpg,image,real,s,copy,one.jpg" in (tmp_path / "clean/duplicates.csv").read_text()


def test_a_file_that_is_listed_twice_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    cv2.imwrite(str(file), pictures.camera())
    row = replace(REAL, path=file)

    one, other = read_prints([row, replace(row, label="fake")], tmp_path / "prints.sqlite")

    assert one.tolist() == other.tolist() and len(one) == 4
