"""Colours on wide primaries, as the sRGB that networks know."""

from functools import lru_cache
from typing import Final, cast

import cv2
import numpy as np

from assay.types import Floats, Image

_TO_SRGB: Final[dict[int, tuple[tuple[float, float, float], ...]]] = {
    9: (  # BT.2020 (ITU-R BT.2087, annex 2)
        (1.6605, -0.5876, -0.0728),
        (-0.1246, 1.1329, -0.0083),
        (-0.0182, -0.1006, 1.1187),
    ),
    12: (  # Display P3, from the chromaticities of SMPTE EG 432-1 at D65
        (1.2249, -0.2247, 0.0),
        (-0.0420, 1.0419, 0.0),
        (-0.0197, -0.0786, 1.0979),
    ),
}
WIDE: Final = frozenset(_TO_SRGB)
"""Primaries that reach beyond sRGB, by their number (ITU-T H.273, table 2)."""
_STRIP_PIXELS: Final = 1 << 20


def narrowed(pixels: Image, primaries: int) -> Image:
    """A picture whose colours are moved from wide primaries to those of sRGB.

    Args:
        pixels: (h, w, 3) RGB, coded as sRGB or BT.709 code light.
        primaries: One of `WIDE`.
    """
    matrix = np.array(_TO_SRGB[primaries], np.float32)
    linear, coded = _tables()
    result = np.empty_like(pixels)
    rows = max(1, _STRIP_PIXELS // pixels.shape[1])
    for top in range(0, len(pixels), rows):
        light = cv2.transform(linear[pixels[top : top + rows]], matrix)
        steps = np.clip(light * (len(coded) - 1) + 0.5, 0, len(coded) - 1).astype(np.uint16)
        result[top : top + rows] = coded[steps]
    return result


@lru_cache(maxsize=1)
def _tables() -> tuple[Floats, Image]:
    """The light of each code of sRGB, and the code of each of 65,536 steps of light."""
    code = np.arange(256) / 255
    light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    step = np.linspace(0, 1, 65_536)
    back = np.where(step <= 0.0031308, 12.92 * step, 1.055 * step ** (1 / 2.4) - 0.055)
    return light.astype(np.float32), cast(Image, (255 * back).round().astype(np.uint8))
