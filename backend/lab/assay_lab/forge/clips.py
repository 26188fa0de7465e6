"""Forged clips beside their real counterparts, on disk: `python -m assay_lab forge-clips`.

Every real clip of the recipe that shows one face throughout is forged in one or two ways, and both
members go through the same encoder with the same settings, so that nothing but the forgery
differs. What is drawn follows from the clip's name and the seed; who lends a face or a voice also
from which clips are at hand.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import av
import numpy as np
import typer
from numpy.random import Generator

from assay.media.faces.detector import FaceDetector
from assay.models.sessions import open_session
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.clip import Clip, read_clip
from assay_lab.data.rows import FORGE, Row, read_manifest
from assay_lab.data.split import bucket, split_of
from assay_lab.forge.blend import Blend
from assay_lab.forge.footage import Cast, Footage, actor
from assay_lab.forge.generators.apply import NeuralPaint
from assay_lab.forge.generators.draw import draw_brush
from assay_lab.forge.generators.train import trained_generators
from assay_lab.forge.masks import FaceMask
from assay_lab.forge.mouth import mouth_paint, mouth_swap
from assay_lab.forge.resynthesis import Brush, Resynthesis
from assay_lab.forge.self_blend import SelfBlend
from assay_lab.forge.sound import Foreign, Shift, Voice, revoice
from assay_lab.forge.speech.make import SIGNAL_METHODS
from assay_lab.forge.swap import Swap, look
from assay_lab.forge.timing import FaceTiming, FrameTiming

BLOCK = 24
"""Clips of one part of the split that are read together and serve each other as donors."""
CHOICE = 8
"""Donors of which the best match is taken: not all, or a presenter would always meet himself."""


@dataclass(frozen=True, slots=True)
class ForgedClip:
    """fake beside the real it came from, of equal length.

    altered: which of picture, sound and sync are not as recorded. log: method to settings.
    """

    real: Clip
    fake: Clip
    altered: frozenset[str]
    log: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Material:
    """What forging a clip may draw on.

    donors: of the same part of the split; at least one of another group, with sound.
    generators: folders of trained generators of whole pictures.
    """

    donors: Sequence[Clip]
    generators: Sequence[Path]

    def serves(self, clip: Clip) -> bool:
        """Whether there is a partner for every way of forging this clip."""
        return any(
            donor.group != clip.group and (donor.sound is not None or clip.sound is None)
            for donor in self.donors
        )

    def partner(self, clip: Clip, rng: Generator, heard: bool = False) -> Clip:
        """A donor of another group, with sound if it must be heard, that looks alike."""
        others = [
            donor
            for donor in self.donors
            if donor.group != clip.group and (donor.sound is not None or not heard)
        ]
        few = [others[i] for i in rng.permutation(len(others))[:CHOICE]]
        wanted = look(actor(clip, 0))
        return min(few, key=lambda donor: float(np.linalg.norm(look(actor(donor, 0)) - wanted)))

    def brush(self, rng: Generator) -> Brush:
        """What to paint a face with as it is: faces in clips are small."""
        brush = draw_brush(rng, self.generators)
        return replace(brush, scale=1.0) if isinstance(brush, NeuralPaint) else brush


PictureForge = Callable[[Clip, Material, Generator], tuple[Clip, Any, bool]]
"""Gives the clip, the settings, and whether the mouth no longer follows the sound."""


def _swap(clip: Clip, material: Material, rng: Generator, still: bool) -> tuple[Clip, Any, bool]:
    swap = Swap.draw(rng)
    footage = Footage.draw(rng, swap, Cast.draw(rng, still))
    made = footage.apply(clip, material.partner(clip, rng))
    return made, footage, swap.mask.region != "eyes"


def _self_blend(clip: Clip, _: Material, rng: Generator) -> tuple[Clip, Any, bool]:
    # The base keeps its history: the clip around the face must stay what was recorded.
    footage = Footage.draw(rng, replace(SelfBlend.draw(rng), on_source=True))
    return footage.apply(clip), footage, False


def _paint(clip: Clip, material: Material, rng: Generator) -> tuple[Clip, Any, bool]:
    still = Resynthesis(
        (material.brush(rng),), FaceMask.draw(rng, "face"), Blend.draw(rng, opaque=True)
    )
    footage = Footage.draw(rng, still)
    return footage.apply(clip), footage, False


def _mouth_of(clip: Clip, material: Material, rng: Generator, own: bool) -> tuple[Clip, Any, bool]:
    footage = mouth_swap(rng)
    return footage.apply(clip, clip if own else material.partner(clip, rng)), footage, True


def _mouth_paint(clip: Clip, material: Material, rng: Generator) -> tuple[Clip, Any, bool]:
    footage = mouth_paint(rng, material.brush(rng))
    return footage.apply(clip), footage, False


def _face_timing(clip: Clip, _: Material, rng: Generator) -> tuple[Clip, Any, bool]:
    timing = FaceTiming.draw(rng)
    return timing.apply(clip), timing, timing.kind == "freeze"


def _frame_timing(clip: Clip, _: Material, rng: Generator) -> tuple[Clip, Any, bool]:
    timing = FrameTiming.draw(rng)
    return timing.apply(clip), timing, False


PICTURE: Mapping[str, tuple[float, PictureForge]] = {
    "face-swap": (3.0, partial(_swap, still=False)),
    "still-swap": (1.0, partial(_swap, still=True)),
    "self-blend": (2.0, _self_blend),
    "face-paint": (2.0, _paint),
    "mouth-moment": (2.0, partial(_mouth_of, own=True)),
    "mouth-swap": (1.5, partial(_mouth_of, own=False)),
    "mouth-paint": (1.5, _mouth_paint),
    "face-timing": (1.0, _face_timing),
    "frame-timing": (0.3, _frame_timing),
}
"""Forges of the picture and how often each is drawn."""

SOUND: Mapping[str, float] = {"shift": 3.0, "foreign": 3.0, "revoice": 2.0}
"""Forges of the sound and how often each is drawn."""


def forge_clip(clip: Clip, material: Material, rng: Generator) -> ForgedClip:
    """Forge the picture, the sound, or both; a silent clip's picture only."""
    kind = rng.choice(["picture", "sound", "both"], p=[0.55, 0.3, 0.15])
    real = fake = clip
    altered: set[str] = set()
    log: dict[str, Any] = {}
    if kind != "sound" or clip.sound is None:
        name = _pick(rng, {name: weight for name, (weight, _) in PICTURE.items()})
        fake, settings, out_of_sync = PICTURE[name][1](fake, material, rng)
        log[name] = asdict(settings)
        altered |= {"picture", "sync"} if out_of_sync and clip.sound is not None else {"picture"}
    if kind != "picture" and clip.sound is not None:
        name = _pick(rng, SOUND)
        if name == "shift":
            shift = Shift.draw(rng, clip.seconds)
            _, fake = shift.apply(fake)
            real, _ = shift.apply(real)
            log[name] = asdict(shift)
        elif name == "foreign":
            other = material.partner(clip, rng, heard=True)
            foreign = Foreign(float(rng.random()))
            fake = foreign.apply(fake, other)
            log[name] = asdict(foreign) | {"group": other.group}
        else:
            method, voice = _voice(rng)
            fake, drawn = revoice(fake, voice, rng)
            log[name] = {"method": method, **drawn}
        altered.add("sound" if name == "revoice" else "sync")
    return ForgedClip(real, fake, frozenset(altered), log)


def _voice(rng: Generator) -> tuple[str, Voice]:
    weights = np.array([method.weight for method in SIGNAL_METHODS])
    method = SIGNAL_METHODS[rng.choice(len(SIGNAL_METHODS), p=weights / weights.sum())]
    return method.name, method.forge


def _pick(rng: Generator, weights: Mapping[str, float]) -> str:
    shares = np.array(list(weights.values()))
    return list(weights)[rng.choice(len(shares), p=shares / shares.sum())]


NOTED = ("forge", "parameters", "parent", "part", "altered")
"""Columns that forged clips have beside those of the recipe's manifest."""


class Cache:
    """A folder of clips with a manifest.csv that grows as they are made."""

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        (folder / "video").mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.columns = [*columns, *NOTED]
        self._manifest = folder / "manifest.csv"
        if not self._manifest.exists():
            with self._manifest.open("w", newline="") as file:
                csv.writer(file).writerow(self.columns)

    def names(self) -> set[str]:
        """What is complete."""
        with self._manifest.open(newline="") as file:
            return {Path(line["file"]).stem.rsplit("-", 1)[0] for line in csv.DictReader(file)}

    def add(self, name: str, parent: Mapping[str, str], made: ForgedClip, rng: Generator) -> None:
        """Encode both members alike, then enter them.

        Args:
            name: Of the pair.
            parent: Line of the clip in the recipe's manifest, with its part.
            made: The pair.
            rng: Draws the encoder's settings.
        """
        corruption = VideoCorruption.draw(rng)
        rows = []
        for label, clip in (("real", made.real), ("fake", made.fake)):
            file = Path("video") / f"{name}-{label}.mp4"
            corruption.write(self.folder / file, clip.frames, clip.rate, clip.sound)
            forge = "+".join(made.log) if label == "fake" else ""
            log = {**(made.log if forge else {}), "encoding": asdict(corruption)}
            rows.append(
                {
                    **parent,
                    "label": label,
                    "generator": f"{FORGE}{forge}" if forge else "",
                    "file": file,
                    "forge": forge,
                    "parameters": json.dumps(log, default=float),
                    "parent": parent["file"],
                    "altered": "+".join(sorted(made.altered)) if forge else "",
                }
            )
        with self._manifest.open("a", newline="") as manifest:
            csv.DictWriter(manifest, self.columns).writerows(rows)


def command(
    data: Annotated[Path, typer.Option(help="Folder that collect.py wrote")],
    out: Annotated[Path, typer.Option(help="Cache folder; a second run continues the first")],
    detector: Annotated[Path, typer.Option(help="ONNX of the face detector")],
    generators: Annotated[Path | None, typer.Option(help="Folder of train-generators")] = None,
    takes: Annotated[int, typer.Option(help="Forgeries of each clip")] = 1,
    parts: Annotated[str, typer.Option(help="Parts of the split")] = "train,val,test",
    limit: Annotated[int | None, typer.Option(help="Clips to forge; all when absent")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other forgeries")] = 1,
) -> None:
    """Forge the real talking clips of the recipe."""
    finder = FaceDetector(open_session(detector.read_bytes()))
    painters = trained_generators(generators, waist=False)
    wanted = parts.split(",")
    parents = [parent for parent in _parents(data) if split_of(parent[0].group) in wanted][:limit]
    cache = Cache(out, list(parents[0][1]))
    made = 0
    for block in _blocks(parents):
        todo = [
            (number, f"{row.path.stem}-{take}")
            for number, (row, _) in enumerate(block)
            for take in range(takes)
        ]
        if cache.names().issuperset(name for _, name in todo):
            continue
        clips = [_read(row, finder) for row, _ in block]
        material = Material([clip for clip in clips if clip], painters)
        for number, name in todo:
            row, line = block[number]
            clip = clips[number]
            if clip is None or name in cache.names() or not material.serves(clip):
                continue
            rng = np.random.default_rng((seed, bucket(name, 2**31, salt="clips")))
            forged = forge_clip(clip, material, rng)
            cache.add(name, {**line, "part": split_of(row.group)}, forged, rng)
            made += 1
        print(f"{made} pairs made", flush=True)


Parent = tuple[Row, dict[str, str]]
"""A real clip and its line of the recipe's manifest."""


def _parents(data: Path) -> list[Parent]:
    """In a fixed order that mixes sources."""
    with (data / "manifest.csv").open(newline="") as file:
        lines = {line["file"]: line for line in csv.DictReader(file)}
    rows = [row for row in read_manifest(data, "video") if not row.fake]
    rows.sort(key=lambda row: bucket(row.path.name, 2**32, salt="clips"))
    return [(row, lines[str(row.path.relative_to(data))]) for row in rows]


def _blocks(parents: Sequence[Parent]) -> Iterator[Sequence[Parent]]:
    """BLOCK clips of one part at a time: a forgery never mixes parts of the split."""
    for wanted in ("train", "val", "test"):
        some = [parent for parent in parents if split_of(parent[0].group) == wanted]
        for start in range(0, len(some), BLOCK):
            yield some[start : start + BLOCK]


def _read(row: Row, finder: FaceDetector) -> Clip | None:
    try:
        return read_clip(row.path, row.group, finder)
    except av.FFmpegError as error:
        print(f"{row.path.name}: {error}", flush=True)
        return None
