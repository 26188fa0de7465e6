"""The service as people run it, with the released models, and media of each kind."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assay.jobs.supervisor import Supervisor
from assay.settings import Settings
from tests.media_factory import VOICE_RATE, speak, still, write_sound, write_video
from tests.serving import PATIENCE, has_all_models, serving, until


@pytest.fixture(scope="session", autouse=True)
def released_models() -> None:
    if not has_all_models():
        pytest.skip("models are missing")


@pytest.fixture(scope="session")
def client(
    released_models: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """API, worker and analysis process on the real pipeline."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("whole") / "data")
    with (
        serving(settings, Supervisor(settings), graph=None) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


@pytest.fixture(scope="session")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A talking head with sound and one without, a still, a voice, and what is no media."""
    folder = tmp_path_factory.mktemp("media")
    sound = speak()[: 3 * VOICE_RATE]
    write_video(folder / "talking.mp4", seconds=3.0, size=(320, 240), sound=sound)
    write_video(folder / "silent.mp4", seconds=2.0, size=(320, 240))
    (folder / "still.jpg").write_bytes(still("jpeg", size=(320, 240)))
    write_sound(folder / "voice.wav", sound)
    (folder / "notes.txt").write_text("Not media.")
    return folder
