import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from skimage.data import astronaut

from assay_lab.data.face_labels import read_labels
from assay_lab.data.rows import read_manifest
from assay_lab.data.split import split_of
from assay_lab.forge.generators.net import Design
from assay_lab.forge.generators.train import AlignedFaces, Config, Crops, load_painting, train

COLUMNS = ("modality", "label", "generator", "group", "source_repo", "git_blob", "notes", "file")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe folder with one real picture of each part and one fake."""
    folder = tmp_path_factory.mktemp("data")
    wanted = ["train", "val", "test"]
    groups = [
        next(f"g{i}" for i in range(999) if split_of(f"repo|g{i}") == name) for name in wanted
    ]
    lines = [("real", "", group) for group in groups] + [("fake", "gan", groups[0])]
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number, (label, generator, group) in enumerate(lines):
            cv2.imwrite(str(folder / f"{number}.png"), astronaut()[:200, 100:300])
            row = ("image", label, generator, group, "repo", str(number), "", f"{number}.png")
            writer.writerow(dict(zip(COLUMNS, row, strict=True)))
    return folder


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A cache of label-faces with one real face and one generated one."""
    (tmp_path / "pictures").mkdir()
    points = [[173, 74], [277, 179], [203, 102], [248, 103], [224, 128], [224, 149]]
    face = {"points": [*points, [178, 111], [273, 114]], "score": 0.99, "views": 5}
    lines = []
    for name in ("real", "fake"):
        cv2.imwrite(str(tmp_path / "pictures" / f"{name}.jpg"), astronaut()[:300, 50:400])
        lines.append({"id": name, "source": f"a {name}", "part": "train", "faces": [face]})
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return tmp_path


def config(data: Path, steps: int) -> Config:
    design = Design("nearest", stride=4, width=4)
    return Config(data, design, steps=steps, pictures=1, side=32, warmup=1)


def test_a_finished_run_is_left_as_it_is(data: Path, tmp_path: Path) -> None:
    train(config(data, 3), tmp_path / "run")
    whole = load_painting(tmp_path / "run").state_dict()
    train(config(data, 3), tmp_path / "run")
    again = load_painting(tmp_path / "run").state_dict()
    assert all(torch.equal(a, b) for a, b in zip(whole.values(), again.values(), strict=True))


def test_another_config_is_refused(data: Path, tmp_path: Path) -> None:
    train(config(data, 1), tmp_path / "run")
    with pytest.raises(SystemExit, match="another config"):
        train(config(data, 2), tmp_path / "run")


def test_crops_repeat_and_stay_in_bounds(data: Path) -> None:
    rows = [row for row in read_manifest(data, "image") if not row.fake]
    crops = Crops(rows, config(data, 1), 0, 4)
    assert crops[2].shape == (4, 3, 32, 32)
    assert torch.equal(crops[2], crops[2])
    assert not np.array_equal(crops[2].numpy(), crops[3].numpy())


def test_a_waist_trains_on_aligned_real_faces(labels: Path, tmp_path: Path) -> None:
    design = Design("nearest", stride=4, width=4, code="waist", depth=8, side=32)
    train(Config(labels, design, steps=1, pictures=1), tmp_path / "run")
    assert load_painting(tmp_path / "run").design == design
    known = [label for label in read_labels(labels, "train") if label.source == "a real"]
    faces = AlignedFaces(known, Config(labels, design), 0, 3)
    assert faces[1].shape == (4, 3, 32, 32) and torch.equal(faces[1], faces[1])
