"""Which media no branch learned from."""

from collections.abc import Sequence

from assay_lab.data.rows import DFDC_CROPS, Row
from assay_lab.data.speech import fold_of
from assay_lab.data.split import cross_fold, first_recipe, split_of

AUDIO_FOLD = 0
"""The fold of speech that the shipped CNN never heard."""
HELD_OUT_FOLDS = (0, "test")
"""The cross-folds of sources from which the shipped audio encoder and EfficientNet learned nothing.
"""


def is_held_out(row: Row, parts: Sequence[str]) -> bool:
    """Whether no branch learned from a row's source, of neither class.

    The networks of the first recipe know its sources; of its speech they know all but AUDIO_FOLD.
    DFDC is one source: there a medium is held out by its original video.

    Args:
        row: Of any modality.
        parts: Of the split by group, those that count as held out of DFDC.
    """
    if cross_fold(row.source, row.group) not in HELD_OUT_FOLDS:
        return False
    if row.source == DFDC_CROPS:
        return split_of(row.group) in parts
    if row.modality == "speech":
        return row.source not in first_recipe() or fold_of(row) == AUDIO_FOLD
    return row.source not in first_recipe()
