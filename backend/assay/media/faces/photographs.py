"""Is a face a photograph of a person? What is drawn, painted, carved or worn is not judged.

The picture branches learned from photographs and from forgeries that pass for them. Of a painting
they say nothing that means anything, and mostly that no forgery was found.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np

from assay.media.material import FaceCrop
from assay.types import Floats

LOOKS: Final = 3
"""Pictures of a person that are looked at, spread over time."""


class PhotographSession(Protocol):
    """What runs the network: an onnxruntime session of `models/photograph`."""

    def run(self, output_names: None, feed: Mapping[str, Any]) -> Sequence[Any]:
        """`faces` (n, 224, 224, 3) uint8 RGB to logits (n,) of being a photograph of a person."""
        ...


class PhotographCheck:
    """Tells photographs of people from pictures of other kinds. Safe to share between threads."""

    def __init__(self, session: PhotographSession, least: float) -> None:
        """Take the network and the logit from which a face passes for a photograph."""
        self._session = session
        self._least = least

    def passes(self, crops: Sequence[FaceCrop]) -> bool:
        """Whether a person's pictures, one at least, are photographs: half of those looked at."""
        spread = np.linspace(0, len(crops) - 1, min(LOOKS, len(crops))).round().astype(int)
        return bool(np.median(self._logits([crops[index] for index in spread])) >= self._least)

    def those_of(self, crops: Sequence[FaceCrop]) -> list[FaceCrop]:
        """The pictures that are photographs, each for itself."""
        if not crops:
            return []
        passed = self._logits(crops) >= self._least
        return [crop for crop, passes in zip(crops, passed, strict=True) if passes]

    def _logits(self, crops: Sequence[FaceCrop]) -> Floats:
        """Of being a photograph of a person, (n,)."""
        faces = np.stack([crop.aligned for crop in crops])
        (logits,) = self._session.run(None, {"faces": faces})
        return np.asarray(logits, np.float32)
