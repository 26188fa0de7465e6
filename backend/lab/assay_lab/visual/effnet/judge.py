"""How well a face network tells sources that it has not learned from."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from assay.types import Doubles, Image
from assay_lab.augment.pictures import Corruption
from assay_lab.core.metrics import auc
from assay_lab.data.rows import DFDC_CROPS
from assay_lab.data.split import bucket
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.net import DEVIATION, MEAN

FILES_OF_A_MAKER: Final = 24
"""So that large sources do not decide alone; clips give all their crops, their mean counts."""
CROPS_OF_A_CLIP: Final = 4
DFDC_FACES: Final = 300

ALIKE: Final = Corruption(scale=0.5, jpeg=60)
"""What both classes go through to be alike in size and weight."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file that was held out: its class, kind and crops."""

    fake: bool
    kind: str
    maker: str
    crops: tuple[int, ...]


def held_out(bank: FaceBank, numbers: Sequence[int]) -> list[Held]:
    """Files among some crops, evenly over their makers, always the same ones.

    kind is `stills`, `clips` or `swaps` (DFDC).
    """
    files: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        files[bank.faces[number].file].append(number)
    seen: dict[tuple[str, str], int] = defaultdict(int)
    chosen = []
    for file in sorted(files, key=lambda name: bucket(name, 2**32, salt="judge")):
        crops = files[file]
        face = bank.faces[crops[0]]
        swaps = face.source == DFDC_CROPS
        key = face.maker, face.modality
        seen[key] += 1
        if seen[key] > (DFDC_FACES if swaps else FILES_OF_A_MAKER):
            continue
        places = np.unique(np.linspace(0, len(crops) - 1, CROPS_OF_A_CLIP).astype(int))
        kind = "swaps" if swaps else "stills" if face.modality == "image" else "clips"
        chosen.append(Held(face.fake, kind, face.maker, tuple(crops[p] for p in places)))
    return chosen


class Judge:
    """AUC by kind, plain and made alike, each file counting for the root of its maker."""

    def __init__(self, bank: FaceBank, numbers: Sequence[int]) -> None:
        self._bank = bank
        self._files = held_out(bank, numbers)

    def __call__(self, net: nn.Module) -> dict[str, float]:
        """Numbers of a network on the CPU."""
        found: dict[str, float] = {}
        for name, corruption in {"": Corruption(), " alike": ALIKE}.items():
            scores = self.scores(net, corruption.apply)
            found |= {f"{kind}{name}": value for kind, value in self.aucs(scores).items()}
        return found

    def scores(self, net: nn.Module, change: Callable[[Image], Image]) -> Doubles:
        """The mean logit of each file's crops, each crop changed first."""
        crops = [crop for file in self._files for crop in file.crops]
        logits = logits_of(net, self._bank, crops, change)
        ends = np.cumsum([len(file.crops) for file in self._files])
        return np.array([part.mean() for part in np.split(logits, ends[:-1])])

    def aucs(self, scores: Doubles) -> Mapping[str, float]:
        """AUC of each kind that has both classes."""
        kinds = sorted({file.kind for file in self._files})
        found = {}
        for kind in kinds:
            of_kind = [number for number, file in enumerate(self._files) if file.kind == kind]
            labels = np.array([self._files[number].fake for number in of_kind])
            if 0 < labels.sum() < len(labels):
                found[kind] = round(auc(labels, scores[of_kind]), 4)
        return found


@torch.inference_mode()
def logits_of(
    net: nn.Module, bank: FaceBank, crops: Sequence[int], change: Callable[[Image], Image]
) -> Doubles:
    """Logits of crops."""
    logits = []
    for start in range(0, len(crops), 32):
        pictures = [change(bank.picture(crop)) for crop in crops[start : start + 32]]
        batch = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)
        logits.append(net(normalised(batch))[0].double().numpy())
    return np.concatenate(logits)


def normalised(faces: Tensor) -> Tensor:
    """uint8 RGB (n, 3, h, w) as EfficientNet expects it."""
    mean = torch.tensor(MEAN, device=faces.device).view(1, 3, 1, 1)
    deviation = torch.tensor(DEVIATION, device=faces.device).view(1, 3, 1, 1)
    shown = (faces.float() / 255 - mean) / deviation
    return shown.contiguous(memory_format=torch.channels_last)
