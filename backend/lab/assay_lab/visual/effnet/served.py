"""What is exported: the network with pixels going in, and what it sees in them coming out."""

import torch
from torch import Tensor, nn

from assay.media.faces.crops import ALIGNED
from assay_lab.core.export import to_onnx
from assay_lab.visual.effnet.net import DEVIATION, MEAN, EfficientNetAutoAtt


class ServedEfficientNet(nn.Module):
    """Pixels (n, 224, 224, 3) uint8 -> what the network gives for them normalised.

    Normalisation lives in the graph, so serving hands over uint8 pictures as they were cut.
    """

    scale: Tensor
    shift: Tensor

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net
        mean, deviation = torch.tensor(MEAN), torch.tensor(DEVIATION)
        self.register_buffer("scale", (1 / (255 * deviation)).view(1, 3, 1, 1))
        self.register_buffer("shift", (-mean / deviation).view(1, 3, 1, 1))

    def forward(self, faces: Tensor) -> Tensor | tuple[Tensor, ...]:
        pictures = faces.permute(0, 3, 1, 2).float() * self.scale + self.shift
        return self.net(pictures)


def export(net: EfficientNetAutoAtt) -> bytes:
    """The served network as an ONNX file."""
    example = torch.randint(0, 256, (2, ALIGNED, ALIGNED, 3), dtype=torch.uint8)
    return to_onnx(
        ServedEfficientNet(net).eval(),
        {"faces": example},
        ("logit", "embedding", "attention"),
        {"faces": {0: "batch"}},
        tolerance=1e-3,
    )
