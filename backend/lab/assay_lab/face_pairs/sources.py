"""Pair sources that forge their fakes on the spot, and the faces that they forge."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.random import Generator

from assay.media.faces.crops import face_square, native_square
from assay.types import Image
from assay_lab.augment.pictures import load_rgb
from assay_lab.augment.sharpness import level
from assay_lab.data.face_picture import FacePicture, Faces
from assay_lab.data.faces import FaceCache, FaceSample
from assay_lab.data.rows import Row
from assay_lab.data.shares import by_root
from assay_lab.face_pairs.pairs import Pair
from assay_lab.forge.forgery import Forgery

Forge = Callable[[FacePicture, Generator], Forgery]
"""Forges a face as the generator draws: self_blend, Swapper, Resynthesiser."""

VISIBLE = 1.0
"""Mean change inside the mask, grey levels, under which nothing was forged that could be learnt."""
ATTEMPTS = 8
NEIGHBOURS = 0.5
"""Share of draws in which a real picture comes from the site of the fake."""


class CachedFaces:
    """The crops of some rows, with key points in pixels of the crop.

    Stills that had to be turned upright are left out: their key points are not the crop's.

    Args:
        cache: Of extract-faces.
        rows: Whose faces.
        native: The gate's view, at the resolution of the file, instead of the aligned one.
    """

    def __init__(self, cache: FaceCache, rows: Iterable[Row], native: bool = False) -> None:
        self.cache, self.native = cache, native
        self.places: list[tuple[Row, FaceSample]] = [
            (row, sample)
            for row in rows
            if (found := cache.of(row)) is not None
            for sample in found.faces
            if sample.person == 0
            and (row.modality == "video" or sample.aligned is None)
            and not (native and row.modality == "video" and sample.native is None)
        ]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> FacePicture:
        row, sample = self.places[index]
        found = self.cache.files[row.path.stem]
        aligned, cut = self.cache.read(row, sample)
        place = native_square if self.native else face_square
        square = place(sample.face, found.height, found.width)
        picture = cut if self.native and cut is not None else aligned
        return FacePicture.cut_out(picture, sample.face, square, row.group)


class Forged:
    """Draws a real face and forges it."""

    def __init__(self, faces: Faces, forge: Forge) -> None:
        self.faces, self.forge = faces, forge

    def draw(self, rng: Generator) -> Pair:
        """A pair that differs; faces that no attempt changes (a blank picture) are passed over."""
        while True:
            face = self.faces[int(rng.integers(len(self.faces)))]
            for _ in range(ATTEMPTS):
                made = self.forge(face, rng)
                if made.change > VISIBLE:
                    return Pair(made.real, made.fake, made.mask, together=True)


class Pictures(Protocol):
    """Face pictures that can be picked by number, as serving cuts them."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> Image: ...


class FaceFiles:
    """Files that are such pictures already."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.paths = [row.path for row in rows]

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> Image:
        return load_rgb(self.paths[index])


class PicturesOf:
    """The pictures of faces."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces

    def __len__(self) -> int:
        return len(self.faces)

    def __getitem__(self, index: int) -> Image:
        return self.faces[index].picture


@dataclass(frozen=True, slots=True)
class Maker:
    """What one generator made, and real pictures of the same site; there may be none."""

    fakes: Pictures
    neighbours: Pictures = ()


class Generated:
    """Draws a generated face beside an unrelated real one, made equally sharp.

    In half of the draws the real one is of the same site if that shows any, or a site's light,
    framing and compression would mean fake.

    Args:
        makers: Of fakes; drawn by the root of their number, like the cameras.
        cameras: The real pictures of each source.
    """

    def __init__(self, makers: Sequence[Maker], cameras: Sequence[Pictures]) -> None:
        self.makers, self.cameras = makers, cameras
        self.maker_chances = by_root([len(maker.fakes) for maker in makers])
        self.camera_chances = by_root([len(pictures) for pictures in cameras])

    def draw(self, rng: Generator) -> Pair:
        """A pair of which all of the fake is altered."""
        maker = self.makers[rng.choice(len(self.makers), p=self.maker_chances)]
        camera = self.cameras[rng.choice(len(self.cameras), p=self.camera_chances)]
        if len(maker.neighbours) > 0 and rng.random() < NEIGHBOURS:
            camera = maker.neighbours
        fake = maker.fakes[int(rng.integers(len(maker.fakes)))]
        photo = camera[int(rng.integers(len(camera)))]
        real, fake = level(photo, fake, rng)
        return Pair(real, fake, np.ones(fake.shape[:2], np.float32), together=False)
