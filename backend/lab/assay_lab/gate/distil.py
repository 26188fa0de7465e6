"""What the student learns from: the teacher's patch logits, the labels, or some of both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assay_lab.core.device import DEVICE

Loss = Callable[[nn.Module, tuple[Tensor, Tensor]], dict[str, Tensor]]
"""A network and a batch of pictures (n, 2, 3, side, side), real first, with patch labels."""

Kind = Literal["mse", "kl"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Distillation:
    """How the student is told what the teacher thinks.

    kind: squared difference of logits (Ba and Caruana, "Do Deep Nets Really Need to be Deep?",
    2014), or KL divergence of softened probabilities (Hinton, Vinyals and Dean, "Distilling the
    Knowledge in a Neural Network", 2015). temperature: of the latter. weight: of the teacher
    against the labels, 1 for the teacher alone.
    """

    kind: Kind = "mse"
    temperature: float = 1.0
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            ValueError: It does not.
        """
        if self.kind not in KINDS:
            raise ValueError(f"distillation is one of {', '.join(KINDS)}")
        if not self.temperature > 0 or not 0 <= self.weight <= 1:
            raise ValueError("a temperature is above 0, a weight in 0..1")

    def divergence(self, found: Tensor, wanted: Tensor) -> Tensor:
        """Mean difference of the student's logits from the teacher's."""
        if self.kind == "mse":
            return F.mse_loss(found, wanted)
        return bernoulli_kl(wanted, found, self.temperature)


def bernoulli_kl(wanted: Tensor, found: Tensor, temperature: float) -> Tensor:
    """KL divergence of what logits say of fake or real, softened, in the mean.

    Times the temperature squared, so that gradients keep their size (Hinton et al., 2).
    """
    wanted, found = wanted / temperature, found / temperature
    fake = torch.sigmoid(wanted)
    told = fake * (F.logsigmoid(wanted) - F.logsigmoid(found))
    told = told + (1 - fake) * (F.logsigmoid(-wanted) - F.logsigmoid(-found))
    return temperature**2 * told.mean()


def distil_loss(teacher: nn.Module, how: Distillation, by_labels: Loss) -> Loss:
    """The student's patches against the teacher's, and by the labels where they count too.

    Args:
        teacher: Its map is at least as large as the student's.
        how: Which difference, and how much of it.
        by_labels: The loss that the teacher learned by.
    """
    teacher = teacher.to(DEVICE)

    def loss(net: nn.Module, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        pictures = batch[0].flatten(0, 1).float()
        with torch.no_grad():
            wanted = teacher(pictures)
        found = net(pictures)
        rows, columns = found.shape[1:]
        parts = {"distil": how.weight * how.divergence(found, wanted[:, :rows, :columns])}
        if how.weight < 1:
            labelled = by_labels(net, batch)
            parts |= {name: (1 - how.weight) * part for name, part in labelled.items()}
        return parts

    return loss
