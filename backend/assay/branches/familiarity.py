"""How unlike the faces of training a medium's faces are: doubt that no score can express.

Mahalanobis distance of embeddings in their leading directions, after Lee et al., "A Simple Unified
Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from assay.branches.scores import Floats

FILE = "familiar.joblib"
"""Beside the visual network: `centre` (512,), `whiten` (512, k), and `usual`, the distance within
which 99 of 100 held-out faces lie."""


def strangeness(embeddings: Floats, known: Mapping[str, Any]) -> float:
    """Mean distance of faces from those that were trained on, in `usual` ones: over 1 is strange.

    Args:
        embeddings: (n, 512).
        known: The bundle.
    """
    away = (embeddings - known["centre"]) @ known["whiten"]
    return float(np.linalg.norm(away, axis=1).mean() / known["usual"])
