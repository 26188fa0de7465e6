"""What a file is recognised by, kept so that a second run reads only what is new.

A picture's print is its hash; a clip's are the hashes of two frames a second; a recording's is the
shape of its spectrum over time (`data.speech.fingerprint`).
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import av
import cv2
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from assay.branches.audio.cqcc import RATE
from assay.branches.audio.windows import SHORTEST_SECONDS, trim
from assay.types import Image
from assay_lab.data.duplicates.hashes import picture_hash
from assay_lab.data.rows import Modality, Row
from assay_lab.data.speech import fingerprint, read_sound

Print = NDArray[Any]

FRAMES_A_SECOND: Final = 2
FRAMES: Final = 10
"""Of a clip, at most."""
_COMMIT_EVERY: Final = 500


def read_prints(
    rows: Sequence[Row], cache: Path, tell: Callable[[str], None] = lambda text: None
) -> list[Print]:
    """Prints of rows of one modality, in their order; an empty one where nothing can be said.

    Args:
        rows: Not empty.
        cache: SQLite file of known prints; grows.
        tell: Called with the state of the work now and then.
    """
    kind = _KINDS[rows[0].modality]
    cache.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(cache)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS prints (file TEXT PRIMARY KEY, print BLOB)")
        known = dict(store.execute("SELECT file, print FROM prints"))
        # Files do not change: a recipe's are named by their content, people's by their path.
        # One file may be listed twice, under two labels even.
        fresh = list({row.path.name: row for row in rows if row.path.name not in known}.values())
        for number, row in enumerate(fresh, 1):
            known[row.path.name] = kind.read(row.path).tobytes()
            store.execute("INSERT INTO prints VALUES (?, ?)", (row.path.name, known[row.path.name]))
            if number % _COMMIT_EVERY == 0 or number == len(fresh):
                store.commit()
                tell(f"{rows[0].modality}: {number} of {len(fresh)} prints")
    return [np.frombuffer(known[row.path.name], kind.type).reshape(kind.shape) for row in rows]


def picture_print(path: Path) -> Print:
    """(4,), or (0,) of what cannot be read or shows nothing."""
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    found = None if grey is None else picture_hash(cast(Image, grey))
    return np.zeros(0, np.uint64) if found is None else found


def clip_print(path: Path) -> Print:
    """(frames, 4) of the frames that show something."""
    greys = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames(path))
    found = [picture_hash(cast(Image, grey)) for grey in greys]
    return np.array([one for one in found if one is not None], np.uint64).reshape(-1, 4)


def frames(path: Path) -> list[Image]:
    """The frames that a clip is recognised by; fewer where it is corrupted."""
    found: list[Image] = []
    try:
        with av.open(str(path)) as container:
            container.streams.video[0].thread_count = 1
            for number, frame in enumerate(container.decode(video=0)):
                seconds = frame.time if frame.time is not None else number / 25
                if seconds * FRAMES_A_SECOND >= len(found):
                    found.append(cast(Image, frame.to_ndarray(format="rgb24")))
                if len(found) == FRAMES:
                    break
    except (FFmpegError, IndexError):
        pass
    return found


def speech_print(path: Path) -> Print:
    """(1 + 576,), see `fingerprint`; (0,) of what holds no speech to speak of."""
    try:
        wave = read_sound(path)
    except FFmpegError:
        return np.zeros(0, np.float32)
    first, last = trim(wave)
    if last - first < SHORTEST_SECONDS * RATE:
        return np.zeros(0, np.float32)
    return fingerprint(wave[first:last])


class _Kind(NamedTuple):
    """How a modality's prints are made, and how one is stored."""

    read: Callable[[Path], Print]
    type: type[np.generic]
    shape: tuple[int, ...]


_KINDS: Final[dict[Modality, _Kind]] = {
    "image": _Kind(picture_print, np.uint64, (-1,)),
    "video": _Kind(clip_print, np.uint64, (-1, 4)),
    "speech": _Kind(speech_print, np.float32, (-1,)),
}
