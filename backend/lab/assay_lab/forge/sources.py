"""Pair sources that forge their fakes on the spot."""

from collections.abc import Callable

from numpy.random import Generator

from assay_lab.data.pairs import Pair
from assay_lab.forge.face import Faces, FaceSample
from assay_lab.forge.forgery import Forgery

Forge = Callable[[FaceSample, Generator], Forgery]

VISIBLE = 1.0
"""Mean change inside the mask, grey levels, under which nothing was forged that could be learnt."""
ATTEMPTS = 8


class Forged:
    """Draws a real face and forges it."""

    def __init__(self, faces: Faces, forge: Forge) -> None:
        self.faces, self.forge = faces, forge

    def draw(self, rng: Generator) -> Pair:
        """A pair that differs; faces that no attempt changes (a blank picture) are passed over."""
        while True:
            face = self.faces[int(rng.integers(len(self.faces)))]
            for _ in range(ATTEMPTS):
                made = self.forge(face, rng)
                if made.change > VISIBLE:
                    return Pair(made.real, made.fake, made.mask, together=True)
