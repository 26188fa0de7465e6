"""Assay: is this video, still or voice clip a deepfake, how sure are we, and what says so?

from assay import Detector
print(Detector().analyze("clip.mp4").verdict)
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.detector import Detector

__all__ = ["Detector", "__version__"]

__version__ = "0.3.0"
"""Semantic. The distribution takes it from here."""

# onnxruntime reports its use to its maker from 1.31 on, unless this is set before it is loaded.
# Who checks what with this program is nobody else's business.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def __getattr__(name: str) -> "type[Detector]":
    """Decoders and model runtime are loaded by whoever asks for the detector, and nobody else."""
    if name != "Detector":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from assay.detector import Detector

    return Detector
