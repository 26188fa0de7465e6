"""Skin and noise painted over: fine texture goes, edges stay, as decoders of latent codes do."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Image

Kind = Literal["core", "bilateral"]


@dataclass(frozen=True, slots=True)
class TextureLoss:
    """kind: `core` drops weak detail band by band, `bilateral` averages like pixels.

    reach: grey levels under which detail goes. bands: octaves that are cored, finest first.
    crisp: gain of the detail that stays. grain: standard deviation of new, spatially even grain
    in grey levels: generators add one of their own.
    """

    kind: Kind = "core"
    reach: float = 6.0
    bands: int = 2
    crisp: float = 1.0
    grain: float = 0.0
    seed: int = 0

    @classmethod
    def draw(cls, rng: Generator) -> "TextureLoss":
        """From barely visible to the look of a beauty filter."""
        return cls(
            kind="core" if rng.random() < 0.7 else "bilateral",
            reach=float(np.exp(rng.uniform(np.log(2.5), np.log(14)))),
            bands=int(rng.integers(1, 4)),
            crisp=float(rng.uniform(0.9, 1.3)),
            grain=float(rng.uniform(0.5, 3.0)) if rng.random() < 0.4 else 0.0,
            seed=int(rng.integers(2**31)),
        )

    def paint(self, picture: Image) -> Image:
        """The picture without its fine texture, same size."""
        if self.kind == "bilateral":
            made = cv2.bilateralFilter(picture, 7, 2.5 * self.reach, 3).astype(np.float32)
        else:
            made = self._core(picture.astype(np.float32))
        if self.grain > 0:
            noise = np.random.default_rng(self.seed).normal(0, 1, picture.shape[:2])
            # Softened: a decoder's grain is never as fine as a sensor's.
            soft = cv2.GaussianBlur(noise.astype(np.float32), (0, 0), 0.7)
            made += (soft * (self.grain / soft.std()))[..., None]
        return np.clip(made + 0.5, 0, 255).astype(np.uint8)

    def _core(self, base: np.ndarray) -> np.ndarray:
        details = []
        for _ in range(self.bands):
            small = cv2.pyrDown(base)
            detail = base - cv2.pyrUp(small, dstsize=base.shape[1::-1])
            power = detail**2
            details.append(detail * (self.crisp * power / (power + self.reach**2)))
            base = small
        for detail in reversed(details):
            base = cv2.pyrUp(base, dstsize=detail.shape[1::-1]) + detail
        return base
