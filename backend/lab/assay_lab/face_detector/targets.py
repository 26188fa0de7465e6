"""Which anchor answers for which face, and how far its answer is off."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from assay.types import Floats
from assay_lab.face_detector.net import anchor_centres, anchor_sizes

FACE, BACKGROUND, EITHER = 1, 0, -1

CENTRES: Floats = anchor_centres().numpy()
SIZES: Floats = anchor_sizes().numpy()

NEAR, NEAR_SIZE = 0.3, 0.2
"""An anchor answers for a face within 0.3 face sizes of its centre and a factor of e^0.2..."""
AROUND, AROUND_SIZE = 0.6, 0.55
"""... and within these it may answer or not."""


def assign(faces: list[Floats], ignored: list[Floats]) -> tuple[NDArray[np.int8], Floats]:
    """Targets of one window.

    Args:
        faces: Points (8, 2) each, in 0..1.
        ignored: Boxes (2, 2) each, in 0..1.

    Returns:
        State (896,) of each anchor: FACE, BACKGROUND or EITHER; and the points (896, 8, 2) of
        the face that it answers for, zero where there is none.
    """
    state = np.zeros(len(CENTRES), np.int8)
    points = np.zeros((len(CENTRES), 8, 2), np.float32)
    for box in ignored:
        state[((box[0] < CENTRES) & (box[1] > CENTRES)).all(1)] = EITHER
    claims = []
    for face in faces:
        size = float((face[1] - face[0]).mean())
        distance = np.linalg.norm(CENTRES - face[:2].mean(0), axis=1) / size
        scale = np.abs(np.log(size / SIZES))
        state[(distance < AROUND) & (scale < AROUND_SIZE) & (state != FACE)] = EITHER
        fitting = scale <= max(NEAR_SIZE, float(scale.min()) + 1e-6)
        nearest = fitting & (distance <= distance[fitting].min() + 1e-6)
        claims.append(np.where(fitting & (distance < NEAR) | nearest, distance, np.inf))
        state[np.isfinite(claims[-1])] = FACE
    if claims:
        owner = np.argmin(claims, axis=0)
        positive = state == FACE
        points[positive] = np.stack(faces)[owner[positive]]
    return state, points


def losses(points: Tensor, logits: Tensor, state: Tensor, wanted: Tensor) -> dict[str, Tensor]:
    """Loss terms of a batch.

    Args:
        points: (n, 896, 8, 2) predicted. logits: (n, 896) predicted.
        state: (n, 896). wanted: (n, 896, 8, 2).

    Returns:
        "score": focal cross-entropy (Lin et al. 2017, arXiv 1708.02002) per face anchor;
        "points": smooth L1 of box corners and key points, in face sizes.
    """
    face = state == FACE
    count = face.sum().clamp(min=1)
    probability = logits.sigmoid()
    target = face.float()
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    score = (entropy * (target - probability).abs() ** 2)[state != EITHER].sum() / count
    size = (wanted[face][:, 1] - wanted[face][:, 0]).mean(1)
    error = (points[face] - wanted[face]) / size[:, None, None]
    smooth = F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.05, reduction="sum")
    return {"score": score, "points": smooth / (16 * count)}
