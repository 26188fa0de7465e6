"""What attacks have in common: the models that are served."""

import pytest

from assay.models.sessions import ModelStore
from assay.settings import Settings


@pytest.fixture(scope="session")
def settings() -> Settings:
    """One thread."""
    return Settings(threads=1)


@pytest.fixture(scope="session")
def store(settings: Settings) -> ModelStore:
    """The repository's."""
    return ModelStore(settings.models_dir, settings.threads)
