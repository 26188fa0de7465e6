"""The gate's exit threshold, and what the exported student sees."""

import numpy as np
import pytest
import torch

from assay_lab.face_pairs.held_out import PAIRS
from assay_lab.gate.net import Student
from assay_lab.gate.release import card, exit_threshold, export, patch_maps


def test_the_threshold_keeps_its_promise_on_fresh_fakes() -> None:
    rng = np.random.default_rng(0)
    threshold = exit_threshold([rng.normal(size=5000)], 0.01)

    assert (rng.normal(size=100_000) < threshold).mean() == pytest.approx(0.01, abs=0.004)


def test_too_few_fakes_promise_nothing_and_nothing_exits() -> None:
    assert exit_threshold([np.zeros(50)], 0.01) == float("-inf")
    assert exit_threshold([np.zeros(5000), np.zeros(50)], 0.01) == float("-inf")


def test_the_kind_that_slips_through_most_easily_sets_the_threshold() -> None:
    rng = np.random.default_rng(0)
    easy, hard = rng.normal(3, 1, 5000), rng.normal(0, 1, 500)

    assert exit_threshold([easy, hard], 0.01) == exit_threshold([hard], 0.01)


def test_the_exported_student_reads_crops_of_any_even_size() -> None:
    torch.manual_seed(0)
    content = export(Student().eval())
    crops = [np.full((side, side, 3), 90, np.uint8) for side in (64, 256)]

    small, large = patch_maps(content, crops)

    assert small.shape == (7, 7)
    assert large.shape == (31, 31)


def test_the_student_has_exactly_1297_parameters() -> None:
    assert sum(parameter.numel() for parameter in Student().parameters()) == 1297


def test_the_card_shows_what_pooling_and_corruption_in_training_gave() -> None:
    report = {
        "run": {"shares": [("stylegan", 4.0)]},
        "steps": 600,
        "parameters": 1297,
        "val_auc_by_share_of_patches": {"1.0": 0.7, "0.5": 0.8},
        "test": {},
        "exit": {},
        "auc_by_condition": {"jpeg 40": dict.fromkeys(PAIRS, 0.884)},
    }
    alone = card(report)
    both = card(report | {"uncorrupted": {"jpeg 40": dict.fromkeys(PAIRS, 0.456)}})

    assert "| 0.700 | 0.800 |" in alone
    assert "| jpeg 40 | 0.884 | 0.884 | 0.884 |" in alone
    assert "0.456" not in alone
    assert "| jpeg 40 | 0.456 | 0.456 | 0.456 |" in both
