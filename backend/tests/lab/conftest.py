"""The lab's tests need what the lab needs: without torch they are not collected."""

from importlib.util import find_spec

import pytest

from assay_lab.data.clip import Clip
from assay_lab.data.face_picture import FacePicture
from tests.lab.forge_media import mirrored, portrait, talking

collect_ignore_glob = [] if find_spec("torch") else ["*"]


@pytest.fixture(scope="session")
def face() -> FacePicture:
    return portrait()


@pytest.fixture(scope="session")
def other() -> FacePicture:
    return mirrored(portrait())


@pytest.fixture(scope="session")
def clip() -> Clip:
    return talking(portrait())


@pytest.fixture(scope="session")
def other_clip() -> Clip:
    return talking(mirrored(portrait()), seconds=0.6, seed=1)
