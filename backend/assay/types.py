"""Array types that every room uses: one name a kind, so that a signature says what it takes.

Shapes are in the docstrings of what takes them: NumPy's types know element types only.
"""

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""Pixels: RGB (height, width, 3), or grey (height, width) where it is said; or batches."""

Floats = NDArray[np.float32]
"""What networks take and give: features, scores, maps."""

Doubles = NDArray[np.float64]
"""What is calculated exactly: metrics, regressions."""

Waveform = NDArray[np.float32]
"""Sound, (samples,) in -1..1."""

Mask = NDArray[np.float32]
"""(height, width) in 0..1: how much of each pixel is meant."""

Flags = NDArray[np.bool_]
"""Which of many things are chosen."""

Indices = NDArray[np.int64]
"""Places of things in a list."""
