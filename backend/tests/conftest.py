"""Fixtures that several rooms share. Media come from `media_factory` and `hostile_media`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from assay.settings import Settings, get_settings
from tests.media_factory import VOICE_RATE, speak, write_video

# Tests never judge a time: machines are shared.
settings.register_profile("assay", deadline=None)
settings.load_profile("assay")


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """What one test sets in the environment must not reach the next through the cache."""
    yield
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def media_settings() -> Settings:
    """Default limits, two threads."""
    return Settings(threads=2)


@pytest.fixture(scope="session")
def talking_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of a talking head with a voice, 320 x 240, H.264 and AAC in MP4."""
    path = tmp_path_factory.mktemp("clips") / "talking.mp4"
    return write_video(path, seconds=3.0, size=(320, 240), sound=speak()[: 3 * VOICE_RATE])
