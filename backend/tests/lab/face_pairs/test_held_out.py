"""Which fakes are told from which real faces: the recipe's, and those of one's own folders."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from assay_lab.data.faces import FaceSample, FileFaces
from assay_lab.data.rows import DFDC_CROPS as DFDC
from assay_lab.data.rows import Row
from assay_lab.face_pairs.held_out import (
    FRAMES,
    PHOTOS,
    Shown,
    auc_by_condition,
    condition_table,
    kinds_of,
    shown_clips,
)
from assay_lab.face_pairs.mixtures import STYLEGAN
from tests.lab.forge_media import BOX, KEYPOINTS

from ..face_cache import write_index


def shown(source: str, label: str) -> Shown:
    row = Row(Path("a.png"), "image", label, "g" if label == "fake" else "", "group", source)
    return Shown(row, np.full((32, 32, 3), 200 if label == "fake" else 90, np.uint8), None)


FACES = [
    shown(DFDC, "real"),
    shown(PHOTOS, "real"),
    shown(STYLEGAN, "fake"),
    shown("mine", "real"),
    shown("mine", "fake"),
    shown("only real ones", "real"),
]


def test_a_kind_needs_both_classes_and_own_sources_count() -> None:
    kinds = kinds_of(FACES)

    assert list(kinds) == ["StyleGAN2 stills", "mine"]
    assert kinds["StyleGAN2 stills"].tolist() == [False, True, True, False, False, False]
    assert kinds["mine"].tolist() == [False, False, False, True, True, False]


def test_conditions_are_measured_and_told_of_the_kinds_that_are_there() -> None:
    found = auc_by_condition(
        FACES, lambda some: np.array([one.aligned.mean() for one in some], float)
    )

    assert all(kinds == {"StyleGAN2 stills": 1.0, "mine": 1.0} for kinds in found.values())
    lines = condition_table("AUC by condition", found)
    assert lines[0] == "| AUC by condition | StyleGAN2 stills | mine |"
    assert lines[2] == "| clean | 1.000 | 1.000 |"


@pytest.fixture
def clips(tmp_path: Path) -> list[Row]:
    """Three clips of a source, each of a person in ten frames and of another in one, and one in
    which nobody is. Their brightness is the number of the frame."""
    rows, found = [], []
    for name in ("a", "b", "c", "empty"):
        faces = []
        for number in range(0 if name == "empty" else 11):
            crop = f"{name}-{number}.png"
            cv2.imwrite(str(tmp_path / crop), np.full((224, 224, 3), number, np.uint8))
            place = (float(number), 0, BOX.tolist(), KEYPOINTS.tolist(), 0.9)
            faces.append(FaceSample(int(number == 10), *place, crop, None))
        found.append(FileFaces(name, 512, 512, faces, [], {}))
        rows.append(Row(tmp_path / f"{name}.mp4", "video", "real", "", name, "camera"))
    write_index(tmp_path, found)
    return rows


def test_a_clip_is_shown_by_moments_of_its_most_present_person(clips: list[Row]) -> None:
    shown = shown_clips(clips, clips[0].path.parent, 9)

    assert sorted(faces[0].row.group for faces in shown) == ["a", "b", "c"]
    for faces in shown:
        moments = [int(face.aligned.mean()) for face in faces]
        assert len(moments) == FRAMES
        assert moments[0] == 0 and moments[-1] == 9 and moments == sorted(moments)


def test_no_more_clips_of_a_source_are_shown_than_asked_for_always_the_same(
    clips: list[Row],
) -> None:
    first, again = (
        [faces[0].row.group for faces in shown_clips(some, clips[0].path.parent, 2)]
        for some in (clips, clips[::-1])
    )

    assert len(first) == 2
    assert first == again
