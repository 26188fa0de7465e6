"""What every forge of pictures returns."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assay.types import Image, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Forgery:
    """A forged picture beside the real one that differs from it in the forgery alone.

    real, fake: (height, width, 3) RGB uint8. mask: (height, width) in 0..1, 1 where altered.
    forge: the name of the method. settings: the frozen dataclass that made it; applying it again
    gives the same pixels.
    """

    real: Image
    fake: Image
    mask: Mask
    forge: str
    settings: Any

    @property
    def log(self) -> dict[str, Any]:
        """Method and settings as plain JSON values."""
        return {"forge": self.forge, **asdict(self.settings)}

    @property
    def change(self) -> float:
        """Mean absolute difference inside the mask, grey levels."""
        delta = np.abs(self.fake.astype(np.int16) - self.real).mean(axis=2)
        return float((delta * self.mask).sum() / max(1.0, float(self.mask.sum())))
