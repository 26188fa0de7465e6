"""`export-edge`: the gate and the visual networks as LiteRT files for phones, audited.

    python -m assay_lab export-edge --data DATA --faces FACES --python EDGE/bin/python --out OUT

Each network gets a folder in OUT: float.tflite, dynamic.tflite (weights int8), int8.tflite
(weights and activations int8, min-max calibrated), the samples that they were calibrated on and
audited with, metrics.json, and card.md, which says what goes in, what comes out, and which
threshold to use. What is there already is not made again. LiteRT lives in an environment of its
own, see `edge/environment.py`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from assay.errors import AssayError
from assay.models.manifest import ModelFolder
from assay_lab.core.export import describe, leave_alone
from assay_lab.data.split import Split
from assay_lab.edge import audit
from assay_lab.edge.compare import DEFAULT
from assay_lab.edge.environment import ask
from assay_lab.edge.nets import EDGE_NETWORKS, GATE_NETWORK, SIDE, program_of
from assay_lab.edge.samples import read_samples, samples_for, write_samples
from assay_lab.face_pairs.held_out import shown_faces

FLOAT: Final = "float.tflite"
SMALL: Final = {"dynamic.tflite": "dynamic", "int8.tflite": "int8"}
"""Files, and how they are quantised."""
CALIBRATION: Final = "calibration.npz"
HELD_OUT: Final = "held-out.npz"
PARTS: Final[Mapping[str, Split]] = {CALIBRATION: "val", HELD_OUT: "test"}
FEWEST: Final = 100
"""Samples under which activations are not calibrated."""


def command(
    data: Annotated[Path, typer.Option(help="Folder with manifest.csv")],
    faces: Annotated[Path, typer.Option(help="Cache of extract-faces")],
    models: Annotated[Path, typer.Option(help="Models folder, whose networks are exported")],
    python: Annotated[Path, typer.Option(help="Of the environment that has LiteRT")],
    out: Annotated[Path, typer.Option(help="Folder for the results; a second run continues it")],
    networks: Annotated[str, typer.Option(help="Of them, by commas")] = ",".join(EDGE_NETWORKS),
    each: Annotated[int, typer.Option(min=1, help="Faces of every source and label")] = 60,
) -> None:
    """Export networks for phones: float, dynamic and int8 LiteRT files, audited."""
    names = [name.strip() for name in networks.split(",")]
    unknown = [name for name in names if name not in EDGE_NETWORKS]
    if unknown:
        raise SystemExit(f"{unknown[0]} is not exported; there are {', '.join(EDGE_NETWORKS)}")
    leave_alone(models, out)
    try:
        store = ModelFolder(models)
        for name in names:
            make(name, store, out / name, python, data, faces, each)
    except AssayError as error:
        raise SystemExit(error.message) from None
    except ValueError as error:
        raise SystemExit(str(error)) from None


def make(
    name: str, models: ModelFolder, home: Path, python: Path, data: Path, faces: Path, each: int
) -> None:
    """All files of one network, those that are not there yet, and its card.

    Raises:
        ValueError: The data have too few faces to calibrate with, or to audit by.
        SystemExit: LiteRT is missing or fails.
    """
    home.mkdir(parents=True, exist_ok=True)
    for file, part in PARTS.items():
        if not (home / file).exists():
            shown = shown_faces(data, faces, part, each)
            if len(shown) < FEWEST:
                raise ValueError(f"{len(shown)} faces in the {part} part; {FEWEST} are needed")
            samples = samples_for(name, shown)
            _write_whole(home / file, partial(write_samples, samples=samples))
    if not (home / FLOAT).exists():
        program = home / "program.pt2"
        program.write_bytes(program_of(EDGE_NETWORKS[name](models)))
        print(f"{name}: {FLOAT}", flush=True)
        _write_whole(home / FLOAT, lambda at: ask(python, "convert", program, at))
        program.unlink()
    for file, how in SMALL.items():
        if not (home / file).exists():
            print(f"{name}: {file}", flush=True)
            _write_whole(home / file, partial(_quantise, python, home, how))
    every = [home / file for file in (FLOAT, *SMALL)]
    parameters = models.parameters(name)
    held_out, top = read_samples(home / HELD_OUT), parameters.get("top", 1.0)
    report = {
        "command": f"python -m assay_lab export-edge --networks {name} --each {each}",
        "network": name,
        "parameters": parameters,
        **audit.audit(every, held_out, python, DEFAULT, top),
    }
    describe(home, report, card(report))
    typer.echo((home / "card.md").read_text())


def _quantise(python: Path, home: Path, how: str, target: Path) -> None:
    ask(python, "quantise", home / FLOAT, target, how, home / CALIBRATION)


def _write_whole(file: Path, write: Callable[[Path], None]) -> None:
    """So that a stopped run leaves no half of a file behind."""
    unfinished = file.with_name(f"part-{file.name}")
    write(unfinished)
    unfinished.replace(file)


INPUTS: Final[Mapping[bool, str]] = {
    True: "the middle of the face's square as the camera gave it, never resampled; what is smaller "
    "is mirrored on at the right and the bottom",
    False: "the face's square, resized (by area where it shrinks)",
}
OUTPUTS: Final[Mapping[bool, str]] = {
    True: "(1, 27, 27) float32, a logit of being fake for each patch; the face's is the mean of "
    "the highest {top:.0%} of them",
    False: "(1,) float32, a logit of being fake",
}
"""Of the gate, and of a visual network."""

CARD: Final = """
# {network} for phones

**Input** (1, {side}, {side}, 3) float32, RGB in 0..255: {how}. Normalisation is inside, in all
three files. **Output** {what}. The released network's own calibration
is P(fake) = 1 / (1 + exp(-({slope:g} x logit + {bias:g}))).

{audit}
**Which file**: {advice}.

Milliseconds are of this machine's CPU and say nothing of a phone's; sizes are those of the files.
Calibrated on faces of the validation part, audited on faces of the test part.
"""


def card(report: Mapping[str, Any]) -> str:
    """Markdown, from the numbers alone."""
    parameters, is_gate = report["parameters"], report["network"] == GATE_NETWORK
    passing = [name for name, one in report["models"].items() if one["passes"]]
    smallest = min(passing, key=lambda name: report["models"][name]["bytes"])
    chosen = report["models"][smallest]
    keeps = chosen["flips"] <= chosen["flips_retuned"]
    threshold = chosen["threshold" if keeps else "retuned_threshold"]
    advice = f"`{smallest}` is the smallest that passes; say fake over a logit of {threshold:g}"
    return CARD.format(
        network=report["network"],
        side=SIDE,
        how=INPUTS[is_gate],
        what=OUTPUTS[is_gate].format(**parameters),
        slope=parameters["slope"],
        bias=parameters["bias"],
        audit=audit.card(report).replace("# Audit", "## Audit"),
        advice=advice,
    )
