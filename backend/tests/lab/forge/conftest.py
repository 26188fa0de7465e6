"""Two faces to forge with: a public-domain portrait, and the same one mirrored and retoned."""

import cv2
import numpy as np
import pytest
from assay_lab.forge.face import FaceSample
from skimage.data import astronaut

# In pixels of the portrait, as a face detector labels it.
KEYPOINTS = np.array(
    [[203, 102], [248, 103], [224, 128], [224, 149], [178, 111], [273, 114]], np.float32
)
BOX = np.array([173, 74, 277, 179], np.float32)
CORNER, SIDE, SCALE = np.array([143, 35], np.float32), 180, 224 / 180


def portrait() -> FaceSample:
    x, y = CORNER.astype(int)
    picture = cv2.resize(astronaut()[y : y + SIDE, x : x + SIDE], (224, 224))
    box = (BOX.reshape(2, 2) - CORNER) * SCALE
    return FaceSample(picture, (KEYPOINTS - CORNER) * SCALE, box.ravel(), group="portrait")


def mirrored(face: FaceSample) -> FaceSample:
    width = face.picture.shape[1]
    picture = np.ascontiguousarray(face.picture[:, ::-1, ::-1])
    flipped = face.keypoints[[1, 0, 2, 3, 5, 4]] * (-1, 1) + (width - 1, 0)
    x0, y0, x1, y1 = face.box
    box = np.array([width - 1 - x1, y0, width - 1 - x0, y1], np.float32)
    return FaceSample(picture, flipped.astype(np.float32), box, group="mirrored")


@pytest.fixture(scope="session")
def face() -> FaceSample:
    return portrait()


@pytest.fixture(scope="session")
def other() -> FaceSample:
    return mirrored(portrait())
