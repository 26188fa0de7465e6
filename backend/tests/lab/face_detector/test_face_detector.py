"""How the face detector is taught: targets, scenes, labels."""

import json

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from assay_lab.data.face_labels import read_labels
from assay_lab.data.rows import read_manifest
from assay_lab.face_detector.backgrounds import drawing, printed_page, smear_faces
from assay_lab.face_detector.geometry import (
    MIRRORED_KEYPOINTS,
    cut_window,
    mirror_points,
    overlap,
    place_on,
)
from assay_lab.face_detector.labels import choose
from assay_lab.face_detector.net import BlazeFace, Served
from assay_lab.face_detector.scenes import Scenes
from assay_lab.face_detector.targets import BACKGROUND, CENTRES, EITHER, FACE, SIZES, assign, losses
from tests.media.faces.stage import face_at


def points_at(x, y, size):
    """Points (8, 2) of an upright face."""
    face = face_at(x, y, size)
    return np.concatenate([face.box.reshape(2, 2), face.keypoints]).astype(np.float32)


# --------------------------------------------------------------------------------------- network


def test_the_network_answers_for_896_anchors():
    points, logits = BlazeFace()(torch.zeros(2, 3, 128, 128))
    assert points.shape == (2, 896, 8, 2)
    assert logits.shape == (2, 896)


def test_an_answer_of_zero_is_the_anchor_itself():
    net = BlazeFace()
    points = net._decode(torch.zeros(1, 896, 16))[0].numpy()
    assert points[:, :2].mean(1) == pytest.approx(CENTRES, abs=1e-6)
    assert (points[:, 1] - points[:, 0]).mean(1) == pytest.approx(SIZES, abs=1e-6)


def test_the_shift_moves_the_operating_point():
    net = BlazeFace().eval()
    pictures = torch.randint(0, 256, (2, 128, 128, 3), dtype=torch.uint8)
    _, plain = Served(net)(pictures)
    _, shifted = Served(net, shift=1.0)(pictures)
    assert torch.allclose(torch.logit(shifted) - torch.logit(plain), torch.tensor(1.0), atol=1e-3)


# --------------------------------------------------------------------------------------- targets


@given(st.floats(0.09, 1.1), st.floats(0, 1), st.floats(0, 1))
def test_every_face_has_an_anchor_near_it(size, x, y):
    state, points = assign([points_at(x, y, size)], [])
    mine = state == FACE
    assert mine.any()
    assert np.abs(np.log(size / SIZES[mine])).max() < 0.5
    assert np.abs(points[mine] - points_at(x, y, size)).max() < 1e-6
    assert not points[~mine].any()


def test_two_faces_have_anchors_of_their_own():
    one, other = points_at(0.25, 0.25, 0.2), points_at(0.75, 0.75, 0.2)
    state, points = assign([one, other], [])
    owners = {tuple(p[:2].mean(0).round(2)) for p in points[state == FACE]}
    assert owners == {(0.25, 0.25), (0.75, 0.75)}


def test_anchors_in_ignored_boxes_may_answer_or_not():
    box = np.array([[0.5, 0.5], [1, 1]], np.float32)
    state, _ = assign([], [box])
    inside = (CENTRES > 0.5).all(1)
    assert (state[inside] == EITHER).all()
    assert (state[~inside] == BACKGROUND).all()


def test_a_perfect_answer_costs_nothing():
    state, wanted = assign([points_at(0.5, 0.5, 0.3)], [])
    logits = torch.where(torch.from_numpy(state == FACE), 12.0, -12.0)[None]
    terms = losses(
        torch.from_numpy(wanted)[None], logits, torch.from_numpy(state)[None],
        torch.from_numpy(wanted)[None],
    )  # fmt: skip
    assert terms["score"] < 1e-4
    assert terms["points"] == 0


def test_answers_that_do_not_matter_cost_nothing():
    state = torch.full((1, 896), EITHER, dtype=torch.int8)
    terms = losses(torch.rand(1, 896, 8, 2), torch.randn(1, 896), state, torch.zeros(1, 896, 8, 2))
    assert terms["score"] == 0
    assert terms["points"] == 0


# -------------------------------------------------------------------------------------- geometry


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(0.05, 0.5))
def test_mirroring_twice_changes_nothing(x, y, size):
    points = points_at(x, y, size)
    assert mirror_points(mirror_points(points)) == pytest.approx(points, abs=1e-6)


def test_a_mirror_image_keeps_corners_in_order_and_swaps_eyes():
    points = points_at(0.3, 0.5, 0.2)
    mirrored = mirror_points(points)
    assert (mirrored[0] < mirrored[1]).all()
    assert mirrored[2] == pytest.approx([1 - points[3, 0], points[3, 1]])


def test_a_window_of_the_whole_picture_is_the_picture():
    picture = np.random.default_rng(0).integers(0, 256, (128, 128, 3), np.uint8)
    assert np.array_equal(cut_window(picture, 0, 0, 128, 128), picture)


def test_overlap_of_hand_made_boxes():
    box = np.array([[0, 0], [10, 10]], np.float32)
    others = np.array([[[0, 0], [10, 10]], [[5, 0], [15, 10]], [[20, 20], [30, 30]]], np.float32)
    assert overlap(box, others) == pytest.approx([1.0, 1 / 3, 0.0])


def test_a_pasted_face_has_the_wanted_size():
    frame, picture = np.zeros((360, 640, 3), np.uint8), np.full((200, 200, 3), 9, np.uint8)
    points = place_on(frame, picture, points_at(100, 100, 80), 40, np.random.default_rng(0))
    assert (points[1] - points[0]) == pytest.approx([40, 40])
    x, y = points[:2].mean(0).astype(int)
    assert frame[y, x].tolist() == [9, 9, 9]


# ------------------------------------------------------------------------------ labels and scenes


COLOURS = np.array(
    [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [255, 0, 255], [0, 255, 255]], np.uint8
)
"""One for each key point of the drawn face."""


@pytest.fixture
def label_folder(tmp_path):
    """A cache of four pictures of a face of six coloured spots; the last is for validation."""
    (tmp_path / "pictures").mkdir()
    lines = []
    for number in range(4):
        picture = np.full((400, 400, 3), 128, np.uint8)
        points = points_at(180 + 10 * number, 200, 160)
        for point, colour in zip(points[2:], COLOURS, strict=True):
            cv2.circle(picture, point.astype(int).tolist(), 9, colour.tolist(), -1)
        bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        name = f"still{number}"
        cv2.imwrite(str(tmp_path / "pictures" / f"{name}.jpg"), bgr, [cv2.IMWRITE_JPEG_QUALITY, 99])
        sure = {"points": points.tolist(), "score": 0.97, "views": 5}
        dream = {"points": points_at(40, 40, 40).tolist(), "score": 0.3, "views": 1}
        doubt = {"points": points_at(350, 60, 50).tolist(), "score": 0.7, "views": 2}
        part = {"points": points_at(180, 180, 50).tolist(), "score": 0.9, "views": 2}
        lines.append(
            {
                "id": name,
                "source": "drawn",
                "group": f"g{number}",
                "part": "val" if number == 3 else "train",
                "faces": [sure, dream, doubt, part],
            }
        )
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return tmp_path


def test_labels_tell_certain_from_doubtful_faces(label_folder):
    labels = read_labels(label_folder, "train")
    assert len(labels) == 3
    for label in labels:
        assert label.faces.shape == (1, 8, 2)
        assert label.doubtful.shape == (1, 8, 2)
        assert label.doubtful[0, 0] == pytest.approx([325, 35])
        assert label.clear
    assert [label.path.stem for label in read_labels(label_folder, "val")] == ["still3"]


def test_a_still_without_a_certain_face_is_no_background(label_folder):
    line = json.loads((label_folder / "labels.jsonl").read_text().splitlines()[0])
    line["faces"][0]["score"] = 0.6
    (label_folder / "labels.jsonl").write_text(json.dumps(line))
    [label] = read_labels(label_folder, "train")
    assert not label.clear


@pytest.mark.parametrize("seed", range(12))
def test_key_points_stay_on_their_spots_however_a_window_is_placed(label_folder, seed):
    rng = np.random.default_rng(seed)
    scenes = Scenes(read_labels(label_folder, "train"))
    label, number = scenes._face(rng)
    roll = float(rng.uniform(-35, 35))
    scene = scenes._place(label, number, 0.6, np.array([0.5, 0.5]), roll, rng)
    [points] = scene.faces
    assert points[:2].mean(0) == pytest.approx([0.5, 0.5], abs=1e-3)
    assert (points[1] - points[0]).mean() == pytest.approx(0.6, rel=0.15)
    assert points[2, 0] < points[3, 0], "the subject's right eye is on the left of any picture"
    colours = np.array([scene.picture[y, x] for x, y in (points[2:] * 128).astype(int)], int)
    mirrored = COLOURS[list(MIRRORED_KEYPOINTS)]
    assert min(np.abs(colours - wanted).max() for wanted in (COLOURS, mirrored)) < 90


def test_scenes_are_the_same_for_the_same_seed_and_differ_for_others(label_folder):
    scenes = Scenes(read_labels(label_folder, "train"))
    one, same, other = (scenes.draw(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.picture, same.picture)
    assert not np.array_equal(one.picture, other.picture)


def test_scenes_are_what_the_network_takes(label_folder):
    scenes = Scenes(read_labels(label_folder, "train"))
    with_faces = 0
    for seed in range(60):
        scene = scenes.draw(np.random.default_rng(seed))
        assert scene.picture.shape == (128, 128, 3)
        assert scene.picture.dtype == np.uint8
        with_faces += bool(scene.faces)
        state, points = assign(scene.faces, scene.ignored)
        assert np.isfinite(points).all()
        assert set(np.unique(state)) <= {FACE, BACKGROUND, EITHER}
    assert 20 < with_faces < 55


def test_made_backgrounds_are_pictures():
    rng = np.random.default_rng(0)
    for picture in (drawing(rng), printed_page(rng)):
        assert picture.dtype == np.uint8
        assert picture.ndim == 3
        assert picture.std() > 1


def test_a_smeared_face_is_gone_and_the_rest_stays():
    picture = np.full((200, 200, 3), 50, np.uint8)
    picture[80:120, 80:120] = 250
    smeared = smear_faces(picture, points_at(100, 100, 40)[None])
    assert smeared[70:130, 70:130].max() < 90
    assert np.array_equal(smeared[:60], picture[:60])


def test_files_are_chosen_alike_everywhere_and_at_most_so_many_of_a_kind(tmp_path):
    lines = ["modality,label,generator,group,source_repo,git_blob,file,notes"]
    lines += [
        f"image,real,,g{number},{source},x,{name}{number}.jpg,"
        for number in range(20)
        for source, name in (("a/b", "a"), ("c/d", "c"))
    ]
    lines.append("speech,real,,g,a/b,y,s.wav,")
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    rows = read_manifest(tmp_path)
    chosen = choose(rows, per_source=5)
    assert len(chosen) == 10
    assert choose(rows[::-1], per_source=5) == chosen
    assert {row.modality for row in chosen} == {"image"}
