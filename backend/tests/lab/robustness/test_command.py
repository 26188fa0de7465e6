"""`attack` from a folder to its card, in earnest, on one face of each class."""

import json
from pathlib import Path

import cv2
import pytest

from assay_lab.robustness.command import command
from tests.media_factory import portrait


def collection(folder: Path) -> Path:
    for label, picture in (("real", portrait()), ("fake", portrait()[:, ::-1])):
        (folder / label).mkdir(parents=True)
        cv2.imwrite(str(folder / label / "a.png"), picture[..., ::-1])
    return folder


def test_a_face_of_each_class_is_attacked_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = collection(tmp_path / "mine"), tmp_path / "attacked"
    (folder / "real" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0junk")
    command([folder], out, each=2, epsilons="2", steps=1)

    assert "passed over" in capsys.readouterr().out
    report = json.loads((out / "metrics.json").read_text())
    tried = [(one["target"], one["method"]) for one in report["trials"]]
    methods = ("untouched", "fgsm", "pgd")
    targets = ("tiny_ladeda", "visual_resnet18", "visual_effnet", "visual_picture", "together")
    assert tried == [(target, method) for target in targets for method in methods]
    for one in report["trials"]:
        assert (one["real"], one["fake"]) == (1, 1)
        assert set(one["service"]) == {"png", "jpeg 90"}
    by_method = {one["method"]: one["network"] for one in report["trials"][3:6]}
    for method in ("fgsm", "pgd"):
        assert by_method[method]["real_logit"] > by_method["untouched"]["real_logit"]
        assert by_method[method]["fake_logit"] < by_method["untouched"]["fake_logit"]

    lines = (out / "outcomes.jsonl").read_text()
    command([folder], out, each=2, epsilons="2", steps=1)
    assert (out / "outcomes.jsonl").read_text() == lines, "what was done is not done again"
    assert json.loads((out / "metrics.json").read_text()) == report

    (folder / "fake" / "a.png").unlink()
    command([folder], out, each=2, epsilons="2", steps=1)
    report = json.loads((out / "metrics.json").read_text())
    assert {one["fake"] for one in report["trials"]} == {0}, "of what is not asked for, nothing"


@pytest.mark.parametrize("epsilons", ["", "0", "-1", "a", "1,,2", "300", "nan", "inf"])
def test_a_strength_that_makes_no_sense_is_refused(tmp_path: Path, epsilons: str) -> None:
    with pytest.raises(SystemExit, match="epsilons"):
        command([tmp_path], tmp_path / "out", epsilons=epsilons)


def test_the_models_folder_is_left_alone(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    with pytest.raises(SystemExit, match="models folder"):
        command([tmp_path], models / "out", models)
    assert not list(models.iterdir())


def test_a_folder_that_is_none_of_the_layouts_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="two folders named real and fake"):
        command([tmp_path], tmp_path / "out")
