"""Forgers that are networks: the small vocoders and codecs of `assay_lab.forge.vocoders.train`."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.random import Generator

from assay.types import Floats
from assay_lab.core.loop import CHECKPOINT
from assay_lab.forge.speech import Method, Parameters
from assay_lab.forge.speech.spectra import blunt
from assay_lab.forge.vocoders.net import HOP, Resynthesiser

_FAMILIES: Final = {
    # The published family whose trace it shares decides which folds may learn from it.
    ("mel", "transposed"): "MelGAN",
    ("mel", "repeat"): "repeated frames",
    ("mel", "shuffle"): "shuffled channels",
    ("mel", "fourier"): "Vocos",
    ("code", "transposed"): "EnCodec",
    ("code", "repeat"): "EnCodec",
    ("code", "shuffle"): "EnCodec",
    ("code", "fourier"): "EnCodec",
}


@dataclass(frozen=True, slots=True)
class _Trained:
    """A forger that can be sent to another process: it knows where its network lies."""

    run: Path

    def __call__(self, wave: Floats, rng: Generator) -> tuple[Floats, Parameters]:
        net = _network(self.run)
        frames = -(-len(wave) // HOP)
        padded = np.pad(wave, (0, frames * HOP - len(wave)))
        drawn: Parameters = {}
        with torch.inference_mode():
            features = net.features(torch.from_numpy(padded)[None])
            if net.input == "mel":
                altered, drawn = blunt(features[0].numpy(), rng)
                features = torch.from_numpy(altered)[None]
            made = net.synthesise(features)[0, : len(wave)]
        return np.ascontiguousarray(made.numpy()), {"run": self.run.name, **drawn}


def methods(runs: Path) -> tuple[Method, ...]:
    """Every finished or half-finished vocoder under a folder."""
    found = []
    for checkpoint in sorted(runs.glob(f"*/{CHECKPOINT}")):
        config = json.loads((checkpoint.parent / "config.json").read_text())
        found.append(
            Method(
                name=f"neural {checkpoint.parent.name}",
                vocoder=_FAMILIES[config["input"], config["upsampler"]],
                weight=1.0,
                forge=_Trained(checkpoint.parent),
                taught="".join(map(str, config["folds"])),
            )
        )
    return tuple(found)


@cache
def _network(run: Path) -> Resynthesiser:
    torch.set_num_threads(1)
    config = json.loads((run / "config.json").read_text())
    net = Resynthesiser(config["input"], config["upsampler"], config["width"])
    net.load_state_dict(torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)["net"])
    return net.eval()
