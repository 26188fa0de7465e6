"""How unlike the faces of training a medium's faces are: doubt that no score can express.

Mahalanobis distance of embeddings in their leading directions, after Lee et al., "A Simple Unified
Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from assay.types import Floats

FILE = "usual.npz"
"""Beside the EfficientNet: `centre` (1280,), `whiten` (1280, k), and the distances within which
media of sources lie that were left out: `usual_face` for one face, `usual_clip` for several of a
person. What changes from moment to moment averages out, so clips lie closer together than faces."""


def ood_score(embeddings: Floats, known: Mapping[str, Any]) -> float:
    """How far the mean of a person's faces lies from what training knew: over 1 is strange.

    Args:
        embeddings: (n, 1280) of one person.
        known: The content of FILE.
    """
    away = (embeddings.mean(axis=0) - known["centre"]) @ known["whiten"]
    usual = known["usual_face"] if len(embeddings) == 1 else known["usual_clip"]
    return float(np.linalg.norm(away) / usual)
