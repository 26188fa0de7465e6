"""The picture network: an ImageNet EfficientNet as it is, and linear heads on its layers.

Ojha, Li and Lee, "Towards Universal Fake Image Detectors that Generalize Across Generative Models",
CVPR 2023: features that were not learned for the task, with a linear head, meet unknown generators
better than a network that was trained to tell the known ones. The same was measured here, see the
log: fine-tuned, these layers fell behind what they gave untouched.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from assay.media.patches import SIDE
from assay.types import Doubles, Floats
from assay_lab.core.export import to_onnx
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.judge import normalised
from assay_lab.visual.effnet.net import EfficientNetAutoAtt
from assay_lab.visual.effnet.served import ServedEfficientNet

VARIANT: Final = "lite0"
LAYERS: Final = {4: 40, 7: 80, 10: 112, 14: 192, 15: 320}
"""Blocks whose output is averaged over the square, and their channels."""
EMBEDDING: Final = sum(LAYERS.values())
HEADS: Final = ("still", "video")
BATCH: Final = 32


class PictureNetwork(nn.Module):
    """For a square of a picture a logit by the head for stills and one by the head for video.

    Args:
        weights: ImageNet weights of the whole EfficientNet; its last layers are not used.
    """

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        whole = EfficientNetAutoAtt(VARIANT)
        whole.load_pretrained(weights)
        trunk = whole.eval().efficientnet
        self.stem = nn.Sequential(trunk._conv_stem, trunk._bn0, trunk._activation)
        ends = [number + 1 for number in LAYERS]
        self.parts = nn.ModuleList(
            nn.Sequential(*trunk._blocks[first:last]) for first, last in pairwise([0, *ends])
        )
        self.heads = nn.Linear(EMBEDDING, len(HEADS))
        self.requires_grad_(False)

    def set_heads(self, weights: Doubles, biases: Doubles) -> None:
        """Take heads in the order of HEADS: weights (2, 744), biases (2,)."""
        self.heads.weight.copy_(torch.from_numpy(weights))
        self.heads.bias.copy_(torch.from_numpy(biases))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Judge squares.

        Args:
            pictures: (n, 3, 224, 224), normalised as ImageNet's.

        Returns:
            Logits (n, 2) in the order of HEADS, and embeddings (n, 744), layer after layer.
        """
        x = self.stem(pictures)
        means = []
        for part in self.parts:
            x = part(x)
            means.append(x.mean(dim=(2, 3)))
        embeddings = torch.cat(means, dim=1)
        return self.heads(embeddings), embeddings


@torch.inference_mode()
def embed(network: PictureNetwork, bank: FaceBank, numbers: Sequence[int]) -> Floats:
    """Embeddings (n, 744) of some patches of a bank."""
    found = []
    for start in range(0, len(numbers), BATCH):
        squares = np.stack([bank.picture(number) for number in numbers[start : start + BATCH]])
        batch = torch.from_numpy(squares).permute(0, 3, 1, 2)
        found.append(network(normalised(batch))[1].numpy())
        if start % (100 * BATCH) == 0:
            print(f"{start} of {len(numbers)} squares", flush=True)
    return np.concatenate(found)


def export(network: PictureNetwork) -> bytes:
    """The served network as an ONNX file: faces (n, 224, 224, 3) uint8 -> still, video, (n,)."""
    example = torch.randint(0, 256, (2, SIDE, SIDE, 3), dtype=torch.uint8)
    return to_onnx(
        _Served(network).eval(),
        {"squares": example},
        HEADS,
        {"squares": {0: "batch"}},
        tolerance=1e-3,
    )


class _Served(nn.Module):
    """Normalisation lives in the graph, and each head has an output of its own."""

    def __init__(self, network: PictureNetwork) -> None:
        super().__init__()
        self.net = ServedEfficientNet(network)

    def forward(self, squares: Tensor) -> tuple[Tensor, Tensor]:
        logits, _ = self.net(squares)
        return logits[:, 0], logits[:, 1]
