"""`assay-lab COMMAND` or `python -m assay_lab COMMAND`: a line a command here, the code elsewhere.

A command's module is imported only when it is asked for, so that listing them costs nothing.
"""

import sys
from importlib import import_module
from types import ModuleType

import typer

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
    "train-effnet": ("assay_lab.visual.effnet.train", "Train the EfficientNet on all sources"),
    "release-effnet": (
        "assay_lab.visual.effnet.release",
        "Combine it with ResNet-18, quantise it, write its card",
    ),
    "refit-effnet": (
        "assay_lab.visual.effnet.refit",
        "Serve a network that learned from every fold, as calibrated",
    ),
    "train-gate": ("assay_lab.gate.train", "Train Tiny-LaDeDa and its teacher"),
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
    "train-generators": ("assay_lab.forge.generators.train", "Train the forge's painters"),
    "train-vocoders": ("assay_lab.forge.vocoders.train", "Train the forge's vocoders and codecs"),
    "forge-clips": ("assay_lab.forge.clips", "Forge the real talking clips, with twins"),
}
"""Command: the module whose function `command` it runs, and one line of help."""


def main(arguments: list[str]) -> None:
    """Run the command that the first argument names, or list them all."""
    if not arguments or arguments[0] not in COMMANDS:
        width = max(map(len, COMMANDS))
        listing = "\n".join(f"  {name:{width}}  {text}" for name, (_, text) in COMMANDS.items())
        raise SystemExit(f"usage: python -m assay_lab COMMAND [OPTIONS]\n\n{listing}")
    name, *options = arguments
    app = typer.Typer(add_completion=False)
    app.command()(_module_of(name).command)
    app(options, prog_name=f"python -m assay_lab {name}")


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
