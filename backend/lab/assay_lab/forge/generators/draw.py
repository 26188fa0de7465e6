"""What a forger paints with: trained generators, or what imitates their traces."""

from collections.abc import Sequence
from pathlib import Path

from numpy.random import Generator

from assay_lab.forge.generators.apply import NeuralPaint
from assay_lab.forge.resynthesis import Brush
from assay_lab.forge.texture import TextureLoss
from assay_lab.forge.upsampling import UpsamplingTrace


def draw_brush(rng: Generator, painters: Sequence[Path]) -> Brush:
    """A trained generator in most of the draws if there are any, else the traces of one.

    Args:
        rng: Draws the brush and its settings.
        painters: Run folders of generators of whole pictures.
    """
    if painters and rng.random() < 0.6:
        return NeuralPaint.draw(rng, painters)
    return UpsamplingTrace.draw(rng) if rng.random() < 0.6 else TextureLoss.draw(rng)
