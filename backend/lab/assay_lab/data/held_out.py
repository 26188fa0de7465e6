"""Which media no branch learned from."""

from collections.abc import Sequence
from typing import Protocol

from assay_lab.data.rows import FORGE, Row
from assay_lab.data.speech import fold_of
from assay_lab.data.split import cross_fold, first_recipe, known_generator, split_of

AUDIO_FOLD = 0
"""The fold of speech that the shipped CNN never heard."""
ENCODER_FOLDS = (0, "test")
"""The cross-folds of sites that the shipped audio encoder never heard."""


class Described(Protocol):
    """What is known of a medium whether it is a row or has been examined."""

    @property
    def modality(self) -> str: ...
    @property
    def generator(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def fake(self) -> bool: ...


def is_held_out(row: Row, parts: Sequence[str]) -> bool:
    """Whether no branch learned from a row: by its group, or a fake clip by its generator.

    Speech is held out by site: neither network of the audio branch has heard it.
    """
    if row.modality == "speech":
        if cross_fold(row.source, row.group) not in ENCODER_FOLDS:
            return False
        return row.source not in first_recipe() or fold_of(row) == AUDIO_FOLD
    return split_of(row.group) in parts or has_unseen_generator(row)


def has_unseen_generator(medium: Described) -> bool:
    """Whether it is a published clip of a family of generators that no branch has seen."""
    if medium.modality != "video" or not medium.fake or medium.generator.startswith(FORGE):
        return False
    return not known_generator(medium.source, medium.generator)
