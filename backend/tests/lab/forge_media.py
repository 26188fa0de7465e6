"""Two faces to forge with: a public-domain portrait, and the same one mirrored and retoned."""

import cv2
import numpy as np
from skimage.data import astronaut

from assay_lab.data.clip import Clip
from assay_lab.data.face_picture import FacePicture

# In pixels of the portrait, as a face detector labels it.
KEYPOINTS = np.array(
    [[203, 102], [248, 103], [224, 128], [224, 149], [178, 111], [273, 114]], np.float32
)
BOX = np.array([173, 74, 277, 179], np.float32)
CORNER, SIDE, SCALE = np.array([143, 35], np.float32), 180, 224 / 180


def portrait() -> FacePicture:
    x, y = CORNER.astype(int)
    picture = cv2.resize(astronaut()[y : y + SIDE, x : x + SIDE], (224, 224))
    return FacePicture(picture, (KEYPOINTS - CORNER) * SCALE, group="portrait")


def mirrored(face: FacePicture) -> FacePicture:
    width = face.picture.shape[1]
    picture = np.ascontiguousarray(face.picture[:, ::-1, ::-1])
    flipped = face.keypoints[[1, 0, 2, 3, 5, 4]] * (-1, 1) + (width - 1, 0)
    return FacePicture(picture, flipped.astype(np.float32), group="mirrored")


def talking(face: FacePicture, seconds: float = 0.8, seed: int = 0) -> Clip:
    """A face that sways, a mouth that darkens with the beat, and a beat to hear."""
    rate, frames, points, boxes = 25.0, [], [], []
    count = round(seconds * rate)
    height, width = face.picture.shape[:2]
    for number in range(count):
        picture = face.picture.copy()
        x, y = (int(value) for value in face.keypoints[3])
        picture[y - 4 : y + 8, x - 12 : x + 12] //= 1 + (number // 5 + seed) % 2
        sway = np.float32([4 * np.sin(number / 4), 0])
        matrix = np.float32([[1, 0, sway[0]], [0, 1, sway[1]]])
        frames.append(
            cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)
        )
        points.append(face.keypoints + sway)
        boxes.append(((BOX.reshape(2, 2) - CORNER) * SCALE).ravel() + np.tile(sway, 2))
    times = np.arange(round(seconds * 16_000)) / 16_000
    sound = 0.3 * np.sin(2 * np.pi * (180 + 60 * seed) * times) * ((times * 5).astype(int) % 2)
    return Clip(
        np.stack(frames),
        rate,
        sound.astype(np.float32),
        np.stack(points).astype(np.float32),
        np.stack(boxes).astype(np.float32),
        group=face.group,
    )
