"""The mouth alone: another moment's or another person's, or painted anew as lip-sync tools do."""

from dataclasses import replace

from numpy.random import Generator

from assay_lab.augment.pictures import Corruption
from assay_lab.forge.blend import Blend
from assay_lab.forge.colour_transfer import Tone
from assay_lab.forge.footage import Cast, Footage
from assay_lab.forge.masks import FaceMask
from assay_lab.forge.resynthesis import Brush, Resynthesis
from assay_lab.forge.swap import Swap


def mouth_mask(rng: Generator) -> FaceMask:
    """Lips and what moves with them, or the lower half of the face; soft, at times a box."""
    region = "mouth" if rng.random() < 0.6 else "lower"
    return replace(
        FaceMask.draw(rng, region),
        grow=float(rng.uniform(0.0, 0.25)),
        jitter=0.0,
        feather=float(rng.uniform(0.03, 0.15)),
        box=bool(rng.random() < 0.25),
    )


def mouth_swap(rng: Generator) -> Footage:
    """A donor's mouth on the target's face; the donor may be the same clip at another moment."""
    still = Swap(
        fit="similarity",
        tone=Tone.draw(rng),
        # Wav2Lip and its kin paint mouths at 96 px or less.
        history=Corruption(scale=float(rng.uniform(0.35, 1.0)), grow="cubic"),
        mask=mouth_mask(rng),
        blend=Blend.draw(rng, opaque=True),
    )
    cast = replace(Cast.draw(rng, still=False), start=float(rng.uniform(0.25, 0.75)))
    return Footage.draw(rng, still, cast)


def mouth_paint(rng: Generator, brush: Brush) -> Footage:
    """The target's own mouth, painted anew."""
    still = Resynthesis((brush,), mouth_mask(rng), Blend.draw(rng, opaque=True))
    return Footage.draw(rng, still)
