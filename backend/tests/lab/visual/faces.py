"""Lines of a bank of crops."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assay_lab.data.rows import Modality
from assay_lab.visual.bank import SHAPE, BankFace, BankWriter, FaceBank

KEYPOINTS = "80 90 144 90 112 130 112 160 40 100 184 100"
UNSEEN, LEARNT, TEST = "yangxy/GPEN", "podgorskiy/ALAE", "carpedm20/BEGAN-tensorflow"
"""Sources of fold 0, of fold 2, and of the test part."""


def face(
    number: int, fake: bool = False, source: str = LEARNT, modality: Modality = "image"
) -> BankFace:
    """A crop with the key points of a face in the middle."""
    return BankFace(
        file=f"{modality}{number}",
        modality=modality,
        fake=fake,
        generator="gan" if fake else "",
        method="",
        group=f"{source}|{number}",
        source=source,
        size=150.0,
        keypoints=KEYPOINTS,
    )


def write_bank(folder: Path, faces: Sequence[BankFace]) -> FaceBank:
    """A bank whose crops are noise around their number."""
    writer = BankWriter(folder)
    for number, line in enumerate(faces):
        rng = np.random.default_rng(number)
        writer.add(line, (number + rng.integers(0, 61, SHAPE)).astype(np.uint8))
    writer.flush()
    return FaceBank(folder)
