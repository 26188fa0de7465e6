"""Real files of the shared data, where it is at hand."""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.media.forensics.hints import read_hints
from assay.media.io.reader import open_media
from assay.media.sampling import MOUTH_RATE, plan
from assay.settings import REPOSITORY, Settings
from tests.networks import vad

DATA = Path(os.environ.get("ASSAY_SHARED", REPOSITORY.parent / "shared")) / "data"
SETTINGS = Settings(threads=2)


def some(archive: str, number: int) -> Iterator[tuple[str, bytes]]:
    """Files spread over an archive."""
    with tarfile.open(DATA / archive) as tar:
        files = [member for member in tar if member.isfile()]
        for member in files[:: max(1, len(files) // number)][:number]:
            content = tar.extractfile(member)
            assert content is not None
            yield member.name, content.read()


@pytest.mark.parametrize(
    ("archive", "kind", "number"),
    [("clips.tar", "video", 8), ("speech.tar", "audio", 12), ("faces.tar", "image", 24)],
)
def test_real_files(archive: str, kind: str, number: int, tmp_path) -> None:
    if not (DATA / archive).is_file():
        pytest.skip("shared data is not here")
    for name, content in some(archive, number):
        path = tmp_path / "file"
        path.write_bytes(content)
        with open_media(path, SETTINGS) as media:
            assert media.info.kind == kind, name
            spans = plan(media.info, read_hints(media))
            frames = sum(1 for _ in media.frames(spans))
            expected = sum(round((s.end - s.start) * MOUTH_RATE) for s in spans)
            assert abs(frames - (1 if kind == "image" else expected)) <= 3, name
            speech = media.speech(spans, vad())
            if media.info.audio is not None:
                assert speech is not None, name
                assert speech.spans, name
            assert media.warnings == [], name
