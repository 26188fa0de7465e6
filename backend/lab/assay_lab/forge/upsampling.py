"""The grid that growing maps leave in a picture, from random kernels: no training needed.

Every decoder doubles its maps a few times, and each way of doing so leaves its own periodic trace
(Odena et al. 2016; Zhang et al., "Detecting and Simulating Artifacts in GAN Fake Images", 2019).
Drawing the kernels at random gives more such traces than any number of trained generators.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Floats, Image

Way = Literal["shuffle", "transposed", "nearest"]

NEAR, FAR = 0.75, 0.25
"""Weights of bilinear doubling: a new pixel lies a quarter of an old one off its centre."""
BALANCE = 0.12
"""Share that is left of a fault in a kernel's sum: it draws a grid on plain surfaces."""


@dataclass(frozen=True, slots=True)
class UpsamplingTrace:
    """Shrink a picture by halves, grow it again with faulty kernels, and give back the detail.

    way: how maps are grown. levels: doublings, i.e. the trace repeats every 2 ** levels pixels.
    fault: standard deviation of the kernels' errors. keep: share of the lost detail that is given
    back; at 1 nothing but the trace is added. seed: of the kernels.
    """

    way: Way = "shuffle"
    levels: int = 2
    fault: float = 0.02
    keep: float = 1.0
    seed: int = 0

    @classmethod
    def draw(cls, rng: Generator) -> "UpsamplingTrace":
        """Any of them, mostly faint."""
        ways: tuple[Way, ...] = ("shuffle", "transposed", "nearest")
        return cls(
            way=ways[rng.integers(3)],
            levels=int(rng.integers(1, 4)),
            fault=float(np.exp(rng.uniform(np.log(0.006), np.log(0.05)))),
            keep=float(rng.uniform(0.4, 1.0)) if rng.random() < 0.6 else 1.0,
            seed=int(rng.integers(2**31)),
        )

    def paint(self, picture: Image) -> Image:
        """The picture with the trace, (height, width, 3) of any size."""
        rng = np.random.default_rng(self.seed)
        height, width = picture.shape[:2]
        cell = 2**self.levels
        padded = cv2.copyMakeBorder(
            picture, 0, -height % cell, 0, -width % cell, cv2.BORDER_REFLECT_101
        ).astype(np.float32)
        small = cv2.resize(padded, None, fx=1 / cell, fy=1 / cell, interpolation=cv2.INTER_AREA)
        faulty = clean = small
        for _ in range(self.levels):
            sound, broken = self._kernels(rng)
            faulty, clean = _grow(faulty, broken), _grow(clean, sound)
        made = faulty + self.keep * (padded - clean)
        return np.clip(made[:height, :width] + 0.5, 0, 255).astype(np.uint8)

    def _kernels(self, rng: Generator) -> tuple[Floats, Floats]:
        """Sound and faulty kernels, (2, 2, 3, 3) each.

        For each of the four new pixels of an old one: the weights of its neighbourhood.
        """
        if self.way == "nearest":
            # After plain repetition one kernel serves all four.
            sides, shape = np.array([[FAR, NEAR, 0], [0, NEAR, FAR]]), (1, 1, 3, 3)
        elif self.way == "transposed":
            # Three taps at stride two: some new pixels see one old pixel, others four.
            sides, shape = np.array([[0, 1, 0], [0, 0.5, 0.5]]), (2, 2, 3, 3)
        else:
            sides, shape = np.array([[FAR, NEAR, 0], [0, NEAR, FAR]]), (2, 2, 3, 3)
        sound = np.einsum("ik,jl->ijkl", sides, sides)
        fault = rng.normal(0, self.fault, shape)
        # Training removes nearly all of a fault that shows on plain surfaces.
        fault -= (1 - BALANCE) * fault.mean(axis=(2, 3), keepdims=True)
        fault = fault - BALANCE * fault.mean()
        return sound.astype(np.float32), (sound + fault).astype(np.float32)


def _grow(picture: Floats, kernels: Floats) -> Floats:
    height, width = picture.shape[:2]
    grown = np.empty((2 * height, 2 * width, 3), np.float32)
    for y in range(2):
        for x in range(2):
            grown[y::2, x::2] = cv2.filter2D(
                picture, -1, kernels[y, x], borderType=cv2.BORDER_REFLECT_101
            )
    return grown
