"""The samples for a first try: `python scripts/samples.py public/samples`, with the lab installed.

The original is NASA's portrait of the astronaut Eileen Collins (public domain, as shipped with
scikit-image) under a slow camera move. The forgery is the same clip after our forge has cut the
face out of every frame, coarsened it, moved it a little and pasted it back. The voice is that of
espeak-ng, a program that puts words together by rule, and the landscape is drawn below.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from assay.types import Image
from assay_lab.augment.pictures import Corruption
from assay_lab.data.clip import Clip
from assay_lab.data.face_picture import Points
from assay_lab.forge.blend import Blend
from assay_lab.forge.footage import Footage
from assay_lab.forge.masks import FaceMask
from assay_lab.forge.self_blend import Misalignment, SelfBlend
from tests.media_factory import speak, write_sound, write_video

SECONDS, RATE = 3, 25
SIZE = (480, 480)
EYES_TO_EARS = ((203, 101), (247, 103), (226, 127), (224, 145), (176, 124), (274, 130))
"""Key points of the portrait in the order of `assay.media.material.KEYPOINTS`, pixels."""
FACE_BOX = ((176, 70), (274, 182))
FORGE = Footage(
    SelfBlend(
        mismatch=Corruption(scale=0.5, blur=0.3),
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
    portrait: Image = data.astronaut()
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


SPOKEN = "Nobody has ever said this. A program puts the words together, and a model should notice."
LANDSCAPE = (720, 960)
"""Height and width."""


def landscape() -> Image:
    """Hills under an evening sky: neither a face nor a voice in it."""
    height, width = LANDSCAPE
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    dusk, horizon = np.array([70.0, 90.0, 150.0]), np.array([250.0, 190.0, 130.0])
    picture = dusk + (horizon - dusk) * (down / height)[..., None]
    sun = (across - 0.7 * width) ** 2 + (down - 0.42 * height) ** 2 < (0.06 * height) ** 2
    picture[sun] = (255, 235, 190)
    for number, colour in enumerate(((96, 104, 128), (62, 78, 84), (34, 50, 44))):
        wave = np.sin(across / (150 - 30 * number) + 2 * number) + np.sin(across / 61 + number)
        picture[down > (0.55 + 0.13 * number) * height + 28 * wave] = colour
    return picture.clip(0, 255).astype(np.uint8)


def main(folder: Path) -> None:
    """Write both clips with the same encoder settings, the voice, and the drawing."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sound(folder / "voice.flac", speak(SPOKEN), codec="flac")
    drawn = cv2.cvtColor(landscape(), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(folder / "landscape.jpg"), drawn, [cv2.IMWRITE_JPEG_QUALITY, 88])
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
