"""`assay-lab COMMAND` or `python -m assay_lab COMMAND`: a line a command here, the code elsewhere.

A command's module is imported only when it is asked for, so that listing them costs nothing.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import typer

from assay_lab.core import trackers
from assay_lab.core.options import as_toml, read_options

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("assay_lab.demo.command", "Go the whole way on generated media, in two minutes"),
    "build-data": ("assay_lab.data.build", "Build one folder of data from tars, recipe or folders"),
    "remove-duplicates": (
        "assay_lab.data.duplicates.command",
        "Leave near-duplicates out, join the groups that share them",
    ),
    "bias-report": ("assay_lab.data.bias", "What separates the classes without looking at a face"),
    "label-faces": ("assay_lab.face_detector.labels", "Label pictures with the public detectors"),
    "train-blazeface": (
        "assay_lab.face_detector.train",
        "Distil our face detector from the labels",
    ),
    "release-blazeface": (
        "assay_lab.face_detector.release",
        "Export it, measure it, write its card",
    ),
    "extract-faces": ("assay_lab.data.faces", "Cut faces as serving does, into a cache"),
    "build-face-bank": ("assay_lab.visual.bank", "Put the crops of all sources into one map"),
    "build-picture-bank": (
        "assay_lab.visual.picture.bank",
        "Cut patches out of whole pictures into one map",
    ),
    "train-effnet": ("assay_lab.visual.effnet.train", "Train the EfficientNet on all sources"),
    "release-effnet": (
        "assay_lab.visual.effnet.release",
        "Combine it with ResNet-18, quantise it, write its card",
    ),
    "release-picture": (
        "assay_lab.visual.picture.release",
        "Fit the heads of the picture network, combine it with those of faces, write its card",
    ),
    "effnet-variants": (
        "assay_lab.visual.effnet.cost",
        "Compare what the variants of the EfficientNet cost",
    ),
    "release-photograph": (
        "assay_lab.photograph.release",
        "Fit the check of who is a photograph of a person, measure it, write its card",
    ),
    "train-gate": ("assay_lab.gate.train", "Train Tiny-LaDeDa and its teacher"),
    "audit-gate": (
        "assay_lab.gate.audit",
        "Compare what patches of the gate's teacher and student look at",
    ),
    "train-visual": ("assay_lab.visual.resnet18.train", "Train the visual branch"),
    "release-gate": (
        "assay_lab.gate.release",
        "Export it, find its exit threshold, write its card",
    ),
    "release-visual": (
        "assay_lab.visual.resnet18.release",
        "Export it, quantise it, write its card",
    ),
    "prepare-speech": (
        "assay_lab.audio.prepare",
        "Decode speech, forge it, corrupt it, compute cepstra",
    ),
    "release-vad": ("assay_lab.audio.vad", "Measure the public detector of voices, write its card"),
    "train-audio-encoder": (
        "assay_lab.audio.encoder.train",
        "Train Whisper's first blocks and their head on all sites",
    ),
    "release-audio-encoder": (
        "assay_lab.audio.encoder.release",
        "Combine it with the CNN, quantise it, write its card",
    ),
    "train-audio": ("assay_lab.audio.cqcc.train", "Train the audio branch"),
    "release-audio": ("assay_lab.audio.cqcc.release", "Export it, measure it, write its card"),
    "score-aasist": ("assay_lab.audio.baseline", "Score held-out speech with AASIST-L"),
    "train-temporal": ("assay_lab.temporal.train", "Train the temporal branch on forged runs"),
    "release-temporal": ("assay_lab.temporal.release", "Export it, measure it, write its card"),
    "examine": ("assay_lab.fusion.examine", "Let the service judge rows, as it judges uploads"),
    "release-fusion": (
        "assay_lab.fusion.release",
        "Fit the heads on examined media, write the card",
    ),
    "evaluate": (
        "assay_lab.evaluation.evaluate",
        "Measure branches and fusion on examined media, under conditions too",
    ),
    "evaluate-folder": (
        "assay_lab.evaluation.folder.command",
        "Measure the service on folders of real and fake media",
    ),
    "search": (
        "assay_lab.search.command",
        "Search the options of a trainer with Optuna: grid, TPE, pruning",
    ),
    "runs": ("assay_lab.runs.command", "List, compare and plot what trainers wrote down"),
    "attack": (
        "assay_lab.robustness.command",
        "Attack networks by FGSM and PGD, and the whole service through real files",
    ),
    "export-edge": (
        "assay_lab.edge.export",
        "The gate and the visual networks for phones: float, dynamic and int8 LiteRT files",
    ),
    "audit-quantised": (
        "assay_lab.edge.audit",
        "Compare small models, also your own, with the float one; pass or fail",
    ),
    "federate": (
        "assay_lab.federated.command",
        "Train the gate by sites that share weights only, beside central training",
    ),
    "merge": ("assay_lab.federated.merge", "Average the checkpoints of several sites"),
    "extract-talking": ("assay_lab.av_sync.clips", "Cut mouths and speech as serving does"),
    "train-av-sync": ("assay_lab.av_sync.train", "Train the two towers of the sync branch"),
    "release-av-sync": ("assay_lab.av_sync.release", "Export them, fit the head, write the card"),
    "typical-curves": ("assay_lab.av_sync.typical", "Measure typical curves of lips and voice"),
    "train-generators": ("assay_lab.forge.generators.train", "Train the forge's painters"),
    "train-vocoders": ("assay_lab.forge.vocoders.train", "Train the forge's vocoders and codecs"),
    "forge-clips": ("assay_lab.forge.clips", "Forge the real talking clips, with twins"),
}
"""Command: the module whose function `command` it runs, and one line of help."""


EPILOG = (
    "Every command also takes --config FILE.toml (values of its options; what is said here counts "
    "more) and --show-config (prints such a file); trainers --tensorboard FOLDER and --mlflow URI."
)


def main(arguments: list[str]) -> None:
    """Run the command that the first argument names, or list them all."""
    if not arguments or arguments[0] not in COMMANDS:
        width = max(map(len, COMMANDS))
        listing = "\n".join(f"  {name:{width}}  {text}" for name, (_, text) in COMMANDS.items())
        raise SystemExit(f"usage: python -m assay_lab COMMAND [OPTIONS]\n\n{listing}\n\n{EPILOG}")
    name, *options = arguments
    command = _module_of(name).command
    asked, options = _common().parse_known_args(options)
    values = read_options(asked.config, command) if asked.config is not None else {}
    defaults = {key: str(one) if isinstance(one, Path) else one for key, one in values.items()}
    app = typer.Typer(add_completion=False)
    app.command(epilog=EPILOG)(command)
    if asked.show_config:
        context = typer.main.get_command(app).make_context(
            name, options, resilient_parsing=True, default_map=defaults
        )
        typer.echo(as_toml(command, context.params), nl=False)
        return
    if asked.tensorboard is not None:
        trackers.to_tensorboard(asked.tensorboard)
    if asked.mlflow is not None:
        trackers.to_mlflow(asked.mlflow)
    app(options, prog_name=f"python -m assay_lab {name}", default_map=defaults)


def _common() -> argparse.ArgumentParser:
    """What every command takes besides its own options."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--show-config", action="store_true")
    parser.add_argument("--tensorboard", type=Path)
    parser.add_argument("--mlflow")
    return parser


def _module_of(name: str) -> ModuleType:
    """The module of a command.

    Raises:
        SystemExit: A dependency of the lab is not installed.
    """
    try:
        return import_module(COMMANDS[name][0])
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("assay"):
            raise
        raise SystemExit(
            f"{error.name} is not installed. The lab has dependencies of its own: "
            "pip install -e 'backend[lab]'"
        ) from None


def script() -> None:
    """The console script `assay-lab`."""
    main(sys.argv[1:])


if __name__ == "__main__":
    script()
