"""Lines of `examine`: whose they are, and when they count no more."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from assay_lab.fusion.examine import Examined, digest_of, read_all, unknown
from tests.lab.examined import media
from tests.lab.media import folder_of_models, written


def line(models: Path, **more: object) -> Examined:
    return replace(media(1)[0], id="a", models=digest_of(models), **more)


def written_to(file: Path, *lines: Examined) -> Path:
    file.write_text("".join(json.dumps(asdict(one)) + "\n" for one in lines))
    return file


def test_a_digest_is_of_the_branches_and_not_of_the_fusion(tmp_path: Path) -> None:
    one, other = (folder_of_models(tmp_path, gate) for gate in "ab")
    before = digest_of(one)
    manifest = json.loads((one / "manifest.json").read_text())
    manifest["models"]["fusion"] = {"files": {"head": "new"}}
    (one / "manifest.json").write_text(json.dumps(manifest))

    assert digest_of(one) == before != digest_of(other)


def test_what_other_models_said_is_asked_again(tmp_path: Path) -> None:
    old, new = (folder_of_models(tmp_path, gate) for gate in "ab")
    still = written(tmp_path)[:1]
    out = written_to(tmp_path / "lines.jsonl", line(old))

    assert unknown(still, out, old, corrupted=False) == []
    assert unknown(still, out, old, corrupted=True) == still
    assert unknown(still, out, new, corrupted=False) == still
    assert unknown(still, tmp_path / "none.jsonl", new, corrupted=False) == still


def test_the_last_line_counts_and_copies_stand_beside_their_original(tmp_path: Path) -> None:
    old, new = (folder_of_models(tmp_path, gate) for gate in "ab")
    now = line(new, ood_score=2.0)
    copy = line(new, corrupted=True)
    file = written_to(tmp_path / "lines.jsonl", line(old), copy, now)

    assert read_all([file], new) == [now, copy]


def test_nothing_is_measured_on_what_other_models_said(tmp_path: Path) -> None:
    old, new = (folder_of_models(tmp_path, gate) for gate in "ab")
    file = written_to(tmp_path / "lines.jsonl", line(old), replace(line(new), id="b"))

    with pytest.raises(SystemExit, match="1 of 2 lines"):
        read_all([file], new)
