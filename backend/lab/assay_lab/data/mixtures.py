"""Pair sources by name, and mixtures of them: one list for every picture trainer."""

from collections.abc import Callable, Sequence
from pathlib import Path

from assay_lab.data.dfdc import SOURCE as DFDC
from assay_lab.data.dfdc import DfdcPairs
from assay_lab.data.pairs import Mixture, PairSource
from assay_lab.data.rows import read_manifest
from assay_lab.data.split import Part, part

Build = Callable[[Path, Path | None, Part], PairSource]
"""From the data folder, the face cache and a part to a source."""


def _dfdc(data: Path, faces: Path | None, wanted: Part) -> PairSource:
    rows = read_manifest(data, "image")
    return DfdcPairs(row for row in rows if row.source == DFDC and part(row.group) == wanted)


SOURCES: dict[str, Build] = {"dfdc": _dfdc}


def build_mixture(
    shares: Sequence[tuple[str, float]], data: Path, faces: Path | None, wanted: Part
) -> Mixture:
    """The named sources, drawing from the groups of one part."""
    sources = {name: SOURCES[name](data, faces, wanted) for name, _ in shares}
    return Mixture(sources, dict(shares))


def parse_shares(text: str) -> list[tuple[str, float]]:
    """`dfdc=3,self_blended=1` to names and shares; a name alone has share 1."""
    pairs = [item.partition("=") for item in text.split(",")]
    return [(name.strip(), float(share or 1)) for name, _, share in pairs]
