"""The gate's exit threshold, and what the exported student sees."""

from pathlib import Path

import numpy as np
import pytest
import torch

from assay_lab.data.rows import Row
from assay_lab.evaluation.pictures import Shown
from assay_lab.nets.ladeda import Student
from assay_lab.release.gate import exit_threshold, export, patch_maps


def test_the_threshold_keeps_its_promise_on_fresh_fakes() -> None:
    rng = np.random.default_rng(0)
    threshold = exit_threshold(rng.normal(size=5000), 0.01)

    assert (rng.normal(size=100_000) < threshold).mean() == pytest.approx(0.01, abs=0.004)


def test_too_few_fakes_promise_nothing_and_nothing_exits() -> None:
    assert exit_threshold(np.zeros(50), 0.01) == float("-inf")


def test_the_exported_student_reads_crops_of_any_even_size() -> None:
    torch.manual_seed(0)
    content = export(Student().eval())
    row = Row(Path("a"), "image", "real", "", "g", "s")
    crops = [np.full((side, side, 3), 90, np.uint8) for side in (64, 256)]

    small, large = patch_maps(content, [Shown(row, crop, crop) for crop in crops])

    assert small.shape == (7, 7)
    assert large.shape == (31, 31)


def test_the_student_has_exactly_1297_parameters() -> None:
    assert sum(parameter.numel() for parameter in Student().parameters()) == 1297
