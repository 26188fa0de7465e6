"""FaceForensics++ (Roessler et al. 2019), as its download script lays it out.

    original_sequences/youtube/c23/videos/033.mp4
    original_sequences/actors/c23/videos/01__kitchen_pan.mp4
    manipulated_sequences/Deepfakes/c23/videos/033_097.mp4              033 with the face of 097
    manipulated_sequences/DeepFakeDetection/c23/videos/01_02__kitchen_pan__ABCDEFGH.mp4

Any of raw, c23 and c40 is taken; one video in several of them is one group. YouTube videos were
swapped in pairs, both ways, so a pair and its swaps are one group. The 28 actors were all swapped
with one another; there the group is the actor who is seen, and the face put in may recur in
another group. masks/ are not media of either class and are passed over.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from assay_lab.data.media_files import media_under
from assay_lab.data.rows import Label, Row

NAME = "faceforensics"
MARKS = "folders original_sequences and manipulated_sequences"

_TOPS: dict[str, Label] = {"original_sequences": "real", "manipulated_sequences": "fake"}
_COMPRESSIONS = ("raw", "c0", "c23", "c40")
_SWAP = re.compile(r"(\d{3})_(\d{3})")
_ACTOR = re.compile(r"(\d\d)_")


def fits(folder: Path) -> bool:
    """Whether either of the two folders is there."""
    return any((folder / top).is_dir() for top in _TOPS)


def rows(folder: Path) -> list[Row]:
    """Rows of every method and compression."""
    found = list(_videos(folder))
    partner = {
        one: other
        for path, *_ in found
        if (swap := _SWAP.fullmatch(path.stem))
        for one, other in (swap.groups(), swap.groups()[::-1])
    }
    return [
        Row(
            path=path,
            modality="video",
            label=label,
            generator=method if label == "fake" else "",
            group=f"FaceForensics++|{_group(path.stem, partner)}",
            source="FaceForensics++",
            notes=f"compression {compression}",
        )
        for path, label, method, compression in found
    ]


def _videos(folder: Path) -> Iterator[tuple[Path, Label, str, str]]:
    """Path, label, method (or youtube, actors) and compression of each video."""
    for top, label in _TOPS.items():
        for place in sorted((folder / top).glob("*/*/videos")):
            if place.parent.name in _COMPRESSIONS:
                for path, modality in media_under(place):
                    if modality == "video":
                        yield path, label, place.parent.parent.name, place.parent.name


def _group(stem: str, partner: dict[str, str]) -> str:
    if actor := _ACTOR.match(stem):
        return f"actor {actor[1]}"
    first = stem.split("_")[0]
    return "+".join(sorted({first, partner.get(first, first)}))
