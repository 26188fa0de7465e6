"""What the temporal branch learns from: embeddings of real faces over time beside forged ones.

Two kinds. Runs of real clips, blended with themselves steadily or anew at every step, so that the
seam flickers as it does in a swap made frame by frame. And swaps of single frames beside their
originals, looked at several times by an unsteady camera; in half of them the swap fails at some
steps, as it does in the wild. Both members of a pair share one history and one corruption and
pass through the very network that serves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import onnxruntime as ort
from numpy.random import Generator

from assay.branches.temporal.branch import MIN_STEPS
from assay.media.faces.crops import ALIGNED
from assay.types import Floats, Image
from assay_lab.augment.pictures import Corruption
from assay_lab.data.face_picture import FacePicture
from assay_lab.data.split import Split, bucket, split_of
from assay_lab.face_pairs.dfdc import DfdcPairs
from assay_lab.face_pairs.sources import CachedFaces
from assay_lab.forge.self_blend import Misalignment, SelfBlend

SWAP = "swap "
"""How groups of swapped frames begin."""


@dataclass(frozen=True, slots=True)
class SequencePair:
    """real, fake: (steps, 512) embeddings of one run of faces and of its forgery."""

    group: str
    part: Split
    real: Floats
    fake: Floats

    @property
    def swapped(self) -> bool:
        """Whether its frames were swapped, rather than a clip's blended with themselves."""
        return self.group.startswith(SWAP)


def sequence_pairs(
    faces: CachedFaces, session: ort.InferenceSession, most: int
) -> Iterator[SequencePair]:
    """Forge and embed runs of real clips.

    Args:
        faces: Of the clips.
        session: The served visual network.
        most: Of more runs than these, so many are chosen evenly.
    """
    found = runs(faces)
    for place in np.linspace(0, len(found) - 1, min(most, len(found))).round().astype(int):
        row, _ = faces.places[found[place][0]]
        rng = np.random.default_rng(bucket(row.path.name, 2**32, salt="sequences"))
        real, fake = forge_run([faces[number] for number in found[place]], rng)
        yield SequencePair(
            row.group, split_of(row.group), embed(real, session), embed(fake, session)
        )


def runs(faces: CachedFaces) -> list[list[int]]:
    """Unbroken runs of the most present person, of MIN_STEPS faces or more, by their numbers."""
    numbered = enumerate(faces.places)
    found = [
        [number for number, _ in run]
        for _, run in groupby(numbered, key=lambda item: (item[1][0].path, item[1][1].segment))
    ]
    return [run for run in found if len(run) >= MIN_STEPS]


def forge_run(run: Sequence[FacePicture], rng: Generator) -> tuple[list[Image], list[Image]]:
    """Real and forged pictures of a run, under one corruption; half of the forgeries flicker."""
    blend = SelfBlend.draw(rng)
    flickers = rng.random() < 0.5
    corruption = Corruption.draw(rng)
    real, fake = [], []
    for face in run:
        if flickers:
            blend = replace(blend, misalignment=Misalignment.draw(rng))
        made = blend.apply(face)
        real.append(corruption.apply(made.real))
        fake.append(corruption.apply(made.fake))
    return real, fake


def embed(pictures: Sequence[Image], session: ort.InferenceSession) -> Floats:
    """Embeddings (n, 512) of aligned faces."""
    return np.asarray(session.run(["embedding"], {"faces": np.stack(pictures)})[0], np.float32)


def swapped_pairs(
    source: DfdcPairs, wanted: Split, session: ort.InferenceSession, count: int
) -> Iterator[SequencePair]:
    """Pseudo-sequences of swapped frames beside their originals.

    Args:
        source: Swaps of one part of the split.
        wanted: That part.
        session: The served visual network.
        count: How many.
    """
    for number in range(count):
        rng = np.random.default_rng((7, number))
        pair = source.draw(rng)
        real, fake = unsteady(pair.real, pair.fake, rng)
        yield SequencePair(
            f"{SWAP}{wanted} {number}", wanted, embed(real, session), embed(fake, session)
        )


def unsteady(real: Image, fake: Image, rng: Generator) -> tuple[list[Image], list[Image]]:
    """Both pictures through one unsteady camera and one corruption; half of the swaps drop out."""
    steps = int(rng.integers(MIN_STEPS, 13))
    drops = rng.random(steps) < (0.4 if rng.random() < 0.5 else 0.0)
    drops[rng.integers(steps)] = False
    corruption = Corruption.draw(rng)
    place = np.cumsum(rng.normal(0, 0.006, (steps, 3)), axis=0)
    seen: tuple[list[Image], list[Image]] = [], []
    for (x, y, zoom), dropped in zip(place, drops, strict=True):
        for pictures, picture in zip(seen, (real, real if dropped else fake), strict=True):
            side = picture.shape[0]
            matrix = cv2.getRotationMatrix2D((side / 2, side / 2), 60 * x, 1.03 + zoom)
            matrix[:, 2] += np.array([x, y]) * side
            moved = cv2.warpAffine(
                corruption.apply(picture), matrix, (side, side), borderMode=cv2.BORDER_REFLECT_101
            )
            shown = cv2.resize(moved, (ALIGNED, ALIGNED), interpolation=cv2.INTER_AREA)
            pictures.append(cast(Image, shown))
    return seen


def write_pairs(pairs: Iterable[SequencePair], file: Path) -> int:
    """Keep pairs in one file; their number."""
    kept = list(pairs)
    np.savez(
        file,
        group=np.array([pair.group for pair in kept]),
        part=np.array([pair.part for pair in kept]),
        steps=np.array([len(pair.real) for pair in kept]),
        real=np.concatenate([pair.real for pair in kept]).astype(np.float16),
        fake=np.concatenate([pair.fake for pair in kept]).astype(np.float16),
    )
    return len(kept)


def read_pairs(file: Path) -> list[SequencePair]:
    """What `write_pairs` kept."""
    with np.load(file, allow_pickle=False) as kept:
        ends = np.cumsum(kept["steps"])
        cuts = list(zip(ends - kept["steps"], ends, strict=True))
        groups, parts = kept["group"].tolist(), kept["part"].tolist()
        real, fake = kept["real"].astype(np.float32), kept["fake"].astype(np.float32)
    return [
        SequencePair(group, wanted, real[start:end], fake[start:end])
        for (start, end), group, wanted in zip(cuts, groups, parts, strict=True)
    ]
