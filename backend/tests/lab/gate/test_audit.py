"""What patches look at, measured on networks whose fields are known."""

import pytest
import torch
from torch import Tensor, nn

from assay_lab.gate.audit import agreement, command, structure_of, table
from assay_lab.gate.net import PATCH_STRIDE, STUDENT_FIELD, Student, Teacher


class Squares(nn.Module):
    """One convolution: the field and the step are its own."""

    def __init__(self, field: int, stride: int) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.conv = nn.Conv2d(3, 1, field, stride)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)[:, 0]


@pytest.mark.parametrize(("field", "stride"), [(4, 4), (9, 8), (12, 8)])
def test_a_convolution_is_seen_as_what_it_is(field: int, stride: int) -> None:
    found = structure_of(Squares(field, stride))
    assert found.field == field and found.stride == stride
    assert found.first == (field - 1) / 2
    assert found.parameters == 3 * field**2 + 1
    assert found.grid == (64 - field) // stride + 1


def test_teacher_and_student_walk_in_step() -> None:
    torch.manual_seed(0)
    both = {
        "teacher": structure_of(Teacher(width=4, blocks=(1, 1, 1, 1))),
        "student": structure_of(Student()),
    }
    assert both["student"].parameters == 1297
    assert both["student"].field == STUDENT_FIELD - 1
    assert {one.stride for one in both.values()} == {PATCH_STRIDE}
    assert "They walk in step" in table(both)
    out_of_step = both | {"student": both["student"]._replace(stride=4)}
    assert "DO NOT" in table(out_of_step)


def test_maps_agree_best_where_they_lie() -> None:
    net, pictures = Squares(8, 8), [255 * torch.rand(1, 3, 96, 96) for _ in range(3)]
    found = agreement(net, net, pictures)
    assert found[0, 0] == pytest.approx(1)
    assert max(r for at, r in found.items() if at != (0, 0)) < 0.9


def test_faces_that_are_too_small_are_told() -> None:
    with pytest.raises(SystemExit, match="large enough"):
        agreement(Squares(8, 8), Squares(8, 8), [])


def test_without_a_run_the_design_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    command()
    assert "| student | 1,297 | 11 x 11 | 8 |" in capsys.readouterr().out
