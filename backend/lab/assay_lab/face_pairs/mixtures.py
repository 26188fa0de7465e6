"""Pair sources by name, and mixtures of them: one list for every picture trainer."""

from collections.abc import Callable, Iterable, Sequence, Sized
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from assay_lab.data.enough import parts_in_words
from assay_lab.data.faces import FaceCache
from assay_lab.data.rows import DFDC_CROPS as DFDC
from assay_lab.data.rows import Modality, Row, read_manifest
from assay_lab.data.split import Split, known_generator, split_of
from assay_lab.face_pairs.dfdc import DfdcPairs
from assay_lab.face_pairs.pairs import Mixture, PairSource
from assay_lab.face_pairs.sources import (
    CachedFaces,
    FaceFiles,
    Forged,
    Generated,
    Maker,
    Pictures,
    PicturesOf,
)
from assay_lab.forge.autoencoder_swap import Refacer
from assay_lab.forge.generators.draw import draw_brush
from assay_lab.forge.generators.train import trained_generators
from assay_lab.forge.resynthesis import Resynthesiser
from assay_lab.forge.self_blend import self_blend
from assay_lab.forge.swap import Swapper

STYLEGAN = "hmdghoul/generated-faces"
DIFFUSION = "djbielejeski/Stable-Diffusion-Regularization-Images-blonde_woman"


@dataclass(frozen=True, slots=True)
class Draws:
    """What a source may draw on.

    Data folder, face cache, part, whether the gate looks, and the folder of trained generators to
    forge with.
    """

    data: Path
    faces: Path | None
    part: Split
    native: bool
    generators: Path | None


Build = Callable[[Draws], PairSource]


def build_mixture(
    shares: Sequence[tuple[str, float]],
    data: Path,
    faces: Path | None,
    wanted: Split,
    native: bool = False,
    generators: Path | None = None,
) -> Mixture:
    """The named sources, drawing from the groups of one part.

    Args:
        shares: Name and share of each.
        data: Folder with manifest.csv.
        faces: Cache of extract-faces; only pairs that lie in the data as files do without.
        wanted: The part.
        native: Pictures at the resolution of their files, as the gate sees them.
        generators: Folder of train-generators; without it `painted` imitates their traces.

    Raises:
        SystemExit: There is no such source, or the part has too little for one; it says of what.
    """
    for name, _ in shares:
        if name not in SOURCES:
            raise SystemExit(f"{name} is no source of pairs; there are {', '.join(SOURCES)}")
    draws = Draws(data, faces, wanted, native, generators)
    sources = {name: SOURCES[name](draws) for name, _ in shares}
    return Mixture(sources, dict(shares))


def parse_shares(text: str) -> list[tuple[str, float]]:
    """`dfdc=3,self_blended=1` to names and shares; a name alone has share 1."""
    pairs = [item.partition("=") for item in text.split(",")]
    return [(name.strip(), float(share or 1)) for name, _, share in pairs]


def _dfdc(draws: Draws) -> PairSource:
    """Its files are crops of the very kind that serving cuts, native and aligned at once."""
    pairs = DfdcPairs(row for row in _rows(draws, "image") if row.source == DFDC)
    _need(draws, pairs.scenes, f"scenes of {DFDC} with a swap beside its frame (`dfdc`)")
    return pairs


def _painted(draws: Draws) -> PairSource:
    """Faces and whole pictures painted anew, by trained generators where there are some."""
    painters = trained_generators(draws.generators, waist=False)
    return Forged(_bases(draws), Resynthesiser(partial(draw_brush, painters=painters)))


def _refaced(draws: Draws) -> PairSource:
    """Faces squeezed through a trained waist and pasted back."""
    painters = trained_generators(draws.generators, waist=True)
    if not painters:
        raise SystemExit("refaced needs generators with a waist: give --generators")
    return Forged(_bases(draws), Refacer(painters, _swapper(draws)))


def _generated(source: str, draws: Draws) -> PairSource:
    """Stills of one generator beside unrelated photographs."""
    fakes = [row for row in _rows(draws, "image") if row.source == source]
    makers = [Maker(_pictures(draws, fakes))]
    return _beside(draws, makers, _cameras(draws, "image").values(), f"fake stills of {source}")


def _own(draws: Draws) -> PairSource:
    """Fake stills of sources that have no entry of their own, beside unrelated photographs."""
    fakes = [
        row
        for row in _rows(draws, "image")
        if row.fake and row.source not in (DFDC, STYLEGAN, DIFFUSION)
    ]
    by_generator = _by(lambda row: row.generator, fakes)
    makers = [Maker(_pictures(draws, made)) for made in by_generator.values()]
    cameras = _cameras(draws, "image").values()
    return _beside(draws, makers, cameras, "fake stills besides those of the recipe (`own`)")


def _published(draws: Draws) -> PairSource:
    """Frames of published fake clips beside real frames of the same site and of other cameras.

    The other cameras are those of clips, of photographs and of DFDC: against few of them the look
    of the published sites is learnt in place of what their generators leave.
    """
    rows = _rows(draws, "video")
    fakes = [row for row in rows if row.fake and known_generator(row.source, row.generator)]
    frames = _cameras(draws, "video")
    makers = [
        Maker(_pictures(draws, made), frames.get(made[0].source, ()))
        for made in _by(lambda row: f"{row.source} {row.generator}", fakes).values()
    ]
    dfdc = [row for row in _rows(draws, "image") if row.source == DFDC and not row.fake]
    cameras = [*frames.values(), *_cameras(draws, "image").values(), FaceFiles(dfdc)]
    return _beside(draws, makers, cameras, "published fake clips (`published`)")


def _beside(
    draws: Draws, makers: Iterable[Maker], cameras: Iterable[Pictures], fakes: str
) -> Generated:
    """Those of which any faces were found.

    Args:
        fakes: What the makers made, in words.
    """
    shown = [maker for maker in makers if len(maker.fakes)]
    real = [pictures for pictures in cameras if len(pictures)]
    _need(draws, shown, f"faces in {fakes}")
    _need(draws, real, "real faces to stand beside them")
    return Generated(shown, real)


def _need(draws: Draws, found: Sized, what: str) -> None:
    """Say what a part lacks, and how the data fall into parts: small ones leave some empty.

    Raises:
        SystemExit: Nothing was found.
    """
    if len(found) == 0:
        parts = parts_in_words(read_manifest(draws.data))
        raise SystemExit(
            f"too little: the {draws.part} part of {draws.data} has no {what}. "
            f"Parts go by groups, 80, 10 and 10 in a hundred; these data: {parts}."
        )


def _cameras(draws: Draws, modality: Modality) -> dict[str, Pictures]:
    """Real faces by source."""
    rows = [row for row in _rows(draws, modality) if not row.fake]
    by_source = _by(lambda row: row.source, rows)
    return {source: _pictures(draws, some) for source, some in by_source.items()}


def _pictures(draws: Draws, rows: Sequence[Row]) -> Pictures:
    return PicturesOf(_faces(draws, rows))


def _by(name: Callable[[Row], str], rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by name."""
    named: dict[str, list[Row]] = {}
    for row in rows:
        named.setdefault(name(row), []).append(row)
    return named


@cache
def _bases(draws: Draws) -> CachedFaces:
    """Faces to forge: of photographs and of frames."""
    found = _faces(draws, [row for row in _rows(draws, "image", "video") if not row.fake])
    _need(draws, found, "real faces to forge")
    return found


@cache
def _swapper(draws: Draws) -> Swapper:
    """Knows who looks like whom among the faces to forge, which takes a look at many of them."""
    return Swapper(_bases(draws), np.random.default_rng(0))


def _faces(draws: Draws, rows: Sequence[Row]) -> CachedFaces:
    return CachedFaces(_cache(draws.faces), rows, draws.native)


@cache
def _rows(draws: Draws, *modalities: Modality) -> list[Row]:
    rows = [row for row in read_manifest(draws.data) if row.modality in modalities]
    return [row for row in rows if split_of(row.group) == draws.part]


@cache
def _cache(faces: Path | None) -> FaceCache:
    if faces is None:
        raise SystemExit("these shares need the cache of extract-faces: give --faces")
    return FaceCache(faces)


SOURCES: dict[str, Build] = {
    "dfdc": _dfdc,
    "self_blended": lambda draws: Forged(_bases(draws), self_blend),
    "swapped": lambda draws: Forged(_bases(draws), _swapper(draws)),
    "painted": _painted,
    "refaced": _refaced,
    "published": _published,
    "own": _own,
    "stylegan": partial(_generated, STYLEGAN),
    "diffusion": partial(_generated, DIFFUSION),
}
