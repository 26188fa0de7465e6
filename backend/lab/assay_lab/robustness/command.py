"""`attack`: what is left of the verdicts when somebody attacks the networks that give them.

    python -m assay_lab attack ~/my-collection --out ~/attacked

Stills with one face and recordings of real/ and fake/ folders (or anything that build-data reads)
are attacked by FGSM and PGD, white box: each network of the gate, the visual and the audio branch
alone, and all of a medium's together. The attacked media are saved as files (PNG and JPEG; FLAC and
through MP3) and given to the whole service. OUT gets outcomes.jsonl, metrics.json and card.md; a
stopped run goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from av.error import FFmpegError
from rich.console import Console
from rich.progress import track

from assay.detector import Detector
from assay.errors import AssayError
from assay.models.sessions import ModelStore
from assay.provenance import pipeline_version
from assay.settings import Settings, get_settings
from assay_lab.core import json_lines
from assay_lab.core.export import describe, leave_alone
from assay_lab.data.build import gather
from assay_lab.data.rows import Row
from assay_lab.fusion.examine import spread
from assay_lab.robustness.card import card
from assay_lab.robustness.measure import report_of
from assay_lab.robustness.pictures import PictureNetworks, find_still
from assay_lab.robustness.sweep import Trial, attack, read_outcomes, trials
from assay_lab.robustness.victims import Victim
from assay_lab.robustness.voices import VoiceNetworks, find_voice

OUTCOMES = "outcomes.jsonl"

Find = Callable[[Path], Victim | None]


def command(
    folders: Annotated[list[Path], typer.Argument(help="Anything that build-data reads")],
    out: Annotated[Path, typer.Option(help="Folder for the results; a second run continues it")],
    models: Annotated[
        Path | None, typer.Option(help="Models folder; by default the service's own")
    ] = None,
    each: Annotated[int, typer.Option(min=1, help="Media of a source and label")] = 12,
    epsilons: Annotated[
        str, typer.Option(help="Grey levels of 255; of sound, thousandths of full scale")
    ] = "1,2,4,8",
    steps: Annotated[int, typer.Option(min=1, help="Of PGD")] = 10,
) -> None:
    """Attack networks by FGSM and PGD, and the whole service through real files."""
    settings = get_settings() if models is None else Settings(models_dir=models)
    leave_alone(settings.models_dir, out)
    strengths = _strengths(epsilons)
    try:
        rows = [row for folder in folders for row in gather(folder, out / "media", None)]
        store = ModelStore(settings.models_dir, settings.threads)
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    except AssayError as error:
        raise SystemExit(error.message) from None
    pipeline = pipeline_version(store.digest)
    detector = Detector(settings=settings)
    some = [
        row
        for modality in ("image", "speech")
        for row in spread([row for row in rows if row.modality == modality], each)
    ]
    find = finder(settings, store)
    known = read_outcomes(out / OUTCOMES, pipeline)
    asked: set[tuple[str, Trial]] = set()
    for row in _shown(some):
        victim = _found(find, row)
        if victim is None:
            print(f"{row.path.name}: not one face and no speech, passed over", flush=True)
            continue
        all_of_it = trials(victim.targets, strengths, steps)
        asked |= {(row.path.stem, trial) for trial in all_of_it}
        done = {outcome.trial for outcome in known if outcome.id == row.path.stem}
        wanted = [trial for trial in all_of_it if trial not in done]
        for outcome in attack(row, victim, wanted, detector, pipeline):
            json_lines.append(out / OUTCOMES, asdict(outcome))
    outcomes = read_outcomes(out / OUTCOMES, pipeline)
    options = f"--each {each} --epsilons {epsilons} --steps {steps}"
    report = {
        "command": f"python -m assay_lab attack {options}",
        "pipeline": pipeline,
        "steps": steps,
        **report_of([one for one in outcomes if (one.id, one.trial) in asked]),
    }
    describe(out, report, card(report))
    typer.echo((out / "card.md").read_text())


def _strengths(epsilons: str) -> list[float]:
    try:
        strengths = sorted({float(each) for each in epsilons.split(",")})
    except ValueError:
        strengths = []
    if not strengths or not 0 < strengths[0] <= strengths[-1] <= 255:
        raise SystemExit("epsilons are numbers above 0 and up to 255, by commas")
    return strengths


def finder(settings: Settings, store: ModelStore) -> dict[str, Find]:
    """What takes media apart, by modality; networks are opened once."""
    pictures, voices = PictureNetworks(store), VoiceNetworks(store)
    return {
        "image": lambda path: find_still(path, pictures, settings, store),
        "speech": lambda path: find_voice(path, voices, settings, store),
    }


def _found(find: dict[str, Find], row: Row) -> Victim | None:
    try:
        return find[row.modality](row.path)
    except (AssayError, FFmpegError, ValueError):
        return None


def _shown(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, with a bar of how many are done, on a terminal."""
    print(f"{len(rows)} media", flush=True)
    console = Console(stderr=True)
    yield from track(
        rows, "attacked", console=console, transient=True, disable=not console.is_terminal
    )
