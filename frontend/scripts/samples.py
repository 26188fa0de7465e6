"""The two clips for a first try: `python scripts/samples.py public/samples`, with the lab installed.

The original is NASA's portrait of the astronaut Eileen Collins (public domain, as shipped with
scikit-image) under a slow camera move. The forgery is the same clip after our forge has cut the
face out of every frame, coarsened it, moved it a little and pasted it back.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from assay.media.material import Pixels
from assay_lab.forge.blend import Blend
from assay_lab.data.clip import Clip
from assay_lab.augment.pictures import Degradation
from assay_lab.data.face_picture import Points
from assay_lab.forge.footage import Footage
from assay_lab.forge.masks import FaceMask
from assay_lab.forge.self_blend import Misalignment, SelfBlend
from skimage import data
from tests.media_factory import write_video

SECONDS, RATE = 3, 25
SIZE = (480, 480)
EYES_TO_EARS = ((203, 101), (247, 103), (226, 127), (224, 145), (176, 124), (274, 130))
"""Key points of the portrait in the order of `assay.media.material.KEYPOINTS`, pixels."""
FACE_BOX = ((176, 70), (274, 182))
FORGE = Footage(
    SelfBlend(
        mismatch=Degradation(scale=0.5, blur=0.3),
        on_source=True,
        misalignment=Misalignment(shift=(0.04, 0.03), stretch=(1.05, 1.04), turn=1.5),
        mask=FaceMask("inner", grow=0.1, feather=0.06),
        blend=Blend(),
    ),
    shake=0.012,
    memory=0.7,
)


def camera(number: int) -> Points:
    """The move from the portrait to a frame: (2, 3), a slow way in with a slight drift."""
    share = number / (SECONDS * RATE - 1)
    scale = 1.35 + 0.2 * share
    middle = np.array([232.0 - 8 * share, 180.0 - 22 * share])
    matrix = np.eye(2, 3, dtype=np.float32) * scale
    matrix[:, 2] = np.array(SIZE) / 2 - scale * middle
    return matrix


def original() -> Clip:
    """The portrait as filmed, with its face followed."""
    portrait: Pixels = data.astronaut()
    moves = [camera(number) for number in range(SECONDS * RATE)]
    points = np.array(EYES_TO_EARS, np.float32)
    corners = np.array(FACE_BOX, np.float32)
    return Clip(
        frames=np.stack(
            [cv2.warpAffine(portrait, m, SIZE, borderMode=cv2.BORDER_REFLECT) for m in moves]
        ),
        rate=RATE,
        sound=None,
        keypoints=np.stack([points @ m[:, :2].T + m[:, 2] for m in moves]),
        boxes=np.stack([(corners @ m[:, :2].T + m[:, 2]).ravel() for m in moves]),
        group="sample",
    )


def main(folder: Path) -> None:
    """Write both clips with the same encoder settings."""
    folder.mkdir(parents=True, exist_ok=True)
    clip = original()
    for name, made in (("original", clip), ("forgery", FORGE.apply(clip))):
        write_video(
            folder / f"{name}.mp4",
            fps=RATE,
            seconds=SECONDS,
            size=SIZE,
            options={"preset": "slow", "crf": "21"},
            pictures=list(made.frames),
            container_options={"movflags": "+faststart"},
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
