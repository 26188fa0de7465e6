"""Distillation against what is known of it in closed form."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from assay_lab.gate.distil import Distillation, bernoulli_kl, distil_loss

LOGITS = st.floats(-8, 8)


@given(LOGITS, LOGITS, st.floats(0.5, 8))
def test_it_is_the_divergence_of_two_classes(wanted: float, found: float, warm: float) -> None:
    two = [torch.tensor([[0.0, logit / warm]], dtype=torch.float64) for logit in (wanted, found)]
    expected = functional.kl_div(
        functional.log_softmax(two[1], dim=1),
        functional.log_softmax(two[0], dim=1),
        log_target=True,
        reduction="batchmean",
    )
    alone = (torch.tensor(logit, dtype=torch.float64) for logit in (wanted, found))
    told = bernoulli_kl(*alone, warm)
    assert float(told) == pytest.approx(warm**2 * float(expected), abs=1e-9)
    assert float(told) >= -1e-12


def test_its_gradient_is_the_difference_of_the_softened_probabilities() -> None:
    wanted = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    found = torch.tensor([0.2, 3.0, -1.0], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(bernoulli_kl(wanted, found, 2.0) * 3, found)
    expected = 2.0 * (torch.sigmoid(found / 2) - torch.sigmoid(wanted / 2))
    torch.testing.assert_close(gradient, expected.detach())


def test_the_hotter_the_nearer_to_the_squared_difference() -> None:
    wanted, found = torch.randn(50).double(), torch.randn(50).double()
    hot = float(bernoulli_kl(wanted, found, 1e3))
    assert hot == pytest.approx(float(functional.mse_loss(found, wanted)) / 8, rel=1e-3)


@pytest.mark.parametrize("how", [Distillation("mse"), Distillation("kl", temperature=3)])
def test_who_agrees_has_nothing_to_learn(how: Distillation) -> None:
    logits = torch.tensor([-60.0, 0.0, 3.0, 60.0])
    assert float(how.divergence(logits, logits)) == pytest.approx(0, abs=1e-6)
    assert torch.isfinite(how.divergence(logits, -logits))


class Constant(nn.Module):
    """The same logit everywhere."""

    def __init__(self, logit: float, cells: int) -> None:
        super().__init__()
        self.logit, self.cells = nn.Parameter(torch.tensor(logit)), cells

    def forward(self, pictures: Tensor) -> Tensor:
        return self.logit.expand(len(pictures), self.cells, self.cells)


BATCH = torch.zeros(3, 2, 3, 16, 16), torch.zeros(3, 2, 2, 2)


def by_labels(net: nn.Module, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
    return {"cut": torch.tensor(10.0), "patch": torch.tensor(2.0)}


def test_a_teacher_that_sees_more_patches_is_asked_where_the_student_looks() -> None:
    loss = distil_loss(Constant(1.0, cells=5), Distillation(), by_labels)
    assert {name: float(part.detach()) for name, part in loss(Constant(3.0, 2), BATCH).items()} == {
        "distil": 4.0
    }


def test_teacher_and_labels_share_what_is_learned() -> None:
    loss = distil_loss(Constant(1.0, 2), Distillation(weight=0.75), by_labels)
    parts = {name: float(part.detach()) for name, part in loss(Constant(3.0, 2), BATCH).items()}
    assert parts == {"distil": 3.0, "cut": 2.5, "patch": 0.5}


def test_the_teacher_does_not_learn() -> None:
    teacher, student = Constant(1.0, 2), Constant(3.0, 2)
    sum(distil_loss(teacher, Distillation(), by_labels)(student, BATCH).values()).backward()
    assert teacher.logit.grad is None and student.logit.grad is not None


@pytest.mark.parametrize(
    "settings",
    [
        {"kind": "cosine"},
        {"temperature": 0.0},
        {"temperature": -1.0},
        {"temperature": float("nan")},
        {"weight": 1.5},
        {"weight": -0.1},
        {"weight": float("nan")},
    ],
)
def test_what_makes_no_sense_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"distillation|temperature"):
        Distillation(**settings)  # type: ignore[arg-type]
