"""What is exported: the student with pixels going in and patch logits coming out."""

from torch import Tensor, nn

from assay_lab.gate.net import Student


class ServedGate(nn.Module):
    """picture (n, h, w, 3) uint8, even sides -> patch logits (n, rows, columns)."""

    def __init__(self, net: Student) -> None:
        super().__init__()
        self.net = net

    def forward(self, picture: Tensor) -> Tensor:
        return self.net(picture.permute(0, 3, 1, 2).float())
