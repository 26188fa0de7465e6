"""Pairs of real and fake faces of many sources: what EfficientNet learns from.

Half of every batch is real. Sources, and on the fake side generators, are drawn by the root of
their size, never by file, and stills and clips are drawn alike often on both sides, so that
neither a site nor a kind of file means fake. A part of the pairs shows one scene twice: a
forgery of ours beside its original, a DFDC swap beside its frame.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor
from torch.utils.data import Dataset

from assay.types import Doubles, Image
from assay_lab.augment.pictures import Corruption
from assay_lab.augment.sharpness import level
from assay_lab.data.face_picture import FacePicture
from assay_lab.data.rows import DFDC_CROPS
from assay_lab.data.shares import by_root
from assay_lab.face_pairs.pairs import Pair
from assay_lab.forge.forgery import Forgery
from assay_lab.forge.generators.draw import draw_brush
from assay_lab.forge.resynthesis import Resynthesiser
from assay_lab.forge.self_blend import self_blend
from assay_lab.forge.swap import Swapper
from assay_lab.visual.bank import FaceBank
from assay_lab.visual.effnet.net import SIDE

Forge = Callable[[FacePicture, Generator], Forgery]

VISIBLE: Final = 1.0
"""Mean change inside the mask, grey levels, under which nothing was forged that could be learnt."""
ATTEMPTS: Final = 8


@dataclass(frozen=True, slots=True)
class Mix:
    """How often each kind of pair is drawn; the rest are generated faces beside unrelated reals.

    forged: our own forgery beside its original. swapped: DFDC. paired: published fakes of which the
    original is known, as the halves of DeepFaceLive. neighbours: of generated faces, how often
    the real one comes from the same site, where it shows any. levelled: how often unrelated
    pictures are made equally sharp. corrupted: share of pairs that everyday corruption comes to.
    """

    forged: float = 0.22
    swapped: float = 0.15
    paired: float = 0.04
    neighbours: float = 0.3
    levelled: float = 0.4
    corrupted: float = 0.85


class FacePairs:
    """Draws pairs from some crops of a bank, deterministically by the generator.

    Args:
        bank: All crops.
        chosen: Numbers of those that may be learnt from.
        mix: How often what is drawn.
    """

    def __init__(self, bank: FaceBank, chosen: Sequence[int], mix: Mix) -> None:
        self.bank, self.mix = bank, mix
        plain = [number for number in chosen if bank.faces[number].source != DFDC_CROPS]
        self._swaps = _Scenes(bank, set(chosen) - set(plain))
        self._scenes = _Scenes(bank, plain)
        self._fakes = _BySource(bank, (n for n in plain if bank.faces[n].fake))
        self._reals = _BySource(bank, (n for n in chosen if not bank.faces[n].fake))
        self._bases = _BySource(
            bank, (n for n in plain if not bank.faces[n].fake and bank.faces[n].keypoints)
        )
        donors = _Donors(bank, self._bases.numbers)
        swap = Swapper(donors, np.random.default_rng(0))
        self._forges: tuple[tuple[Forge, float], ...] = (
            (self_blend, 0.4),
            (swap, 0.3),
            (Resynthesiser(lambda rng: draw_brush(rng, ())), 0.3),
        )

    def draw(self, rng: Generator) -> Pair:
        """A pair of any kind."""
        mix, number = self.mix, rng.random()
        if number < mix.forged:
            return self._forged(rng)
        if number < mix.forged + mix.swapped and self._swaps:
            return self._swaps.draw(rng)
        if number < mix.forged + mix.swapped + mix.paired and self._scenes:
            return self._scenes.draw(rng)
        return self._generated(rng)

    def _forged(self, rng: Generator) -> Pair:
        while True:
            face = self.bank.face(self._bases.draw(rng))
            chances = [chance for _, chance in self._forges]
            forge = self._forges[rng.choice(len(chances), p=chances)][0]
            for _ in range(ATTEMPTS):
                made = forge(face, rng)
                if made.change > VISIBLE:
                    return Pair(made.real, made.fake, made.mask, together=True)

    def _generated(self, rng: Generator) -> Pair:
        fake = self._fakes.draw(rng)
        line = self.bank.faces[fake]
        site = line.source if rng.random() < self.mix.neighbours else None
        real = self._reals.draw(rng, line.modality, site)
        pictures = self.bank.picture(real), self.bank.picture(fake)
        if rng.random() < self.mix.levelled:
            pictures = level(*pictures, rng)
        return Pair(*pictures, mask=None, together=False)


class _BySource:
    """Crops by kind of file and maker, drawn by the root of a maker's groups."""

    def __init__(self, bank: FaceBank, numbers: Iterable[int]) -> None:
        self.numbers = list(numbers)
        makers: dict[str, dict[str, dict[str, list[int]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        for number in self.numbers:
            face = bank.faces[number]
            makers[face.modality][face.maker][face.group].append(number)
        self._groups = {
            modality: {maker: list(groups.values()) for maker, groups in found.items()}
            for modality, found in makers.items()
        }
        self._chances: dict[str, Doubles] = {
            modality: by_root([len(groups) for groups in found.values()])
            for modality, found in self._groups.items()
        }
        self._sites = {
            (modality, bank.faces[groups[0][0]].source): maker
            for modality, found in self._groups.items()
            for maker, groups in found.items()
        }

    def draw(self, rng: Generator, modality: str | None = None, site: str | None = None) -> int:
        """A crop: of a kind of file if it is named, and of a site if that shows any."""
        if modality not in self._groups:
            modality = list(self._groups)[rng.integers(len(self._groups))]
        found = self._groups[modality]
        maker = self._sites.get((modality, site)) if site is not None else None
        if maker is None:
            maker = list(found)[rng.choice(len(found), p=self._chances[modality])]
        groups = found[maker]
        crops = groups[rng.integers(len(groups))]
        return crops[rng.integers(len(crops))]


class _Scenes:
    """Groups that show a real and a fake face of one scene."""

    def __init__(self, bank: FaceBank, numbers: Iterable[int]) -> None:
        scenes: dict[tuple[str, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for number in sorted(numbers):
            face = bank.faces[number]
            scenes[face.group, face.modality][face.fake].append(number)
        self._bank = bank
        self._scenes = [scene for scene in scenes.values() if all(scene)]

    def __bool__(self) -> bool:
        return bool(self._scenes)

    def draw(self, rng: Generator) -> Pair:
        reals, fakes = self._scenes[rng.integers(len(self._scenes))]
        real = self._bank.picture(reals[rng.integers(len(reals))])
        fake = self._bank.picture(fakes[rng.integers(len(fakes))])
        return Pair(real, fake, mask=None, together=True)


class _Donors:
    """`Faces` to swap with."""

    def __init__(self, bank: FaceBank, numbers: Sequence[int]) -> None:
        self._bank, self._numbers = bank, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index: int) -> FacePicture:
        return self._bank.face(self._numbers[index])


@dataclass(frozen=True, slots=True)
class View:
    """How a crop is shown: mirrored or not, and a square of it."""

    mirrored: bool
    left: int
    top: int
    side: int

    @classmethod
    def draw(cls, rng: Generator) -> "View":
        """Half of the views are the whole crop, whose pixels are as serving has them."""
        side = SIDE if rng.random() < 0.5 else int(rng.integers(round(0.7 * SIDE), SIDE + 1))
        left, top = (int(rng.integers(SIDE - side + 1)) for _ in range(2))
        return cls(bool(rng.random() < 0.5), left, top, side)

    def of(self, picture: Image) -> Image:
        """(224, 224, 3)."""
        cut = picture[self.top : self.top + self.side, self.left : self.left + self.side]
        if self.side != SIDE:
            cut = cast(Image, cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR))
        return np.ascontiguousarray(cut[:, ::-1] if self.mirrored else cut)


class FacePairViews(Dataset[Tensor]):
    """Item i is pair i of a run: (2, 3, 224, 224) uint8, real first; the same on any machine."""

    def __init__(self, pairs: FacePairs, seed: int, first: int, count: int) -> None:
        self._pairs, self._seed, self._first, self._count = pairs, seed, first, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Tensor:
        rng = np.random.default_rng((self._seed, self._first + index))
        pair = self._pairs.draw(rng)
        drawn = [self._history(rng), self._history(rng)]
        if pair.together:
            drawn[1] = drawn[0]
        shown = [
            _shown(picture, *history)
            for picture, history in zip((pair.real, pair.fake), drawn, strict=True)
        ]
        return torch.from_numpy(np.stack(shown)).permute(0, 3, 1, 2)

    def _history(self, rng: Generator) -> tuple[Corruption, View, bool]:
        is_corrupted = rng.random() < self._pairs.mix.corrupted
        corruption = Corruption.draw(rng) if is_corrupted else Corruption()
        # Cut first or corrupted first: a face is cropped from a saved picture, or saved cropped.
        return corruption, View.draw(rng), bool(rng.random() < 0.5)


def _shown(picture: Image, corruption: Corruption, view: View, cut_first: bool) -> Image:
    if cut_first:
        return corruption.apply(view.of(picture))
    return view.of(corruption.apply(picture))


def batches(
    pairs: FacePairs, seed: int, size: int, steps: int
) -> Callable[[int], Iterator[Tensor]]:
    """From a step on, the remaining batches (2 * size, 3, 224, 224), reals and fakes in turn."""

    def remaining(first: int) -> Iterator[Tensor]:
        views = FacePairViews(pairs, seed, first * size, (steps - first) * size)
        loader = torch.utils.data.DataLoader(views, size, num_workers=1, prefetch_factor=4)
        for batch in loader:
            yield batch.flatten(0, 1)

    return remaining
