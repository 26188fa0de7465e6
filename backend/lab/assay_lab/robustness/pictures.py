"""A still under attack: the picture branches as functions of its pixels, with gradients.

Cutting a face out is linear in the pixels: `crop_face` of the service is repeated here as a product
of matrices. Where the face is stays as it was found in the untouched picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
import torch
from torch import Tensor

from assay.branches.gate import BRANCH as GATE
from assay.branches.visual import BRANCH as VISUAL
from assay.media.faces.crops import ALIGNED, face_square, native_square
from assay.media.io.reader import open_media
from assay.media.material import Face
from assay.media.patches import OF_A_STILL, SIDE, corner, middle, scaled_size
from assay.models.manifest import ModelFolder
from assay.models.sessions import ModelStore
from assay.pipeline import extract
from assay.progress import Progress
from assay.settings import Settings
from assay.types import Floats, Image
from assay_lab.core.linf import Budget, Score
from assay_lab.robustness.onnx_graph import OnnxGraph
from assay_lab.robustness.victims import TOGETHER

(GATE_NETWORK,) = GATE.models
RESNET, EFFNET, PICTURE = VISUAL.models
QUALITY: Final = 90
"""Of the JPEG that an attacked picture is uploaded as."""


class Region(NamedTuple):
    """A square of a picture: left and upper edge and side, pixels."""

    left: int
    top: int
    side: int

    def of(self, pixels: Tensor) -> Tensor:
        """Those pixels of (n, h, w, 3)."""
        return pixels[:, self.top : self.top + self.side, self.left : self.left + self.side]


@dataclass(frozen=True, slots=True)
class FaceInPicture:
    """A picture, and where the service cuts its face.

    square: for the visual networks. native: for the gate.
    """

    picture: Image
    square: Region
    native: Region

    @classmethod
    def of(cls, picture: Image, face: Face) -> "FaceInPicture":
        """As `crop_face` cuts it."""
        height, width = picture.shape[:2]
        return cls(
            picture,
            Region(*face_square(face, height, width)),
            Region(*native_square(face, height, width)),
        )

    @property
    def pixels(self) -> Tensor:
        """(1, h, w, 3) float in 0..255."""
        return torch.from_numpy(self.picture[None].astype(np.float32))


class PictureNetworks:
    """The gate and the visual networks of a models folder.

    Args:
        models: Whose files are read, verified.
    """

    def __init__(self, models: ModelFolder) -> None:
        self._top = float(models.parameters(GATE_NETWORK)["top"])
        self._graphs: Mapping[str, OnnxGraph] = {
            name: OnnxGraph(models.read(name, models.entry(name).serve))
            for name in (GATE_NETWORK, *VISUAL.models)
        }

    @property
    def names(self) -> list[str]:
        """Of the networks."""
        return list(self._graphs)

    @property
    def targets(self) -> list[str]:
        """Each network, and all of them together."""
        return [*self.names, TOGETHER]

    def logits(self, name: str, pixels: Tensor, face: FaceInPicture) -> Tensor:
        """What a network says of the face, (n,), as `Gate` and `Visual` ask it.

        Args:
            name: A model.
            pixels: (n, h, w, 3) in 0..255.
            face: Where it is.
        """
        graph = self._graphs[name]
        if name == GATE_NETWORK:
            patches = graph(picture=face.native.of(pixels))["patches"].flatten(1)
            kept = max(1, round(self._top * patches.shape[1]))
            return patches.topk(kept, dim=1).values.mean(dim=1)
        if name == PICTURE:
            squares = squares_of(pixels)
            return graph(squares=squares.flatten(0, 1))["still"].view(OF_A_STILL, -1).mean(dim=0)
        return graph(faces=resized(face.square.of(pixels), ALIGNED, ALIGNED))["logit"]


@dataclass(frozen=True, slots=True)
class Still:
    """A picture with one face. Epsilon is in grey levels of 255."""

    face: FaceInPicture
    networks: PictureNetworks

    @property
    def values(self) -> Tensor:
        """(1, h, w, 3), 0..255."""
        return self.face.pixels

    @property
    def targets(self) -> list[str]:
        """Each network, and all of them."""
        return self.networks.targets

    def budget(self, epsilon: float) -> Budget:
        """Grey levels."""
        return Budget(epsilon, 0.0, 255.0)

    def score(self, target: str, towards: float) -> Score:
        """The target's logit, or the sum of all; pixels that reach no network stay untouched."""
        names = self.networks.names if target == TOGETHER else [target]

        def score(pixels: Tensor) -> Tensor:
            logits = [self.networks.logits(name, pixels, self.face) for name in names]
            return towards * torch.stack(logits).sum(dim=0)

        return score

    def save(self, values: Tensor, folder: Path) -> dict[str, Path]:
        """A PNG, and a JPEG as a good camera saves it."""
        pixels = values[0].round().clamp(0, 255).byte().numpy()
        shown = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        files = {"png": folder / "attacked.png", f"jpeg {QUALITY}": folder / "attacked.jpg"}
        for file in files.values():
            cv2.imwrite(str(file), shown, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        return files


def find_still(
    path: Path, networks: PictureNetworks, settings: Settings, models: ModelStore
) -> Still | None:
    """A still as the service takes it apart; None unless it has one upright face.

    Raises:
        AssayError: It cannot be read.
    """
    progress = Progress(emit=lambda event: None, should_continue=lambda: True)
    material, _ = extract(path, settings, models, progress)
    if len(material.persons) != 1:
        return None
    with open_media(path, settings) as media:
        picture = next(iter(media.frames(()))).rgb()
    (crop,) = material.persons[0].crops
    face = FaceInPicture.of(picture, crop.face)
    seen = face.native.of(face.pixels)[0].byte().numpy()
    is_upright = crop.native is not None and np.array_equal(seen, crop.native)
    return Still(face, networks) if is_upright else None


def squares_of(pixels: Tensor) -> Tensor:
    """(8, n, 224, 224, 3), the squares of pictures (n, h, w, 3) as `patches` cuts them."""
    rows, columns = middle(*pixels.shape[1:3])
    pixels = pixels[:, rows, columns]
    height, width = scaled_size(*pixels.shape[1:3])
    shown = resized(pixels, height, width)
    corners = (corner(height, width, number) for number in range(OF_A_STILL))
    return torch.stack([shown[:, top : top + SIDE, left : left + SIDE] for left, top in corners])


def resized(pixels: Tensor, height: int, width: int) -> Tensor:
    """(n, h, w, 3) at another size, as serving resizes it, without rounding."""
    down, across = (
        torch.from_numpy(_resizing(before, after))
        for before, after in zip(pixels.shape[1:3], (height, width), strict=True)
    )
    return torch.einsum("yi,nijc,xj->nyxc", down, pixels, across)


@cache
def _resizing(before: int, after: int) -> Floats:
    """(after, before): what each pixel contributes to the resized ones, by OpenCV itself."""
    how = cv2.INTER_AREA if before > after else cv2.INTER_LINEAR
    columns = cv2.resize(np.eye(before, dtype=np.float32), (before, after), interpolation=how)
    return np.asarray(columns, np.float32)
