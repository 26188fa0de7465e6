"""Which fakes are told from which real faces: the recipe's, and those of one's own folders."""

from pathlib import Path

import numpy as np

from assay_lab.data.rows import DFDC_CROPS as DFDC
from assay_lab.data.rows import Row
from assay_lab.face_pairs.held_out import (
    PHOTOS,
    Shown,
    auc_by_condition,
    condition_table,
    kinds_of,
)
from assay_lab.face_pairs.mixtures import STYLEGAN


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
