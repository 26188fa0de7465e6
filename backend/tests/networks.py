"""Networks as they are shipped, for tests of what is asked of them."""

from functools import cache
from pathlib import Path
from typing import Any

from assay.models.sessions import ModelStore

MODELS = Path(__file__).parents[2] / "models"


@cache
def vad() -> Any:
    """The session that tells speech from music and noise."""
    return ModelStore(MODELS, 1).session("vad")
