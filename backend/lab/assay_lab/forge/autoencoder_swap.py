"""Faces painted anew through a narrow waist and pasted back, as the first deepfake tools do.

One encoder and one decoder serve all identities: the waist alone loses what makes a likeness. A
partner's code can be mixed in, which gives a face between two people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor

from assay.types import Image
from assay_lab.augment.pictures import Corruption
from assay_lab.data.face_picture import FacePicture, frontal
from assay_lab.forge.forgery import Forgery
from assay_lab.forge.generators.apply import painting
from assay_lab.forge.swap import Swap, Swapper
from assay_lab.forge.warp import aligned


@dataclass(frozen=True, slots=True)
class Reface:
    """folder: of a trained generator with a waist. mix: the partner's share of the code, 0..1.

    swap: how the painted face is pasted.
    """

    folder: str
    mix: float
    swap: Swap

    @classmethod
    def draw(cls, rng: Generator, folders: Sequence[Path]) -> "Reface":
        """Any generator; two fifths of the faces stay who they are."""
        drawn = Swap.draw(rng)
        # A painted face is coarse already.
        swap = Swap("similarity", drawn.tone, Corruption(), drawn.mask, drawn.blend)
        return cls(
            folder=str(folders[rng.integers(len(folders))]),
            mix=float(rng.uniform(0.2, 0.8)) if rng.random() < 0.6 else 0.0,
            swap=swap,
        )

    def apply(self, target: FacePicture, partner: FacePicture | None = None) -> Forgery:
        """The target with its painted face; the partner is needed if the code is mixed."""
        side = painting(self.folder).design.side
        face = aligned(target.picture, target.keypoints, side)
        other = face
        if self.mix > 0:
            assert partner is not None
            other = aligned(partner.picture, partner.keypoints, side)
        made = FacePicture(self._painted(face, other), frontal(side), target.group)
        pasted = self.swap.apply(target, made)
        return Forgery(pasted.real, pasted.fake, pasted.mask, "reface", self)

    @torch.inference_mode()
    def _painted(self, face: Image, other: Image) -> Image:
        net = painting(self.folder)
        pictures = torch.from_numpy(np.stack([face, other])).permute(0, 3, 1, 2)
        maps, _ = net.squeeze(net.encode(pictures.float() / 127.5 - 1))
        # The waist is linear: mixing the maps that it widens to is mixing codes.
        mixed: Tensor = (1 - self.mix) * maps[:1] + self.mix * maps[1:]
        y = net.decode(mixed)[0].permute(1, 2, 0).numpy()
        return np.clip(127.5 * (y + 1) + 0.5, 0, 255).astype(np.uint8)


class Refacer:
    """Draws refacings: callable as a forge."""

    def __init__(self, folders: Sequence[Path], swapper: Swapper) -> None:
        self.folders, self.swapper = folders, swapper

    def __call__(self, face: FacePicture, rng: Generator) -> Forgery:
        """A refacing drawn at random, with a partner who looks alike."""
        return Reface.draw(rng, self.folders).apply(face, self.swapper.partner(face, rng))
