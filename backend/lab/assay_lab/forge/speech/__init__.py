"""Forging speech: copy-synthesis of real recordings, and text to speech.

A forger takes a real recording and gives the same words by the same voice, made anew by some
machine. Content then says nothing about the label, and what remains is the machine's trace.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from assay.types import Floats

Parameters = Mapping[str, Any]
"""What was drawn; goes to the log of forgeries."""
Forger = Callable[[Floats, Generator], tuple[Floats, Parameters]]
"""(samples,) at 16 kHz, and the seed of all that is random -> forgery of equal length."""


@dataclass(frozen=True, slots=True)
class Method:
    """A forger with its name, the family of vocoders it belongs to, and how often to use it.

    taught: folds whose real speech it learned from, as digits.
    """

    name: str
    vocoder: str
    weight: float
    forge: Forger
    taught: str = ""
