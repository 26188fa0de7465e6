"""`demo`: the whole way of the lab on generated media, from nothing to a measured service.

    python -m assay_lab demo --out ~/demo

Draws faces, forges them, builds data, finds the faces, trains the gate for a few steps, releases it
into a models folder of its own, lets the service examine held-out faces, fits the fusion anew and
measures the whole on a folder. It shows that everything runs and what each command leaves behind;
faces are drawings, so its numbers say nothing about deepfakes. A stopped demo goes on.
"""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import cv2
import typer

from assay.settings import get_settings
from assay.types import Image
from assay_lab.core.export import leave_alone
from assay_lab.data import build, faces
from assay_lab.demo.drawn import draw_face
from assay_lab.evaluation.folder import command as folder
from assay_lab.forge.upsampling import UpsamplingTrace
from assay_lab.fusion import examine
from assay_lab.fusion import release as fusion
from assay_lab.gate import release as gate_release
from assay_lab.gate import train as gate

SITES: Final = 20
"""Sources of media; whole ones are held out of training, and the fusion needs several."""
PEOPLE: Final = 8
"""Of a site, each with a real picture and a forgery of it."""
GENERATOR: Final = "upsampler"
STEPS: Final = 80
EACH: Final = 8
"""Faces of a kind that measurements look at, enough to see that they run."""


def command(
    out: Annotated[Path, typer.Option(help="Folder for all of it; a second run continues it")],
) -> None:
    """Go the whole way on generated media: a smoke test, and a tour of the commands."""
    models = get_settings().models_dir
    leave_alone(models, out)
    own = out / "models"
    started = time.perf_counter()
    for number, title in enumerate(_steps(out, models, own), 1):
        print(f"== {number}. {title} ({time.perf_counter() - started:.0f} s so far)", flush=True)
    print(
        f"\nDone in {time.perf_counter() - started:.0f} s. {own} holds the released gate and "
        f"fusion, {out / 'report'} the card. Drawings are no faces: the numbers are no result."
    )


def _steps(out: Path, models: Path, own: Path) -> Iterator[str]:
    """Do one step after the other; each is told before it is done."""
    media, data, cache, runs = (out / name for name in ("media", "data", "faces", "runs"))
    yield f"draw {SITES * PEOPLE} faces and forge each"
    sites = [draw_site(media / f"site{number:02}", number) for number in range(SITES)]
    yield "build-data"
    build.command(sites, data)
    yield "extract-faces"
    faces.command(data, cache)
    yield "train-gate"
    gate.command(
        data,
        runs / "gate",
        cache,
        shares="own",
        steps=STEPS,
        rate=1e-2,
        corrupted=0.0,
        width=4,
        teacher_weight=0.5,
    )
    yield "release-gate"
    if not own.exists():
        partial = out / "models.part"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(models, partial)
        partial.rename(own)
    gate_release.command(data, cache, runs / "gate", own, each=EACH)
    yield "examine"
    examined = out / "examined.jsonl"
    examine.command(data, examined, own)
    yield "release-fusion"
    fusion.command([examined], own)
    yield "evaluate-folder"
    folder.command(sites[:2], out / "report", own, each=2)


def draw_site(site: Path, number: int) -> Path:
    """Put real/ and fake/ of a site on disk, those that are not there yet.

    Returns:
        The site's folder.
    """
    for person in range(PEOPLE):
        picture = draw_face(number * PEOPLE + person)
        trace = UpsamplingTrace(levels=1, fault=0.1, keep=0.5)
        _write(site / "real" / f"{person}.png", picture)
        _write(site / "fake" / GENERATOR / f"{person}.png", trace.paint(picture))
    return site


def _write(file: Path, picture: Image) -> None:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
