"""From tars, recipes and folders to one manifest; what is missing is said."""

import csv
import gzip
import io
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

from assay_lab.data import recipe, tars
from assay_lab.data.build import gather
from assay_lab.data.rows import Row, read_manifest, write_manifest

RECIPE = [
    "modality",
    "label",
    "generator",
    "group",
    "source_repo",
    "git_blob",
    "ext",
    "bytes",
    "license",
    "notes",
]


def write_csv(path: Path, lines: list[dict[str, str]]) -> None:
    text = io.StringIO()
    table = csv.DictWriter(text, list(lines[0]))
    table.writeheader()
    table.writerows(lines)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def line(label: str, group: str, blob: str) -> dict[str, str]:
    values = ["image", label, "swap" if label == "fake" else "", group, "ann/faces"]
    return dict(zip(RECIPE, [*values, blob, ".jpg", "3", "CC0", "a note"], strict=True))


def git(folder: Path, *arguments: str) -> str:
    settings = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
    command = ["git", "-C", str(folder), *settings, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def mirror(tmp_path):
    """A copy of ann/faces, bare, in whose last commit one of the two files is deleted."""
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    (work / "a.jpg").write_bytes(b"one")
    (work / "b.jpg").write_bytes(b"\x00two\nlines\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "both")
    git(work, "rm", "-q", "b.jpg")
    git(work, "commit", "-qm", "one less")
    git(tmp_path, "clone", "-q", "--bare", str(work), str(tmp_path / "mirror/ann+faces/repo"))
    return tmp_path / "mirror"


def test_files_of_a_recipe_are_found_even_where_they_were_deleted(tmp_path, mirror):
    one, two = tars.git_blob(b"one"), tars.git_blob(b"\x00two\nlines\n")
    lines = [line("real", "p1", one), line("fake", "", two)]
    write_csv(tmp_path / "recipe.csv.gz", lines)
    out = tmp_path / "out"
    rows = gather(tmp_path / "recipe.csv.gz", out, mirror)
    assert [row.path.read_bytes() for row in rows] == [b"one", b"\x00two\nlines\n"]
    assert [row.group for row in rows] == ["ann/faces|p1", f"ann/faces|{two}"]
    write_manifest(out, rows)
    assert read_manifest(out) == rows


def test_what_a_mirror_lacks_is_said_and_the_rest_is_there(tmp_path, mirror):
    lines = [line("real", "p1", tars.git_blob(b"one")), line("real", "p2", "0" * 40)]
    lines.append({**line("fake", "", "1" * 40), "source_repo": "bob/none"})
    write_csv(tmp_path / "recipe.csv", lines)
    rows, missing = recipe.extract(tmp_path / "recipe.csv", mirror, tmp_path / "out")
    assert len(rows) == 1
    assert missing == [
        "ann/faces: 1 of 2 not in its copy",
        "bob/none: no copy of it; 1 files are missing",
    ]


def test_what_is_there_is_not_asked_of_git_again(tmp_path, mirror):
    write_csv(tmp_path / "recipe.csv", [line("real", "p1", tars.git_blob(b"one"))])
    recipe.extract(tmp_path / "recipe.csv", mirror, tmp_path / "out")
    rows, missing = recipe.extract(tmp_path / "recipe.csv", tmp_path / "gone", tmp_path / "out")
    assert len(rows) == 1
    assert missing == []


def test_a_limit_holds_for_each_source_and_label_and_always_keeps_the_same(tmp_path, mirror):
    one, two = tars.git_blob(b"one"), tars.git_blob(b"\x00two\nlines\n")
    lines = [line("real", "p1", one), line("real", "p2", two), line("fake", "p1", two)]
    for name, order in (("first", lines), ("second", lines[::-1])):
        write_csv(tmp_path / f"{name}.csv", order)
    found = {
        name: recipe.extract(tmp_path / f"{name}.csv", mirror, tmp_path / name, limit=1)[0]
        for name in ("first", "second")
    }
    kept = {name: {(row.label, row.group) for row in rows} for name, rows in found.items()}
    assert kept["first"] == kept["second"]
    assert sorted(label for label, _ in kept["first"]) == ["fake", "real"]


def test_a_tar_gives_the_same_group_as_the_recipe(tmp_path):
    (tmp_path / "faces").mkdir()
    for name in "ab":
        (tmp_path / f"faces/{name}.jpg").write_bytes(name.encode())
    with tarfile.open(tmp_path / "faces.tar", "w") as tar:
        tar.add(tmp_path / "faces", "faces")
    common = {"modality": "image", "source_repo": "ann/faces", "license": "CC0", "notes": "n"}
    lines = [
        {"file": "faces/a.jpg", "label": "real", "generator": "", "group": "ann/faces|p1"},
        {"file": "faces/b.jpg", "label": "fake", "generator": "g", "group": "ann/faces|"},
    ]
    write_csv(tmp_path / "faces.csv", [one | common for one in lines])
    rows = gather(tmp_path / "faces.tar", tmp_path / "out", None)
    assert [row.path.read_bytes() for row in rows] == [b"a", b"b"]
    assert [row.group for row in rows] == ["ann/faces|p1", f"ann/faces|{tars.git_blob(b'b')}"]


def test_peoples_files_are_linked_under_unique_names(tmp_path):
    for name in ("real/x/0000.png", "real/y/0000.png", "fake/g/0000.PNG"):
        (tmp_path / "own" / name).parent.mkdir(parents=True)
        (tmp_path / "own" / name).write_bytes(name.encode())
    rows = gather(tmp_path / "own", tmp_path / "out", None)
    assert len({row.path.stem for row in rows}) == 3
    assert {row.path.read_bytes() for row in rows} == {
        b"real/x/0000.png",
        b"real/y/0000.png",
        b"fake/g/0000.PNG",
    }
    assert all(row.path.is_relative_to(tmp_path / "out") for row in rows)
    assert gather(tmp_path / "own", tmp_path / "out", None) == rows


def test_a_manifest_gives_back_its_rows_wherever_the_files_lie(tmp_path):
    inside = Row(tmp_path / "image/a.jpg", "image", "fake", "g", "s|p, 1", "s", 'a "note"', "CC0")
    outside = replace(inside, path=Path("/elsewhere/b.jpg"), group="t|joined")
    write_manifest(tmp_path, [inside, outside])
    assert read_manifest(tmp_path) == [inside, outside]
    assert read_manifest(tmp_path, "video") == []


@pytest.mark.parametrize("name", ["recipe.csv", "absent", "file.zip"])
def test_a_source_that_cannot_be_read_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match=name):
        gather(tmp_path / name, tmp_path / "out", None)
